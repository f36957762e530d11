"""Which failure is which error, and what it tells staff."""

import pytest

from bigcommerce.client import Client
from bigcommerce.errors import (
    ApiError,
    AuthenticationError,
    MaintenanceError,
    MalformedAnswerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RejectedError,
    UnavailableError,
)
from bigcommerce.sandbox import Fault, Sandbox, Shop
from tests.bigcommerce.conftest import NewClient


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RejectedError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (405, RejectedError),
        (409, RejectedError),
        (413, RejectedError),
        (415, RejectedError),
        (422, RejectedError),
        (423, UnavailableError),
        (429, RateLimitError),
        (500, UnavailableError),
        (501, UnavailableError),
        (502, UnavailableError),
        (503, MaintenanceError),
        (504, UnavailableError),
        (505, UnavailableError),
        (507, UnavailableError),
        (599, UnavailableError),
    ],
)
def test_every_refusal_has_its_error(
    client: Client, sandbox: Sandbox, status: int, kind: type[ApiError]
) -> None:
    headers = {"X-Retry-After": "60"} if status == 429 else {}
    sandbox.faults.add(Fault(status=status, times=None, headers=headers))

    with pytest.raises(kind) as caught:
        client.time()

    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.method) == (status, "GET")
    assert caught.value.path == "/v2/time"


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_an_error_and_not_followed(
    client: Client, sandbox: Sandbox, status: int
) -> None:
    headers = {"Location": f"{sandbox.url}/stores/abc12/v2/store"}
    sandbox.faults.add(Fault(status=status, headers=headers))

    with pytest.raises(RejectedError, match="redirect"):
        client.time()

    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_what_will_be_refused_again_is_not_asked_again(
    client: Client, sandbox: Sandbox, status: int
) -> None:
    sandbox.faults.add(Fault(status=status, times=None))

    with pytest.raises(ApiError):
        client.time()

    assert client.calls == 1


def test_a_wrong_token_is_told_apart(new_client: NewClient) -> None:
    with pytest.raises(AuthenticationError, match="access token"):
        new_client(access_token="wrong").time()


def test_a_missing_scope_is_told_apart(client: Client, shop: Shop) -> None:
    shop.allow({"store_v2_information_read_only"})

    assert client.store().id == "abc12"
    with pytest.raises(PermissionDeniedError, match="permission"):
        list(client.customers())


def test_reading_alone_does_not_allow_writing(client: Client, shop: Shop) -> None:
    shop.allow({"store_v2_customers_read_only"})
    shop.subscribe("a@example.com")
    subscriber = client.subscriber_by_email("a@example.com")
    assert subscriber is not None

    with pytest.raises(PermissionDeniedError):
        client.update_subscriber(subscriber, consents=[])


def test_a_store_that_does_not_exist_is_a_matter_of_permission(new_client: NewClient) -> None:
    with pytest.raises(PermissionDeniedError):
        new_client(store_hash="other").store()


def test_so_is_a_store_that_is_not_found(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=404))

    with pytest.raises(PermissionDeniedError, match="no such store"):
        client.store()


def test_maintenance_is_told_apart_and_may_come_as_html(client: Client, sandbox: Sandbox) -> None:
    sandbox.switches.maintenance = True

    with pytest.raises(MaintenanceError, match="maintenance"):
        client.time()


def test_nobody_listening_is_unavailability(new_client: NewClient) -> None:
    client = new_client(base_url="http://127.0.0.1:9")

    with pytest.raises(UnavailableError) as caught:
        client.time()

    assert caught.value.status is None


@pytest.mark.parametrize(
    "body",
    ["<html>hello</html>", "{", '{"time": "soon"}', "[]", "null", '{"time": 1', "\x00"],
)
def test_an_answer_of_another_shape_is_malformed(
    client: Client, sandbox: Sandbox, body: str
) -> None:
    sandbox.faults.add(Fault(status=200, body=body, times=None))

    with pytest.raises(MalformedAnswerError):
        client.time()

    assert client.calls > 1


def test_html_is_named_as_such(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(status=200, body="<html>hello</html>", times=None))

    with pytest.raises(MalformedAnswerError, match="text/html instead of JSON"):
        client.time()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '{"status":422,"title":"No good.","errors":{"0.email":"in use"}}',
            "No good.; 0.email: in use",
        ),
        ('[{"status":400,"message":"The field \'x\' is invalid."}]', "The field 'x' is invalid."),
        ('{"title":"A","detail":"B","errors":[]}', "A; B"),
        ('{"error":"invalid_grant"}', "invalid_grant"),
        ("<html>", "not JSON"),
        ("", ""),
    ],
)
def test_the_vendors_own_words_are_kept(
    client: Client, sandbox: Sandbox, body: str, said: str
) -> None:
    sandbox.faults.add(Fault(status=422, body=body))

    with pytest.raises(RejectedError) as caught:
        client.time()

    assert caught.value.detail == said


def test_a_message_is_one_bounded_line_without_the_token(client: Client, sandbox: Sandbox) -> None:
    title = "token-of-abc12\\r\\n\\u001b[31m\\u202eX" + "y" * 9000
    sandbox.faults.add(Fault(status=400, body=f'{{"title":"{title}"}}'))

    with pytest.raises(RejectedError) as caught:
        list(client.customers(cursor="after:0::secret"))

    text = str(caught.value)
    assert "token-of-abc12" not in text
    assert "secret" not in text.replace("[secret]", "")
    assert len(text) < 500
    assert text.isprintable()


def test_a_message_reads_as_a_sentence() -> None:
    error = NotFoundError("gone", status=404, method="PUT", path="/v3/customers/subscribers/7")

    assert str(error) == (
        "BigCommerce has no such record: PUT /v3/customers/subscribers/7 answered 404: gone"
    )
