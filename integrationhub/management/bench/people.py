"""A ledger for a measurement: very many people of one store, standing where people do stand."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from integrationhub.models import Audience, Contact, OptOut, StandingCount, Store, bulk
from integrationhub.reasons import Reason

AT_ONCE = 5000
SECOND = timedelta(seconds=1)
Place = tuple[str, str]
Stage = Contact.Stage

IN_BOOK: Place = (Contact.Standing.IN_BOOK, Reason.IN_BOOK)
WAITING: Place = (Contact.Standing.WAITING, Reason.WAITING)
REFUSED: Place = (Contact.Standing.FAILED, Reason.CONTACT_REFUSED)
NOWHERE: Place = ("", "")


def _out(reason: Reason) -> Place:
    return Contact.Standing.LEFT_OUT, reason


# As a subscriber and as a customer; each of these is one in twenty.
KINDS: Sequence[tuple[Place, Place]] = (
    *[(IN_BOOK, IN_BOOK)] * 6,
    *[(IN_BOOK, NOWHERE)] * 3,
    *[(_out(Reason.NO_OPT_IN), IN_BOOK)] * 4,
    (_out(Reason.NO_OPT_IN), NOWHERE),
    (_out(Reason.UNSUBSCRIBED), _out(Reason.UNSUBSCRIBED)),
    (_out(Reason.LEFT_BOOK), IN_BOOK),
    (_out(Reason.BOUNCED), _out(Reason.BOUNCED)),
    (REFUSED, REFUSED),
    (WAITING, WAITING),
    (NOWHERE, IN_BOOK),
)
REFUSED_KIND, WAITING_KIND = KINDS.index((REFUSED, REFUSED)), KINDS.index((WAITING, WAITING))
LEFT = {
    Reason.UNSUBSCRIBED: ("Unsubscribed", OptOut.Receipt.CONFIRMED),
    Reason.LEFT_BOOK: ("Unsubscribed", OptOut.Receipt.OTHER_BOOK),
    Reason.BOUNCED: ("HardBounced", OptOut.Receipt.NOT_A_WISH),
}
REFUSED_ONES = 8  # of so many places for them only one is taken: few people are refused
NAMES = (
    "store", "email", "customer_id", "subscriber_id", "has_subscriber_record", "consents",
    "consent_changed_at", "counting_order_ids", "latest_order_id", "source_fields",
    "dotdigital_id", "is_moved", "accepts_marketing", "subscribers_standing",
    "subscribers_reason", "customers_standing", "customers_reason", "decided_in", "stage",
    "subscribers_books", "customers_books", "accepted_fingerprint", "sent_at",
)  # fmt: skip
OPT_OUT_NAMES = (
    "store", "email", "dotdigital_id", "address_book_id", "audience", "removed_at", "reason",
    "seen_at", "receipt", "written_at", "attempts", "is_in_attributes", "note", "resubscription",
)  # fmt: skip


def kind_of(number: int) -> tuple[Place, Place]:
    """Return where the person of this number stands as a subscriber, and as a customer."""
    kind, lap = number % len(KINDS), number // len(KINDS)
    return KINDS[0] if kind == REFUSED_KIND and lap % REFUSED_ONES else KINDS[kind]


def email_of(number: int) -> str:
    """Return the address of the person of this number."""
    return f"shopper{number}@example.com"


def run_of(number: int, runs: Sequence[int]) -> int:
    """Return the run that decided about a person: mostly the first, at times the one midway."""
    place = number % 47
    if place < 30:
        return runs[0]
    return runs[len(runs) // 2 if place == 30 else number * 7919 % len(runs)]


def make_people(
    store: Store, number: int, *, runs: Sequence[int], books: Sequence[int], now: datetime
) -> None:
    """Have so many people in the ledger, decided by these runs, and the opt-outs of some."""
    for start in range(0, number, AT_ONCE):
        page = range(start, min(start + AT_ONCE, number))
        rows = [_person(store, each, run_of(each, runs), books, now) for each in page]
        bulk.insert_or_update(Contact, NAMES, rows, unique=("store", "email"))
        gone = [row for each in page for row in _opt_outs(store, each, books[0], now)]
        unique = ("store", "email", "address_book_id", "removed_at")
        bulk.insert_or_update(OptOut, OPT_OUT_NAMES, gone, unique=unique)
    _count(store, number, run=runs[-1], now=now)


def _person(
    store: Store, number: int, run: int, books: Sequence[int], now: datetime
) -> tuple[Any, ...]:
    sub, cus = kind_of(number)
    agreed = sub not in {NOWHERE, _out(Reason.NO_OPT_IN)}
    in_books = [
        json.dumps([book] if at == IN_BOOK else [])
        for at, book in zip((sub, cus), books, strict=True)
    ]
    is_waiting = number % len(KINDS) == WAITING_KIND
    return (
        store.pk, email_of(number), number + 1, number + 1 if sub != NOWHERE else None,
        sub != NOWHERE, '["marketing_newsletter"]' if agreed else "[]",
        now - number % 5000 * 60 * SECOND, json.dumps([number]), number, _fields(number),
        1_000_000 + number, False, agreed, *sub, *cus, run,
        (Stage.IMPORT if is_waiting else Stage.SETTLED).value, *in_books, f"{number:032x}",
        None if is_waiting else now - number % 900 * SECOND,
    )  # fmt: skip


def _fields(number: int) -> str:
    told = {
        "customer.first_name": f"First{number % 900}",
        "customer.last_name": f"Last{number % 7000}",
        "customer.phone": f"+44 20 7946 {number % 10000:04}",
        "customer.shipping_address_1": f"{number % 300} Long Street",
        "customer.shipping_city": "Springfield",
        "customer.shipping_postcode": f"{number % 100000:05}",
        "customer.shipping_country": "United Kingdom",
    }
    return json.dumps(told)


def _opt_outs(store: Store, number: int, book: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    (_, why), _ = kind_of(number)
    if why in LEFT:
        reason, receipt = LEFT[Reason(why)]
        is_of_book = why == Reason.LEFT_BOOK
        at = now - number % 9000 * 60 * SECOND
        yield (
            store.pk, email_of(number), 1_000_000 + number, book if is_of_book else 0,
            Audience.SUBSCRIBERS if is_of_book else "", at, reason, at,
            OptOut.Receipt.PENDING if number % 5000 == 14 else receipt, at, 0, False, "", "",
        )  # fmt: skip


def _count(store: Store, number: int, *, run: int, now: datetime) -> None:
    found = places_of(range(number))
    StandingCount.objects.bulk_create(
        StandingCount(
            store=store,
            audience=audience,
            standing=standing,
            reason=reason,
            number=many,
            counted_in_id=run,
            counted_at=now - 3600 * SECOND,
        )
        for (audience, standing, reason), many in found.items()
    )


def places_of(people: range) -> Counter[tuple[str, str, str]]:
    """Return how many of these people stand where, as one of which audience, and why."""
    found: Counter[tuple[str, str, str]] = Counter()
    for number in people:
        for audience, place in zip(Audience, kind_of(number), strict=True):
            if place != NOWHERE:
                found[audience.value, *place] += 1
    return found
