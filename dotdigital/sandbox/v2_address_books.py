"""v2: address books and who is in them."""

from typing import Any
from uuid import uuid4

from dotdigital.sandbox.account import ALL_CONTACTS, Account
from dotdigital.sandbox.answers import Answer, v2_refusal
from dotdigital.sandbox.limits import HIGH, LOW, MEDIUM, UNLIMITED
from dotdigital.sandbox.routing import Routes, Visit
from dotdigital.sandbox.state import BUILT_IN_BOOKS, AddressBook, RemovalJob
from dotdigital.sandbox.subscriptions import as_v2
from dotdigital.sandbox.v2_accounts import v2_answer

routes = Routes()
BOOK = r"/v2/address-books/(\d+)"


@routes.on("GET", r"/v2/address-books(?:/(private|public))?/?", LOW)
def list_address_books(visit: Visit, visibility: str | None) -> Answer:
    """All, or only the private or the public ones."""
    books = visit.account.state.address_books.values()
    rows = [
        as_json(visit.account, each)
        for each in books
        if visibility in {None, each.visibility.lower()}
    ]
    return v2_answer(visit, visit.page(rows))


@routes.on("POST", r"/v2/address-books/?", MEDIUM)
def create_address_book(visit: Visit) -> Answer:
    """A new one, if its name is free."""
    account, fields = visit.account, visit.fields
    name = _checked_name(account, fields.get("name"))
    if len(account.state.address_books) >= account.switches.address_book_limit:
        raise v2_refusal("ERROR_ADDRESSBOOK_LIMITEXCEEDED")
    visibility = str(fields.get("visibility") or "Private").capitalize()
    made = account.add_address_book(name, visibility=visibility)
    book = account.state.address_books[made]
    return v2_answer(visit, as_json(account, book), status=account.switches.created_status)


@routes.on("GET", BOOK, HIGH)
def get_address_book(visit: Visit, address_book_id: str) -> Answer:
    """One, with its count."""
    return v2_answer(visit, as_json(visit.account, known_book(visit, address_book_id)))


@routes.on("PUT", BOOK, MEDIUM)
def rename_address_book(visit: Visit, address_book_id: str) -> Answer:
    """Another name or visibility."""
    book, fields = writable_book(visit, address_book_id), visit.fields
    if fields.get("name", book.name) != book.name:
        book.name = _checked_name(visit.account, fields["name"])
    book.visibility = str(fields.get("visibility", book.visibility)).capitalize()
    return v2_answer(visit, as_json(visit.account, book))


@routes.on("DELETE", BOOK, MEDIUM)
def delete_address_book(visit: Visit, address_book_id: str) -> Answer:
    """Gone; the people stay."""
    visit.account.delete_address_book(writable_book(visit, address_book_id).id)
    return Answer(status=204)


@routes.on("GET", BOOK + r"/contacts/?", LOW)
def list_members(visit: Visit, address_book_id: str) -> Answer:
    """Who is in it."""
    book = known_book(visit, address_book_id)
    members = [visit.account.state.contacts[each] for each in sorted(book.members)]
    return v2_answer(visit, [as_v2(each) for each in visit.page(members)])


@routes.on("DELETE", BOOK + r"/contacts/(\d+)", MEDIUM)
def remove_contact(visit: Visit, address_book_id: str, contact_id: str) -> Answer:
    """Out of the book, without a word about the account."""
    book = writable_book(visit, address_book_id)
    contact = visit.account.people.with_id(int(contact_id))
    is_absent = contact is not None and book.id not in contact.lists
    if contact is None or (is_absent and visit.account.switches.absent_removal_is_404):
        raise v2_refusal("ERROR_CONTACT_NOT_FOUND", status=404)
    _take_out(visit.account, contact.id, book)
    return Answer(status=204)


@routes.on("POST", BOOK + r"/contacts/delete/?", LOW)
def remove_contacts(visit: Visit, address_book_id: str) -> Answer:
    """Many out of the book, told about later."""
    book, ids = writable_book(visit, address_book_id), visit.content
    if not isinstance(ids, list) or not all(isinstance(each, int) for each in ids):
        raise v2_refusal("ERROR_CONTACTS_ARE_NOT_SPECIFIED")
    for contact_id in ids:
        _take_out(visit.account, contact_id, book)
    return _begin_removal(visit)


@routes.on("POST", BOOK + r"/contacts/delete-all/?", LOW)
def remove_everyone(visit: Visit, address_book_id: str) -> Answer:
    """Everyone out of the book."""
    book = writable_book(visit, address_book_id)
    for contact_id in list(book.members):
        _take_out(visit.account, contact_id, book)
    return _begin_removal(visit)


@routes.on("GET", r"/v2/contacts/deletion/([^/]+)", UNLIMITED)
def removal_progress(visit: Visit, removal_id: str) -> Answer:
    """Started for one poll, then Completed."""
    job = visit.account.state.removals.get(removal_id)
    if job is None:
        raise v2_refusal("ERROR_IMPORT_NOT_FOUND", status=404)
    job.polls += 1
    status = "Started" if job.polls == 1 else "Completed"
    return v2_answer(visit, {"id": job.id, "status": status})


def known_book(visit: Visit, address_book_id: str) -> AddressBook:
    """The book, or v2's refusal."""
    book = visit.account.state.address_books.get(int(address_book_id))
    if book is None:
        raise v2_refusal("ERROR_ADDRESSBOOK_NOT_FOUND", status=404)
    return book


def writable_book(visit: Visit, address_book_id: str) -> AddressBook:
    """The book if it is none of Dotdigital's own, or v2's refusal."""
    book = known_book(visit, address_book_id)
    if book.is_built_in:
        raise v2_refusal("ERROR_ADDRESSBOOK_NOTWRITABLE")
    return book


def as_json(account: Account, book: AddressBook) -> dict[str, Any]:
    """The book in v2's form."""
    count = len(account.people) if book.name == ALL_CONTACTS else len(book.members)
    return {
        "id": book.id,
        "name": book.name,
        "visibility": book.visibility,
        "contacts": count,
    }


def _checked_name(account: Account, told: Any) -> str:
    name = told.strip() if isinstance(told, str) else ""
    if not 1 <= len(name) <= 128:
        raise v2_refusal("ERROR_ADDRESSBOOK_INVALID")
    taken = {each.name.casefold() for each in account.state.address_books.values()}
    reserved = {each.casefold() for each in BUILT_IN_BOOKS}
    if name.casefold() in taken | reserved:
        raise v2_refusal("ERROR_ADDRESSBOOK_DUPLICATE")
    return name


def _take_out(account: Account, contact_id: int, book: AddressBook) -> None:
    contact = account.people.with_id(contact_id)
    membership = contact.lists.get(book.id) if contact else None
    if contact and membership and membership.status != "suppressed":
        account.people.take_out(contact, book.id)


def _begin_removal(visit: Visit) -> Answer:
    job = RemovalJob(id=str(uuid4()))
    visit.account.state.removals[job.id] = job
    return v2_answer(visit, {"id": job.id, "status": "Started"}, status=202)
