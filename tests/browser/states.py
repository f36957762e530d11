"""Every page and every state of it that matters: what axe looks at, and pictures are taken of."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from playwright.sync_api import Page

from tests.browser import world

MARKETER, SHELF_OWNER, NOBODY_YET = world.TWO_PLACES, world.LIBRARY.marketer_email, ""
HUB, NEW_HUB = f"/{world.NORTHWIND.slug}/", f"/{world.BLUEBIRD.slug}/"
HEALTHY = f"{HUB}bigcommerce/{world.NORTHWIND.store_hash}/"
SHELF = f"/{world.LIBRARY.slug}/bigcommerce/{world.LIBRARY.store_hash}/"


@dataclass(frozen=True, slots=True)
class State:
    """A page in one state: who opens it where, what they do there, and the words that prove it."""

    name: str
    path: str
    says: str
    who: str = MARKETER
    do: Callable[[Page], None] | None = None

    def open(self, page: Page) -> None:
        """Bring a page into this state."""
        page.goto(self.path)
        if self.do is not None:
            self.do(page)
        page.get_by_text(self.says).first.wait_for()


def enter(values: dict[str, str], button: str) -> Callable[[Page], None]:
    """Return what fills in these fields and presses a button."""

    def fill_and_press(page: Page) -> None:
        for label, value in values.items():
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_role("button", name=button, exact=True).click()

    return fill_and_press


def choose(book: str, button: str = "") -> Callable[[Page], None]:
    """Return what chooses an address book for subscribers, and presses a button if one is named."""

    def choose_and_press(page: Page) -> None:
        field = page.get_by_label("Sync subscribers to")
        field.select_option(field.locator("option", has_text=book).get_attribute("value"))
        page.locator(".save-bar.changed").wait_for()
        if button:
            page.get_by_role("button", name=button, exact=True).click()

    return choose_and_press


def open_new_book(page: Page) -> None:
    """Ask for an address book whose name is taken."""
    page.get_by_text("New address book", exact=True).click()
    enter({"Name of the new book": "VIP customers"}, "Make it")(page)


def disconnect(page: Page) -> None:
    """Ask for the store to be disconnected, under a wrong name."""
    page.get_by_text("Disconnect this store").click()
    page.get_by_label("Type the store's name").fill("Something else")
    page.get_by_role("button", name="Disconnect", exact=True).click()


def find(who: str) -> Callable[[Page], None]:
    """Return what looks somebody up."""
    return enter({"Email address": who}, "Find")


def store(store_hash: str) -> str:
    """Return the page of one of Northwind's stores."""
    return f"{HUB}bigcommerce/{store_hash}/"


def _opened_by(who: str, *states: State) -> tuple[State, ...]:
    """Return these states, opened by somebody else than the marketer."""
    return tuple(replace(state, who=who) for state in states)


