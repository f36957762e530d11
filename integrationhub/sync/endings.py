"""How a slice of a run can end: what it says to people, and when the store is due again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum

from integrationhub.clients import ApiErrors, RateLimitErrors, UnavailableErrors, reason_of
from integrationhub.models import OptOut, Store, SyncRun
from integrationhub.reasons import GOES_ON_BY_ITSELF, NEEDS_GO_ON, Reason
from integrationhub.sync.imports import ImportRefusedError
from integrationhub.sync.opt_outs import AddressBookDeletedError
from integrationhub.sync.safety import SafetyStopError
from integrationhub.sync.shift import Shift, SliceOverError, StopRequestedError
from integrationhub.sync.trial import number_added

FORESEEN = (
    SliceOverError,
    StopRequestedError,
    SafetyStopError,
    ImportRefusedError,
    AddressBookDeletedError,
    *ApiErrors,
)
LONGEST_PAUSE = timedelta(hours=1)
WHILE_OTHERS_ARE_SERVED = timedelta(seconds=30)
DEATHS_TOLERATED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What to write when a slice is over; without a status the run stays open."""

    status: SyncRun.Status | None
    reason: Reason
    detail: str = ""
    goes_on_at: datetime | None = None
    next_sync_at: datetime | None
    store: Mapping[str, object] = field(default_factory=dict)


def finished(shift: Shift) -> Ending:
    """Return the ending of a run that has done everything, or what is to be done on trial."""
    ending = _done(shift)
    return _on_trial(ending, shift) if shift.store.is_trial else ending


def _on_trial(ending: Ending, shift: Shift) -> Ending:
    """Return the ending that waits for a person; runs go on meanwhile, and add nobody else."""
    number = number_added(shift)
    if not number:
        return replace(ending, store={**ending.store, "is_trial": False, "trial_people": None})
    said = f"{number} {'person has' if number == 1 else 'people have'} been added on trial."
    reason = Reason.TRIAL_WAITS
    waiting = {**ending.store, "problem": reason.value, "is_filling": True}
    return replace(ending, reason=reason, detail=said, store=waiting)


def _done(shift: Shift) -> Ending:
    return Ending(
        status=SyncRun.Status.COMPLETED,
        reason=_result(shift.run),
        next_sync_at=shift.now() + _interval(),
        store={
            "problem": "",
            "failures_in_a_row": 0,
            "last_synced_at": shift.now(),
            "is_filling": False,
            "safety_stop_passed": "",
            "safety_stop_size": 0,
        },
    )


def _result(run: SyncRun) -> Reason:
    sums = run.counts.aggregate(failed=Sum("failed"), added=Sum("added"), updated=Sum("updated"))
    if sums["failed"]:
        return Reason.DONE_WITH_FAILURES
    if run.write_backs_refused:
        return Reason.WRITE_BACKS_REFUSED
    if sums["added"] or sums["updated"] or run.removed or run.written_back:
        return Reason.DONE
    return Reason.ASKED_TO_CONFIRM if _has_asked(run) else Reason.NOTHING_TO_DO


def _has_asked(run: SyncRun) -> bool:
    """Return whether Dotdigital has mailed somebody in this run who is to confirm a return."""
    waiting = OptOut.objects.filter(
        store=run.store, resubscription=OptOut.Resubscription.CHALLENGED
    )
    return bool(waiting.filter(resubscription_asked_at__gte=run.started_at).exists())


def ending_of(error: Exception, shift: Shift) -> Ending:
    """Return how a slice ends that was cut off by one of the FORESEEN errors."""
    if isinstance(error, SliceOverError):
        return _out_of_time(shift, error)
    if isinstance(error, StopRequestedError):
        return _stopped(shift)
    if isinstance(error, RateLimitErrors):
        return _slowed_down(shift, error, error.retry_after)
    if _failure(error) is Reason.BIGCOMMERCE_MAINTENANCE:
        return _waiting(shift, error, _pause(shift.store.failures_in_a_row + 1))
    if isinstance(error, UnavailableErrors) and _is_given_another_turn(shift):
        return _waiting(shift, error, WHILE_OTHERS_ARE_SERVED)
    ending = failed(shift.store, reason=_failure(error), detail=str(error), now=shift.now())
    return _asking(ending, error) if isinstance(error, SafetyStopError) else ending


