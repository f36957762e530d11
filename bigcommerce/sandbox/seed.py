"""Fills a shop with made-up people: the same ones for the same number and seed."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bigcommerce.sandbox.people import Person, make_person
from bigcommerce.sandbox.seed_data import GROUPS, NOTES, TAGS
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.signups import NEWSLETTER

YEARS = 6
TAGS_ATTRIBUTE = "Tags"
_SPAN = timedelta(days=365 * YEARS)
_BOUGHT = (10, 10, 10, 2, 11, 9, 3, 4, 14, 7, 1)
_NEVER_BOUGHT = (5, 0, 6)
_LONG_NOTE = 40
_MANY_ADDRESSES = 12


def populate(shop: Shop, people: int, *, seed: int = 1, until: datetime | None = None) -> None:
    """So many people: account holders, guests and mere subscribers, over the years before then.

    Ends a day before `until` (now, if not given), so that nothing counts as just changed.
    """
    _Seeding(shop, people, seed=seed, until=until or shop.clock.second()).carry_out()


class _Seeding:
    """One filling of a shop, with its dice."""

    def __init__(self, shop: Shop, people: int, *, seed: int, until: datetime) -> None:
        self._shop = shop
        self._people = people
        self._dice = random.Random(f"{shop.store_hash}/{seed}")
        self._until = until.replace(microsecond=0) - timedelta(days=1)
        self._groups = [shop.add_group(name) for name in GROUPS]

    def carry_out(self) -> None:
        kinds: list[tuple[Callable[[Person], None], int]] = [
            (self._buyer, 40),
            (self._browser, 8),
            (self._canceller, 4),
            (self._guest, 20),
            (self._reader, 28),
        ]
        lives, weights = zip(*kinds, strict=True)
        for number in range(self._people):
            joined = self._until - _SPAN * (1 - number / self._people)
            person = make_person(self._dice, number, joined.replace(microsecond=0))
            self._dice.choices(lives, weights)[0](person)

    def _buyer(self, person: Person) -> None:
        """Has an account and has bought."""
        customer_id = self._account(person)
        for _ in range(self._dice.choice((1, 1, 1, 2, 3, 7))):
            self._order(person, self._dice.choice(_BOUGHT), customer_id=customer_id)
        self._maybe_subscribe(person, 0.6)

    def _browser(self, person: Person) -> None:
        """Has an account and never bought."""
        self._account(person)
        self._maybe_subscribe(person, 0.5)

    def _canceller(self, person: Person) -> None:
        """Has an account and orders that came to nothing."""
        customer_id = self._account(person)
        for _ in range(self._dice.choice((1, 1, 2))):
            self._order(person, self._dice.choice(_NEVER_BOUGHT), customer_id=customer_id)
        self._maybe_subscribe(person, 0.3)

    def _guest(self, person: Person) -> None:
        """Has bought, more than once perhaps, without an account."""
        order_id = 0
        for _ in range(self._dice.choice((1, 1, 1, 2, 4))):
            order_id = self._order(person, self._dice.choice(_BOUGHT))
        if self._dice.random() < 0.5:
            self._subscribe(person, source="order", order_id=order_id)

    def _reader(self, person: Person) -> None:
        """Has only signed up."""
        self._subscribe(person, source=self._dice.choice(("storefront", "storefront", "custom")))

    def _account(self, person: Person) -> int:
        dice = self._dice
        tags = ", ".join(dice.sample(TAGS, dice.randint(1, 3)))
        return self._shop.add_customer(
            person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            company=person.company,
            phone=person.phone,
            notes=self._note(),
            customer_group_id=dice.choice((0, 0, 0, *self._groups)),
            addresses=person.addresses(self._number_of_addresses()),
            attributes={TAGS_ATTRIBUTE: tags} if dice.random() < 0.25 else {},
            created_at=person.joined,
            modified_at=self._later(person),
        )

    def _number_of_addresses(self) -> int:
        return self._dice.choices((0, 1, 2, 3, _MANY_ADDRESSES), (10, 60, 20, 9, 1))[0]

    def _note(self) -> str:
        chance = self._dice.random()
        if chance < 0.02:
            return " ".join([self._dice.choice(NOTES)] * _LONG_NOTE)
        return self._dice.choice(NOTES) if chance < 0.12 else ""

    def _order(self, person: Person, status_id: int, *, customer_id: int = 0) -> int:
        placed = self._later(person)
        return self._shop.place_order(
            person.email,
            customer_id=customer_id,
            status_id=status_id,
            billing=person.checkout(),
            shipping=self._dice.choice((None, None, None, ())),
            created_at=placed,
            modified_at=min(self._until, placed + timedelta(days=self._dice.randint(0, 9))),
        )

    def _maybe_subscribe(self, person: Person, chance: float) -> None:
        if self._dice.random() < chance:
            self._subscribe(person, source="storefront")

    def _subscribe(self, person: Person, **fields: Any) -> None:
        """Some under another spelling of their address, some with half or none of the consents."""
        dice = self._dice
        email = person.email.swapcase() if dice.random() < 0.04 else person.email
        has_name = dice.random() < 0.6
        self._shop.subscribe(
            email,
            first_name=person.first_name if has_name else "",
            last_name=person.last_name if has_name else "",
            consents=dice.choices(
                ([NEWSLETTER], [NEWSLETTER, "abandoned_cart"], ["abandoned_cart"], []),
                (55, 20, 10, 15),
            )[0],
            created_at=person.joined,
            modified_at=self._later(person),
            **fields,
        )

    def _later(self, person: Person) -> datetime:
        share = self._dice.random() ** 2
        return (person.joined + (self._until - person.joined) * share).replace(microsecond=0)
