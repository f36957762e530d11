"""The endpoints of subscribers, the destructive ones included: a client must be able to err."""

from typing import Any

from msgspec.structs import asdict

from bigcommerce.sandbox.answers import Answer, refused_v3
from bigcommerce.sandbox.asks import Ask
from bigcommerce.sandbox.lists import DATE_FILTERS, by_dates, numbered
from bigcommerce.sandbox.rows import SubscriberRow
from bigcommerce.sandbox.signups import CONSENTS
from bigcommerce.sandbox.tables import TakenError, folded

_TEXTS = ("first_name", "last_name", "source")
_FILTERS = ("email", *_TEXTS, "order_id", "id", "id:in", "page", "limit", *DATE_FILTERS)
_EMPTY: dict[str, Any] = {
    "first_name": "",
    "last_name": "",
    "source": "",
    "order_id": None,
    "consents": [],
}


def list_subscribers(ask: Ask) -> Answer:
    """GET /v3/customers/subscribers"""
    ask.known(*_FILTERS)
    rows = _by_dates(_chosen(ask), ask)
    if ask.switches.subscriber_order == "desc":
        rows = rows[::-1]
    return numbered(rows, ask, lambda cut: [_shown(ask, row) for row in cut])


def _by_dates(rows: list[SubscriberRow], ask: Ask) -> list[SubscriberRow]:
    """The filters by date as this vendor's version has them, which is an open question."""
    way, bound = ask.switches.subscriber_date_filter, ask.moment("date_modified:min")
    if bound is None or way == "working":
        return by_dates(rows, ask)
    if way == "refused":
        title = "The filter(s): date_modified:min are not valid filter parameter(s)."
        raise refused_v3(422, title)
    return rows if way == "ignored" else [row for row in rows if row.date_modified == bound]


def _chosen(ask: Ask) -> list[SubscriberRow]:
    ids = ask.numbers("id:in") or ask.numbers("id")
    rows = _of_email(ask)
    if ids is not None:
        rows = [row for row in rows if row.id in ids]
    for name in (*_TEXTS, "order_id"):
        wanted = ask.value(name)
        if wanted is not None:
            rows = [row for row in rows if str(getattr(row, name)) == wanted]
    return rows


def _of_email(ask: Ask) -> list[SubscriberRow]:
    email = ask.value("email")
    if email is None:
        return ask.shop.tables.subscribers.ordered()
    found = ask.shop.subscriber(email)
    is_hit = found is not None and (ask.switches.email_filter_ignores_case or found.email == email)
    return [found] if found is not None and is_hit else []


def _shown(ask: Ask, row: SubscriberRow) -> dict[str, Any]:
    shown = asdict(row)
    if not ask.switches.subscriber_consents_key:
        del shown["consents"]
    return shown


def get_subscriber(ask: Ask) -> Answer:
    """GET /v3/customers/subscribers/{id}"""
    return _single(ask, _found(ask))


def put_subscriber(ask: Ask) -> Answer:
    """PUT /v3/customers/subscribers/{id}; whether omitted fields survive is an open question"""
    row = _found(ask)
    given = _checked(ask.json())
    if ask.switches.subscriber_put == "replace":
        given = {**_EMPTY, **given}
    try:
        ask.shop.edit_subscriber(row.email, **given)
    except TakenError:
        raise refused_v3(409, "A subscriber with this email exists already.") from None
    return _single(ask, row)


def post_subscriber(ask: Ask) -> Answer:
    """POST /v3/customers/subscribers"""
    given = _checked(ask.json())
    email = given.pop("email", None)
    if not email:
        raise refused_v3(422, "JSON data is missing or invalid", {"email": "error.path.missing"})
    if ask.shop.subscriber(email) is not None:
        raise refused_v3(409, "A subscriber with this email exists already.")
    new_id = ask.shop.subscribe(email, **{"consents": [], **given})
    return _single(ask, ask.shop.tables.subscribers.get(new_id))


def delete_subscriber(ask: Ask) -> Answer:
    """DELETE /v3/customers/subscribers/{id}"""
    ask.shop.tables.subscribers.remove(ask.ids[0])
    return Answer(204)


def delete_subscribers(ask: Ask) -> Answer:
    """DELETE /v3/customers/subscribers: without a filter, every one of them"""
    for row in list(_chosen(ask)):
        ask.shop.tables.subscribers.remove(row.id)
    return Answer(204)


def _found(ask: Ask) -> SubscriberRow:
    row = ask.shop.tables.subscribers.get(ask.ids[0])
    if row is None:
        raise refused_v3(404, "The resource at that URL is not found.")
    return row


def _single(ask: Ask, row: SubscriberRow | None) -> Answer:
    return Answer(200, {"data": _shown(ask, row) if row else None, "meta": {}})


def _checked(given: Any) -> dict[str, Any]:
    """The known fields of a body; unknown ones are let pass, which is an open question."""
    if not isinstance(given, dict):
        raise refused_v3(422, "JSON data is missing or invalid", {"": "error.expected.jsobject"})
    wrong = [name for name, value in given.items() if not _fits(name, value)]
    if wrong:
        errors = dict.fromkeys(wrong, "invalid value")
        raise refused_v3(422, "JSON data is missing or invalid", errors)
    known = {"email", *_EMPTY, "channel_id"}
    return {name: value for name, value in given.items() if name in known}


def _fits(name: str, value: Any) -> bool:
    if name in {"email", *_TEXTS}:
        return isinstance(value, str) and (name != "email" or "@" in folded(value))
    if name == "consents":
        return isinstance(value, list) and all(each in CONSENTS for each in value)
    if name in {"order_id", "channel_id"}:
        is_number = isinstance(value, int) and value >= 1
        return is_number or (name == "order_id" and value is None)
    return True
