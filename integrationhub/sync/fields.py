"""What the ledger's source fields become in a Dotdigital contact; pure.

A source field is kept under where it came from: `customer.phone`, `order.phone`. One that has
never had a value is absent; one that lost its value stays as "" and clears the data field.
"""

from collections.abc import Mapping

from integrationhub.models import Contact

Fields = Mapping[str, str]

PRECEDENCE = ("customer", "order", "subscriber")
ADDRESS_PARTS = ("address_1", "address_2", "city", "state", "postcode", "country", "phone")


def value_of(contact: Contact, source_field: str) -> str | bool | None:
    """Return what goes to Dotdigital for `source_field`; None clears the data field.

    Raises KeyError when there is nothing to say about it.
    """
    if source_field == "accepts_marketing":
        return contact.accepts_marketing
    if source_field == "accepts_marketing_updated_at":
        return _date(contact)
    fields: Fields = contact.source_fields
    if source_field.startswith("shipping_"):
        return _shipping(fields, source_field.removeprefix("shipping_"))
    if source_field == "phone":
        return _phone(fields)
    return _first(fields, [f"{source}.{source_field}" for source in PRECEDENCE])


def _date(contact: Contact) -> str:
    if contact.accepts_marketing_updated_at is None:
        raise KeyError("accepts_marketing_updated_at")
    return f"{contact.accepts_marketing_updated_at:%Y-%m-%dT%H:%M:%SZ}"


def _first(fields: Fields, keys: list[str]) -> str | None:
    known = [fields[key] for key in keys if key in fields]
    if not known:
        raise KeyError(keys[0])
    return next(filter(None, known), None)


def _phone(fields: Fields) -> str | None:
    address = default_address(fields)
    keys = ["customer.phone", f"{address}.shipping_phone", "order.phone"]
    return _first(fields, keys)


def _shipping(fields: Fields, part: str) -> str | None:
    return _first(fields, [f"{default_address(fields)}.shipping_{part}"])


def default_address(fields: Fields) -> str:
    """Return which source's address is the person's default one: "customer" or "order".

    BigCommerce has no default flag. The newest counting order's shipping address wins if the
    customer has stored it; else the first address the customer stored; else the order's.
    """
    stored = fields.get("customer.address_digests", "").split()
    if stored and fields.get("order.address_digest") not in stored:
        return "customer"
    return "order"
