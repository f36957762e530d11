"""The people behind the states of pages: in the book, left out on purpose, refused, unsure."""

from datetime import datetime, timedelta

from integrationhub.models import Contact, StandingCount, Store, SyncRun
from integrationhub.reasons import Reason
from tests.browser import world
from tests.factories import ContactFactory, ContactImportFactory, OptOutFactory

DAY = timedelta(days=1)
COUNTS = (
    ("subscribers", "in_book", Reason.IN_BOOK, 8412),
    ("subscribers", "left_out", Reason.NO_OPT_IN, 1204),
    ("subscribers", "left_out", Reason.UNSUBSCRIBED, 96),
    ("subscribers", "left_out", Reason.BOUNCED, 12),
    ("subscribers", "failed", Reason.INVALID_EMAIL, 3),
    ("subscribers", "waiting", Reason.WAITING, 5),
    ("customers", "in_book", Reason.IN_BOOK, 21077),
    ("customers", "left_out", Reason.NEVER_BOUGHT, 480),
)


def count(store: Store, at: datetime, run: SyncRun) -> None:
    """Count the people of a store as after a sync."""
    for audience, standing, reason, number in COUNTS:
        StandingCount.objects.create(
            store=store,
            audience=audience,
            standing=standing,
            reason=reason,
            number=number,
            counted_in=run,
            counted_at=at,
        )


def make(store: Store, now: datetime, run: SyncRun) -> None:
    """Make somebody in the book, somebody who left, somebody refused, and a page of others."""
    subscribed = {"has_subscriber_record": True, "decided_in": run, "stage": 0}
    agreed = {"consents": ["marketing_newsletter"], "consent_changed_at": now - 30 * DAY}
    book = store.address_book_mappings.get(audience="subscribers").address_book.dotdigital_id
    inside = {"subscribers_standing": "in_book", "subscribers_reason": Reason.IN_BOOK}
    batch = ContactImportFactory(run=run, sent=14, status="finished", created_at=run.started_at)
    ContactFactory(
        pk=world.PERSON,
        store=store,
        email=world.ANN,
        customer_id=311,
        counting_order_ids=[1, 2, 3],
        subscribers_books=[book],
        sent_at=batch.created_at,
        **subscribed,
        **agreed,
        **inside,
    )
    _make_outsider(store, world.LEFT, Reason.UNSUBSCRIBED, email=world.LEAVER, run=run)
    OptOutFactory(
        store=store,
        email=world.LEAVER,
        removed_at=now - 3 * DAY,
        seen_at=now - 3 * DAY + timedelta(minutes=4),
        written_at=now - 3 * DAY + timedelta(minutes=5),
    )
    _make_outsider(store, world.REFUSED, Reason.INVALID_EMAIL, email="not@an@address", run=run)
    names = ("amelia", "bertil", "chiara", "dragan", "eoghan", "fatima", "gunnar", "helena")
    for number in range(60):
        email = f"{names[number % 8]}{number}@{'a-very-' * (number % 3)}long-domain.example"
        _make_outsider(store, world.REFUSED + 1 + number, Reason.NO_OPT_IN, email=email, run=run)


def _make_outsider(store: Store, pk: int, reason: Reason, *, email: str, run: SyncRun) -> None:
    is_failed = reason is Reason.INVALID_EMAIL
    standing = Contact.Standing.FAILED if is_failed else Contact.Standing.LEFT_OUT
    ContactFactory(
        pk=pk,
        store=store,
        email=email,
        has_subscriber_record=True,
        consents=["marketing_newsletter"] if is_failed else [],
        subscribers_standing=standing,
        subscribers_reason=reason,
        decided_in=run,
        stage=0,
    )


def make_unsure(store: Store, *, email: str = world.CLEO) -> None:
    """Make somebody who has been read, and not been decided on."""
    ContactFactory(store=store, email=email, has_subscriber_record=True, consents=[], stage=1)
