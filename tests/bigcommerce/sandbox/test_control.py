"""The sandbox's own API, by which other processes drive it."""

from typing import Any

import pytest
import requests

from bigcommerce.sandbox import Sandbox, Shop
from tests.bigcommerce.sandbox.conftest import Ask


class Remote:
    """The control of a sandbox in another process, so to speak."""

    def __init__(self, browser: requests.Session, url: str) -> None:
        self._browser = browser
        self._api = f"{url}/sandbox/api/"

    def send(self, method: str, name: str, json: Any = None) -> Any:
        return self._browser.request(method, self._api + name, json=json, timeout=5).json()

    def act(self, action: str, subject: object, **arguments: Any) -> Any:
        asked = {"store": "abc12", "action": action, "subject": subject, "arguments": arguments}
        return self.send("POST", "actions", asked)


@pytest.fixture
def remote(browser: requests.Session, sandbox: Sandbox, shop: Shop) -> Remote:
    """The control of the sandbox."""
    return Remote(browser, sandbox.url)


def test_a_person_can_be_followed_through_everything(remote: Remote) -> None:
    customer = remote.act("add_customer", "a@example.com", attributes={"Tags": "vip"})["result"]
    remote.act("edit_customer", customer, first_name="Anna", modified_at="2026-03-01T00:00:00Z")
    remote.act("subscribe", "A@example.com")
    remote.act("edit_subscriber", "a@example.com", last_name="Li")
    order = remote.act("place_order", "a@example.com", status_id=11)["result"]
    remote.act("set_order_status", order, status_id=5)
    remote.act("unsubscribe", "a@example.com")

    state = remote.send("GET", "state?store=abc12&email=a@example.com")

    assert state["counts"] == {"customers": 1, "subscribers": 1, "newsletter": 0, "orders": 1}
    assert state["customer"]["date_modified"] == "2026-03-01T00:00:00Z"
    assert state["attributes"] == {"Tags": "vip"}
    assert (state["subscriber"]["consents"], state["subscriber"]["last_name"]) == ([], "Li")
    assert state["orders"][0]["status_id"] == 5


def test_all_stores_are_counted(remote: Remote) -> None:
    assert set(remote.send("GET", "state")["stores"]) == {"abc12"}


def test_faults_can_be_laid_and_taken_up(remote: Remote, ask: Ask) -> None:
    remote.send("POST", "faults", {"act": "answer", "status": 503, "times": None})
    struck = ask("GET", "/v2/time").status_code

    remote.send("DELETE", "faults")

    assert (struck, ask("GET", "/v2/time").status_code) == (503, 200)


def test_switches_can_be_turned(remote: Remote, sandbox: Sandbox) -> None:
    remote.send("POST", "switches", {"subscriber_order": "desc"})

    assert sandbox.switches.subscriber_order == "desc"
    assert remote.send("GET", "switches")["subscriber_order"] == "desc"


def test_the_clock_can_be_moved(remote: Remote, sandbox: Sandbox) -> None:
    remote.send("POST", "clock", {"set": "2030-01-01T00:00:00+00:00", "advance": 86400})

    assert f"{sandbox.clock.now():%Y-%m-%d}" == "2030-01-02"


def test_the_journal_can_be_read_from_where_one_left_off(remote: Remote, ask: Ask) -> None:
    ask("GET", "/v2/time")
    ask("DELETE", "/v3/customers/subscribers")

    journal = remote.send("GET", "requests?since=1")

    assert [each["method"] for each in journal["requests"]] == ["DELETE"]
    assert journal["destructive_calls"] == 1
    remote.send("DELETE", "requests")
    assert remote.send("GET", "requests") == {"requests": [], "destructive_calls": 0}


@pytest.mark.parametrize(
    ("method", "name", "body"),
    [
        ("POST", "actions", {"store": "abc12", "action": "allow"}),
        ("POST", "actions", {"store": "abc12", "action": "__init__"}),
        ("POST", "actions", {"store": "none", "action": "subscribe"}),
        ("POST", "actions", {"store": "abc12", "action": "subscribe"}),
        ("POST", "actions", {"store": "abc12", "action": "unsubscribe", "subject": "x@y.example"}),
        ("POST", "faults", {"act": "explode"}),
        ("POST", "switches", {"gravity": "off"}),
        ("POST", "clock", {"set": "soon"}),
        ("PUT", "switches", {}),
        ("GET", "secrets", None),
        ("GET", "state?store=none", None),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(
    remote: Remote, method: str, name: str, body: Any
) -> None:
    assert remote.send(method, name, body)["error"]


def test_an_address_in_use_is_refused(remote: Remote) -> None:
    remote.act("add_customer", "a@example.com")

    assert "Taken" in remote.act("add_customer", "A@example.com")["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("address", ["/sandbox/", "/sandbox/api/state"])
def test_other_pages_and_other_names_are_not_answered(
    browser: requests.Session, sandbox: Sandbox, *, headers: dict[str, str], address: str
) -> None:
    answer = browser.get(sandbox.url + address, headers=headers, timeout=5)

    assert answer.status_code == 403


def test_a_body_beyond_reason_is_refused(browser: requests.Session, sandbox: Sandbox) -> None:
    headers = {"Content-Length": str(10**9)}

    answer = browser.post(f"{sandbox.url}/sandbox/api/actions", headers=headers, timeout=5)

    assert answer.status_code == 413
