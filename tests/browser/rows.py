"""The rows behind the states of pages: a store of Northwind for each state that one can be in.

A process of the hub makes them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from integrationhub.disconnecting import disconnect
from integrationhub.management.demo.seeding import seed
from integrationhub.models import (
    Account,
    AddressBook,
    Audience,
    ContactRequest,
    Membership,
    Preview,
    Store,
    SyncRun,
)
from integrationhub.reasons import Reason
from tests.browser import people, runs, world
from tests.factories import (
    AddressBookFactory,
    AddressBookMappingFactory,
    MembershipFactory,
    StoreFactory,
    UserFactory,
)

BOOKS = {
    10_000: ("Store subscribers", 8412),
    world.CUSTOMERS: ("All customers", 21077),
    world.AUTUMN: ("Autumn catalogue 2026", 1250),
    10_003: ("Spring catalogue 2026", 0),
    10_004: ("VIP customers", 318),
}
PREVIEWED = {
    "subscribers": {
        "added": {Reason.IN_BOOK: 8008},
        "unchanged": {Reason.IN_BOOK: 412},
        "left_out": {Reason.NO_OPT_IN: 1204, Reason.UNSUBSCRIBED: 96},
        "failed": {Reason.INVALID_EMAIL: 3},
    },
    "customers": {"unchanged": {Reason.IN_BOOK: 21077}, "left_out": {Reason.NEVER_BOUGHT: 480}},
}
SHELF = 70
MINUTE = timedelta(minutes=1)


def make_walkers() -> None:
    """Make the tenants of the walks."""
    seed(tenant for pair in world.WALKERS for tenant in pair)


def make_states() -> None:
    """Make Northwind with a store for each state, and an account with many address books."""
    seed((world.NORTHWIND, world.BLUEBIRD, world.LIBRARY))
    now = timezone.now()
    account = Account.objects.get(slug=world.NORTHWIND.slug)
    _make_members(account)
    books = [
        AddressBookFactory(
            pk=pk, account=account, name=name, contact_count=number, refreshed_at=now
        )
        for pk, (name, number) in BOOKS.items()
    ]
    for store_hash, (name, set_up) in STORES.items():
        store = _store(account, store_hash, name)
        AddressBookMappingFactory(store=store, address_book=books[0])
        set_up(store, now)
        store.save()
    parted = Store.objects.get(account=account, store_hash="parted")
    disconnect(parted, now=now, by=get_user_model().objects.get(email=world.TWO_PLACES))
    _fill_shelf(now)


def _make_members(account: Account) -> None:
    """Somebody with two places, somebody who only looks, and somebody with no place at all."""
    bluebird = Account.objects.get(slug=world.BLUEBIRD.slug)
    nora = get_user_model().objects.get(email=world.TWO_PLACES)
    MembershipFactory(account=bluebird, user=nora, role=Membership.Role.VIEWER)
    viewer = UserFactory(username=world.VIEWER, email=world.VIEWER)
    MembershipFactory(account=account, user=viewer, role=Membership.Role.VIEWER)
    UserFactory(username=world.NEWCOMER, email=world.NEWCOMER)
    new = get_user_model().objects.filter(email__in=[world.VIEWER, world.NEWCOMER])
    new.update(password=nora.password)


def _store(account: Account, store_hash: str, name: str) -> Store:
    """Return the store of a state; that of the demo's tenant is connected already."""
    if not Store.objects.filter(account=account, store_hash=store_hash).exists():
        StoreFactory(account=account, store_hash=store_hash)
    store = Store.objects.get(account=account, store_hash=store_hash)
    store.name, store.is_filling = name, False
    store.connected_at = timezone.now() - timedelta(days=90)
    return store


def _at_rest(store: Store, now: datetime, *, problem: str = "") -> None:
    store.last_synced_at, store.next_sync_at = now - MINUTE, now + 4 * MINUTE
    store.problem = problem


def no_books(store: Store, now: datetime) -> None:
    store.address_book_mappings.all().delete()


def first(store: Store, now: datetime) -> None:
    store.next_sync_at = now + MINUTE


