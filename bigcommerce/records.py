"""What BigCommerce knows, as frozen records with only the fields a sync of contacts needs."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from bigcommerce.tolerance import DatedRecord, Flag, Many, Maybe, Number, Record, Text, V2Date

RecordT = TypeVar("RecordT")


class Address(Record, frozen=True, kw_only=True):
    """An address of a customer; none of them is marked as the default one."""

    id: int
    customer_id: Number = 0
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    state_or_province: Text = ""
    postal_code: Text = ""
    country: Text = ""
    country_code: Text = ""
    phone: Text = ""


class Attribute(Record, frozen=True, kw_only=True):
    """A field the merchant added to customers; `type` is string, number or date."""

    id: int
    name: Text = ""
    type: Text = ""


class AttributeValue(Record, frozen=True, kw_only=True):
    """What one customer has in one attribute: text, whatever the attribute's type."""

    attribute_id: int
    id: Number = 0
    customer_id: Number = 0
    attribute_value: Text = ""


class NewAttributeValue(Struct, frozen=True, kw_only=True):
    """A value to set; at most 255 characters."""

    attribute_id: int
    customer_id: int
    value: str


class Customer(DatedRecord, frozen=True, kw_only=True):
    """An account of the shop; guests never become one.

    `addresses` and `attributes` hold at most ten each; the counts tell how many there are.
    """

    id: int
    email: str
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    phone: Text = ""
    notes: Text = ""
    customer_group_id: Number = 0
    origin_channel_id: Number = 0
    addresses: Many[Address] = ()
    address_count: Number = 0
    attributes: Many[AttributeValue] = ()
    attribute_count: Number = 0


class CustomerGroup(Record, frozen=True, kw_only=True):
    """A group the merchant puts customers in; a customer with group 0 is in none."""

    id: int
    name: Text = ""


class Subscriber(DatedRecord, frozen=True, kw_only=True):
    """An address that signed up; `consents` is None where the older API had no such field."""

    id: int
    email: str
    first_name: Text = ""
    last_name: Text = ""
    source: Text = ""
    order_id: int | None = None
    channel_id: Number = 0
    consents: tuple[str, ...] | None = None


class OrderAddress(Record, frozen=True, kw_only=True):
    """A name and address as typed at the checkout."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country: Text = ""
    country_iso2: Text = ""
    phone: Text = ""
    email: Text = ""


class BillingAddress(OrderAddress, frozen=True, kw_only=True):
    """Who pays; its email is the only identity a guest has, and may be empty."""


class ShippingAddress(OrderAddress, frozen=True, kw_only=True):
    """Where a part of an order goes."""


class Consignments(Record, frozen=True, kw_only=True):
    """How an order is delivered; only a link, thus empty here, unless it was asked for."""

    shipping: Many[ShippingAddress] = ()


class Order(Record, frozen=True, kw_only=True):
    """An order; `customer_id` is 0 for a guest, for ever, even if an account follows."""

    id: int
    status_id: int
    date_modified: V2Date
    customer_id: Number = 0
    billing_address: Maybe[BillingAddress] = BillingAddress()
    consignments: Maybe[Consignments | list[Consignments]] = Consignments()
    is_deleted: Flag = False
    channel_id: Number = 0

    @property
    def shipping_addresses(self) -> tuple[ShippingAddress, ...]:
        """Where it goes: none for downloads, pickups, and stores that do not include it."""
        parts = self.consignments
        each = parts if isinstance(parts, list) else [parts]
        return tuple(place for part in each for place in part.shipping)


class TimeZone(Record, frozen=True, kw_only=True):
    """The zone the store's own pages show dates in; the API writes UTC."""

    name: Text = ""
    raw_offset: Number = 0


class StoreInformation(Record, frozen=True, kw_only=True):
    """The store itself; `id` is its hash."""

    id: str
    name: Text = ""
    domain: Text = ""
    secure_url: Text = ""
    control_panel_base_url: Text = ""
    status: Text = ""
    admin_email: Text = ""
    country_code: Text = ""
    currency: Text = ""
    language: Text = ""
    plan_name: Text = ""
    plan_level: Text = ""
    timezone: Maybe[TimeZone] = TimeZone()


class Unreadable(Struct, frozen=True, kw_only=True):
    """A row that does not fit its record: its id, and what is wrong with it."""

    id: int
    detail: str


class Page(Struct, Generic[RecordT], frozen=True, kw_only=True):
    """One page of a listing.

    `cursor` goes on after this page when handed to the same listing; None on the last one.
    `total` is the server's count of all rows, where it told one. `unreadable` are the rows
    that no record could be made of, so that one odd row does not cost its neighbours.
    """

    records: Sequence[RecordT]
    cursor: str | None = None
    total: int | None = None
    unreadable: tuple[Unreadable, ...] = ()
