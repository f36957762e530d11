"""The queue, used as a doorbell: a ring says "look what is due", and may be lost or doubled."""

from django_q.tasks import async_task


def ring(times: int = 1) -> None:
    """Wake up to `times` workers; each looks in the database for what is due."""
    for _ in range(times):
        async_task("integrationhub.jobs.work")
