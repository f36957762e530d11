"""What a shopper can do on the pages; each answers with a sentence about what happened."""

from collections.abc import Callable

from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.signups import NEWSLETTER

Form = dict[str, str]


def _subscribe(shop: Shop, email: str, _: Form) -> str:
    found = shop.subscriber(email)
    others = [each for each in (found.consents if found else []) if each != NEWSLETTER]
    shop.subscribe(email, consents=[NEWSLETTER, *others])
    return "Subscribed in the shop."


def _unsubscribe(shop: Shop, email: str, _: Form) -> str:
    shop.unsubscribe(email)
    return "Unsubscribed in the shop."


def _register(shop: Shop, email: str, form: Form) -> str:
    name = _name(form)
    number = shop.add_customer(email, first_name=name["first_name"], last_name=name["last_name"])
    return f"Registered as customer {number}."


def _rename(shop: Shop, email: str, form: Form) -> str:
    customer = shop.customer_by_email(email)
    if customer is None:
        raise LookupError("there is no such account")
    shop.edit_customer(customer.id, **_name(form))
    return "Name saved."


def _order(shop: Shop, email: str, form: Form) -> str:
    return f"Order {shop.place_order(email, billing=_name(form))} placed as a guest."


def _name(form: Form) -> dict[str, str]:
    return {name: form.get(name, "").strip() for name in ("first_name", "last_name")}


ACTIONS: dict[str, Callable[[Shop, str, Form], str]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "register": _register,
    "rename": _rename,
    "order": _order,
}
