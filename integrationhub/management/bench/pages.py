"""Every page of the hub by its address: what the benchmark measures, and a test counts queries of.

A new page is one line more in PAGES.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

NO_OPT_IN = "who=subscribers.left_out.no_opt_in"
REFUSED = "who=subscribers.failed.contact_refused"
ADDED = "who=subscribers.in_book.in_book"
LEFT_OUT = "&subscriber=left_out.no_opt_in"
OF_STORE = "store__id__exact={store_id}"


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


def _admin(name: str, path: str, queries: int, *, app: str = "integrationhub") -> Page:
    return Page(name=f"admin: {name}", path=f"/admin/{app}/{path}", queries=queries, who=Who.STAFF)


def _page(name: str, path: str, queries: int, *, status: int = 200, **form: str) -> Page:
    return Page(name=name, path=path, queries=queries, status=status, form=form)


PAGES = (
    Page(name="log in", path="/accounts/login/", queries=0, who=Who.ANYBODY),
    _page("accounts", "/", 5),
    _page("hub", "{account}", 12),
    _page("hub: search", "{account}?q=shop+0", 12),
    _page("hub: available", "{account}available/", 7),
    _page("connect", "{account}bigcommerce/connect/", 6),
    _page("store", "{store}", 28),
    _page("store: search among the books", "{store}?find_book=summer", 28),
    _page(
        "store: SAVE asks first",
        "{store}",
        28,
        subscribers_book="{other_book}",
        customers_book="{customers_book}",
    ),
    _page("replace credentials", "{store}credentials/", 13),
    _page("live progress", "{store}live/?on=store", 15),
    _page("preview: download, first people", "{store}preview/people.csv", 13),
    _page("people by reason", "{store}people/?" + NO_OPT_IN, 16),
    _page("people by reason, deep", "{store}people/?" + NO_OPT_IN + "&after={deep}", 16),
    _page("people by reason, a rare one", "{store}people/?" + REFUSED, 16),
    _page("sync history", "{store}runs/", 18),
    _page("sync history, last page", "{store}runs/?page=last", 18),
    _page("sync history: done", "{store}runs/?result=done", 18),
    _page("sync history: nothing new", "{store}runs/?result=nothing", 18),
    _page("sync history: failed", "{store}runs/?result=failed", 18),
    _page("sync history: stopped", "{store}runs/?result=stopped", 18),
    _page("sync history: interrupted", "{store}runs/?result=interrupted", 18),
    _page("sync history: going on", "{store}runs/?result=running", 18),
    _page("sync history: by a person", "{store}runs/?starter=person", 18),
    _page("sync history: last 7 days", "{store}runs/?period=7", 18),
    _page("sync history: with failures", "{store}runs/?failures=on", 18),
    _page(
        "sync history: with failures, last page",
        "{store}runs/?failures=on&starter=schedule&period=30&page=last",
        18,
    ),
    _page("a run", "{store}runs/{run}/", 17),
    _page("a run: the first one", "{store}runs/{first}/", 17),
    _page("a run: who failed", "{store}runs/{run}/people/?" + REFUSED, 16),
    _page("a first run: who was added", "{store}runs/{first}/people/?" + ADDED, 16),
    _page(
        "a first run: who was added, deep",
        "{store}runs/{first}/people/?" + ADDED + "&after={deep}",
        16,
    ),
    _page("a first run: who has no opt-in", "{store}runs/{first}/people/?" + NO_OPT_IN, 16),
    _page(
        "a first run: who has no opt-in, deep",
        "{store}runs/{first}/people/?" + NO_OPT_IN + "&after={deep}",
        16,
    ),
    _page("a large run: who failed", "{store}runs/{middle}/people/?" + REFUSED, 16),
    _page("a large run: who has no opt-in", "{store}runs/{middle}/people/?" + NO_OPT_IN, 16),
    _page("a large run: who was added", "{store}runs/{middle}/people/?" + ADDED, 16),
    _page("a first run: download, first people", "{store}runs/{first}/people.csv?" + ADDED, 9),
    _page("a large run: download, first people", "{store}runs/{middle}/people.csv?" + ADDED, 9),
    _page("activity", "{store}activity/", 19),
    _page("activity, deep", "{store}activity/?before={early_deed}", 19),
    _page("find", "{store}find/", 13),
    _page("find: by address", "{store}find/", 7, status=302, who="{email}"),
    _page("find: found, with the timeline", "{store}find/{contact}/", 22),
    _page("find: found, both sides asked", "{store}find/{contact}/?ask=1", 23),
    _page("find: unknown, both sides asked", "{store}find/", 22, who="nobody@example.com"),
    Page(name="admin", path="/admin/", queries=5, who=Who.STAFF),
    _admin("users", "user/", 8, app="auth"),
    _admin("groups", "group/", 7, app="auth"),
    _admin("email addresses", "emailaddress/", 7, app="account"),
    _admin("schedules", "schedule/", 6, app="django_q"),
    _admin("failed jobs", "failure/", 6, app="django_q"),
    _admin("accounts", "account/", 7),
    _admin("an account", "account/{account_id}/change/", 9),
    _admin("stores", "store/", 9),
    _admin("a store", "store/{store_id}/change/", 7),
    _admin("address books", "addressbook/", 7),
    _admin("address books: search", "addressbook/?q=summer", 7),
    _admin("an address book", "addressbook/{customers_book}/change/", 6),
    _admin("data fields", "datafield/", 7),
    _admin("a data field", "datafield/{data_field}/change/", 6),
    _admin("chosen books", "addressbookmapping/", 8),
    _admin("a chosen book", "addressbookmapping/{mapping}/change/", 7),
    _admin("mapped fields", "fieldmapping/", 8),
    _admin("a mapped field", "fieldmapping/{field_mapping}/change/", 6),
    _admin("runs", "syncrun/", 9),
    _admin("runs, last page", "syncrun/?p={last_page}", 9),
    _admin("runs: search", "syncrun/?q=shop", 9),
    _admin("runs: of a store, failed", "syncrun/?" + OF_STORE + "&status__exact=failed", 9),
    _admin("a run", "syncrun/{run}/change/", 10),
    _admin("imports", "contactimport/", 8),
    _admin("an import", "contactimport/{contact_import}/change/", 7),
    _admin("activity", "activityentry/", 9),
    _admin("a deed", "activityentry/{deed}/change/", 9),
    _admin("contacts", "contact/", 7),
    _admin("contacts: by address", "contact/?q={email}", 7),
    _admin("contacts: of a store", "contact/?" + OF_STORE, 9),
    _admin("contacts: of a store, last page", "contact/?" + OF_STORE + "&p={far_page}", 9),
    _admin("contacts: of a store, to be sent", "contact/?" + OF_STORE + "&stage=4", 9),
    _admin("contacts: of a store, no opt-in", "contact/?" + OF_STORE + LEFT_OUT, 9),
    _admin("a contact", "contact/{contact}/change/", 7),
    _admin("opt-outs", "optout/", 8),
    _admin("opt-outs: by address", "optout/?q={email}", 8),
    _admin("opt-outs: of a store", "optout/?" + OF_STORE, 8),
    _admin("opt-outs: pending", "optout/?receipt__exact=pending", 8),
    _admin("an opt-out", "optout/{opt_out}/change/", 6),
)
