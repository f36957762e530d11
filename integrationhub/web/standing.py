"""How a store stands, in words: a pill, a sentence, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from integrationhub.models import Store, SyncRun
from integrationhub.reasons import GOES_ON_BY_ITSELF, Reason, words
from integrationhub.troubles import interval, is_overdue
from integrationhub.web.moments import day, when

SILENT_AFTER = timedelta(minutes=10)
NO_WORKER = "If it stays like this, tell your administrator that no background worker is running."


class Tone(StrEnum):
    """What a pill's colour says."""

    GOOD = "good"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a marketer sees at one glance."""

    label: str
    tone: Tone
    sentence: str
    next_step: str = ""


HEALTHY = Standing(label="Healthy", tone=Tone.GOOD, sentence="Both sides are in step.")
STOPPING = Standing(
    label="Syncing", tone=Tone.BUSY, sentence="The sync ends after the page it is working on."
)
STALLED = Standing(
    label="Overdue",
    tone=Tone.BAD,
    sentence="The sync has not moved for ten minutes.",
    next_step=f"It goes on by itself when a worker is free. {NO_WORKER}",
)
PAUSED = Standing(
    label="Paused",
    tone=Tone.QUIET,
    sentence="Paused: nothing is read or written.",
    next_step="Press Resume to go on where it stopped.",
)
NO_BOOKS = Standing(
    label="Needs attention",
    tone=Tone.WARN,
    sentence="No address book has been chosen yet, so nothing is synced.",
    next_step="Choose address books under Contacts and press SAVE.",
)
NOT_SYNCED_YET = Standing(
    label="Syncing",
    tone=Tone.BUSY,
    sentence="The first sync starts within a minute or two.",
    next_step="A first sync of a large store can take a while; you need not wait here.",
)
BACK_WHERE_IT_WAS = (
    "What is known of its people is kept until {day}. Connect it again by then, and the sync goes "
    "on where it was; whoever said no stays out."
)
BACK_ANEW = (
    "What was known of its people is deleted by now. Connect it again to begin anew; whoever said "
    "no stays out."
)
ABOUT_TO_START = Standing(label="Syncing", tone=Tone.BUSY, sentence="The sync starts in a moment.")
STEPS = {
    SyncRun.Step.OPT_OUTS: "Reading who has unsubscribed in Dotdigital.",
    SyncRun.Step.WRITE_BACK: "Writing unsubscribes back to BigCommerce.",
    SyncRun.Step.PULL: "Reading what has changed in BigCommerce.",
    SyncRun.Step.DECIDE: "Working out who belongs in which address book.",
    SyncRun.Step.PUSH: "Sending contacts to Dotdigital.",
}


def standing_of(
    store: Store, *, open_run: SyncRun | None, has_books: bool, now: datetime
) -> Standing:
    """Return how `store` stands; `open_run` is the run that is going on, if there is one."""
    if open_run is not None:
        return _while_running(open_run, now)
    if store.disconnected_at or not store.is_sync_enabled:
        return _not_connected(store, store.disconnected_at) if store.disconnected_at else PAUSED
    if store.problem and store.problem not in GOES_ON_BY_ITSELF:
        return _with_problem(Reason(store.problem))
    if is_overdue(store, now):
        return _overdue(store, now)
    if store.problem:
        return _with_problem(Reason(store.problem))
    return _at_rest(store, has_books=has_books)


def _not_connected(store: Store, parted_at: datetime) -> Standing:
    kept_until = None if store.forgotten_at else store.forget_at
    kept = BACK_WHERE_IT_WAS.format(day=day(kept_until)) if kept_until else BACK_ANEW
    return Standing(
        label="Not connected",
        tone=Tone.QUIET,
        sentence=f"Disconnected on {day(parted_at)}. Nothing is read or written.",
        next_step=kept,
    )


def _while_running(run: SyncRun, now: datetime) -> Standing:
    if (run.goes_on_at or run.heartbeat_at) + SILENT_AFTER < now:
        return STALLED
    if run.stop_requested_at:
        return STOPPING
    label = "Counting" if run.is_preview else "Syncing"
    return Standing(label=label, tone=Tone.BUSY, sentence=progress(run))


def progress(run: SyncRun) -> str:
    """Return what an open run is doing, or what it waits for."""
    is_paused = run.goes_on_at is not None and run.reason not in {"", Reason.OUT_OF_TIME}
    if is_paused:
        goes_on = when(run.goes_on_at, run.goes_on_at or run.heartbeat_at)
        return f"{words(run.reason).sentence.rstrip('.')}; continuing at {goes_on}."
    sentence = STEPS[SyncRun.Step(run.step)]
    if run.step != SyncRun.Step.PULL or not run.rows_expected:
        return sentence
    return f"{sentence} {run.rows_read:,} of {run.rows_expected:,} rows so far."


def _with_problem(reason: Reason) -> Standing:
    said = words(reason)
    heals = reason in GOES_ON_BY_ITSELF
    is_as_planned = heals or reason is Reason.TRIAL_WAITS
    return Standing(
        label="Trying again" if heals else "Needs attention",
        tone=Tone.WARN if is_as_planned else Tone.BAD,
        sentence=said.sentence,
        next_step=said.next_step,
    )


def _overdue(store: Store, now: datetime) -> Standing:
    return Standing(
        label="Overdue",
        tone=Tone.BAD,
        sentence=f"The sync due at {when(store.next_sync_at, now)} has not started.",
        next_step=f"It starts by itself when a worker is free. {NO_WORKER}",
    )


def interval_words() -> str:
    """Return that interval as a page says it: 5 minutes, 90 seconds."""
    seconds = int(interval().total_seconds())
    number, unit = (seconds, "second") if seconds % 60 else (seconds // 60, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _at_rest(store: Store, *, has_books: bool) -> Standing:
    if not has_books:
        return NO_BOOKS
    if not store.last_synced_at:
        return NOT_SYNCED_YET
    return ABOUT_TO_START if store.sync_requested_at else HEALTHY


def refusal(store: Store, *, is_running: bool, has_books: bool) -> str:
    """Return why a sync cannot be started by hand just now; empty if it can."""
    if store.is_disconnected:
        return "This store is not connected."
    if is_running:
        return "A sync is going on."
    if not store.is_sync_enabled:
        return "The sync is paused: press Resume first."
    return "" if has_books else "Choose address books under Contacts first."
