"""The pages on which a person plays the shopper, and sees what was asked of the store."""

from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import parse_qsl, quote

from bigcommerce.sandbox import html
from bigcommerce.sandbox.answers import Answer
from bigcommerce.sandbox.asks import parse_query
from bigcommerce.sandbox.rows import CustomerRow, OrderRow, SubscriberRow
from bigcommerce.sandbox.sales import STATUSES
from bigcommerce.sandbox.service import Service
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.shopping import ACTIONS
from bigcommerce.sandbox.tables import TakenError

ROOT = "/sandbox/"
_STORES = f"{ROOT}stores/"
_SHOWN_REQUESTS = 25
_POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Pages:
    """The pages of every store."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """A page, or the way to it after an action."""
        if path == html.STYLESHEET:
            style = files("bigcommerce.sandbox").joinpath("style.css").read_bytes()
            return Answer(200, style, {"Content-Type": "text/css; charset=utf-8"})
        if path in {"/", ROOT.rstrip("/")}:
            return Answer(303, None, {"Location": ROOT})
        if path == ROOT:
            return _page(200, "A pretend BigCommerce", self._stores())
        store_hash, _, action = path.removeprefix(_STORES).partition("/")
        shop = self._service.shops.get(store_hash)
        if shop is None or not path.startswith(_STORES):
            return _page(404, "There is no such page", html.link(ROOT, "All stores"))
        if method == "POST":
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            return _acted(shop, action, form)
        return self._store(shop, {name: each.value for name, each in parse_query(query).items()})

    def _stores(self) -> str:
        rows = "".join(
            f"<li>{html.link(_STORES + name, shop.name)} ({name})</li>"
            for name, shop in self._service.shops.items()
        )
        return html.section("Choose a store", f"<ul>{rows}</ul>")

    def _store(self, shop: Shop, query: Mapping[str, str]) -> Answer:
        email = query.get("email", "").strip()
        notice = query.get("notice", "")
        return _page(
            200,
            shop.name,
            html.link(ROOT, "All stores"),
            html.paragraph(notice, "notice") if notice else "",
            html.section("In this store", html.counts(shop.counts())),
            _search(shop, email),
            *(_person(shop, email) if email else ()),
            self._latest(shop),
        )

    def _latest(self, shop: Shop) -> str:
        entries = [
            (f"{each.at:%H:%M:%S}", each.method, each.path, each.query, each.status)
            for each in self._service.requests.latest(_SHOWN_REQUESTS * 8)
            if each.store == shop.store_hash
        ][:_SHOWN_REQUESTS]
        if not entries:
            return html.section("Last requests", html.paragraph("None yet.", "quiet"))
        heads = ("Time (UTC)", "Method", "Path", "Query", "Answer")
        return html.section("Last requests", html.table(heads, entries))


def _page(status: int, title: str, *parts: str) -> Answer:
    return Answer(status, html.document(title, *parts), dict(_POLICY))


def _search(shop: Shop, email: str) -> str:
    address = _STORES + shop.store_hash
    find = html.form(
        address, "Find", html.field("Email", "email", email, kind="email"), method="get"
    )
    return html.section("A shopper", find)


def _person(shop: Shop, email: str) -> tuple[str, ...]:
    customer, subscriber = shop.customer_by_email(email), shop.subscriber(email)
    orders = shop.orders_of(email, customer.id if customer else 0)
    return (
        _signup(shop, email, subscriber),
        _account(shop, email, customer),
        _purchases(shop, email, orders),
    )


def _signup(shop: Shop, email: str, subscriber: SubscriberRow | None) -> str:
    known = html.field("", "email", email, kind="hidden")
    if subscriber is None:
        state = html.paragraph("Never signed up.", "quiet")
    else:
        consents = ", ".join(subscriber.consents) or "none"
        state = html.paragraph(
            f"Subscriber {subscriber.id} ({subscriber.email}), consents: {consents}; "
            f"changed {subscriber.date_modified:%d %b %Y %H:%M:%S} UTC."
        )
    return html.section(
        "Newsletter",
        state,
        html.form(_action(shop, "subscribe"), "Subscribe", known),
        html.form(_action(shop, "unsubscribe"), "Unsubscribe", known) if subscriber else "",
    )


def _account(shop: Shop, email: str, customer: CustomerRow | None) -> str:
    if customer is None:
        state, action, button = "No account.", "register", "Register"
    else:
        state = f"Customer {customer.id}, {customer.first_name} {customer.last_name}."
        action, button = "rename", "Save name"
    return html.section(
        "Account",
        html.paragraph(state),
        html.form(
            _action(shop, action),
            button,
            html.field("", "email", email, kind="hidden"),
            html.field("First name", "first_name", customer.first_name if customer else ""),
            html.field("Last name", "last_name", customer.last_name if customer else ""),
        ),
    )


def _purchases(shop: Shop, email: str, orders: list[OrderRow]) -> str:
    rows = [
        (
            each.id,
            "guest" if not each.customer_id else f"customer {each.customer_id}",
            STATUSES.get(each.status_id, ""),
            f"{each.date_created:%d %b %Y}",
        )
        for each in orders
    ]
    return html.section(
        "Orders",
        html.table(("Order", "Of", "Status", "Placed"), rows) if rows else html.paragraph("None."),
        html.form(
            _action(shop, "order"),
            "Order as a guest",
            html.field("", "email", email, kind="hidden"),
            html.field("First name", "first_name"),
            html.field("Last name", "last_name"),
        ),
    )


def _action(shop: Shop, name: str) -> str:
    return f"{_STORES}{shop.store_hash}/{name}"


def _acted(shop: Shop, action: str, form: dict[str, str]) -> Answer:
    """Do what a shopper does, then back to their page."""
    email = form.pop("email", "").strip()
    if action not in ACTIONS or "@" not in email:
        return _page(400, "That did not work", html.link(_STORES + shop.store_hash, "Back"))
    try:
        notice = ACTIONS[action](shop, email, form)
    except (LookupError, TakenError) as error:
        notice = f"That did not work: {error}"
    back = f"{_STORES}{shop.store_hash}?email={quote(email, safe='')}&notice={quote(notice)}"
    return Answer(303, None, {"Location": back})
