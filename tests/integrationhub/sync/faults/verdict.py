"""What must hold after every fault, judged from the vendors' own records and the ledger."""

from collections import Counter
from typing import Any

from integrationhub.models import Audience, AudienceCount, Contact, ContactImport, OptOut, SyncRun
from tests.integrationhub.sync.expected import members, readers
from tests.integrationhub.sync.faults.worlds import LEAVERS, NEWSLETTER, Outcome, World, final_state

HARMLESS = {"subscribed"}


def assert_as_if_nothing_had_happened(world: World, undisturbed: Outcome) -> None:
    """Nobody lost, doubled or resubscribed, books kept, and all as in an undisturbed world."""
    assert lost(world) == set()
    assert doubled(world) == set()
    assert resubscribed(world) == set()
    assert_books_are_kept(world)
    assert differences(final_state(world), undisturbed.state) == {}


def differences(state: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the two states know differently, each with both versions."""
    names = {*state, *other}
    both = {name: (state.get(name), other.get(name)) for name in names}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def lost(world: World) -> set[str]:
    """Live people who should be in the subscribers' book and are not."""
    outside = readers(world.shop) - members(world.mail, world.books[0])
    return {email for email in outside if not _has_left(world, email)}


def _has_left(world: World, email: str) -> bool:
    contact = world.mail.people.named(email)
    if contact is None:
        return False
    membership = contact.lists.get(world.books[0])
    has_left_book = membership is not None and membership.status not in HARMLESS
    return has_left_book or contact.status not in HARMLESS


def doubled(world: World) -> set[str]:
    """Addresses, in whatever case, that Dotdigital has twice."""
    counts = Counter(contact.email.strip().lower() for contact in world.mail.people)
    return {email for email, number in counts.items() if number > 1}


def resubscribed(world: World, leavers: tuple[str, ...] = LEAVERS) -> set[str]:
    """People who said no in Dotdigital and are subscribed again."""
    known = {email for email in leavers if not _has_left(world, email)}
    return {email for email in known if email in members(world.mail, world.books[0])}


def assert_books_are_kept(world: World) -> None:
    """The ledger says what Dotdigital holds, nobody waits, and every run's numbers add up."""
    people = Contact.objects.filter(store=world.store_id)
    for audience, book in zip(Audience, world.books, strict=True):
        placed = people.filter(
            **{f"{audience}_standing": Contact.Standing.IN_BOOK},
        )
        assert set(placed.values_list("email", flat=True)) == members(world.mail, book), audience
    assert not people.exclude(stage=Contact.Stage.SETTLED).exists()
    assert not OptOut.objects.filter(store=world.store_id, receipt="pending").exists()
    assert not ContactImport.objects.filter(store=world.store_id, finished_at=None).exists()
    for row in AudienceCount.objects.filter(run__store=world.store_id):
        explained = row.run.reason_counts.filter(audience=row.audience)
        assert sum(each.number for each in explained) == row.read, "every outcome has its reason"
        assert row.read == row.added + row.updated + row.unchanged + row.skipped + row.failed


def assert_counted_right(run: SyncRun, *, before: set[str], world: World) -> None:
    """The run's additions to the subscribers' book are those that happened."""
    row = AudienceCount.objects.get(run=run, audience=Audience.SUBSCRIBERS)
    assert row.added == len(members(world.mail, world.books[0]) - before)


def rows_sent(requests: Any, user: str) -> Counter[str]:
    """How often each address was handed over in imports that Dotdigital took."""
    taken = [each for each in requests if each.method == "PUT" and each.user == user]
    rows = [row for each in taken if each.status == 202 for row in each.content["contacts"]]
    return Counter(row["identifiers"].get("email", "").lower() for row in rows)


def said_no_everywhere(world: World) -> bool:
    """Whether the store knows of everybody who left Dotdigital since the connection."""
    return all(NEWSLETTER not in world.shop.subscriber(email).consents for email in LEAVERS[1:])
