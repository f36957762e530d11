"""The rest of the API as documented: v2 and v3 over one store of contacts."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import requests

from dotdigital.sandbox import Account, Request, Sandbox

Ask = Callable[..., tuple[int, Any]]
JANE = "jane@x.example"


@pytest.fixture
def ask(sandbox: Sandbox, account: Account) -> Ask:
    def call(method: str, path: str, content: Any = None, **options: Any) -> tuple[int, Any]:
        options.setdefault("auth", (account.user, account.password))
        body = None if content is None else msgspec.json.encode(content)
        with requests.request(
            method, sandbox.url + path, data=body, timeout=5, allow_redirects=False, **options
        ) as answer:
            return answer.status_code, answer.json() if answer.text[:1] in {
                "{",
                "[",
            } else answer.text

    return call


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


def test_books_are_renamed_made_public_and_deleted(ask: Ask, account: Account, book: int) -> None:
    account.add_contact(JANE, lists=[book])

    renamed = ask("PUT", f"/v2/address-books/{book}", {"Name": "New", "Visibility": "public"})
    public = ask("GET", "/v2/address-books/public")
    deleted = ask("DELETE", f"/v2/address-books/{book}")

    assert renamed[1]["name"] == "New"
    assert [each["id"] for each in public[1]] == [book]
    assert deleted[0] == 204
    assert ask("GET", f"/v2/address-books/{book}")[0] == 404
    assert account.contact(JANE) is not None


def test_built_in_books_cannot_be_written(ask: Ask) -> None:
    books = {each["name"]: each["id"] for each in ask("GET", "/v2/address-books")[1]}

    for name in ("Test", "All contacts"):
        status, content = ask("DELETE", f"/v2/address-books/{books[name]}")
        assert status == 400
        assert "ERROR_ADDRESSBOOK_NOTWRITABLE" in content["message"]


def test_v2_writes_refuse_whoever_left(ask: Ask, account: Account, book: int) -> None:
    ask("POST", f"/v2/address-books/{book}/contacts", {"Email": JANE})
    ask("POST", f"/v2/address-books/{book}/contacts/unsubscribe", {"email": JANE})
    of_book = ask("POST", f"/v2/address-books/{book}/contacts", {"email": JANE})
    ask("POST", "/v2/contacts/unsubscribe", {"email": JANE})
    of_account = ask("POST", "/v2/contacts", {"email": JANE})

    assert "ERROR_CONTACT_SUPPRESSEDFORADDRESSBOOK" in of_book[1]["message"]
    assert "ERROR_CONTACT_SUPPRESSED" in of_account[1]["message"]
    assert account.known(JANE).status == "unsubscribed"


def test_v2_and_v3_show_the_same_person(ask: Ask, account: Account, book: int) -> None:
    fields = [{"key": "FIRSTNAME", "value": "Jo"}]
    made = ask("POST", "/v2/contacts", {"email": JANE, "dataFields": fields})[1]
    ask("PATCH", f"/contacts/v3/email/{JANE}", {"lists": [book]})

    by_address = ask("GET", f"/v2/contacts/{JANE}")[1]
    by_id = ask("GET", f"/contacts/v3/contactId/{made['id']}")[1]
    books = ask("GET", f"/v2/contacts/{made['id']}/address-books")[1]
    members = ask("GET", f"/v2/address-books/{book}/contacts")[1]

    assert by_address["dataFields"] == fields
    assert by_id["dataFields"] == {"FIRSTNAME": "Jo"}
    assert [each["id"] for each in books] == [book]
    assert [each["email"] for each in members] == [JANE]


def test_unsubscribed_since_holds_only_those_who_wished_it(ask: Ask, account: Account) -> None:
    for email in (JANE, "b@x.example"):
        account.add_contact(email)
    account.unsubscribe(JANE)
    account.bounce("b@x.example")

    rows = ask("GET", "/v2/contacts/unsubscribed-since/2020-01-01T00:00:00+00:00")[1]

    assert [each["suppressedContact"]["email"] for each in rows] == [JANE]
    assert ask("GET", "/v2/contacts/unsubscribed-since/yesterday")[0] == 400


def test_the_owner_suppresses_many(ask: Ask, account: Account) -> None:
    contact_id = account.add_contact(JANE)
    wanted = [{"id": contact_id}, {"email": "nobody@x.example"}]

    told = ask("PUT", "/v2/contacts/suppress-contacts", wanted)[1]

    assert told == {"suppressed": [wanted[0]], "notFound": [wanted[1]]}
    assert account.known(JANE).status == "suppressed"


def test_account_wide_resubscription_and_its_limits(ask: Ask, account: Account) -> None:
    account.add_contact(JANE)
    account.unsubscribe(JANE)
    body = {"unsubscribedContact": {"email": JANE}}

    statuses = [ask("POST", "/v2/contacts/resubscribe", body)[1]["status"] for _ in range(4)]
    lifted = ask("POST", "/v2/contacts/resubscribe-with-no-challenge", body)[1]

    assert statuses == ["ContactChallenged"] * 3 + ["ContactCannotBeUnsuppressed"]
    assert (lifted["status"], lifted["contact"]["status"]) == ("ContactAdded", "Subscribed")


def test_v3_creates_updates_replaces_and_deletes(ask: Ask, sandbox: Sandbox, book: int) -> None:
    identifiers = {"identifiers": {"email": JANE}}
    created = ask("POST", "/contacts/v3", {**identifiers, "lists": [book]})
    again = ask("POST", "/contacts/v3", identifiers)
    patched = ask(
        "PATCH",
        f"/contacts/v3/email/{JANE}?merge-option=overwrite-if-empty",
        {"dataFields": {"LASTNAME": "Doe"}},
    )
    replaced = ask("PUT", f"/contacts/v3/email/{JANE}", identifiers)
    deleted = ask("DELETE", f"/contacts/v3/email/{JANE}")

    assert created[0] == 201
    assert again[0] == 409
    assert patched[1]["dataFields"] == {"LASTNAME": "Doe"}
    assert (replaced[1]["dataFields"], replaced[1]["lists"]) == ({}, [])
    assert deleted == (200, {"contactId": created[1]["contactId"]})
    assert ask("GET", f"/contacts/v3/email/{JANE}")[0] == 404
    assert sandbox.requests.dangers == {"contact replaced": 1, "contact deleted": 1}


def test_v3_patch_makes_whoever_is_missing(ask: Ask) -> None:
    created = ask("PATCH", f"/contacts/v3/email/{JANE}", {"identifiers": {"email": JANE}})
    refused = ask("PATCH", "/contacts/v3/email/bad@@x", {})

    assert created[0] == 201
    assert refused[0] == 400


def test_v3_pages_by_marker_and_by_list(ask: Ask, account: Account, book: int) -> None:
    for number in range(5):
        account.add_contact(f"p{number}@x.example", lists=[book] if number else [])

    first = ask("GET", f"/contacts/v3?~listId={book}&limit=3")[1]
    marker = first["_links"]["next"]["marker"]
    second = ask("GET", f"/contacts/v3?~listId={book}&limit=3&marker={marker}")[1]

    assert [len(each["_items"]) for each in (first, second)] == [3, 1]
    assert "next" not in second["_links"]
    assert ask("GET", "/contacts/v3?~listId=4711")[0] == 400
    assert ask("GET", "/contacts/v3?~modified=gte::2020-01-01T00:00:00Z")[0] == 200
    assert ask("GET", "/contacts/v3?~modified=gte::2020-01-01T00:00:00+00:00")[0] == 400


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
