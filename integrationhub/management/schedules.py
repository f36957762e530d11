"""The few schedules of django-q2 that the program needs, each known by its name."""

from collections.abc import Mapping

from django.db import transaction
from django_q.models import Schedule

SCHEDULES: Mapping[str, Mapping[str, object]] = {
    "tick": {
        "func": "integrationhub.jobs.tick",
        "schedule_type": Schedule.MINUTES,
        "minutes": 1,
    },
    "housekeeping": {
        "func": "integrationhub.jobs.housekeeping",
        "schedule_type": Schedule.DAILY,
    },
}


def keep_schedules() -> list[str]:
    """Make the schedules what they should be, and return the names of those that were not."""
    return [name for name, wanted in SCHEDULES.items() if _keep(name, wanted)]


@transaction.atomic
def _keep(name: str, wanted: Mapping[str, object]) -> bool:
    rows = Schedule.objects.select_for_update().filter(name=name).order_by("pk")
    kept = rows.first()
    if kept is None:
        Schedule.objects.create(name=name, repeats=-1, **wanted)
        return True
    doubled = rows.exclude(pk=kept.pk).delete()[0]
    changed = rows.exclude(repeats=-1, **wanted).update(repeats=-1, **wanted)
    return bool(doubled or changed)
