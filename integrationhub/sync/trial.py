"""The trial: ten people of each audience are added, and nobody else until a person has looked."""

from collections.abc import Iterator

from django.db.models import Q

from integrationhub.models import Audience, Contact, Person
from integrationhub.sync.decide import decide
from integrationhub.sync.deciding import settle_in_mind
from integrationhub.sync.ledger import opt_outs_of
from integrationhub.sync.shift import Shift

MOST = 10
PAGE = 1000
PAGES_LOOKED_AT = 50
DECIDE, IMPORT = Contact.Stage.DECIDE, Contact.Stage.IMPORT


def choose_trial(shift: Shift) -> None:
    """Choose who is added on trial, once: nobody takes the place of one who leaves."""
    store = shift.store
    if not store.is_trial or store.trial_people is not None:
        return
    chosen = _first_wanted(shift)
    with shift.write():
        store.trial_people = chosen
        store.save(update_fields=["trial_people"])


def on_trial(shift: Shift) -> list[Person]:
    """Return who of the chosen has still to be sent."""
    ids = shift.store.trial_people or []
    people = Contact.objects.with_ids(shift.store, "pk", ids) if ids else []
    return [
        person
        for person in people
        if person.stage == IMPORT or (person.stage == DECIDE and person.sent_at is None)
    ]


def number_added(shift: Shift) -> int:
    """Return how many of the chosen are in a book now."""
    is_in = [Q(**{f"{audience}_standing": Contact.Standing.IN_BOOK}) for audience in Audience]
    chosen = Contact.objects.filter(store=shift.store, pk__in=shift.store.trial_people or [])
    number: int = chosen.filter(Q(*is_in, _connector=Q.OR)).count()
    return number


def _first_wanted(shift: Shift) -> list[int]:
    """Return the first ten wanted of each audience; a large ledger is not searched to its end."""
    room = dict.fromkeys(shift.rules.books, MOST)
    chosen: list[int] = []
    for number, page in enumerate(_pages(shift)):
        with shift.write():  # a sign of life
            pass
        chosen += _take(shift, page, room)
        if not any(room.values()) or (chosen and number >= PAGES_LOOKED_AT):
            break
    return chosen


def _take(shift: Shift, page: list[Person], room: dict[Audience, int]) -> list[int]:
    opt_outs = opt_outs_of(shift.store, page)
    chosen = []
    for contact in page:
        decision = decide(contact, opt_outs.get(contact.id, ()), shift.rules)
        settle_in_mind(contact, decision, shift)
        wanted = [audience for audience in room if decision.verdict(audience).is_wanted]
        if contact.stage == IMPORT and wanted and all(room[audience] for audience in wanted):
            chosen.append(contact.id)
            room.update({audience: room[audience] - 1 for audience in wanted})
    return chosen


def _pages(shift: Shift) -> Iterator[list[Person]]:
    for stage, is_sent in ((IMPORT, None), (DECIDE, False)):
        last = 0
        while page := Contact.objects.in_stage(
            shift.store, stage, after=last, limit=PAGE, is_sent=is_sent
        ):
            yield page
            last = page[-1].id
