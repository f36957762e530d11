"""A store with its account, what happens there, and its final state by the vendors' own records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from integrationhub import address_books, data_fields, probes, stores, sync
from integrationhub.models import Account, Store, SyncRun

NEWSLETTER = "marketing_newsletter"
READERS = [f"reader{number}@shop.example" for number in range(6)]
MIXED, SILENT = "Mixed.Case@Shop.example", "silent@shop.example"
BUYER, MOVED, GUEST = "buyer@shop.example", "moved@shop.example", "guest@shop.example"
EARLY_LEAVER, ACCOUNT_LEAVER, BOOK_LEAVER = READERS[1:4]
LEAVERS = (EARLY_LEAVER, ACCOUNT_LEAVER, BOOK_LEAVER)
# It goes by clocks, and so it differs between two worlds with the same history.
BY_THE_CLOCK = {"ACCEPTS_MKTG_UPDATED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One store of one Dotdigital account, both pretend, with both books chosen."""

    shop: Any
    mail: Any
    store_id: int
    books: tuple[int, int]

    @property
    def store(self) -> Store:
        """The store's row as it stands now."""
        store: Store = Store.objects.select_related("account").get(pk=self.store_id)
        return store

    def run(self, now: Callable[[], datetime] = timezone.now) -> SyncRun:
        """One slice, which is a whole run unless something holds it up."""
        lease = sync.claim_store(self.store, now())
        assert lease is not None, "somebody holds the lease"
        return sync.work_on(lease, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the two days come to, and what the second day's run costs in calls."""

    state: dict[str, Any]
    bigcommerce_calls: int
    dotdigital_calls: int


def credentials(shop: Any, mail: Any) -> probes.Credentials:
    """What a person would enter to connect these two."""
    return probes.Credentials(
        store_hash=shop.store_hash,
        access_token=shop.access_token,
        api_user=mail.user,
        password=mail.password,
    )


def connect(shop: Any, mail: Any, now: datetime, *, account: Account | None = None) -> World:
    """Connect a pretend store and account, and choose the two books."""
    account = account or Account.objects.create(name=shop.name, slug=shop.store_hash)
    for _, name, kind in data_fields.DEFAULT_FIELDS:  # making them is not what the faults are about
        mail.add_data_field(name, kind)
    store = stores.connect(account, credentials(shop, mail))
    subscribers = address_books.ensure(account, "Store subscribers", now=now)
    customers = address_books.ensure(account, "Store customers", now=now)
    choice = address_books.Choice(subscribers=subscribers, customers=customers)
    address_books.assign(store, choice, now=now)
    books = (subscribers.dotdigital_id, customers.dotdigital_id)
    return World(shop=shop, mail=mail, store_id=store.pk, books=books)


def first_day(world: World) -> None:
    """People of every kind come into the store; one of them has said no to Dotdigital since."""
    shop, mail = world.shop, world.mail
    an_hour_ago = shop.clock.second() - timedelta(hours=1)
    for email in READERS:
        shop.subscribe(email, first_name=email.partition("@")[0], created_at=an_hour_ago)
    shop.subscribe(MIXED)
    shop.subscribe(SILENT, consents=())
    shop.place_order(customer_id=shop.add_customer(BUYER, first_name="Bea"))
    shop.place_order(customer_id=shop.add_customer(READERS[0].upper(), phone="+44 20 7946 0000"))
    shop.place_order(GUEST)
    shop.add_customer(ACCOUNT_LEAVER)
    mail.add_contact(EARLY_LEAVER)
    mail.unsubscribe(EARLY_LEAVER)


def second_day(world: World) -> None:
    """Something of every kind changes on both sides."""
    shop, mail = world.shop, world.mail
    mail.unsubscribe(ACCOUNT_LEAVER)
    mail.unsubscribe_from(world.books[0], BOOK_LEAVER)
    shop.unsubscribe(MIXED)
    shop.subscribe("new.reader@shop.example")
    shop.subscribe(SILENT)
    shop.edit_subscriber(READERS[5], first_name="Renamed")
    shop.edit_customer(shop.customer_by_email(BUYER).id, email=MOVED)
    shop.place_order("new.guest@shop.example")


def final_state(world: World) -> dict[str, Any]:
    """Everything that either vendor knows and that does not merely tell the time."""
    return {**_shop_state(world.shop), **_mail_state(world.mail)}


def _shop_state(shop: Any) -> dict[str, Any]:
    state: dict[str, Any] = {"orders": len(shop.tables.orders)}
    for row in shop.tables.subscribers.ordered():
        state[f"subscriber {row.email.lower()}"] = sorted(row.consents)
    for row in shop.tables.customers.ordered():
        state[f"customer {row.id}"] = (row.email, shop.attribute_values(row.id))
    return state


def _mail_state(mail: Any) -> dict[str, Any]:
    names = {book.id: book.name for book in mail.state.address_books.values()}
    state: dict[str, Any] = {
        "books": sorted(names.values()),
        "fields": sorted(mail.state.data_fields),
    }
    for contact in mail.people:
        state[f"contact {contact.email.lower()}"] = _contact_state(contact, names)
    return state


def _contact_state(contact: Any, names: dict[int, str]) -> tuple[Any, ...]:
    fields = {name: contact.data_fields[name] for name in {*contact.data_fields} - BY_THE_CLOCK}
    books = {names[book]: membership.status for book, membership in contact.lists.items()}
    return contact.status, contact.opt_in_type, fields, books