RESET = "/accounts/password/reset/"
ACCOUNTS = (
    *_opened_by(
        NOBODY_YET,
        State("login", "/accounts/login/", "Log in"),
        State(
            "login-wrong",
            "/accounts/login/",
            "not correct",
            do=enter({"Email": MARKETER, "Password": "wrong"}, "Log in"),
        ),
        State("signup", "/accounts/signup/", "Nobody signs up here"),
        State("password-reset", RESET, "Send the link"),
        State("password-reset-sent", f"{RESET}done/", "Look into your mail"),
        State("password-reset-bad-link", f"{RESET}key/1-bad-link/", "used up"),
        State("inactive", "/accounts/inactive/", "switched off"),
    ),
    State("logout", "/accounts/logout/", "You can log in again"),
    State("password-change", "/accounts/password/change/", "Change password"),
    State("email-addresses", "/accounts/email/", "Add Email Address"),
    State("reauthenticate", "/accounts/reauthenticate/", "make sure that it is you"),
    State("home-two-accounts", "/", "Your accounts"),
    *_opened_by(world.NEWCOMER, State("home-no-account", "/", "Nothing here yet")),
)
ERRORS = tuple(
    State(f"error-{name}", f"/wrong/{name}/", says)
    for name, says in (
        ("400", "made no sense"),
        ("403", "You may look"),
        ("404", "does not exist"),
        ("429", "Too many tries"),
        ("500", "Something broke"),
        ("form", "too old"),
    )
)
HUBS = (
    State("hub", HUB, "Both sides are in step."),
    State("hub-search", f"{HUB}?q=norway", "1 of 17 stores"),
    State("hub-none-found", f"{HUB}?q=nothing", "No store matches"),
    State("available", f"{HUB}available/", "17 stores connected"),
    State("available-none-found", f"{HUB}available/?q=nothing", "No integration matches"),
    *_opened_by(
        world.BLUEBIRD.marketer_email,
        State("hub-empty", NEW_HUB, "No store is connected yet"),
        State("available-not-connected", f"{NEW_HUB}available/", "Not connected"),
        State("connect", f"{NEW_HUB}bigcommerce/connect/", "Where to find these"),
        State(
            "connect-refused",
            f"{NEW_HUB}bigcommerce/connect/",
            "did not accept",
            do=enter(
                {
                    "Store hash": world.BLUEBIRD.store_hash,
                    "Access token": "wrong",
                    "API user": world.BLUEBIRD.api_user,
                    "Password": world.BLUEBIRD.api_password,
                },
                "Test and connect",
            ),
        ),
    ),
    State("available-disconnected", f"{HUB}available/?q=quebec", "Disconnected stores"),
    State("connect-again", f"{store('parted')}credentials/", "Test and"),
    State("replace-credentials", f"{store('token')}credentials/", "Leave it empty to keep"),
)
STORES = (
    State("store-healthy", HEALTHY, "Both sides are in step."),
    State("store-no-books", store("nobooks"), "No address book has been chosen yet"),
    State("store-first-sync", store("first"), "The first sync starts"),
    State("store-starting", store("starting"), "This store is also connected"),
    State("store-reading", store("reading"), "12,500"),
    State("store-sending", store("sending"), "Sending people to Dotdigital"),
    State("store-stopping", store("stopping"), "ends after the page"),
    State("store-slowed-down", store("slowed"), "asked us to slow down"),
    State("store-some-failed", store("failures"), "Counting starts in a moment"),
    State("store-credentials-rejected", store("token"), "did not accept the access token"),
    State("store-book-deleted", store("bookgone"), "no longer exists in Dotdigital"),
    State("store-safety-stop", store("optouts"), "2,310 unsubscribes"),
    State("store-trial-waits", store("trial"), "added on trial"),
    State("store-maintenance", store("closed"), "in maintenance"),
    State("store-overdue", store("overdue"), "has not started"),
    State("store-stalled", store("stalled"), "has not moved"),
    State("store-disconnected", store("parted"), "Kept until"),
    State("store-disconnecting", store("paused"), "not the store's name", do=disconnect),
    State("store-paused", store("paused"), "Paused: nothing is read"),
    *_opened_by(world.VIEWER, State("store-viewer", HEALTHY, "Both sides are in step.")),
    State("store-draft", HEALTHY, "instead of", do=choose("Spring catalogue")),
    State("store-previewed", f"{HEALTHY}?subscribers_book={world.AUTUMN}", "8,008"),
    State("store-confirm", HEALTHY, "not counted yet", do=choose("Spring catalogue", "SAVE")),
    State("store-confirm-counted", HEALTHY, "8,008 people", do=choose("Autumn", "SAVE")),
    State("store-new-book", HEALTHY, "a segment of this name", do=open_new_book),
    *_opened_by(SHELF_OWNER, State("store-many-books", SHELF, "Find an address book")),
)
PEOPLE = (
    State("people", f"{HEALTHY}people/", "The email address is not valid."),
    State("people-many", f"{HEALTHY}people/?who=subscribers.left_out.no_opt_in", "Next page"),
    State("people-none", f"{store('first')}people/", "Nobody is left out"),
    State("find", f"{HEALTHY}find/", "Why does somebody get no mail"),
    State("find-wrong", f"{HEALTHY}find/", "such as", do=find("ann")),
    State("find-in-book", f"{HEALTHY}find/{world.PERSON}/", "Asked just now"),
    State("find-left", f"{HEALTHY}find/{world.LEFT}/", "Asked just now"),
    State("find-refused", f"{HEALTHY}find/{world.REFUSED}/", "Asked just now"),
    State("find-not-found", f"{HEALTHY}find/", "not been read", do=find(world.STRANGER)),
    State("find-side-fails", f"{store('token')}find/", "did not accept", do=find(world.CLEO)),
    State("find-asked-for", f"{store('starting')}find/", "Asked for on", do=find(world.ANN)),
)
RUNS = (
    State("history", f"{HEALTHY}runs/", "Page 1 of"),
    State("history-filtered", f"{HEALTHY}runs/?failures=on", "Show all"),
    State("history-none-found", f"{HEALTHY}runs/?starter=command", "No sync is like that"),
    State("history-empty", f"{store('first')}runs/", "has not been synced yet"),
    State("run-some-failed", f"{HEALTHY}runs/{world.DONE}/", "Retry these"),
    State("run-failed", f"{store('token')}runs/{world.FAILED}/", "did not accept"),
    State("run-safety-stop", f"{store('optouts')}runs/{world.SAFETY}/", "unusual number"),
    State("run-open", f"{store('sending')}runs/{world.OPEN}/", "Sending people to Dotdigital"),
    State("run-stopped", f"{store('paused')}runs/{world.STOPPED}/", "Stopped by a person"),
    State(
        "run-people",
        f"{HEALTHY}runs/{world.DONE}/people/?who=subscribers.left_out.no_opt_in",
        "Download CSV",
    ),
)
ACTIVITY = (
    State("activity", f"{store('parted')}activity/", "isconnected"),
    State("activity-empty", f"{store('first')}activity/", "Activity"),
)
STATES = (*ACCOUNTS, *ERRORS, *HUBS, *STORES, *PEOPLE, *RUNS, *ACTIVITY)
