"""What people enter on the pages, and whether it makes sense."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from integrationhub.address_books import DEFAULT_SUBSCRIBERS_BOOK
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Account, AddressBook, AddressBookMapping, Audience, Store
from integrationhub.probes import Credentials

NEW_BOOK = "new"
KEEP = "Leave it empty to keep the one that is stored."
CONSENT_WARNING = (
    "Some customers have not agreed to marketing. Keep them in a book you never send campaigns to."
)
BOOK_IS_GONE = "This address book no longer exists in Dotdigital. Choose another one."
SAME_BOOK = (
    "Subscribers already go into this address book. Choose another one: not all customers have "
    "agreed to marketing."
)
_STORE_HASH = re.compile(
    r"(?:\S*/stores/|(?:https://)?store-)?([a-z0-9]{1,32})(?:/\S*|\.mybigcommerce\.com\S*)?"
)
_one_word = RegexValidator(
    r"\A[\x21-\x7e]+\Z", "This cannot be it: it is one word, without blanks or accents."
)


class SecretInput(forms.PasswordInput):
    """A box for a secret; what was entered is never sent back."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"}, render_value=False)


class ConnectForm(forms.Form):
    """Both sides' credentials; a secret that is stored already may be left empty to keep it."""

    store_hash = forms.CharField(
        max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    access_token = forms.CharField(
        max_length=255, widget=SecretInput, required=False, validators=[_one_word]
    )
    api_user = forms.CharField(
        label="API user",
        max_length=254,
        validators=[_one_word],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(max_length=255, widget=SecretInput, required=False, strip=False)

    def __init__(self, *args: Any, account: Account, store: Store | None, **kwargs: Any) -> None:
        """Know what is stored already: of this store, and of the account."""
        super().__init__(*args, **kwargs)
        self._account, self._store = account, store
        if store is not None:
            self.fields["access_token"].help_text = KEEP
        if account.is_connected:
            self.fields["password"].help_text = KEEP
        self.fields["store_hash"].disabled = store is not None
        self.fields["access_token"].required = store is None
        self.fields["password"].required = not account.is_connected

    def clean_store_hash(self) -> str:
        """Take the hash out of an API path or a store's address, should one be pasted."""
        found = _STORE_HASH.fullmatch(self.cleaned_data["store_hash"].strip())
        if found is None:
            raise forms.ValidationError(
                "A store hash has lower-case letters and digits only, such as abc12xyz."
            )
        return found[1]

    def clean_access_token(self) -> str:
        """Keep the stored token if none is entered."""
        return self.cleaned_data["access_token"] or _stored(self._store, "access_token")

    def clean_password(self) -> str:
        """Keep the stored password if none is entered, but only for the same API user."""
        password: str = self.cleaned_data["password"]
        if password:
            return password
        if self.cleaned_data.get("api_user") != self._account.dotdigital_api_user:
            raise forms.ValidationError("Enter the password of this API user.")
        return _stored(self._account, "dotdigital_password")

    def credentials(self) -> Credentials:
        """Return what was entered, or kept."""
        return Credentials(**self.cleaned_data)


def _stored(row: Account | Store | None, name: str) -> str:
    try:
        return str(getattr(row, name))
    except SecretUnreadableError:
        raise forms.ValidationError("The stored one cannot be opened any more. Enter it.") from None


class ContactsForm(forms.Form):
    """Which audience goes into which address book."""

    subscribers_book = forms.ChoiceField(
        label="Sync subscribers to",
        help_text="Everyone who has agreed to the newsletter in the store, and nobody else.",
    )
    customers_book = forms.ChoiceField(
        label="Sync customers to", required=False, help_text=CONSENT_WARNING
    )

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        """Offer the account's books, and show what is chosen now."""
        mapped = _mapped_books(store)
        super().__init__(*args, **{**kwargs, "initial": _initial(store, mapped)})
        books = _offered(store, mapped)
        self._books = {str(book.pk): book for book in books}
        options = [(str(book.pk), _label(book)) for book in books]
        self._field("subscribers_book").choices = [*_new_book(books), *options]
        self._field("customers_book").choices = [("", "Don't sync customers"), *options]

    def clean(self) -> dict[str, Any]:
        """Refuse one book for both, and a book that is gone."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("subscribers_book", "customers_book"):
            book = self.book(name)
            if book is not None and book.is_missing:
                self.add_error(name, BOOK_IS_GONE)
        if self.book("customers_book") and self.book("customers_book") == self.book(
            "subscribers_book"
        ):
            self.add_error("customers_book", SAME_BOOK)
        return cleaned

    def book(self, name: str) -> AddressBook | None:
        """Return the chosen book; None for one still to be made, or for no sync."""
        return self._books.get(self.cleaned_data.get(name, ""))

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        return field


def _mapped_books(store: Store) -> dict[str, AddressBook]:
    mappings = AddressBookMapping.objects.of(store.account).filter(store=store)
    return {row.audience: row.address_book for row in mappings.select_related("address_book")}


def _offered(store: Store, mapped: dict[str, AddressBook]) -> list[AddressBook]:
    """Return the books to choose from; one that is gone is only shown where it is chosen."""
    chosen = {book.pk for book in mapped.values()}
    books = AddressBook.objects.of(store.account).order_by("name", "pk")
    return [book for book in books if not book.is_missing or book.pk in chosen]


def _initial(store: Store, mapped: dict[str, AddressBook]) -> dict[str, str]:
    books = {audience: str(book.pk) for audience, book in mapped.items()}
    return {
        "subscribers_book": books.get(Audience.SUBSCRIBERS, _default_book(store)),
        "customers_book": books.get(Audience.CUSTOMERS, ""),
    }


def _default_book(store: Store) -> str:
    books = AddressBook.objects.of(store.account).filter(is_missing=False)
    found = books.filter(name__iexact=DEFAULT_SUBSCRIBERS_BOOK).first()
    return str(found.pk) if found else NEW_BOOK


def _new_book(books: list[AddressBook]) -> list[tuple[str, str]]:
    names = {book.name.casefold() for book in books if not book.is_missing}
    if DEFAULT_SUBSCRIBERS_BOOK.casefold() in names:
        return []
    return [(NEW_BOOK, f"{DEFAULT_SUBSCRIBERS_BOOK} (new: made in Dotdigital, private)")]


def _label(book: AddressBook) -> str:
    if book.is_missing:
        return f"{book.name} (deleted in Dotdigital)"
    people = "1 contact" if book.contact_count == 1 else f"{book.contact_count:,} contacts"
    return f"{book.name} ({people}, {book.visibility.lower()})"
