"""The progress bar of a sync run, for somebody who sits at the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from integrationhub.models import Contact, Store, SyncRun

LOOK_EVERY_SECONDS = 0.5
BUSY_STEPS = (SyncRun.Step.DECIDE, SyncRun.Step.PUSH)


@contextmanager
def shown_progress(store: Store, console: Console) -> Iterator[None]:
    """Show how far the store's open run is while the block runs; needs a terminal."""
    if not console.is_terminal:
        yield
        return
    over = Event()
    thread = Thread(target=_show, args=(store, console, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _show(store: Store, console: Console, over: Event) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        while not over.wait(LOOK_EVERY_SECONDS):
            run = SyncRun.objects.filter(store=store, finished_at=None).first()
            if run is not None:
                done, total = _how_far(run)
                progress.update(
                    task, description=run.get_step_display(), completed=done, total=total
                )
    connection.close()


def _how_far(run: SyncRun) -> tuple[int, int | None]:
    if run.step not in BUSY_STEPS:
        return run.rows_read, run.rows_expected
    people = Contact.objects.filter(store_id=run.store_id)
    total = people.count()
    waiting = people.filter(stage__gt=Contact.Stage.SETTLED).count()
    return total - waiting, total
