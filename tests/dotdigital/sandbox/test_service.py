"""The rest of the API as documented: v2 and v3 over one store of contacts."""

import pytest

from dotdigital.sandbox import Account, Request, Sandbox
from tests.dotdigital.sandbox.conftest import Ask

JANE = "jane@x.example"


def test_nobody_gets_in_without_credentials(ask: Ask) -> None:
    v2 = ask("GET", "/v2/account-info", auth=("apiuser-1@apiconnector.com", "wrong"))
    v3 = ask("GET", f"/contacts/v3/email/{JANE}", auth=None)

    assert v2 == (401, {"message": "Authorization has been denied for this request."})
    assert v3[0] == 401
    assert "errorCode" in v3[1]


def test_two_accounts_do_not_see_each_other(sandbox: Sandbox, ask: Ask) -> None:
    other = sandbox.add_account()
    other.add_contact(JANE)

    mine = ask("GET", f"/contacts/v3/email/{JANE}")
    theirs = ask("GET", f"/contacts/v3/email/{JANE}", auth=(other.user, other.password))

    assert (mine[0], theirs[0]) == (404, 200)


def test_an_account_of_another_region_is_told_its_address_and_nothing_else(
    sandbox: Sandbox, ask: Ask
) -> None:
    far = sandbox.add_account(region="r2")
    credentials = (far.user, far.password)

    information = ask("GET", "/v2/account-info", auth=credentials)
    other = ask("GET", "/v2/server-time", auth=credentials)

    properties = {each["name"]: each["value"] for each in information[1]["properties"]}
    assert properties["ApiEndpoint"].startswith("http://127.0.0.1:")
    assert properties["ApiEndpoint"].endswith("/")
    assert other[0] == 403
    assert "<html>" in other[1]


def test_an_unknown_path_is_not_there(ask: Ask) -> None:
    assert ask("GET", "/v2/nonsense")[0] == 404
    assert ask("DELETE", "/v2/account-info")[0] == 404


@pytest.mark.parametrize("query", ["select=0", "select=1001", "skip=-1", "select=x"])
def test_pages_have_limits(ask: Ask, query: str) -> None:
    status, content = ask("GET", f"/v2/address-books?{query}")

    assert status == 400
    assert "ERROR_PARAMETER_INVALID" in content["message"]


def test_what_nobody_should_send_is_counted(ask: Ask, sandbox: Sandbox, book: int) -> None:
    ask("POST", "/v2/accounts/empty-recycle-bin/")
    ask("POST", f"/v2/address-books/{book}/contacts/delete-all")
    ask("POST", "/contacts/v3/delete", [{"email": JANE}])
    ask("DELETE", "/v2/data-fields/FIRSTNAME")

    assert sandbox.requests.dangers == {
        "recycle bin emptied": 1,
        "everyone removed": 1,
        "contact deleted": 1,
    }


def test_the_flat_limit_is_a_400(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.switches.rate_limit = "flat"
    sandbox.switches.calls_an_hour = 1
    ask("GET", "/v2/data-fields")

    status, content = ask("GET", "/v2/data-fields")
    sandbox.clock.advance(3601)

    assert status == 400
    assert "ERROR_APIUSAGE_EXCEEDED" in content["message"]
    assert ask("GET", "/v2/data-fields")[0] == 200


def test_a_used_up_tier_is_a_429_and_polling_is_free(ask: Ask, sandbox: Sandbox) -> None:
    sandbox.switches.tiers["lowCallRate"] = 1
    ask("GET", "/v2/address-books")

    assert ask("GET", "/v2/address-books")[0] == 429
    assert ask("GET", "/contacts/v3/import/none")[0] == 404
    assert ask("GET", "/v2/data-fields")[0] == 200


def test_every_request_is_logged_without_its_password(ask: Ask, sandbox: Sandbox) -> None:
    ask("POST", "/v2/data-fields?x=1", {"name": "TAGS", "type": "string"})

    logged = sandbox.requests[-1]

    assert (logged.method, logged.path, logged.status) == ("POST", "/v2/data-fields", 201)
    assert logged.query == {"x": "1"}
    assert logged.content == {"name": "TAGS", "type": "string"}
    assert "authorization" not in logged.headers


def test_a_test_can_act_in_the_middle_of_a_run(
    ask: Ask, sandbox: Sandbox, account: Account
) -> None:
    account.add_contact(JANE)
    moments: list[str] = []

    def act(request: Request, moment: str) -> None:
        moments.append(moment)
        if moment == "before":
            account.unsubscribe(JANE)

    sandbox.on_request(act)
    found = ask("GET", f"/contacts/v3/email/{JANE}")[1]

    assert found["status"] == "unsubscribed"
    assert moments == ["before", "after"]


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "169.254.169.254:80", ""])
def test_only_this_machine_is_served(ask: Ask, sandbox: Sandbox, host: str) -> None:
    status, _ = ask("GET", "/v2/account-info", headers={"Host": host})

    assert status == 400
    assert len(sandbox.requests) == 0
