"""What the ledger's source fields become in a Dotdigital contact; pure.

A source field is kept under where it came from: `customer.phone`, `order.phone`. One that has
never had a value is absent; one that lost its value stays as "" and clears the data field.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from dotdigital.records import FieldValue

PRECEDENCE = ("customer", "order", "subscriber")
CONSENT, CONSENT_DATE = "accepts_marketing", "accepts_marketing_updated_at"
Home = Literal["customer", "order"]
Recipe = tuple[tuple[str, tuple[str, ...]], ...]


def recipes(mappings: Iterable[tuple[str, str]]) -> dict[Home, Recipe]:
    """Return for either home of the default address which source fields feed each data field.

    The keys of one data field come in the order in which they are asked; `mappings` are pairs
    of source field and data field.
    """
    wanted = sorted((field, source) for source, field in mappings)
    plain = [(field, source) for field, source in wanted if source not in {CONSENT, CONSENT_DATE}]
    homes: tuple[Home, Home] = ("customer", "order")
    return {home: tuple((field, _keys(source, home)) for field, source in plain) for home in homes}


def _keys(source_field: str, home: Home) -> tuple[str, ...]:
    if source_field.startswith("shipping_"):
        return (f"{home}.{source_field}",)
    if source_field == "phone":
        return ("customer.phone", f"{home}.shipping_phone", "order.phone")
    return tuple(f"{source}.{source_field}" for source in PRECEDENCE)


def values_of(fields: Mapping[str, str], recipe: Recipe, *, limit: int) -> dict[str, FieldValue]:
    """Return what the data fields of `recipe` hold, cut at `limit`; None clears one."""
    found: dict[str, FieldValue] = {}
    value_of = fields.get
    for name, keys in recipe:
        for key in keys:
            if value := value_of(key):
                found[name] = value[:limit]
                break
            if value is not None:
                found[name] = None
    return found


def default_address(fields: Mapping[str, str]) -> Home:
    """Return which source's address is the person's default one.

    BigCommerce has no default flag. The newest counting order's shipping address wins if the
    customer has stored it; else the first address the customer stored; else the order's.
    """
    stored, shipped = fields.get("customer.address_digests"), fields.get("order.address_digest")
    is_stored = bool(stored and shipped and shipped in stored)
    return "customer" if stored and not is_stored else "order"
