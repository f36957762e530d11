"""Why people of a run ended as they did: the reasons with their numbers, and who they are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import Http404

from integrationhub.models import Audience, Contact, ReasonCount, SyncRun
from integrationhub.models.ledger import ContactQuerySet
from integrationhub.reasons import REASONS, Reason, Words, words

Standing = Contact.Standing
FEW, AT_ONCE = 5000, 250
REFUSED = f"{Audience.SUBSCRIBERS}.{Standing.FAILED}.{Reason.CONTACT_REFUSED}"
# The worst first; what was added or updated stands in the book.
OUTCOMES = {
    "failed": ("Failed", Standing.FAILED),
    "skipped": ("Left out on purpose", Standing.LEFT_OUT),
    "added": ("Added", Standing.IN_BOOK),
    "updated": ("Updated", Standing.IN_BOOK),
    "unchanged": ("Unchanged", None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """So many people came to an outcome for one reason; `who` names the list of them."""

    who: str
    outcome: str
    said: Words
    number: int
    is_listed: bool
    may_be_retried: bool
    is_kept_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """The reasons of one audience, the worst outcome first."""

    audience: Audience
    grounds: Sequence[Ground]


def grounds_of(run: SyncRun) -> list[Grounds]:
    """Return the reasons of a run, audience by audience."""
    found: defaultdict[str, list[ReasonCount]] = defaultdict(list)
    for row in ReasonCount.objects.filter(run=run).order_by("-number", "reason"):
        found[row.audience].append(row)
    places = list(OUTCOMES)
    return [
        Grounds(
            audience=audience,
            grounds=[
                _ground(row)
                for row in sorted(found[audience], key=lambda row: places.index(row.outcome))
            ],
        )
        for audience in Audience
        if found[audience]
    ]


def _ground(row: ReasonCount) -> Ground:
    label, standing = OUTCOMES[row.outcome]
    return Ground(
        who=f"{row.audience}.{standing}.{row.reason}" if standing else "",
        outcome=label,
        said=words(row.reason),
        number=row.number,
        is_listed=standing is not None,
        may_be_retried=standing == Standing.FAILED,
        is_kept_out=standing in {Standing.FAILED, Standing.LEFT_OUT},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people stand, and why, as an address names it."""

    audience: Audience
    standing: Contact.Standing
    reason: str

    @classmethod
    def named(cls, who: str) -> "Place":
        """Return the place that an address names, or whoever was refused; Http404 for no place."""
        who = who or REFUSED
        audience, standing, reason = (*who.split("."), "", "", "")[:3]
        known = {each for _, each in OUTCOMES.values() if each}
        if audience not in Audience or standing not in known or reason not in REASONS:
            raise Http404
        return cls(audience=Audience(audience), standing=Standing(standing), reason=reason)


def people_of(run: SyncRun, place: Place, *, after: int = 0) -> ContactQuerySet:
    """Return who stands there since this run, behind the row `after`, in the order of their ids.

    Of a run that has decided about many, those kept out are found by their reason, for they are
    few among many; else by the run.
    """
    people = Contact.objects.of(run.store.account).filter(store=run.store, decided_in=run)
    if place.standing != Standing.IN_BOOK and _has_many(run):
        found: ContactQuerySet = people.kept_out(
            place.audience, place.standing, place.reason, after=after
        )
        return found
    whom = {
        f"{place.audience}_standing": place.standing,
        f"{place.audience}_reason": place.reason,
    }
    return people.filter(**whom, pk__gt=after).order_by("pk")


def emails_of(run: SyncRun, place: Place) -> Iterator[str]:
    """Yield the addresses of these people, in the order of their ids, a page at a time.

    Not one query for everybody: that sorts them all before it answers the first.
    """
    last = 0
    while page := list(people_of(run, place, after=last).values_list("pk", "email")[:AT_ONCE]):
        yield from (email for _, email in page)
        last = page[-1][0]


def _has_many(run: SyncRun) -> bool:
    return sum(row.read - row.unchanged for row in run.counts.all()) > FEW