def _asking(ending: Ending, error: SafetyStopError) -> Ending:
    """Remember how many people a person is asked about, who has let nothing pass so far."""
    asked = {"safety_stop_size": error.number, "safety_stop_passed": ""}
    return replace(ending, store={**ending.store, **asked})


def _failure(error: Exception) -> Reason:
    if isinstance(error, AddressBookDeletedError):
        return Reason.ADDRESS_BOOK_DELETED
    if isinstance(error, SafetyStopError | ImportRefusedError):
        return error.reason
    return reason_of(error)


def _interval() -> timedelta:
    return timedelta(seconds=settings.SYNC_INTERVAL_SECONDS)


def _over(shift: Shift, reason: Reason, at: datetime, detail: str = "") -> Ending:
    waits = at if at > shift.now() else None
    return Ending(status=None, reason=reason, detail=detail, goes_on_at=waits, next_sync_at=at)


def _out_of_time(shift: Shift, error: SliceOverError) -> Ending:
    """Return the ending of a slice that worked its time; a run that moves forgets its failures."""
    is_stuck = error.reason is not Reason.OUT_OF_TIME
    over = _over(shift, error.reason, error.at or shift.now(), str(error) if is_stuck else "")
    if is_stuck:
        return replace(over, store={"problem": error.reason.value})
    return replace(over, store={} if error.at else {"failures_in_a_row": 0})


def _is_given_another_turn(shift: Shift) -> bool:
    """Return whether the store was given less time than usual, for the first time in a row."""
    return shift.is_awaited and not shift.store.failures_in_a_row


def _waiting(shift: Shift, error: Exception, pause: timedelta) -> Ending:
    """Return the ending of a slice that met a closed or a silent store: no alarm is given.

    The run waits; a store in maintenance is looked at less and less often.
    """
    ending = _over(shift, reason_of(error), shift.now() + pause, str(error))
    return replace(ending, store={"failures_in_a_row": shift.store.failures_in_a_row + 1})


def _slowed_down(shift: Shift, error: Exception, seconds: float) -> Ending:
    at = shift.now() + timedelta(seconds=max(seconds, 1.0))
    return _over(shift, reason_of(error), at, str(error))


def _stopped(shift: Shift) -> Ending:
    return Ending(
        status=SyncRun.Status.STOPPED,
        reason=Reason.STOPPED_BY_PERSON,
        next_sync_at=shift.now() + _interval(),
    )


def failed(store: Store, *, reason: Reason, detail: str, now: datetime) -> Ending:
    """Return the ending of a failed run; what does not heal by itself waits for a person."""
    failures = store.failures_in_a_row + 1
    is_stopped = reason in NEEDS_GO_ON
    return Ending(
        status=SyncRun.Status.STOPPED if is_stopped else SyncRun.Status.FAILED,
        reason=reason,
        detail=detail,
        next_sync_at=now + _pause(failures) if reason in GOES_ON_BY_ITSELF else None,
        store={"problem": reason.value, "failures_in_a_row": failures},
    )


def _pause(failures: int) -> timedelta:
    doublings: int = 2 ** min(failures - 1, 10)
    return min(_interval() * doublings, LONGEST_PAUSE)


def stalled(store: Store, *, now: datetime) -> Ending:
    """Return the ending of a run whose worker died; the next goes on at once.

    Unless workers die over this store again and again: then the store itself may be the cause.
    """
    failures = store.failures_in_a_row + 1
    is_suspect = failures > DEATHS_TOLERATED
    pause = _pause(failures - DEATHS_TOLERATED) if is_suspect else timedelta()
    problem = {"problem": Reason.UNEXPECTED.value} if is_suspect else {}
    return Ending(
        status=SyncRun.Status.STALLED,
        reason=Reason.STALLED,
        next_sync_at=now + pause,
        store={"failures_in_a_row": failures, **problem},
    )
