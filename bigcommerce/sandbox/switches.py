"""What no public source settles about BigCommerce: each open question a switch."""

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True, kw_only=True)
class Switches:
    """How this sandbox answers the open questions; change them while it runs."""

    min_is_inclusive: bool = True
    largest_page: int = 250
    limit_above_250: Literal["clamp", "refuse"] = "clamp"
    address_edit_touches_customer: bool = False
    attribute_edit_touches_customer: bool = False
    consent_edit_touches_subscriber: bool = True
    storefront_unsubscribe: Literal["empty", "delete"] = "empty"
    subscriber_put: Literal["partial", "replace"] = "partial"
    subscriber_order: Literal["asc", "desc"] = "asc"
    subscriber_date_filter: Literal["working", "ignored", "equality", "refused"] = "working"
    subscriber_consents_key: bool = True
    email_filter_ignores_case: bool = True
    orders_include_incomplete: bool = True
    order_consignments: bool = True
    customer_cursors: bool = True
    cursor_end: Literal["no-link", "empty-page"] = "no-link"
    encoded_colons_work: bool = False
    maintenance: bool = False
