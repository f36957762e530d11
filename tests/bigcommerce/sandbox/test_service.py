"""Who may ask the sandbox what, how often, and what it writes down."""

import time

import pytest

from bigcommerce.sandbox import Fault, Sandbox, Shop
from bigcommerce.sandbox.journal import Received
from bigcommerce.sandbox.quota import Quota
from tests.bigcommerce.sandbox.conftest import Ask


@pytest.mark.parametrize(
    ("address", "text"),
    [("/v2/time", "No credentials"), ("/v3/customers", "No credentials")],
)
def test_no_token_is_401_in_the_words_of_its_version(ask: Ask, address: str, text: str) -> None:
    answer = ask("GET", address, token="")

    body = answer.json()
    said = body[0] if isinstance(body, list) else body
    assert (answer.status_code, said["status"]) == (401, 401)
    assert text in answer.text


@pytest.mark.parametrize(
    ("token", "store", "status"),
    [
        ("wrong", "abc12", 401),
        ("token-of-abc12", "other", 403),
        ("token-of-abc12", "nowhere", 403),
        ("token-of-abc12", "abc12", 200),
    ],
)
def test_a_token_opens_its_own_store_only(
    ask: Ask, sandbox: Sandbox, token: str, store: str, status: int
) -> None:
    sandbox.add_store("other", access_token="other-token")

    assert ask("GET", "/v2/time", token=token, store=store).status_code == status


@pytest.mark.parametrize(
    ("scope", "address"),
    [
        ("store_v2_customers", "/v3/customers"),
        ("store_v2_customers_read_only", "/v3/customers/subscribers"),
        ("store_v2_orders_read_only", "/v2/orders/count"),
        ("store_v2_information", "/v2/store"),
    ],
)
def test_each_endpoint_has_its_scope(ask: Ask, shop: Shop, scope: str, address: str) -> None:
    shop.allow({scope})
    allowed = ask("GET", address).status_code

    shop.allow(set())

    assert (allowed, ask("GET", address).status_code) == (200, 403)
    assert ask("GET", "/v2/time").status_code == 200


@pytest.mark.parametrize("address", ["/v3/nothing", "/v2/nothing", "/v3/customers/subscribers/7"])
def test_what_is_not_there_is_404(ask: Ask, address: str) -> None:
    assert ask("GET", address).status_code == 404


def test_a_method_that_is_not_offered_is_405(ask: Ask) -> None:
    assert ask("DELETE", "/v2/time").status_code == 405


def test_an_unlimited_store_sends_no_headers_of_a_quota(ask: Ask) -> None:
    assert "X-Rate-Limit-Requests-Left" not in ask("GET", "/v2/time").headers


def test_a_quota_is_a_window_that_is_refilled_as_a_whole(ask: Ask, shop: Shop) -> None:
    shop.quota = Quota(2, 0.15)

    answers = [ask("GET", "/v2/time") for _ in range(3)]
    time.sleep(int(answers[2].headers["X-Rate-Limit-Time-Reset-Ms"]) / 1000)

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert [each.headers["X-Rate-Limit-Requests-Left"] for each in answers] == ["1", "0", "0"]
    assert answers[0].headers["X-Rate-Limit-Requests-Quota"] == "2"
    assert "X-Retry-After" in answers[2].headers
    assert ask("GET", "/v2/time").status_code == 200


