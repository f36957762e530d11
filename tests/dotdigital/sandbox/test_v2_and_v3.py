"""The calls of v2 and v3 beyond those our client makes, over one store of contacts."""

from dotdigital.sandbox import Account, Sandbox
from tests.dotdigital.sandbox.conftest import Ask

JANE = "jane@x.example"


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
