"""What a person can do as the contact or as the account's owner, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dotdigital.sandbox.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something done to one contact; `label` is what its button says."""

    label: str
    who: str
    do: Callable[[Account, str, int], None]
    needs_book: bool = False


DEEDS: Final[Mapping[str, Deed]] = {
    "unsubscribe": Deed(
        label="Unsubscribe from everything",
        who="contact",
        do=lambda account, email, _: account.unsubscribe(email),
    ),
    "unsubscribe_from": Deed(
        label="Unsubscribe from this book",
        who="contact",
        do=lambda account, email, book: account.unsubscribe_from(book, email),
        needs_book=True,
    ),
    "complain": Deed(
        label="Mark as spam",
        who="contact",
        do=lambda account, email, _: account.complain(email),
    ),
    "confirm_resubscription": Deed(
        label="Click the confirmation mail",
        who="contact",
        do=lambda account, email, _: account.confirm_resubscription(email),
    ),
    "bounce": Deed(
        label="Bounce",
        who="mail server",
        do=lambda account, email, _: account.bounce(email),
    ),
    "suppress": Deed(
        label="Suppress",
        who="owner",
        do=lambda account, email, _: account.suppress(email),
    ),
    "delete": Deed(
        label="Delete",
        who="owner",
        do=lambda account, email, _: account.delete_contact(email),
    ),
    "globally_suppress": Deed(
        label="Suppress globally",
        who="Dotdigital",
        do=lambda account, email, _: account.globally_suppress(email),
    ),
}


def carry_out(account: Account, deed: str, *, email: str, address_book_id: int = 0) -> None:
    """Do it; raises LookupError for an unknown deed, contact or address book."""
    if deed not in DEEDS:
        raise LookupError(f"there is no deed {deed}")
    DEEDS[deed].do(account, email, address_book_id)
