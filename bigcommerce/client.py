"""The client: one method for each thing a sync asks of a store, listings as pages."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import quote

import msgspec

from bigcommerce import readers
from bigcommerce.cuts import CursorCuts, NumberCuts
from bigcommerce.dates import v2_filter, v3_filter
from bigcommerce.errors import (
    MalformedAnswerError,
    NotFoundError,
    PermissionDeniedError,
    RejectedError,
)
from bigcommerce.http import Session
from bigcommerce.id_cuts import IdCuts
from bigcommerce.listings import Listing, OrderListing, checked_against, in_lists
from bigcommerce.pacing import Pacer, WindowPacer
from bigcommerce.paging import Pages
from bigcommerce.records import (
    Address,
    Attribute,
    AttributeValue,
    Customer,
    CustomerGroup,
    NewAttributeValue,
    Order,
    StoreInformation,
    Subscriber,
)
from bigcommerce.retries import Tuning
from bigcommerce.sections import SectionWalk

PRODUCTION = "https://api.bigcommerce.com"
BATCH_SIZE = 10
MOST_IDS, MOST_EMAILS = 250, 50

_CUSTOMERS = "/v3/customers"
_SUBSCRIBERS = "/v3/customers/subscribers"
_ORDERS = "/v2/orders"
_ATTRIBUTES = "/v3/customers/attributes"
_VALUES = "/v3/customers/attribute-values"

_STORE_HASH = re.compile(r"[a-z0-9]{1,32}")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_LONG_AGO = "date_modified:min=2000-01-01T00:00:00Z"


class Client:
    """One store, as its access token sees it; every failure is an `ApiError`.

    `quota_share` is the part of the store's request quota that may be used here, for all the
    store's apps share it. A `pacer` given takes the place of this client's own. So many `readers`
    read a long listing at once.
    """

    def __init__(
        self,
        store_hash: str,
        access_token: str,
        *,
        base_url: str = PRODUCTION,
        quota_share: float = 0.5,
        readers: int = 1,
        tuning: Tuning | None = None,
        pacer: Pacer | None = None,
    ) -> None:
        if not _STORE_HASH.fullmatch(store_hash):
            message = "A store hash consists of lower-case letters and digits only."
            raise ValueError(message)
        if not _TOKEN.fullmatch(access_token):
            message = "An access token is one word without blanks."
            raise ValueError(message)
        self._readers = readers
        self._session = Session(
            f"{base_url.rstrip('/')}/stores/{store_hash}",
            token=access_token,
            tuning=tuning or Tuning(),
            pacer=pacer or WindowPacer(quota_share),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connection."""
        self._session.close()

    @property
    def calls(self) -> int:
        """Requests made so far, retries included."""
        return self._session.calls

    @property
    def server_date(self) -> datetime | None:
        """BigCommerce's clock as of the latest answer, in UTC; None before the first."""
        return self._session.server_date

    @property
    def server_clock(self) -> datetime | None:
        """Return what the server's clock shows by now, to a second or two."""
        return self._session.server_clock

    def store(self) -> StoreInformation:
        """The store; PermissionDeniedError also where there is no store of this hash."""
        try:
            return self._session.get("/v2/store", readers.read_store)
        except NotFoundError as error:
            raise PermissionDeniedError(
                "there is no such store", status=404, method="GET", path="/v2/store"
            ) from error

    def time(self) -> datetime:
        """BigCommerce's clock, in UTC; the cheapest proof that a token is good."""
        return datetime.fromtimestamp(self._session.get("/v2/time", readers.read_time).time, UTC)

    def check_access(self) -> None:
        """Ask for one row of each listing; PermissionDeniedError where the token lacks a scope."""
        for path in (_CUSTOMERS, _SUBSCRIBERS, _ORDERS):
            self._session.get(path, bytes, "limit=1")

    def customers(
        self, *, modified_since: datetime | None = None, cursor: str | None = None
    ) -> Pages[Customer]:
        """All accounts, or those changed since then (or in that very second)."""
        filters = ("include=addresses,attributes", *_since(modified_since))
        listing = Listing(self._session, _CUSTOMERS, readers.read_customers, filters=filters)
        walk = SectionWalk(CursorCuts(listing, readers=self._readers))
        return checked_against(walk.pages(cursor), modified_since)

    def customers_by_id(self, ids: Sequence[int]) -> list[Customer]:
        """Those that exist still, in no promised order."""
        return self._customers_in("id:in", [str(each) for each in ids], most=MOST_IDS)

    def customers_by_email(self, emails: Sequence[str]) -> list[Customer]:
        """Those that have an account, in no promised order."""
        return self._customers_in("email:in", list(emails), most=MOST_EMAILS)

    def _customers_in(self, name: str, values: list[str], *, most: int) -> list[Customer]:
        found: list[Customer] = []
        for chunk in in_lists(values, most=most):
            filters = ("include=addresses,attributes", f"{name}={chunk}")
            listing = Listing(self._session, _CUSTOMERS, readers.read_customers, filters=filters)
            found += [customer for page in listing.by_cursor() for customer in page.records]
        return found

    def addresses(self, customer_id: int) -> list[Address]:
        """All addresses of a customer, who comes with ten at most."""
        filters = (f"customer_id:in={customer_id}",)
        path = "/v3/customers/addresses"
        return Listing(self._session, path, readers.read_addresses, filters=filters).all_rows()

    def attribute_values(self, customer_id: int) -> list[AttributeValue]:
        """All attribute values of a customer, who comes with ten at most."""
        filters = (f"customer_id:in={customer_id}",)
        return Listing(self._session, _VALUES, readers.read_values, filters=filters).all_rows()

    def attributes(self) -> list[Attribute]:
        """The fields the merchant added to customers; at most fifty."""
        return Listing(self._session, _ATTRIBUTES, readers.read_attributes).all_rows()

    def create_attribute(self, name: str, type: str) -> Attribute:  # noqa: A002  the vendor's word
        """A new field of customers, of type string, number or date."""
        body = msgspec.json.encode([{"name": name, "type": type}])
        made = self._session.post(_ATTRIBUTES, readers.read_new_attributes, body)
        if len(made) != 1:
            raise MalformedAnswerError(f"{len(made)} attributes instead of one")
        return made[0]

    def set_attribute_values(self, values: Sequence[NewAttributeValue]) -> None:
        """Set or overwrite the values, ten to a call, as BigCommerce allows."""
        for start in range(0, len(values), BATCH_SIZE):
            body = msgspec.json.encode(values[start : start + BATCH_SIZE])
            self._session.put(_VALUES, readers.read_nothing, body)

    def customer_groups(self) -> list[CustomerGroup]:
        """The groups of customers; NotFoundError or a refusal where the plan has none."""
        return Listing(self._session, "/v2/customer_groups", readers.read_groups).all_v2_rows()

    def subscribers(
        self, *, modified_since: datetime | None = None, cursor: str | None = None
    ) -> Pages[Subscriber]:
        """All subscribers, or those changed since; see `subscriber_filter_works` before."""
        filters = _since(modified_since)
        listing = Listing(self._session, _SUBSCRIBERS, readers.read_subscribers, filters=filters)
        walk = SectionWalk(NumberCuts(listing, readers=self._readers))
        return checked_against(walk.pages(cursor), modified_since)

    def subscribers_by_id(self, ids: Sequence[int]) -> list[Subscriber]:
        """Those that exist still, in no promised order."""
        found: list[Subscriber] = []
        for chunk in in_lists([str(each) for each in ids], most=MOST_IDS):
            filters = (f"id:in={chunk}",)
            listing = Listing(
                self._session, _SUBSCRIBERS, readers.read_subscribers, filters=filters
            )
            found += listing.all_rows()
        return found

    def subscriber_filter_works(self) -> bool:
        """Whether this store filters subscribers by modification date, as it may or may not.

        Nothing may be newer than tomorrow; and where there is anything, all is newer than 2000.
        """
        tomorrow = (self.server_date or self.time()) + timedelta(days=1)
        listing = Listing(self._session, _SUBSCRIBERS, readers.read_subscribers)
        try:
            none = listing.fetch("limit=1", *_since(tomorrow))
            everything = listing.fetch("limit=1", _LONG_AGO)
        except RejectedError:
            return False
        return not none.ids and bool(everything.ids or not listing.fetch("limit=1").ids)

    def subscriber_by_email(self, email: str) -> Subscriber | None:
        """The subscriber of this address, however either is capitalised."""
        listing = Listing(self._session, _SUBSCRIBERS, readers.read_subscribers)
        found = listing.fetch(f"email={quote(email.strip(), safe='@')}").records
        wanted = email.strip().lower()
        return next((each for each in found if each.email.strip().lower() == wanted), None)

    def update_subscriber(self, subscriber: Subscriber, *, consents: Sequence[str]) -> Subscriber:
        """Give a subscriber, as read, these consents; NotFoundError when it is gone."""
        body = readers.subscriber_body(subscriber, consents)
        return self._session.put(f"{_SUBSCRIBERS}/{subscriber.id}", readers.read_subscriber, body)

    def orders(self, *, min_id: int = 0, cursor: str | None = None) -> Pages[Order]:
        """All orders that are not archived, by rising id, incomplete ones perhaps included."""
        orders = OrderListing(self._session)
        return SectionWalk(IdCuts(orders, min_id=min_id, readers=self._readers)).pages(cursor)

    def orders_modified_since(self, since: datetime, *, cursor: str | None = None) -> Pages[Order]:
        """The orders changed since then, still by rising id, which no edit can move."""
        filters = (f"min_date_modified={v2_filter(since)}",)
        return checked_against(OrderListing(self._session, filters=filters).by_id(cursor), since)

    def count_orders(self) -> int:
        """How many orders the store has, to show progress by."""
        return self._session.get("/v2/orders/count", readers.read_count).count


def _since(moment: datetime | None) -> tuple[str, ...]:
    return () if moment is None else (f"date_modified:min={v3_filter(moment)}",)