def test_maintenance_is_an_html_page(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.switches.maintenance = True

    answer = ask("GET", "/v2/time")

    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_date_of_an_answer_is_the_sandboxs_own(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.clock.advance(-365 * 86400)

    answer = ask("GET", "/v2/time")

    year = str(sandbox.clock.now().year)
    assert year in answer.headers["Date"]
    assert answer.headers["Date"].endswith("GMT")


def test_requests_are_written_down(ask: Ask, sandbox: Sandbox) -> None:
    ask("PUT", "/v3/customers/subscribers/7", json={"consents": []})
    ask("GET", "/v2/orders?limit=1")

    put, listing = sandbox.requests
    assert (put.method, put.path, put.status) == ("PUT", "/v3/customers/subscribers/7", 404)
    assert (put.body, put.store) == ('{"consents": []}', "abc12")
    assert (listing.path, listing.query, listing.status) == ("/v2/orders", "limit=1", 204)


@pytest.mark.parametrize(
    ("method", "address", "destructive"),
    [
        ("DELETE", "/v3/customers/subscribers", 1),
        ("DELETE", "/v3/customers", 1),
        ("DELETE", "/v2/orders", 1),
        ("POST", "/v3/customers", 1),
        ("POST", "/v3/customers/subscribers", 1),
        ("POST", "/v3/customers/attributes", 0),
        ("GET", "/v3/customers", 0),
    ],
)
def test_destructive_calls_are_counted(
    ask: Ask, sandbox: Sandbox, method: str, address: str, destructive: int
) -> None:
    ask(method, address, json=[])

    assert sandbox.requests.destructive_calls == destructive


def test_a_callback_can_change_the_shop_before_and_after(
    ask: Ask, shop: Shop, sandbox: Sandbox
) -> None:
    seen: list[int] = []

    def before(request: Received) -> None:
        shop.subscribe("a@example.com")
        seen.append(request.status)

    sandbox.on_request(before)
    sandbox.on_request(lambda request: seen.append(request.status), when="after")

    listed = ask("GET", "/v3/customers/subscribers").json()["data"]

    assert [each["email"] for each in listed] == ["a@example.com"]
    assert seen == [0, 200]


def test_two_stores_know_nothing_of_each_other(ask: Ask, shop: Shop, sandbox: Sandbox) -> None:
    other = sandbox.add_store("other", access_token="other-token")
    other.subscribe("a@example.com")

    assert ask("GET", "/v3/customers/subscribers").json()["data"] == []


def test_only_a_loopback_address_is_listened_on() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Sandbox(host="0.0.0.0")  # noqa: S104  that it is refused is the point


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        (Fault(), [500, 200, 200, 200, 200, 200]),
        (Fault(times=2, status=503), [503, 503, 200, 200, 200, 200]),
        (Fault(skip=2), [200, 200, 500, 200, 200, 200]),
        (Fault(every=2, times=None), [500, 200, 500, 200, 500, 200]),
        (Fault(every=2, times=2, skip=1), [200, 500, 200, 500, 200, 200]),
        (Fault(method="PUT"), [200] * 6),
        (Fault(path="/v3/", times=None), [200] * 6),
        (Fault(store="other", times=None), [200] * 6),
        (Fault(share=0.0, times=None), [200] * 6),
    ],
)
def test_a_fault_befalls_the_requests_it_is_meant_for(
    ask: Ask, sandbox: Sandbox, fault: Fault, statuses: list[int]
) -> None:
    sandbox.faults.add(fault)

    assert [ask("GET", "/v2/time").status_code for _ in range(6)] == statuses


def test_a_fault_by_chance_is_the_same_every_time(ask: Ask, sandbox: Sandbox) -> None:
    rounds = []
    for _ in range(2):
        sandbox.faults.clear()
        sandbox.faults.add(Fault(share=0.5, seed=7, times=None))
        rounds.append([ask("GET", "/v2/time").status_code for _ in range(20)])

    assert rounds[0] == rounds[1]
    assert set(rounds[0]) == {200, 500}


def test_two_faults_strike_one_after_the_other(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=500), Fault(status=429, headers={"X-Retry-After": "3"}))

    first, second = ask("GET", "/v2/time"), ask("GET", "/v2/time")

    assert (first.status_code, second.status_code) == (500, 429)
    assert second.headers["X-Retry-After"] == "3"


def test_a_request_whose_answer_is_dropped_afterwards_is_carried_out(
    ask: Ask, sandbox: Sandbox, shop: Shop
) -> None:
    shop.subscribe("a@example.com")
    sandbox.faults.add(Fault(act="drop-after"))

    with pytest.raises(OSError, match="aborted"):
        ask("PUT", "/v3/customers/subscribers/1", json={"consents": []})

    found = shop.subscriber("a@example.com")
    assert found is not None
    assert found.consents == []
