"""The page for people and its twin for tests of another process."""

from typing import Any

import pytest
import requests

from dotdigital.client import Client
from dotdigital.sandbox import Account, Sandbox
from dotdigital.sandbox.deeds import DEEDS

JANE = "jane@x.example"


def post(sandbox: Sandbox, path: str, content: Any) -> tuple[int, Any]:
    with requests.post(f"{sandbox.url}/sandbox/api/{path}", json=content, timeout=5) as answer:
        return answer.status_code, answer.json()


def get(sandbox: Sandbox, path: str) -> tuple[int, Any]:
    with requests.get(f"{sandbox.url}/sandbox/api/{path}", timeout=5) as answer:
        return answer.status_code, answer.json()


def page(sandbox: Sandbox, **query: str) -> str:
    with requests.get(f"{sandbox.url}/", params=query, timeout=5) as answer:
        if not query:
            return answer.text
    with requests.get(f"{sandbox.url}/sandbox/", params=query, timeout=5) as answer:
        assert answer.status_code == 200
        return answer.text


def press(sandbox: Sandbox, account: Account, deed: str, **form: str) -> str:
    form |= {"account": account.user, "deed": deed}
    with requests.post(f"{sandbox.url}/sandbox/act", data=form, timeout=5) as answer:
        return answer.text


def test_the_front_page_shows_accounts_books_and_requests(
    sandbox: Sandbox, account: Account, book: int, client: Client
) -> None:
    account.add_contact(JANE, lists=[book])
    client.data_fields()

    shown = page(sandbox)

    assert "Demo shop" in shown
    assert "Store subscribers" in shown
    assert JANE in shown
    assert "/v2/data-fields" in shown


def test_a_person_is_found_with_books_fields_and_buttons(
    sandbox: Sandbox, account: Account, book: int
) -> None:
    account.add_contact(JANE, lists=[book], data_fields={"FIRSTNAME": "<b>Jo</b>"})

    shown = page(sandbox, account=account.user, email=JANE.upper())

    assert "&lt;b&gt;Jo&lt;/b&gt;" in shown
    assert "<b>Jo" not in shown
    for deed in DEEDS.values():
        assert deed.label in shown


def test_somebody_unknown_is_said_to_be_so(sandbox: Sandbox, account: Account) -> None:
    assert "Nobody here has the address &lt;x&gt;" in page(sandbox, email="<x>")


def test_pressing_a_button_is_what_the_contact_does(
    sandbox: Sandbox, account: Account, book: int
) -> None:
    account.add_contact(JANE, lists=[book])

    shown = press(sandbox, account, "unsubscribe_from", email=JANE, address_book_id=str(book))
    left_book = account.members(book)
    press(sandbox, account, "unsubscribe", email=JANE)

    assert "Done." in shown
    assert left_book == []
    assert account.known(JANE).status == "unsubscribed"


def test_a_deed_that_cannot_be_done_is_told(sandbox: Sandbox, account: Account) -> None:
    assert "Not done" in press(sandbox, account, "unsubscribe", email="nobody@x.example")
    assert "Not done" in press(sandbox, account, "dance", email="nobody@x.example")


def test_another_site_cannot_press_buttons(sandbox: Sandbox, account: Account) -> None:
    account.add_contact(JANE)
    form = {"account": account.user, "deed": "unsubscribe", "email": JANE}

    with requests.post(
        f"{sandbox.url}/sandbox/act", data=form, headers={"Origin": "https://evil.test"}, timeout=5
    ) as answer:
        assert answer.status_code == 403

    assert account.known(JANE).status == "subscribed"


def test_the_page_has_its_own_stylesheet(sandbox: Sandbox) -> None:
    with requests.get(f"{sandbox.url}/sandbox/style.css", timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/css")
        assert "--accent" in answer.text


def test_an_empty_sandbox_has_a_page_too(sandbox: Sandbox) -> None:
    assert "Last requests" in page(sandbox)


@pytest.mark.parametrize(
    ("deed", "status"),
    [
        ("unsubscribe", "unsubscribed"),
        ("complain", "ispComplained"),
        ("bounce", "hardBounced"),
        ("suppress", "suppressed"),
        ("globally_suppress", "sharedsuppression"),
    ],
)
def test_deeds_are_done_over_http(
    sandbox: Sandbox, account: Account, deed: str, status: str
) -> None:
    account.add_contact(JANE)

    done = post(sandbox, f"accounts/{account.user}/deeds", {"deed": deed, "email": JANE})

    assert done[0] == 200
    assert done[1]["channelProperties"]["email"]["status"] == status


def test_accounts_people_and_members_are_read_over_http(
    sandbox: Sandbox, account: Account, book: int
) -> None:
    account.add_contact(JANE, lists=[book])

    accounts = get(sandbox, "accounts")[1]
    person = get(sandbox, f"accounts/{account.user}/contacts/{JANE}")
    nobody = get(sandbox, f"accounts/{account.user}/contacts/nobody@x.example")
    members = get(sandbox, f"accounts/{account.user}/members/{book}")

    assert accounts == [get(sandbox, f"accounts/{account.user}")[1]]
    assert accounts[0]["contacts"] == 1
    assert person[1]["identifiers"] == {"email": JANE}
    assert nobody == (404, None)
    assert members[1] == [JANE]


def test_faults_are_set_over_http(sandbox: Sandbox, client: Client) -> None:
    added = post(sandbox, "faults", {"path": "data-fields", "status": 503})
    post(sandbox, "faults", {"name": "gateway page", "path": "server-time"})

    client.data_fields()
    client.server_time()

    assert added[1][0]["status"] == 503
    assert client.calls == 4
    assert get(sandbox, "faults")[1] == []


def test_faults_are_cleared_over_http(sandbox: Sandbox) -> None:
    post(sandbox, "faults", {"status": 503, "times": None})

    with requests.delete(f"{sandbox.url}/sandbox/api/faults", timeout=5) as answer:
        assert answer.json() == []


def test_switches_and_the_clock_are_set_over_http(sandbox: Sandbox) -> None:
    turned = post(sandbox, "switches", {"newest_first": True, "tiers": {"lowCallRate": 3}})
    before = sandbox.clock.now()
    post(sandbox, "clock", {"advance": 3600})

    assert turned[1]["newest_first"] is True
    assert sandbox.switches.newest_first
    assert sandbox.switches.import_polls == 1
    assert (sandbox.clock.now() - before).total_seconds() > 3599


def test_the_log_is_read_and_cleared_over_http(sandbox: Sandbox, client: Client) -> None:
    client.create_data_field("TAGS", "String")

    log = get(sandbox, "requests?last=5")[1]
    with requests.delete(f"{sandbox.url}/sandbox/api/requests", timeout=5) as answer:
        left = answer.json()["count"]

    assert log["count"] == 1
    assert log["requests"][0]["path"] == "/v2/data-fields"
    assert '"TAGS"' in log["requests"][0]["body"]
    assert left == 0


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("switches", {"newest_first": "perhaps"}),
        ("faults", {"name": "no such fault"}),
        ("faults", {"status": "x"}),
        ("accounts/nobody/deeds", {"deed": "unsubscribe", "email": JANE}),
        ("clock", {}),
    ],
)
def test_nonsense_is_refused(sandbox: Sandbox, path: str, content: dict[str, Any]) -> None:
    assert post(sandbox, path, content)[0] == 400


def test_an_unknown_subject_is_not_there(sandbox: Sandbox) -> None:
    assert get(sandbox, "nonsense")[0] == 404