def healthy(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    customers = AddressBook.objects.get(pk=world.CUSTOMERS)
    AddressBookMappingFactory(store=store, audience=Audience.CUSTOMERS, address_book=customers)
    runs.make_history(store, now)
    run = runs.make_done(store, now)
    people.count(store, now - 2 * MINUTE, run)
    people.make(store, now, run)
    books = {"subscribers": AddressBook.objects.get(pk=world.AUTUMN), "customers": customers}
    Preview.objects.create(
        store=store,
        asked_by=get_user_model().objects.get(email=world.TWO_PLACES),
        asked_at=now,
        finished_at=now + MINUTE,
        books={audience: book.dotdigital_id for audience, book in books.items()},
        names={audience: book.name for audience, book in books.items()},
        counts=PREVIEWED,
    )


def some_failed(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    done = runs.make(store, now - 2 * MINUTE, reason=Reason.DONE_WITH_FAILURES, failed=3)
    people.count(store, now - 2 * MINUTE, done)
    Preview.objects.create(store=store, asked_at=now, books={}, names={})


def no_token(store: Store, now: datetime) -> None:
    _at_rest(store, now, problem=Reason.BIGCOMMERCE_CREDENTIALS)
    runs.make_failed(store, now)
    people.make_unsure(store)


def book_gone(store: Store, now: datetime) -> None:
    _at_rest(store, now, problem=Reason.ADDRESS_BOOK_DELETED)
    runs.make(store, now - MINUTE, status="failed", reason=Reason.ADDRESS_BOOK_DELETED)
    gone = AddressBookFactory(account=store.account, name="Winter sale", is_missing=True)
    store.address_book_mappings.update(address_book=gone)


def many_opt_outs(store: Store, now: datetime) -> None:
    _at_rest(store, now, problem=Reason.SAFETY_STOP_OPT_OUTS)
    runs.make_safety_stop(store, now)


def trial(store: Store, now: datetime) -> None:
    _at_rest(store, now, problem=Reason.TRIAL_WAITS)
    said = "10 people have been added on trial; 8,402 more would be added."
    runs.make(store, now - MINUTE, reason=Reason.TRIAL_WAITS, detail=said, added=10)


def maintenance(store: Store, now: datetime) -> None:
    _at_rest(store, now, problem=Reason.BIGCOMMERCE_MAINTENANCE)
    runs.make(store, now - MINUTE, status="failed", reason=Reason.BIGCOMMERCE_MAINTENANCE)


def reading(store: Store, now: datetime) -> None:
    runs.make_open(store, now, step="pull", rows_read=12500, rows_expected=41210)


def sending(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    runs.make_sending(store, now)


def stopping(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    run = runs.make_open(store, now, step="decide")
    SyncRun.objects.filter(pk=run.pk).update(stop_requested_at=now)


def slowed_down(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    reason, at = Reason.DOTDIGITAL_RATE_LIMIT, now + 9 * MINUTE
    runs.make_open(store, now, step="push", reason=reason, goes_on_at=at)


def overdue(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    store.next_sync_at = now - 45 * MINUTE
    runs.make(store, now - 50 * MINUTE)


def stalled(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    runs.make_open(store, now - 25 * MINUTE, step="pull", rows_read=300)


def paused(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    store.is_sync_enabled = False
    runs.make_stopped(store, now)
    failed = {"finished_at": now, "reason": Reason.DOTDIGITAL_UNREACHABLE}
    Preview.objects.create(store=store, asked_at=now, books={}, names={}, **failed)


def starting(store: Store, now: datetime) -> None:
    _at_rest(store, now)
    store.sync_requested_at = store.next_sync_at = now
    runs.make(store, now - 4 * MINUTE, reason=Reason.NOTHING_TO_DO)
    ContactRequest.objects.create(store=store, email=world.ANN, requested_at=now)
    people.make_unsure(store, email=world.ANN)
    StoreFactory(account__name="Bluebird twin", store_hash=store.store_hash)


def _fill_shelf(now: datetime) -> None:
    """Give an account more address books than a page offers at once."""
    store = Store.objects.get(store_hash=world.LIBRARY.store_hash)
    AddressBookFactory.create_batch(SHELF, account=store.account, refreshed_at=now)


SetUp = Callable[[Store, datetime], None]
STORES: dict[str, tuple[str, SetUp]] = {
    world.NORTHWIND.store_hash: ("Northwind Outfitters", healthy),
    "nobooks": ("Northwind Austria", no_books),
    "first": ("Northwind Belgium", first),
    "failures": ("Northwind Canada", some_failed),
    "token": ("Northwind Denmark", no_token),
    "bookgone": ("Northwind Estonia", book_gone),
    "optouts": ("Northwind Finland", many_opt_outs),
    "trial": ("Northwind Germany", trial),
    "closed": ("Northwind Hungary", maintenance),
    "reading": ("Northwind Ireland", reading),
    "sending": ("Northwind Japan", sending),
    "stopping": ("Northwind Korea", stopping),
    "slowed": ("Northwind Luxembourg", slowed_down),
    "overdue": ("Northwind Malta", overdue),
    "stalled": ("Northwind Norway", stalled),
    "paused": ("Northwind Outlet", paused),
    "starting": ("Northwind Portugal", starting),
    "parted": ("Northwind Quebec", some_failed),
}
