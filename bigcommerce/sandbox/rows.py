"""The rows a pretend store keeps, in the vendor's own field names."""

from datetime import datetime

from msgspec import Struct, field


class AddressRow(Struct, kw_only=True):
    """An address of a customer."""

    id: int
    customer_id: int
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state_or_province: str = ""
    postal_code: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""
    address_type: str = "residential"


class AttributeRow(Struct, kw_only=True):
    """A field the merchant added to customers."""

    id: int
    name: str
    type: str
    date_created: datetime
    date_modified: datetime


class AttributeValueRow(Struct, kw_only=True):
    """What one customer has in one attribute."""

    id: int
    attribute_id: int
    attribute_value: str
    customer_id: int
    date_created: datetime
    date_modified: datetime


class CustomerRow(Struct, kw_only=True):
    """An account."""

    id: int
    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    notes: str = ""
    tax_exempt_category: str = ""
    registration_ip_address: str = ""
    customer_group_id: int = 0
    date_created: datetime
    date_modified: datetime
    authentication: dict[str, bool] = field(default_factory=lambda: {"force_password_reset": False})
    accepts_product_review_abandoned_cart_emails: bool = False
    origin_channel_id: int = 1
    channel_ids: list[int] | None = None


class GroupRow(Struct, kw_only=True):
    """A customer group."""

    id: int
    name: str
    is_default: bool = False
    is_group_for_guests: bool = False
    category_access: dict[str, str] = field(default_factory=lambda: {"type": "all"})
    discount_rules: list[str] = []
    date_created: str = "2023-07-17 06:30:41"
    date_modified: str = "2023-07-17 06:30:41"


class SubscriberRow(Struct, kw_only=True):
    """An address that signed up."""

    id: int
    email: str
    first_name: str = ""
    last_name: str = ""
    source: str = "storefront"
    order_id: int | None = None
    channel_id: int = 1
    consents: list[str] = []
    date_created: datetime
    date_modified: datetime


class PlaceRow(Struct, kw_only=True):
    """A name and address typed at the checkout."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_iso2: str = ""
    phone: str = ""
    email: str = ""


class OrderRow(Struct, kw_only=True):
    """An order; an archived one is left out of listings."""

    id: int
    customer_id: int = 0
    status_id: int = 11
    date_created: datetime
    date_modified: datetime
    billing_address: PlaceRow
    shipping: list[PlaceRow] = []
    is_deleted: bool = False
    is_email_opt_in: bool = False
    staff_notes: str = ""
    customer_message: str = ""
    total_inc_tax: str = "25.0000"
    items_total: int = 1
    channel_id: int = 1
