"""The address books that a page offers: some of the account's, and always those chosen."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Lower

from integrationhub.address_books import DEFAULT_SUBSCRIBERS_BOOK
from integrationhub.models import Account, AddressBook

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The books on offer, by their ids as text, in the order of their names."""

    books: dict[str, AddressBook]
    sought: str
    found: int
    total: int
    default: AddressBook | None

    @property
    def is_long(self) -> bool:
        """Whether the account has more books than are shown at once."""
        return self.total > MOST_SHOWN

    @property
    def words(self) -> str:
        """Return how many of the books are on offer, and how to come by the others."""
        if not self.sought:
            return f"The first {MOST_SHOWN} of {self.total:,} are offered below."
        if not self.found:
            return f"No address book has “{self.sought}” in its name."
        if self.found > MOST_SHOWN:
            return f"{self.found:,} match; the first {MOST_SHOWN} are offered below."
        match = "1 matches and is" if self.found == 1 else f"{self.found} match and are"
        return f"{match} offered below."


def shelf_of(account: Account, *, wanted: Collection[str], sought: str) -> Shelf:
    """Return the books whose name has in it what is sought, and those of the ids `wanted`.

    One that is gone from Dotdigital is only there if it is wanted.
    """
    books = AddressBook.objects.of(account)
    there = books.filter(is_missing=False)
    default = there.filter(name__iexact=DEFAULT_SUBSCRIBERS_BOOK).first()
    matching = there.filter(name__icontains=sought) if sought else there
    ids = [int(each) for each in wanted if each.isascii() and each.isdigit() and len(each) < 19]
    ids += [default.pk] if default else []
    first = matching.order_by(Lower("name"), "pk")[:MOST_SHOWN]
    shown = {book.pk: book for book in [*first, *books.filter(pk__in=ids)]}
    return Shelf(
        books={str(book.pk): book for book in sorted(shown.values(), key=_by_name)},
        sought=sought,
        found=matching.count(),
        total=there.count(),
        default=default,
    )


def _by_name(book: AddressBook) -> tuple[str, int]:
    return book.name.casefold(), book.pk
