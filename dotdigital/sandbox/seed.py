"""Filling an account with address books and people who have nothing to do with any shop."""

import random
from datetime import timedelta
from typing import Final

from dotdigital.sandbox.account import Account

BOOKS: Final = ("Newsletter 2024", "VIP", "Autumn fair visitors", "Press")
FIRST_NAMES: Final = ("Ada", "Ben", "Chloe", "Dev", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jun")
LAST_NAMES: Final = ("Archer", "Baptiste", "Costa", "Dahl", "Evans", "Fischer", "Gupta", "Hart")
DOMAINS: Final = ("mail.example", "post.example", "example.org", "example.net")
REMOVED_SHARE: Final = 0.03


def furnish(account: Account, *, contacts: int, seed: int) -> None:
    """The books, and so many people; the same for the same seed."""
    chance = random.Random(f"{seed} {account.user}")
    books = [account.add_address_book(name) for name in BOOKS]
    for number in range(contacts):
        _add_person(account, chance, number, books)


def _add_person(account: Account, chance: random.Random, number: int, books: list[int]) -> None:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    email = f"{first}.{last}{number}@{chance.choice(DOMAINS)}".lower()
    account.add_contact(
        email,
        data_fields={"FIRSTNAME": first, "LASTNAME": last, "FULLNAME": f"{first} {last}"},
        lists=chance.sample(books, k=chance.choice((1, 1, 1, 2))),
        opt_in_type=chance.choice(("single", "double")),
    )
    if chance.random() < REMOVED_SHARE:
        at = account.clock.now() - timedelta(days=chance.randint(30, 400))
        chance.choice((account.unsubscribe, account.bounce))(email, at=at)
