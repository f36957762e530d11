"""v2: contacts one by one, and everything about leaving and coming back."""

from typing import Any

from dotdigital.sandbox.account import Account
from dotdigital.sandbox.answers import Answer, v2_refusal
from dotdigital.sandbox.clock import written
from dotdigital.sandbox.limits import HIGH, LOW, MEDIUM
from dotdigital.sandbox.routing import Routes, Visit, moment_in_path
from dotdigital.sandbox.state import MAILABLE, Contact
from dotdigital.sandbox.subscriptions import as_v2
from dotdigital.sandbox.v2_accounts import v2_answer
from dotdigital.sandbox.v2_address_books import BOOK, known_book, writable_book
from dotdigital.sandbox.writing import EMAIL

routes = Routes()


@routes.on("GET", r"/v2/contacts/suppressed-since/([^/]+)", LOW)
def suppressed_since(visit: Visit, date: str) -> Answer:
    """Everyone removed from the account, whatever the reason."""
    rows = visit.account.subscriptions.removals(moment_in_path(date))
    return v2_answer(visit, visit.page(rows))


@routes.on("GET", r"/v2/contacts/unsubscribed-since/([^/]+)", LOW)
def unsubscribed_since(visit: Visit, date: str) -> Answer:
    """Only those who left by their own wish."""
    rows = visit.account.subscriptions.removals(moment_in_path(date), only="unsubscribed")
    return v2_answer(visit, visit.page(rows))


@routes.on("GET", BOOK + r"/contacts/unsubscribed-since/([^/]+)", LOW)
def left_since(visit: Visit, address_book_id: str, date: str) -> Answer:
    """Those who left this book alone."""
    book = known_book(visit, address_book_id)
    rows = visit.account.subscriptions.removals_from(book.id, moment_in_path(date))
    return v2_answer(visit, visit.page(rows))


@routes.on("POST", r"/v2/contacts/unsubscribe/?", MEDIUM)
def unsubscribe(visit: Visit) -> Answer:
    """Out of the account; someone unknown is taken in as unsubscribed."""
    contact = _found_or_made(visit.account, visit.fields.get("email"))
    visit.account.people.set_status(contact, "unsubscribed")
    return v2_answer(visit, _removal(visit, contact))


@routes.on("POST", BOOK + r"/contacts/unsubscribe/?", MEDIUM)
def unsubscribe_from_book(visit: Visit, address_book_id: str) -> Answer:
    """Out of one book."""
    book = writable_book(visit, address_book_id)
    contact = _found_or_made(visit.account, visit.fields.get("email"))
    visit.account.subscriptions.leave(contact, book.id)
    return v2_answer(visit, _removal(visit, contact))


@routes.on("PUT", r"/v2/contacts/suppress-contacts/?", LOW)
def suppress(visit: Visit) -> Answer:
    """The owner's block, for many."""
    told: dict[str, list[Any]] = {"suppressed": [], "notFound": []}
    for wanted in visit.content:
        contact = _wanted(visit.account, wanted)
        told["suppressed" if contact else "notFound"].append(wanted)
        if contact:
            visit.account.people.set_status(contact, "suppressed")
    return v2_answer(visit, told)


@routes.on("POST", rf"(?:{BOOK}|/v2)/contacts/resubscribe(-with-no-challenge)?/?", MEDIUM)
def resubscribe(visit: Visit, address_book_id: str | None, twin: str | None) -> Answer:
    """Back into a book, or the account; by default only after a click in a mail."""
    book_id = writable_book(visit, address_book_id).id if address_book_id else 0
    told = visit.fields.get("unsubscribedContact")
    email = told.get("email") if isinstance(told, dict) else None
    contact = visit.account.people.named(str(email)) if email else None
    if contact is None:
        raise v2_refusal("ERROR_CONTACT_RESUBSCRIPTION_INVALID")
    status = visit.account.subscriptions.resubscribe(contact, book_id, challenge=not twin)
    return v2_answer(visit, {"contact": as_v2(contact), "status": status})


@routes.on("GET", r"/v2/contacts/([^/]+)/address-books/?", MEDIUM)
def books_of(visit: Visit, identifier: str) -> Answer:
    """The books someone is in."""
    contact, books = _known(visit, identifier), visit.account.state.address_books
    rows = [
        {"id": book.id, "name": book.name, "visibility": book.visibility}
        for book in books.values()
        if contact.id in book.members
    ]
    return v2_answer(visit, visit.page(rows))


@routes.on("GET", r"/v2/contacts/([^/]+)", HIGH)
def get_contact(visit: Visit, identifier: str) -> Answer:
    """Someone by id or address."""
    contact = _known(visit, identifier)
    values = contact.data_fields.items()
    fields = [{"key": name, "value": value} for name, value in values]
    return v2_answer(visit, as_v2(contact) | {"dataFields": fields})


@routes.on("POST", r"/v2/contacts/?", MEDIUM)
def create_contact(visit: Visit) -> Answer:
    """Create or update; v2 refuses whoever has left."""
    return v2_answer(visit, as_v2(_put(visit)), status=visit.account.switches.created_status)


@routes.on("POST", BOOK + r"/contacts/?", MEDIUM)
def create_member(visit: Visit, address_book_id: str) -> Answer:
    """Create or update, and into the book."""
    book = writable_book(visit, address_book_id)
    contact = _put(visit)
    membership = contact.lists.get(book.id)
    if membership and membership.status == "suppressed":
        raise v2_refusal("ERROR_CONTACT_SUPPRESSEDFORADDRESSBOOK")
    visit.account.people.put_in(contact, book.id, even_if_left=False)
    return v2_answer(visit, as_v2(contact))


@routes.on("DELETE", r"/v2/contacts/(\d+)", MEDIUM)
def delete_contact(visit: Visit, contact_id: str) -> Answer:
    """Into the recycle bin."""
    visit.account.people.bin(_known(visit, contact_id))
    return Answer(status=204)


def _put(visit: Visit) -> Contact:
    fields = visit.fields
    contact = _found_or_made(visit.account, fields.get("email"))
    if contact.status not in MAILABLE:
        raise v2_refusal("ERROR_CONTACT_SUPPRESSED", "Contact is suppressed.")
    for each in fields.get("dataFields") or []:
        if each["key"].upper() not in visit.account.state.data_fields:
            raise v2_refusal("ERROR_DATAFIELD_NOTFOUND")
        contact.data_fields[each["key"].upper()] = each["value"]
    return contact


def _found_or_made(account: Account, email: Any) -> Contact:
    if not isinstance(email, str) or not EMAIL.fullmatch(email):
        raise v2_refusal("ERROR_INVALID_EMAIL")
    if email.lower() in account.state.globally_suppressed:
        raise v2_refusal("ERROR_EMAIL_BANNED")
    return account.people.undelete(email) or account.people.add(email)


def _wanted(account: Account, wanted: dict[str, Any]) -> Contact | None:
    if "id" in wanted:
        return account.people.with_id(wanted["id"])
    return account.people.named(str(wanted.get("email", "")))


def _known(visit: Visit, identifier: str) -> Contact:
    people = visit.account.people
    contact = people.with_id(int(identifier)) if identifier.isdigit() else people.named(identifier)
    if contact is None:
        raise v2_refusal("ERROR_CONTACT_NOT_FOUND", status=404)
    return contact


def _removal(visit: Visit, contact: Contact) -> dict[str, Any]:
    return {
        "suppressedContact": as_v2(contact),
        "dateRemoved": written(visit.account.clock.now()),
        "reason": "Unsubscribed",
    }
