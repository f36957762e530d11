"""How many people of a store stand where, counted when a run ends that has changed anybody."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Max, Q, Sum

from integrationhub.models import Audience, Contact, StandingCount, Store, SyncRun
from integrationhub.sync.shift import Shift

RUNS_LOOKED_AT = 20
REST_PER_PERSON = timedelta(milliseconds=1)
Place = tuple[str, str, str]


def count_standings(shift: Shift) -> None:
    """Count where everybody stands, unless nobody has moved since that was last done.

    One look through the ledger of the store, for pages that show its health. Of a large store
    that is work, and so it is done the less often the more people there are.
    """
    store, is_first = shift.store, shift.run.is_first
    last = StandingCount.objects.filter(store=store).aggregate(
        run=Max("counted_in"), at=Max("counted_at"), people=Sum("number")
    )
    is_early = last["at"] and shift.now() < last["at"] + REST_PER_PERSON * last["people"]
    if (is_early and not is_first) or not _has_anybody_moved(shift.run, since=last["run"]):
        return
    shift.hold()
    found = _counted(store)
    with shift.write():
        StandingCount.objects.filter(store=store).delete()
        StandingCount.objects.bulk_create(
            StandingCount(
                store=store,
                audience=audience,
                standing=standing,
                reason=reason,
                number=number,
                counted_in=shift.run,
                counted_at=shift.now(),
            )
            for (audience, standing, reason), number in found.items()
        )


def _has_anybody_moved(run: SyncRun, *, since: int | None) -> bool:
    """Return whether a run has decided about anybody after the run `since`, which has counted.

    The last few are looked at, since one whose worker died has counted nothing.
    """
    runs = SyncRun.objects.filter(store=run.store).order_by("-started_at")
    if since is not None:
        runs = runs.filter(Q(pk__gt=since) | Q(pk=run.pk))
    recent = list(runs.values_list("pk", flat=True)[:RUNS_LOOKED_AT])
    return Contact.objects.filter(decided_in__in=recent).exists()


def _counted(store: Store) -> Counter[Place]:
    names = ("subscribers_standing", "subscribers_reason", "customers_standing", "customers_reason")
    rows = Contact.objects.filter(store=store).order_by().values_list(*names)
    found: Counter[Place] = Counter()
    for *places, number in rows.annotate(Count("pk")):
        for audience, standing, reason in zip(Audience, places[::2], places[1::2], strict=True):
            if standing:
                found[audience.value, standing, reason] += number
    return found
