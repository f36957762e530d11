"""Address books, data fields, and taking people out of a book."""

import pytest

from dotdigital.client import Client
from dotdigital.errors import NotFoundError, RejectedError, SetupError, UnavailableError
from dotdigital.records import AddressBook, BulkRemovalStatus, DataField
from dotdigital.sandbox import Account, Fault, Sandbox


def test_every_book_is_listed_the_built_in_ones_too(
    client: Client, account: Account, book: int
) -> None:
    account.add_contact("jane@x.example", lists=[book])

    books = {each.name: each for each in client.address_books()}

    assert [name for name, each in books.items() if each.is_built_in] == ["Test", "All contacts"]
    assert books["Store subscribers"] == AddressBook(
        id=book, name="Store subscribers", visibility="Private", contacts=1
    )
    assert books["All contacts"].contacts == 1


@pytest.mark.parametrize("is_pascal_case", [True, False])
def test_keys_are_read_in_either_case(
    sandbox: Sandbox, client: Client, book: int, is_pascal_case: bool
) -> None:
    sandbox.switches.is_pascal_case = is_pascal_case

    assert book in {each.id for each in client.address_books()}
    assert client.address_book(book).name == "Store subscribers"
    assert client.account_information().name == "Demo shop"
    assert "FIRSTNAME" in {each.name for each in client.data_fields()}


def test_a_deleted_book_is_not_found(client: Client, account: Account, book: int) -> None:
    account.delete_address_book(book)

    with pytest.raises(NotFoundError) as raised:
        client.address_book(book)

    assert raised.value.code == "ERROR_ADDRESSBOOK_NOT_FOUND"


@pytest.mark.parametrize("status", [200, 201])
def test_a_book_is_made_private(sandbox: Sandbox, client: Client, status: int) -> None:
    sandbox.switches.created_status = 200 if status == 200 else 201

    made = client.create_address_book("Été à Paris")

    assert (made.name, made.visibility, made.contacts) == ("Été à Paris", "Private", 0)
    assert client.address_book(made.id) == made


@pytest.mark.parametrize("name", ["Store Subscribers", "test", "All contacts"])
def test_a_name_that_is_taken_is_rejected(client: Client, book: int, name: str) -> None:
    with pytest.raises(RejectedError) as raised:
        client.create_address_book(name)

    assert raised.value.code == "ERROR_ADDRESSBOOK_DUPLICATE"


@pytest.mark.parametrize("name", ["", "x" * 129])
def test_a_name_that_is_none_is_rejected(client: Client, name: str) -> None:
    with pytest.raises(RejectedError):
        client.create_address_book(name)


def test_a_full_account_is_a_matter_of_its_setup(sandbox: Sandbox, client: Client) -> None:
    sandbox.switches.address_book_limit = 2

    with pytest.raises(SetupError):
        client.create_address_book("One too many")


@pytest.mark.parametrize("name", ["lost answer", "lost request"])
def test_a_book_is_made_once_however_the_first_try_got_lost(
    sandbox: Sandbox, client: Client, name: str
) -> None:
    sandbox.faults.add(Fault.named(name, method="POST"))

    made = client.create_address_book("Store subscribers")

    named = [each for each in client.address_books() if each.name == "Store subscribers"]
    assert named == [made]


def test_a_book_that_cannot_be_made_is_told(sandbox: Sandbox, client: Client) -> None:
    sandbox.faults.add(Fault(method="POST", status=503, times=None))

    with pytest.raises(UnavailableError):
        client.create_address_book("Store subscribers")

    assert len(sandbox.requests.matching("POST")) == 2


def test_data_fields_have_tidy_types(client: Client, account: Account) -> None:
    account.add_data_field("LOYAL", "boolean")

    fields = {each.name: each for each in client.data_fields()}

    assert fields["LOYAL"] == DataField(name="LOYAL", type="Boolean", visibility="Private")
    assert fields["FIRSTNAME"].type == "String"


def test_a_data_field_that_is_there_already_is_fine(client: Client) -> None:
    for name in ("ACCEPTS_MARKETING", "accepts_marketing"):
        client.create_data_field(name, "Boolean")

    names = [each.name for each in client.data_fields()]

    assert names.count("ACCEPTS_MARKETING") == 1


def test_a_data_field_of_another_type_is_a_matter_of_setup(
    client: Client, account: Account
) -> None:
    account.add_data_field("TAGS", "Numeric")

    with pytest.raises(SetupError, match="exists with type Numeric, not String"):
        client.create_data_field("TAGS", "String")


@pytest.mark.parametrize("name", ["NOTES", "email", "WITH BLANK", "X" * 21, ""])
def test_a_name_that_no_data_field_may_have_is_a_matter_of_setup(client: Client, name: str) -> None:
    with pytest.raises(SetupError) as raised:
        client.create_data_field(name, "String")

    assert raised.value.code == "ERROR_DATAFIELD_INVALID"


def test_a_lost_answer_does_not_keep_a_data_field_from_being_made(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.faults.add(Fault.named("lost answer", method="POST"))

    client.create_data_field("TAGS", "String")

    assert "TAGS" in {each.name for each in client.data_fields()}


@pytest.mark.parametrize("absent_is_404", [True, False])
def test_whoever_is_taken_out_is_out_and_being_out_already_is_fine(
    sandbox: Sandbox, client: Client, account: Account, book: int, absent_is_404: bool
) -> None:
    sandbox.switches.absent_removal_is_404 = absent_is_404
    contact_id = account.add_contact("jane@x.example", lists=[book])

    for _ in range(2):
        client.remove_from_address_book(book, contact_id)

    assert account.members(book) == []
    assert account.known("jane@x.example").status == "subscribed"


def test_taking_out_somebody_unknown_is_fine(client: Client, book: int) -> None:
    client.remove_from_address_book(book, 4711)


def test_a_lost_answer_to_a_removal_is_asked_for_again(
    sandbox: Sandbox, client: Client, account: Account, book: int
) -> None:
    contact_id = account.add_contact("jane@x.example", lists=[book])
    sandbox.faults.add(Fault.named("lost answer", method="DELETE"))

    client.remove_from_address_book(book, contact_id)

    assert account.members(book) == []


def test_taking_somebody_out_of_a_missing_book_is_told(client: Client) -> None:
    with pytest.raises(NotFoundError):
        client.remove_from_address_book(4711, 1)
    with pytest.raises(NotFoundError):
        client.remove_many_from_address_book(4711, [1])


@pytest.mark.parametrize("is_pascal_case", [True, False])
def test_many_are_taken_out_in_one_call(
    sandbox: Sandbox, client: Client, account: Account, book: int, is_pascal_case: bool
) -> None:
    sandbox.switches.is_pascal_case = is_pascal_case
    ids = [account.add_contact(f"p{number}@x.example", lists=[book]) for number in range(5)]

    removal_id = client.remove_many_from_address_book(book, ids[:4])
    statuses = [client.bulk_removal_status(removal_id) for _ in range(2)]

    assert statuses == [BulkRemovalStatus.STARTED, BulkRemovalStatus.COMPLETED]
    assert account.members(book) == ["p4@x.example"]


@pytest.mark.parametrize("count", [0, 1001])
def test_a_removal_takes_one_to_a_thousand(client: Client, book: int, count: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 1000"):
        client.remove_many_from_address_book(book, list(range(count)))


def test_a_forgotten_removal_is_not_found(client: Client) -> None:
    with pytest.raises(NotFoundError):
        client.bulk_removal_status("no-such-removal")
