"""How each answer is read: one reader for each kind, made once because making one is dear."""

from collections.abc import Sequence

import msgspec

from bigcommerce.envelopes import single, v2_rows, v3_rows, wrapped, wrapped_list
from bigcommerce.records import (
    Address,
    Attribute,
    AttributeValue,
    Customer,
    CustomerGroup,
    Order,
    StoreInformation,
    Subscriber,
)


class _Time(msgspec.Struct):
    time: int


class _Count(msgspec.Struct):
    count: int


read_store = single(StoreInformation)
read_time = single(_Time)
read_count = single(_Count)
read_customers = v3_rows(Customer)
read_addresses = v3_rows(Address)
read_attributes = v3_rows(Attribute)
read_new_attributes = wrapped_list(Attribute)
read_values = v3_rows(AttributeValue)
read_subscribers = v3_rows(Subscriber)
read_subscriber = wrapped(Subscriber)
read_orders = v2_rows(Order)
read_groups = v2_rows(CustomerGroup)


def read_nothing(body: bytes) -> None:
    """For answers whose status says it all; a gateway's page under that status is none."""
    if body:
        msgspec.json.decode(body)


def subscriber_body(subscriber: Subscriber, consents: Sequence[str]) -> bytes:
    """The whole record with other consents, for it is not told whether omitted fields survive.

    An order id or channel the record does not have must not be sent: both start at 1.
    """
    fields: dict[str, object] = {
        "email": subscriber.email,
        "first_name": subscriber.first_name,
        "last_name": subscriber.last_name,
        "source": subscriber.source,
        "consents": list(consents),
    }
    if subscriber.order_id:
        fields["order_id"] = subscriber.order_id
    if subscriber.channel_id:
        fields["channel_id"] = subscriber.channel_id
    return msgspec.json.encode(fields)
