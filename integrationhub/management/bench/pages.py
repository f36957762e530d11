"""Every page of the hub by its address: what the benchmark measures, and a test counts queries of.

A new page is one line more in PAGES.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

NO_OPT_IN = "who=subscribers.left_out.no_opt_in"
REFUSED = "who=subscribers.failed.contact_refused"
ADDED = "who=subscribers.in_book.in_book"
OF_STORE = "store__id__exact={store_id}"
ADMIN = "/admin/integrationhub/"


class Who(Enum):
    """Who opens a page."""

    ANYBODY = "anybody"
    MARKETER = "a marketer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What addresses name of a populated hub; `deep` is the row of somebody far down the lists."""

    account: str
    store: str
    first: int
    middle: int
    run: int
    contact: int
    email: str
    deep: int
    subscribers_book: int
    customers_book: int
    other_book: int
    rows: Mapping[str, int]

    def fill_in(self, text: str) -> str:
        """Return a text with the places that it names in braces."""
        account = f"/{self.account}/"
        store = f"{account}bigcommerce/{self.store}/"
        names = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return text.format_map({**names, **self.rows, "account": account, "store": store})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its address, who opens it, and how many queries it may take at most."""

    name: str
    path: str
    queries: int
    form: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    who: Who = Who.MARKETER


def _admin(name: str, path: str, queries: int = 9) -> Page:
    return Page(name=f"admin: {name}", path=f"{ADMIN}{path}", queries=queries, who=Who.STAFF)


def _page(name: str, path: str, queries: int, *, status: int = 200, **form: str) -> Page:
    return Page(name=name, path=path, queries=queries, status=status, form=form)


PAGES = (
    Page(name="log in", path="/accounts/login/", queries=0, who=Who.ANYBODY),
    _page("accounts", "/", 3),
    _page("hub", "{account}", 8),
    _page("hub: search", "{account}?q=shop+1", 8),
    _page("hub: available", "{account}available/", 5),
    _page("connect", "{account}bigcommerce/connect/", 4),
    _page("store", "{store}", 24),
    _page("store: search among the books", "{store}?find_book=summer", 24),
    _page(
        "store: SAVE asks first",
        "{store}",
        24,
        subscribers_book="{other_book}",
        customers_book="{customers_book}",
    ),
    _page("replace credentials", "{store}credentials/", 12),
    _page("live progress", "{store}live/?on=store", 14),
    _page("preview: download, first people", "{store}preview/people.csv", 9),
    _page("people by reason", "{store}people/?" + NO_OPT_IN, 14),
    _page("people by reason, deep", "{store}people/?" + NO_OPT_IN + "&after={deep}", 14),
    _page("people by reason, a rare one", "{store}people/?" + REFUSED, 14),
    _page("sync history", "{store}runs/", 16),
    _page("sync history, last page", "{store}runs/?page=last", 16),
    _page("sync history: done", "{store}runs/?result=done", 16),
    _page("sync history: nothing new", "{store}runs/?result=nothing", 16),
    _page("sync history: failed", "{store}runs/?result=failed", 16),
    _page("sync history: stopped", "{store}runs/?result=stopped", 16),
    _page("sync history: interrupted", "{store}runs/?result=interrupted", 16),
    _page("sync history: going on", "{store}runs/?result=running", 16),
    _page("sync history: by a person", "{store}runs/?starter=person", 16),
    _page("sync history: last 7 days", "{store}runs/?period=7", 16),
    _page("sync history: with failures", "{store}runs/?failures=on", 16),
    _page(
        "sync history: with failures, last page",
        "{store}runs/?failures=on&starter=schedule&period=30&page=last",
        16,
    ),
    _page("a run", "{store}runs/{run}/", 16),
    _page("a run: the first one", "{store}runs/{first}/", 16),
    _page("a run: who failed", "{store}runs/{run}/people/?" + REFUSED, 14),
    _page("a first run: who was added", "{store}runs/{first}/people/?" + ADDED, 14),
    _page(
        "a first run: who was added, deep",
        "{store}runs/{first}/people/?" + ADDED + "&after={deep}",
        14,
    ),
    _page("a first run: who has no opt-in", "{store}runs/{first}/people/?" + NO_OPT_IN, 14),
    _page(
        "a first run: who has no opt-in, deep",
        "{store}runs/{first}/people/?" + NO_OPT_IN + "&after={deep}",
        14,
    ),
    _page("a large run: who failed", "{store}runs/{middle}/people/?" + REFUSED, 14),
    _page("a large run: who has no opt-in", "{store}runs/{middle}/people/?" + NO_OPT_IN, 14),
    _page("a large run: who was added", "{store}runs/{middle}/people/?" + ADDED, 14),
    _page("a first run: download, first people", "{store}runs/{first}/people.csv?" + ADDED, 8),
    _page("a large run: download, first people", "{store}runs/{middle}/people.csv?" + ADDED, 8),
    _page("find", "{store}find/", 12),
    _page("find: by address", "{store}find/", 6, status=302, who="{email}"),
    _page("find: found, with the timeline", "{store}find/{contact}/", 20),
    _page("find: found, both sides asked", "{store}find/{contact}/?ask=1", 26),
    _page("find: unknown, both sides asked", "{store}find/", 24, who="nobody@example.com"),
    _admin("index", "", 6),
    _admin("accounts", "account/"),
    _admin("an account", "account/{account_id}/change/"),
    _admin("stores", "store/"),
    _admin("a store", "store/{store_id}/change/"),
    _admin("address books", "addressbook/"),
    _admin("address books: search", "addressbook/?q=summer"),
    _admin("an address book", "addressbook/{customers_book}/change/"),
    _admin("data fields", "datafield/"),
    _admin("a data field", "datafield/{data_field}/change/"),
    _admin("chosen books", "addressbookmapping/"),
    _admin("a chosen book", "addressbookmapping/{mapping}/change/"),
    _admin("mapped fields", "fieldmapping/"),
    _admin("a mapped field", "fieldmapping/{field_mapping}/change/"),
    _admin("runs", "syncrun/"),
    _admin("runs, last page", "syncrun/?p={last_page}"),
    _admin("runs: search", "syncrun/?q=shop"),
    _admin("runs: of a store, failed", "syncrun/?" + OF_STORE + "&status__exact=failed"),
    _admin("a run", "syncrun/{run}/change/"),
    _admin("imports", "contactimport/"),
    _admin("an import", "contactimport/{contact_import}/change/"),
    _admin("contacts", "contact/"),
    _admin("contacts: by address", "contact/?q={email}"),
    _admin("contacts: of a store", "contact/?" + OF_STORE),
    _admin("contacts: of a store, last page", "contact/?" + OF_STORE + "&p={far_page}"),
    _admin("contacts: of a store, to be sent", "contact/?" + OF_STORE + "&stage=4"),
    _admin(
        "contacts: of a store, no opt-in", "contact/?" + OF_STORE + "&subscriber=left_out.no_opt_in"
    ),
    _admin("a contact", "contact/{contact}/change/"),
    _admin("opt-outs", "optout/"),
    _admin("opt-outs: by address", "optout/?q={email}"),
    _admin("opt-outs: of a store", "optout/?" + OF_STORE),
    _admin("opt-outs: pending", "optout/?receipt__exact=pending"),
    _admin("an opt-out", "optout/{opt_out}/change/"),
)
