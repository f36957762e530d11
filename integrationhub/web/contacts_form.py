"""The Contacts section: which audience goes into which address book, and new books."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator, RegexValidator

from integrationhub.address_books import (
    DEFAULT_SUBSCRIBERS_BOOK,
    LONGEST_NAME,
    NAME_IS_TAKEN,
    RESERVED_NAMES,
)
from integrationhub.models import Account, AddressBook, AddressBookMapping, Audience, Store
from integrationhub.web.shelf import Shelf, shelf_of

NEW_BOOK = "new"
FIELDS: dict[str, str] = {
    Audience.SUBSCRIBERS: "subscribers_book",
    Audience.CUSTOMERS: "customers_book",
}
SEARCH = "find_book"
LONGEST_SEARCH = 100
CONSENT_WARNING = (
    "Some customers have not agreed to marketing. Keep them in a book you never send campaigns to."
)
BOOK_IS_GONE = "This address book no longer exists in Dotdigital. Choose another one."
SAME_BOOK = (
    "Subscribers already go into this address book. Choose another one: not all customers have "
    "agreed to marketing."
)
_NOT_REMEMBERED = {"autocomplete": "off"}  # else a browser shows an old choice after a reload
_printable = RegexValidator(r"\A[^\x00-\x1f\x7f]*\Z", "Leave out tabs, line ends and the like.")


class ContactsForm(forms.Form):
    """Which audience goes into which address book."""

    subscribers_book = forms.ChoiceField(
        label="Sync subscribers to",
        help_text="Everyone who has agreed to the newsletter in the store, and nobody else.",
        widget=forms.Select(attrs=_NOT_REMEMBERED),
    )
    customers_book = forms.ChoiceField(
        label="Sync customers to",
        required=False,
        help_text=CONSENT_WARNING,
        widget=forms.Select(attrs=_NOT_REMEMBERED),
    )

    def __init__(self, *args: Any, store: Store, draft: Mapping[str, str], **kwargs: Any) -> None:
        """Offer the account's books; show the `draft` of a choice, else what is chosen now."""
        super().__init__(*args, **kwargs)
        self.saved = _mapped_books(store)
        wanted = {str(book.pk) for book in self.saved.values()}
        wanted |= {draft.get(name, "") for name in FIELDS.values()}
        sought = draft.get(SEARCH, "").strip().replace("\0", "")[:LONGEST_SEARCH]
        self.shelf = shelf_of(store.account, wanted=wanted, sought=sought)
        options = [(key, label_of(book)) for key, book in self.shelf.books.items()]
        self._field("subscribers_book").choices = [*_new_book(self.shelf), *options]
        self._field("customers_book").choices = [("", "Don't sync customers"), *options]
        self.initial = {**self._initial(), **self._offered(draft)}

    def clean(self) -> dict[str, Any]:
        """Refuse one book for both, and a book that is gone."""
        cleaned = super().clean() or self.cleaned_data
        books = {name: self.shelf.books.get(cleaned.get(name, "")) for name in FIELDS.values()}
        for name, book in books.items():
            if book is not None and book.is_missing:
                self.add_error(name, BOOK_IS_GONE)
        if books["customers_book"] and books["customers_book"] == books["subscribers_book"]:
            self.add_error("customers_book", SAME_BOOK)
        return cleaned

    def book(self, audience: Audience) -> AddressBook | None:
        """Return the book that stands chosen; None for one still to be made, or for no sync."""
        return self.shelf.books.get(self._value(audience))

    def name_of(self, audience: Audience) -> str:
        """Return the name of the book that stands chosen; empty if the audience is not synced."""
        if self._value(audience) == NEW_BOOK:
            return DEFAULT_SUBSCRIBERS_BOOK
        book = self.book(audience)
        return book.name if book else ""

    def is_changed(self, audience: Audience) -> bool:
        """Whether another choice stands here than the one that is saved."""
        saved, value = self.saved.get(audience), self._value(audience)
        is_offered = self._field(FIELDS[audience]).valid_value(value)
        return is_offered and value != (str(saved.pk) if saved else "")

    def _value(self, audience: Audience) -> str:
        return str(self[FIELDS[audience]].value() or "")

    def _initial(self) -> dict[str, str]:
        books = {FIELDS[audience]: str(book.pk) for audience, book in self.saved.items()}
        default = str(self.shelf.default.pk) if self.shelf.default else NEW_BOOK
        return {"subscribers_book": default, "customers_book": "", **books}

    def _offered(self, draft: Mapping[str, str]) -> dict[str, str]:
        """Return the parts of a draft that can be chosen."""
        return {
            name: draft[name]
            for name in FIELDS.values()
            if name in draft and self._field(name).valid_value(draft[name])
        }

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        return field


class NewBookForm(forms.Form):
    """The name of an address book to be made, and who is to go into it."""

    new_book = forms.CharField(
        label="Name of the new book",
        max_length=LONGEST_NAME,
        validators=[_printable, ProhibitNullCharactersValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter a name."},
    )
    new_book_for = forms.ChoiceField(label="Choose it for", choices=Audience)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        """Know whose names are taken; the page's own form asks for nothing of this."""
        super().__init__(*args, **{"use_required_attribute": False, **kwargs})
        self._account = account

    def clean_new_book(self) -> str:
        """Refuse a name that Dotdigital would refuse."""
        name: str = self.cleaned_data["new_book"]
        there = AddressBook.objects.of(self._account).filter(is_missing=False)
        if name.casefold() in RESERVED_NAMES or there.filter(name__iexact=name).exists():
            raise forms.ValidationError(NAME_IS_TAKEN)
        return name


def _mapped_books(store: Store) -> dict[str, AddressBook]:
    mappings = AddressBookMapping.objects.of(store.account).filter(store=store)
    return {row.audience: row.address_book for row in mappings.select_related("address_book")}


def _new_book(shelf: Shelf) -> list[tuple[str, str]]:
    if shelf.default:
        return []
    return [(NEW_BOOK, f"{DEFAULT_SUBSCRIBERS_BOOK} (new: made in Dotdigital, private)")]


def label_of(book: AddressBook) -> str:
    """Return a book as a list offers it: its name, how many are in it, who may see it."""
    if book.is_missing:
        return f"{book.name} (deleted in Dotdigital)"
    people = "1 contact" if book.contact_count == 1 else f"{book.contact_count:,} contacts"
    return f"{book.name} ({people}, {book.visibility.lower()})"
