"""A crowd of plain people put into a shop at once: for measuring, where filling must be quick."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bigcommerce.sandbox.rows import (
    AddressRow,
    AttributeValueRow,
    CustomerRow,
    OrderRow,
    PlaceRow,
    SubscriberRow,
)
from bigcommerce.sandbox.seed_data import REGIONS
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.signups import NEWSLETTER

SUBSCRIBERS_SHARE, ORDERS_SHARE = 0.4, 0.6
TAGS_ATTRIBUTE = "Tags"
_SPAN = timedelta(days=2000)
_NAMES = [
    (given, family) for region in REGIONS for given in region.given for family in region.family
]
_HOMES = [
    (region, street, place)
    for region in REGIONS
    for street in region.streets
    for place in region.places
]
_CONSENTS: tuple[list[str], ...] = ([NEWSLETTER], [NEWSLETTER], [NEWSLETTER, "abandoned_cart"], [])


def gather(shop: Shop, customers: int) -> None:
    """So many account holders, 0.4 as many subscribers, and 0.6 as many orders.

    Half of the subscribers have an account, a fifth of the orders is a guest's; the same people
    for the same number. Ends a day before now, so that nothing counts as just changed.
    """
    _Crowd(shop, customers).fill()


class _Crowd:
    """Everybody by number: account holders first, then whoever has none."""

    def __init__(self, shop: Shop, customers: int) -> None:
        self._shop = shop
        self._customers = customers
        self._subscribers = int(customers * SUBSCRIBERS_SHARE)
        self._orders = int(customers * ORDERS_SHARE)
        self._until = shop.clock.second() - timedelta(days=1)

    def fill(self) -> None:
        tables = self._shop.tables
        attribute = self._shop.add_attribute(TAGS_ATTRIBUTE)
        tables.customers.fill(map(self._customer, range(1, self._customers + 1)), 0)
        tables.addresses.fill(self._addresses(), 0)
        tables.values.fill(self._values(attribute), 0)
        tables.subscribers.fill(map(self._subscriber, range(1, self._subscribers + 1)), 0)
        tables.orders.fill(map(self._order, range(1, self._orders + 1)), 0)
        tables.index()

    def _customer(self, number: int) -> CustomerRow:
        first, last = _name(number)
        at = self._moment(number / self._customers)
        return CustomerRow(
            id=number,
            email=_email(number),
            first_name=first,
            last_name=last,
            phone=f"+44 20 7946 {number % 10_000:04d}" if number % 3 else "",
            notes="Rings before coming" if number % 10 == 0 else "",
            date_created=at,
            date_modified=at,
        )

    def _addresses(self) -> Iterator[AddressRow]:
        """One of nearly everybody, a second one of every fifth."""
        address_id = 0
        for number in range(1, self._customers + 1):
            for which in range((number % 10 > 0) + (number % 5 == 0)):
                address_id += 1
                yield _address(address_id, number, which)

    def _values(self, attribute_id: int) -> Iterator[AttributeValueRow]:
        at = self._until
        for value_id, number in enumerate(range(4, self._customers + 1, 4), start=1):
            yield AttributeValueRow(
                id=value_id,
                attribute_id=attribute_id,
                attribute_value="wholesale, vip" if number % 8 else "vip",
                customer_id=number,
                date_created=at,
                date_modified=at,
            )

    def _subscriber(self, number: int) -> SubscriberRow:
        """Every second one has an account, spread over all accounts."""
        who = number * 2 if number % 2 else self._customers + number
        first, last = _name(who) if number % 5 < 3 else ("", "")
        at = self._moment(number / self._subscribers)
        return SubscriberRow(
            id=number,
            email=_email(who),
            first_name=first,
            last_name=last,
            consents=_CONSENTS[number // 2 % 4],
            date_created=at,
            date_modified=at,
        )

    def _order(self, number: int) -> OrderRow:
        is_guest = number % 5 == 0
        who = self._customers * 2 + number if is_guest else number * 7 % self._customers + 1
        at = self._moment(number / self._orders)
        return OrderRow(
            id=number,
            customer_id=0 if is_guest else who,
            status_id=5 if number % 20 == 1 else 10,
            billing_address=_checkout(who),
            date_created=at,
            date_modified=at,
        )

    def _moment(self, share: float) -> datetime:
        return (self._until - _SPAN * (1 - share)).replace(microsecond=0)


def _name(number: int) -> tuple[str, str]:
    given, family = _NAMES[number % len(_NAMES)]
    return given.partition("|")[0], family.partition("|")[0]


def _email(number: int) -> str:
    return f"person{number}@shopper{number % 97}.example.com"


def _address(address_id: int, number: int, which: int) -> AddressRow:
    region, street, (city, state, code) = _HOMES[(number + which) % len(_HOMES)]
    first, last = _name(number)
    return AddressRow(
        id=address_id,
        customer_id=number,
        first_name=first,
        last_name=last,
        address1=f"{number % 199 + 1} {street}",
        city=city,
        state_or_province=state,
        postal_code=code,
        country=region.country,
        country_code=region.code,
    )


def _checkout(number: int) -> PlaceRow:
    region, street, (city, state, code) = _HOMES[number % len(_HOMES)]
    first, last = _name(number)
    return PlaceRow(
        first_name=first,
        last_name=last,
        street_1=f"{number % 199 + 1} {street}",
        city=city,
        state=state,
        zip=code,
        country=region.country,
        country_iso2=region.code,
        email=_email(number),
    )
