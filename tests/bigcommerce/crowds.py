"""Many rows at once, and what a walk over them read."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bigcommerce.records import Page
from bigcommerce.sandbox import Shop
from bigcommerce.sandbox.journal import Received

ItemT = TypeVar("ItemT")


def ids(pages: Iterable[Page[Any]]) -> list[int]:
    """The ids of a walk, in the order read."""
    return [record.id for page in pages for record in page.records]


def add_customers(shop: Shop, number: int) -> None:
    """So many accounts."""
    for each in range(number):
        shop.add_customer(f"customer{each}@example.com")


def add_subscribers(shop: Shop, number: int) -> None:
    """So many subscribers."""
    for each in range(number):
        shop.subscribe(f"subscriber{each}@example.com")


def add_orders(shop: Shop, number: int) -> None:
    """So many orders of guests."""
    for each in range(number):
        shop.place_order(f"guest{each}@example.com")


def before_call(number: int, change: Callable[[], object]) -> Callable[[Received], None]:
    """A callback that changes the shop once, just before its so-manyth request is answered."""
    seen: list[Received] = []

    def callback(request: Received) -> None:
        seen.append(request)
        if len(seen) == number:
            change()

    return callback


def for_each(items: Iterable[ItemT], change: Callable[[ItemT], None]) -> Callable[[], None]:
    """A change done to every item, for later."""

    def change_all() -> None:
        for item in items:
            change(item)

    return change_all
