"""Every refusal becomes one of a small family, told in a sentence without people or secrets."""

from typing import Any

import pytest

from dotdigital import errors
from dotdigital.client import Client
from dotdigital.errors import ApiError
from dotdigital.sandbox import Fault, Sandbox

FOREVER = None


def v2(token: str) -> dict[str, str]:
    return {"message": f"Error: {token}"}


def v3(code: str) -> dict[str, str]:
    return {"errorCode": code, "description": "No."}


REFUSALS: list[tuple[int, Any, type[ApiError], str]] = [
    (401, {"message": "Authorization has been denied"}, errors.AuthenticationError, ""),
    (401, "", errors.AuthenticationError, ""),
    (403, "<html>Forbidden</html>", errors.RegionError, ""),
    (403, "", errors.RegionError, ""),
    (403, {"message": "Forbidden"}, errors.AuthenticationError, ""),
    (403, v2("ERROR_FEATURENOTACTIVE"), errors.SetupError, "ERROR_FEATURENOTACTIVE"),
    (403, v3("contacts:forbidden"), errors.SetupError, "contacts:forbidden"),
    (400, v2("ERROR_INVALID_LOGIN"), errors.AuthenticationError, "ERROR_INVALID_LOGIN"),
    (400, v2("ERROR_APIUSER_INVALID"), errors.AuthenticationError, "ERROR_APIUSER_INVALID"),
    (200, v2("ERROR_ACCOUNT_INVALID"), errors.AuthenticationError, "ERROR_ACCOUNT_INVALID"),
    (404, v2("ERROR_ADDRESSBOOK_NOT_FOUND"), errors.NotFoundError, "ERROR_ADDRESSBOOK_NOT_FOUND"),
    (400, v2("ERROR_ADDRESSBOOK_NOT_FOUND"), errors.NotFoundError, "ERROR_ADDRESSBOOK_NOT_FOUND"),
    (404, v2("ERROR_DATAFIELD_NOTFOUND"), errors.NotFoundError, "ERROR_DATAFIELD_NOTFOUND"),
    (404, "", errors.NotFoundError, ""),
    (404, "<html>gateway</html>", errors.MalformedAnswerError, ""),
    (400, v3("contacts:badRequest"), errors.RejectedError, "contacts:badRequest"),
    (409, v3("contacts:idAlreadyExists"), errors.RejectedError, "contacts:idAlreadyExists"),
    (422, {"errorCode": "x:y", "error": "No."}, errors.RejectedError, "x:y"),
    (413, "<html>too large</html>", errors.RejectedError, ""),
    (400, v2("ERROR_ADDRESSBOOK_DUPLICATE"), errors.RejectedError, "ERROR_ADDRESSBOOK_DUPLICATE"),
    (200, {"message": "Something is odd."}, errors.RejectedError, ""),
    (
        200,
        {"Message": "Error: ERROR_PARAMETER_INVALID"},
        errors.RejectedError,
        "ERROR_PARAMETER_INVALID",
    ),
    (400, v2("ERROR_ADDRESSBOOK_NOTWRITABLE"), errors.SetupError, "ERROR_ADDRESSBOOK_NOTWRITABLE"),
    (
        400,
        v2("ERROR_ADDRESSBOOK_LIMITEXCEEDED"),
        errors.SetupError,
        "ERROR_ADDRESSBOOK_LIMITEXCEEDED",
    ),
    (400, v2("ERROR_DATAFIELD_LIMITEXCEEDED"), errors.SetupError, "ERROR_DATAFIELD_LIMITEXCEEDED"),
    (400, v2("ERROR_DATAFIELD_INVALID"), errors.SetupError, "ERROR_DATAFIELD_INVALID"),
    (400, v2("ERROR_APIUSAGE_EXCEEDED"), errors.RateLimitError, "ERROR_APIUSAGE_EXCEEDED"),
    (429, "", errors.RateLimitError, ""),
    (
        429,
        v3("contacts:tooManyActiveImports"),
        errors.TooManyImportsError,
        "contacts:tooManyActiveImports",
    ),
    (
        400,
        v2("ERROR_IMPORT_TOOMANYACTIVEIMPORTS"),
        errors.TooManyImportsError,
        "ERROR_IMPORT_TOOMANYACTIVEIMPORTS",
    ),
    (400, v2("ERROR_ADDRESSBOOK_IN_USE"), errors.UnavailableError, "ERROR_ADDRESSBOOK_IN_USE"),
    (
        503,
        v2("ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"),
        errors.UnavailableError,
        "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE",
    ),
    (500, "", errors.UnavailableError, ""),
    (507, "", errors.UnavailableError, ""),
    (408, "", errors.UnavailableError, ""),
    (200, "<html>a gateway</html>", errors.MalformedAnswerError, ""),
    (200, [1, 2], errors.MalformedAnswerError, ""),
    (302, "", errors.UnwantedAnswerError, ""),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_becomes_its_error(
    sandbox: Sandbox, client: Client, refusal: tuple[int, Any, type[ApiError], str]
) -> None:
    status, body, kind, code = refusal
    sandbox.faults.add(Fault(path="account-info", times=FOREVER, status=status, body=body))

    with pytest.raises(ApiError) as raised:
        client.account_information()

    assert type(raised.value) is kind
    assert raised.value.code == code
    assert (raised.value.method, raised.value.path) == ("GET", "/v2/account-info")


def test_wrong_credentials_are_not_tried_again(sandbox: Sandbox) -> None:
    with (
        Client("apiuser-1@apiconnector.com", "wrong", endpoint=sandbox.url) as client,
        pytest.raises(errors.AuthenticationError) as raised,
    ):
        client.contact("jane@x.example")

    assert raised.value.status == 401
    assert client.calls == 1


def test_credentials_may_hold_any_letter(sandbox: Sandbox) -> None:
    account = sandbox.add_account(user="apiuser-ü@apiconnector.com", password="pässwörd:€")

    with Client(account.user, account.password, endpoint=sandbox.url) as client:
        assert client.account_information().name == "Demo shop"


def test_an_error_says_what_happened_in_a_sentence(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault.named("flat limit", path="import"))

    with pytest.raises(errors.RateLimitError) as raised:
        client.import_contacts([b"{}"])

    assert str(raised.value) == (
        "Dotdigital asks us to slow down: Your account has generated excess API activity and is "
        "being temporarily capped. Please contact support. ERROR_APIUSAGE_EXCEEDED "
        "(400, ERROR_APIUSAGE_EXCEEDED, PUT /contacts/v3/import)"
    )
    assert raised.value.retry_after == 300


def test_an_error_names_no_person_and_no_password(sandbox: Sandbox, client: Client) -> None:
    description = "The id 'jane+1@x.example' is\nnot \x1b[31mvalid" + "!" * 1000
    sandbox.faults.add(
        Fault(status=400, body={"errorCode": "contacts:invalidId", "description": description})
    )

    with pytest.raises(errors.RejectedError) as raised:
        client.contact("jane+1@x.example")

    text = str(raised.value) + repr(raised.value.detail)
    assert "jane" not in text
    assert "a-password" not in text
    assert "/contacts/v3/email/{value}" in text
    assert text.isprintable()
    assert len(raised.value.detail) <= 200


def test_an_error_without_a_call_is_a_sentence_too() -> None:
    assert str(errors.NotFoundError()) == "Dotdigital does not have what was asked for"
