"""v3: contacts one by one, in pages, and in bulk."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import msgspec

from dotdigital.sandbox import imports
from dotdigital.sandbox.answers import Answer, RefusedError, json_answer, v3_refusal
from dotdigital.sandbox.limits import HIGH, LOW, MEDIUM, UNLIMITED
from dotdigital.sandbox.routing import Routes, Visit, moment_in_path
from dotdigital.sandbox.state import Contact, RemovalJob
from dotdigital.sandbox.writing import EMAIL, RowError

routes = Routes()
ONE = r"/contacts/v3/([^/]+)/([^/]+)"


@routes.on("PUT", r"/contacts/v3/import", LOW)
def import_contacts(visit: Visit) -> Answer:
    """202 and an id."""
    job = imports.begin(visit.account, visit.request.body, outcome=visit.outcome)
    return json_answer({"importId": job.id}, status=202)


@routes.on("GET", r"/contacts/v3/import/([^/]+)", UNLIMITED)
def import_status(visit: Visit, import_id: str) -> Answer:
    """How an import stands, and its report."""
    return json_answer(imports.told(visit.account, import_id))


@routes.on("POST", r"/contacts/v3/delete", LOW)
def delete_contacts(visit: Visit) -> Answer:
    """Many into the recycle bin."""
    for wanted in _content(visit):
        identifier, value = next(iter(wanted.items()))
        contact = _found(visit, identifier, str(value))
        if contact:
            visit.account.people.bin(contact)
    job = RemovalJob(id=str(uuid4()))
    visit.account.state.removals[job.id] = job
    return json_answer({"deleteId": job.id}, status=202)


@routes.on("GET", r"/contacts/v3/delete/([^/]+)", UNLIMITED)
def delete_status(visit: Visit, delete_id: str) -> Answer:
    """How a deletion stands."""
    if delete_id not in visit.account.state.removals:
        raise v3_refusal("deleteNotFound", "The delete request could not be found!", status=404)
    return json_answer({"deleteId": delete_id, "status": "Finished"})


@routes.on("POST", r"/contacts/v3/?", MEDIUM)
def create_contact(visit: Visit) -> Answer:
    """A new contact; one that is there already is a conflict."""
    row = _row(visit)
    email = str((row.get("identifiers") or {}).get("email", ""))
    if visit.account.people.named(email):
        raise v3_refusal("idAlreadyExists", "All identifiers must be unique!", status=409)
    return _write(visit, {**row, "matchIdentifier": "email"}, "overwrite")


@routes.on("PATCH", ONE, MEDIUM)
def update_contact(visit: Visit, identifier: str, value: str) -> Answer:
    """Create or update."""
    row = _row(visit)
    identifiers = {identifier: value} | (row.get("identifiers") or {})
    if identifier == "contactId" or _found(visit, identifier, value) is not None:
        identifiers = _by_id(visit, identifier, value) | (row.get("identifiers") or {})
        identifier = "contactId"
    parts = visit.request.query.get("merge-option", "overwrite").split("-")
    merge_option = parts[0] + "".join(part.capitalize() for part in parts[1:])
    row = {**row, "matchIdentifier": identifier, "identifiers": identifiers}
    return _write(visit, row, merge_option)


@routes.on("PUT", ONE, MEDIUM)
def replace_contact(visit: Visit, identifier: str, value: str) -> Answer:
    """Everything that is not sent is lost."""
    row = _row(visit)
    contact = _known(visit, identifier, value)
    contact.data_fields = {}
    for address_book_id in list(contact.lists):
        visit.account.people.take_out(contact, address_book_id)
    identifiers = {"contactId": contact.id}
    row = {**row, "matchIdentifier": "contactId", "identifiers": identifiers}
    return _write(visit, row, "overwrite")


@routes.on("GET", ONE, HIGH)
def get_contact(visit: Visit, identifier: str, value: str) -> Answer:
    """The whole contact."""
    contact = _known(visit, identifier, value)
    return json_answer(visit.account.subscriptions.as_v3(contact))


@routes.on("DELETE", ONE, MEDIUM)
def delete_contact(visit: Visit, identifier: str, value: str) -> Answer:
    """Into the recycle bin."""
    contact = _known(visit, identifier, value)
    visit.account.people.bin(contact)
    return json_answer({"contactId": contact.id})


@routes.on("GET", r"/contacts/v3/?", LOW)
def list_contacts(visit: Visit) -> Answer:
    """Pages by marker; only the form our use needs: by list and by date."""
    rows = sorted(_filtered(visit), key=lambda each: each.id)
    start, limit = _window(visit)
    shown = [visit.account.subscriptions.as_v3(each) for each in rows[start : start + limit]]
    links = {"self": {"marker": str(start)}, "first": {"marker": ""}}
    if start + limit < len(rows):
        links["next"] = {"marker": str(start + limit)}
    return json_answer({"_items": shown, "_links": links})


def _filtered(visit: Visit) -> Iterator[Contact]:
    query, people = visit.request.query, iter(visit.account.people)
    if "~listId" in query:
        book = visit.account.state.address_books.get(int(query["~listId"]))
        if book is None:
            raise v3_refusal("invalidFilter", "The list does not exist")
        people = (each for each in people if each.id in book.members)
    for name in ("created", "modified"):
        if f"~{name}" in query:
            operator, _, text = query[f"~{name}"].partition("::")
            if operator != "gte" or not text.endswith("Z"):
                raise v3_refusal("invalidFilter", "The filter is not valid")
            since = moment_in_path(text)
            field = "created_at" if name == "created" else "updated_at"
            people = (each for each in people if getattr(each, field) >= since)
    return people


def _window(visit: Visit) -> tuple[int, int]:
    limit = int(visit.request.query.get("limit", 5000))
    if not 1 <= limit <= 5000:
        raise v3_refusal("invalidFilter", "The limit is not valid")
    return int(visit.request.query.get("marker") or 0), limit


def _content(visit: Visit) -> Any:
    try:
        return msgspec.json.decode(visit.request.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise v3_refusal("badJson", "The request JSON is badly formed") from None


def _row(visit: Visit) -> dict[str, Any]:
    row: dict[str, Any] = _content(visit)
    imports.check_row(visit.account, row, needs_match=False)
    return row


def _write(visit: Visit, row: dict[str, Any], merge_option: str) -> Answer:
    try:
        written = visit.account.writer.write(row, merge_option=merge_option)
    except RowError as error:
        raise _refused(error) from None
    shown = visit.account.subscriptions.as_v3(written.contact)
    return json_answer(shown, status=201 if written.is_new else 200)


def _refused(error: RowError) -> RefusedError:
    status = 409 if error.code == "duplicateIdentifier" else 400
    code = "idAlreadyExists" if status == 409 else "invalidContacts"
    return v3_refusal(code, error.description, status=status)


def _by_id(visit: Visit, identifier: str, value: str) -> dict[str, Any]:
    return {"contactId": _known(visit, identifier, value).id}


def _known(visit: Visit, identifier: str, value: str) -> Contact:
    if identifier == "email" and not EMAIL.fullmatch(value):
        raise v3_refusal("invalidId", f"The id value '{value}' is invalid for '{identifier}'")
    contact = _found(visit, identifier, value)
    if contact is None:
        raise v3_refusal("contactNotFound", "The contact could not be found!", status=404)
    return contact


def _found(visit: Visit, identifier: str, value: str) -> Contact | None:
    people = visit.account.people
    if identifier.lower() == "contactid":
        return people.with_id(int(value)) if value.isdigit() else None
    return people.named(value) if identifier == "email" else None
