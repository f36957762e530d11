"""A hub for a measurement of its pages: one store that has much of everything, and many others."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.contrib.auth.models import User
from django.db import connection

from integrationhub import models
from integrationhub.management.bench.pages import Places
from integrationhub.management.bench.past import make_runs
from integrationhub.management.bench.people import email_of, make_people, places_of
from integrationhub.models import Account, AddressBook, Audience, Membership, Store

MARKETER, STAFF = "marketer@example.com", "staff@example.com"
WORDS = ("Summer", "Winter", "Newsletter", "VIP", "Loyalty", "Returns", "Outlet")
AT_ONCE = 1000
# Whose address is looked up: he unsubscribed, so there is something to tell.
SOMEBODY = 14
OTHER_RUNS = 2
ADMINS_PAGE, MOST_LISTED = 50, 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is of everything; one other store for each ten address books."""

    people: int
    runs: int
    books: int

    @property
    def stores(self) -> int:
        """Return how many stores the account has besides."""
        return max(self.books // 10, 1)


def populate(store: Store, size: Size, *, now: datetime) -> Places:
    """Fill a connected store that is empty so far, and answer what the pages' addresses name."""
    marketer = _make_users(store.account)
    books = _make_books(store.account, size.books, now=now)
    _make_others(store.account, size.stores, book=books[-1], now=now)
    _choose(store, books, now=now)
    runs = make_runs(store, size.runs, people=size.people, now=now, by=marketer)
    ids = [book.dotdigital_id for book in books[:2]]
    make_people(store, size.people, runs=runs, books=ids, now=now)
    _make_preview(store, size.people, books=ids, run=runs[-1], now=now, by=marketer)
    _have_done(store, size.runs, now=now, by=marketer)
    _ask_for(store, email_of(SOMEBODY), now=now, by=marketer)
    return _places(store, size, runs=runs, books=books)


def learn_sizes() -> None:
    """Let PostgreSQL count its tables, as it does by itself after a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _make_users(account: Account) -> User:
    """Make a marketer of two accounts, and somebody of the staff."""
    marketer = User.objects.create(username=MARKETER, email=MARKETER)
    User.objects.create(username=STAFF, email=STAFF, is_staff=True, is_superuser=True)
    other = Account.objects.create(name="Other", slug="other-account")
    for each in (account, other):
        Membership.objects.create(account=each, user=marketer)
    return marketer


def _make_books(account: Account, number: int, *, now: datetime) -> list[AddressBook]:
    first = AddressBook.objects.of(account).count()
    return AddressBook.objects.bulk_create(
        (
            AddressBook(
                account=account,
                dotdigital_id=500_000 + each,
                name=f"{WORDS[each % len(WORDS)]} {first + each:04}",
                visibility="Private",
                contact_count=each * 7,
                refreshed_at=now,
            )
            for each in range(number)
        ),
        batch_size=AT_ONCE,
    )


def _make_others(account: Account, number: int, *, book: AddressBook, now: datetime) -> None:
    """Make other stores of the account, each synced a few times into the same book."""
    others = Store.objects.bulk_create(
        Store(
            account=account,
            store_hash=f"other{each}",
            access_token="",
            name=f"Shop {each}",
            connected_at=now,
            last_synced_at=now,
        )
        for each in range(number)
    )
    chosen = {"audience": Audience.SUBSCRIBERS, "address_book": book}
    models.AddressBookMapping.objects.bulk_create(
        models.AddressBookMapping(store=each, **chosen) for each in others
    )
    _sync_once_more(others * OTHER_RUNS, now=now)


def _sync_once_more(stores: Sequence[Store], *, now: datetime) -> None:
    models.SyncRun.objects.bulk_create(
        models.SyncRun(
            store=each,
            trigger=models.SyncRun.Trigger.SCHEDULE,
            status=models.SyncRun.Status.COMPLETED,
            reason="nothing_to_do",
            started_at=now,
            heartbeat_at=now,
            finished_at=now,
        )
        for each in stores
    )


def _choose(store: Store, books: Sequence[AddressBook], *, now: datetime) -> None:
    """Have the first two books chosen, and asked for just now."""
    mappings = store.address_book_mappings
    mappings.all().delete()
    for audience, book in zip(Audience, books, strict=False):
        mappings.create(audience=audience, address_book=book)
    AddressBook.objects.of(store.account).update(refreshed_at=now)
    Store.objects.filter(pk=store.pk).update(
        last_synced_at=now, next_sync_at=now + timedelta(minutes=5), is_decision_due=False
    )


def _make_preview(
    store: Store, people: int, *, books: Sequence[int], run: int, now: datetime, by: User
) -> None:
    """Have a preview of the chosen books that is done."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for (audience, standing, reason), number in places_of(range(people)).items():
        outcome = {"in_book": "unchanged", "waiting": "added"}.get(standing, standing)
        counts.setdefault(audience, {}).setdefault(outcome, {})[reason] = number
    preview = models.Preview.objects.create(
        store=store,
        asked_by=by,
        asked_at=now,
        books=dict(zip(Audience.values, books, strict=True)),
        names={audience: f"Book of {audience}" for audience in Audience.values},
        run_id=run,
        counts=counts,
        finished_at=now,
    )
    _have_some_removed(preview, people, book=books[0], now=now)


def _have_some_removed(preview: models.Preview, people: int, *, book: int, now: datetime) -> None:
    models.PreviewRemoval.objects.bulk_create(
        (
            models.PreviewRemoval(
                preview=preview,
                email=email_of(each),
                address_book_id=book,
                audience=Audience.SUBSCRIBERS,
                removed_at=now,
                reason="Unsubscribed",
            )
            for each in range(0, people, 100)
        ),
        batch_size=AT_ONCE,
    )


def _have_done(store: Store, number: int, *, now: datetime, by: User) -> None:
    """Have as many deeds written down as there are runs: a sync was asked for again and again."""
    entries = models.ActivityEntry.objects
    entries.note(store, models.ActivityEntry.Deed.SYNC_ASKED, at=now)
    first = entries.latest("pk")
    deeds = [copy(first) for _ in range(number)]
    for place, each in enumerate(deeds):
        each.pk, each.actor = None, by
        each.timestamp = now - (number - place) * timedelta(minutes=6)
    entries.bulk_create(deeds, batch_size=AT_ONCE)


def _ask_for(store: Store, email: str, *, now: datetime, by: User) -> None:
    """Have somebody been asked for a few times."""
    models.ContactRequest.objects.bulk_create(
        models.ContactRequest(
            store=store,
            email=email,
            requested_at=now - timedelta(hours=each),
            requested_by=by,
            read_at=now - timedelta(hours=each),
            is_known=True,
        )
        for each in range(1, 4)
    )


def _places(
    store: Store, size: Size, *, runs: Sequence[int], books: Sequence[AddressBook]
) -> Places:
    contact = models.Contact.objects.get(store=store, email=email_of(SOMEBODY))
    return Places(
        account=store.account.slug,
        store=store.store_hash,
        first=runs[0],
        middle=runs[len(runs) // 2],
        run=runs[-15],  # one of those that ended with failures
        contact=contact.pk,
        email=contact.email,
        deep=contact.pk + size.people * 9 // 10,
        subscribers_book=books[0].pk,
        customers_book=books[1].pk,
        other_book=books[2].pk,
        rows=_rows(store),
    )


def _rows(store: Store) -> dict[str, int]:
    """Return one row of each table that the admin shows."""
    asked = models.ActivityEntry.objects.of(store.account).filter(deed="sync_asked")
    return {
        "account_id": store.account_id,
        "store_id": store.pk,
        "deed": _some(asked),
        "early_deed": _some(asked) + asked.count() // 5,
        "data_field": _some(models.DataField.objects.of(store.account)),
        "mapping": _some(models.AddressBookMapping.objects.of(store.account).filter(store=store)),
        "field_mapping": _some(models.FieldMapping.objects.of(store.account).filter(store=store)),
        "contact_import": _some(models.ContactImport.objects.of(store.account)),
        "opt_out": _some(models.OptOut.objects.of(store.account)),
        "last_page": ceil(models.SyncRun.objects.count() / ADMINS_PAGE),
        "far_page": ceil(min(models.Contact.objects.count(), MOST_LISTED) / ADMINS_PAGE),
    }


def _some(rows: models.OwnedQuerySet) -> int:
    pk: int = rows.order_by("pk").values_list("pk", flat=True)[0]
    return pk
