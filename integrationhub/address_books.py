"""Dotdigital's address books: the list of them, new ones, and which audience goes into which."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from dotdigital.client import Client
from dotdigital.records import AddressBook as RemoteBook
from integrationhub.clients import ApiErrors, dotdigital_client, reason_of
from integrationhub.doorbell import ring
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import (
    Account,
    ActivityEntry,
    AddressBook,
    AddressBookMapping,
    Audience,
    Store,
)
from integrationhub.reasons import Reason, words

DEFAULT_SUBSCRIBERS_BOOK = "Store subscribers"
LONGEST_NAME = 128
RESERVED_NAMES = frozenset({"all contacts", "test"})
NAME_IS_TAKEN = (
    "Dotdigital has an address book or a segment of this name already, or keeps the name for "
    "itself. Choose another name."
)
_REFUSALS = {
    "ERROR_ADDRESSBOOK_DUPLICATE": NAME_IS_TAKEN,
    "ERROR_ADDRESSBOOK_INVALID": "Dotdigital does not take this name. Choose another one.",
    "ERROR_ADDRESSBOOK_LIMITEXCEEDED": (
        "Your Dotdigital plan allows no more address books. Delete one in Dotdigital, or choose "
        "one of those you have."
    ),
}


class AddressBooksError(Exception):
    """Dotdigital did not list or make address books; the text says what to do."""

    def __init__(self, reason: Reason, detail: str, *, code: str = "") -> None:
        """Make the sentence from the catalogue, and keep the vendor's words for staff."""
        super().__init__(_REFUSALS.get(code) or words(reason).in_full)
        self.reason, self.detail = reason, detail


class SameBookError(Exception):
    """Both audiences were to go into one book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The books a person has chosen; no book for customers means they are not synced."""

    subscribers: AddressBook
    customers: AddressBook | None


def refresh(account: Account, *, now: datetime) -> None:
    """Ask Dotdigital for its address books; one that is gone is marked as missing.

    Raises AddressBooksError.
    """
    with _dotdigital(account) as client:
        books = [book for book in client.address_books() if not book.is_built_in]
    with transaction.atomic():
        known = AddressBook.objects.of(account)
        known.exclude(dotdigital_id__in=[book.id for book in books]).update(is_missing=True)
        _keep(account, books, now)


def _keep(account: Account, books: Sequence[RemoteBook], now: datetime) -> None:
    AddressBook.objects.bulk_create(
        [
            AddressBook(
                account=account,
                dotdigital_id=book.id,
                name=book.name,
                visibility=book.visibility,
                contact_count=book.contacts,
                refreshed_at=now,
            )
            for book in books
        ],
        update_conflicts=True,
        unique_fields=["account", "dotdigital_id"],
        update_fields=["name", "visibility", "contact_count", "is_missing", "refreshed_at"],
    )


def ensure(account: Account, name: str, *, now: datetime) -> AddressBook:
    """Return the account's book of this name, made in Dotdigital, private, if it is absent.

    Raises AddressBooksError.
    """
    refresh(account, now=now)
    known = AddressBook.objects.of(account).filter(name__iexact=name, is_missing=False).first()
    return known or create(account, name, now=now)


def create(account: Account, name: str, *, now: datetime) -> AddressBook:
    """Make a private address book in Dotdigital. Raises AddressBooksError."""
    with _dotdigital(account) as client:
        book = client.create_address_book(name)
    _keep(account, [book], now)
    kept: AddressBook = AddressBook.objects.of(account).get(dotdigital_id=book.id)
    return kept


@contextmanager
def _dotdigital(account: Account) -> Iterator[Client]:
    """Give a client, and turn what goes wrong with it into AddressBooksError."""
    try:
        with closing(dotdigital_client(account, is_hurried=True)) as client:
            yield client
    except SecretUnreadableError as error:
        raise AddressBooksError(Reason.SECRET_UNREADABLE, str(error)) from error
    except ApiErrors as error:
        code = str(getattr(error, "code", ""))
        raise AddressBooksError(reason_of(error), str(error), code=code) from error


def assign(
    store: Store,
    choice: Choice,
    *,
    now: datetime,
    by: User | None = None,
    is_trial: bool = False,
) -> bool:
    """Save which audience goes into which book; answers whether anything has changed.

    On trial the first run adds ten people of each audience, and waits for a person to go on.

    A change makes the store due at once, and the run knows who chose. Raises SameBookError.
    """
    if choice.customers == choice.subscribers:
        raise SameBookError("Subscribers and customers need different address books.")
    wanted = {Audience.SUBSCRIBERS: choice.subscribers, Audience.CUSTOMERS: choice.customers}
    wanted_ids = {audience.value: book.pk for audience, book in wanted.items() if book}
    mappings = AddressBookMapping.objects.filter(store=store)
    before = {row.audience: row.address_book for row in mappings.select_related("address_book")}
    if {audience: book.pk for audience, book in before.items()} == wanted_ids:
        return False
    with transaction.atomic():
        _write_down(store, before, wanted, is_trial=is_trial, now=now)
        mappings.delete()
        for audience, book_id in wanted_ids.items():
            mappings.create(store=store, audience=audience, address_book_id=book_id)
        store.is_trial, store.trial_people = is_trial, None
        _decide_anew(store, now, by)
    ring()
    return True


def _write_down(
    store: Store,
    before: Mapping[str, AddressBook],
    after: Mapping[Audience, AddressBook | None],
    *,
    is_trial: bool,
    now: datetime,
) -> None:
    """Write down as activity which book an audience had, and has now, by the names of today.

    Mappings are deleted and made anew, so their own rows would tell another story.
    """
    changed = {one: (before.get(one), book) for one, book in after.items()}
    changes = {
        f"{one.value}_book": [book and str(book) for book in books]
        for one, books in changed.items()
        if books[0] != books[1]
    }
    ActivityEntry.objects.log_create(
        store,
        action=ActivityEntry.Action.UPDATE,
        changes=changes,
        additional_data={"is_trial": is_trial},
        timestamp=now,
    )


def _decide_anew(store: Store, now: datetime, by: User | None) -> None:
    store.is_decision_due = store.is_filling = True
    store.problem, store.books_chosen_at, store.books_chosen_by = "", now, by
    store.next_sync_at = now if store.is_sync_enabled else store.next_sync_at
    if by is not None:
        store.sync_requested_at, store.sync_requested_by = now, by
    store.save(
        update_fields=[
            "sync_requested_at",
            "sync_requested_by",
            "is_decision_due",
            "is_filling",
            "problem",
            "books_chosen_at",
            "books_chosen_by",
            "is_trial",
            "trial_people",
            "next_sync_at",
        ]
    )
