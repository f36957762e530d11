"""What Dotdigital answered for each contact of an import is taken into the ledger."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from dotdigital.records import ContactImport as RemoteImport
from dotdigital.records import ImportFailure
from integrationhub.models import Audience, Contact, ContactImport, Person
from integrationhub.reasons import Reason
from integrationhub.sync.data_fields import restore_data_fields
from integrationhub.sync.look_up import look_up
from integrationhub.sync.opt_outs import AddressBookDeletedError
from integrationhub.sync.rules import Rules
from integrationhub.sync.shift import Shift, Tally, settled_outcomes

ATTEMPTS = 3
Standing = Contact.Standing
SETTLED, IN_FLIGHT = Contact.Stage.SETTLED.value, Contact.Stage.IN_FLIGHT.value
IN_THE_BOOK, IN_BOOK = Standing.IN_BOOK.value, Reason.IN_BOOK.value
AUDIENCES = [audience.value for audience in Audience]
Failures = dict[str, list[ImportFailure]]

_LEFT_OUT = {
    "globallysuppressed": Reason.GLOBALLY_SUPPRESSED,
    "suppressedbydomain": Reason.DOMAIN_SUPPRESSED,
    "blocker": Reason.GLOBALLY_SUPPRESSED,
}
_INVALID_ADDRESS = {"invalidemail", "invaliddomain", "novalididentifiers"}
_SIDE_ISSUES = {"consentrecordsnotapplied"}
_BOOK_GONE = "invalidaddressbookids"
_ID_GONE = "invalidcontactid"
_FIELD_GONE = "a data field was deleted"


def settle_import(shift: Shift, contact_import: ContactImport, remote: RemoteImport) -> None:
    """Settle everybody who was in a finished import: accepted, refused, or not spoken of."""
    contacts = Contact.objects.in_import(contact_import)
    ids = {row.email.strip().lower(): row.contact_id for row in (*remote.created, *remote.updated)}
    ids_known = {row.contact_id: row.contact_id for row in (*remote.created, *remote.updated)}
    failures = _by_person(_excused(shift, remote.failures))
    created = {row.contact_id for row in remote.created}
    tally = Tally()
    for contact in contacts:
        found = ids.get(contact.email) or ids_known.get(contact.dotdigital_id or 0)
        if found in created and _forget_books(contact):
            continue
        _settle(contact, found or _asked(shift, contact, failures), failures, tally)
    if contact_import.books != shift.rules.books_by_name:
        _decide_anew(contacts)
    _write(shift, contact_import, contacts, tally)
    _check_books(failures)


def _decide_anew(contacts: Sequence[Person]) -> None:
    """Have everybody decided again who was sent before other books were chosen."""
    for contact in contacts:
        if contact.stage == SETTLED:
            contact.stage = Contact.Stage.DECIDE


def _forget_books(contact: Person) -> bool:
    """Have somebody sent again whom Dotdigital made anew: the one in our books was deleted."""
    if not (contact.subscribers_books or contact.customers_books):
        return False
    contact.subscribers_books, contact.customers_books = (), ()
    contact.accepted_fingerprint, contact.stage = "", Contact.Stage.DECIDE
    return True


def _excused(shift: Shift, rows: Sequence[ImportFailure]) -> Sequence[ImportFailure]:
    """Return the failures; those that a deleted data field may have caused are marked as such."""
    if not any(_is_of_the_data(row) for row in rows) or not restore_data_fields(shift):
        return rows
    return [
        msgspec.structs.replace(row, code=_FIELD_GONE) if _is_of_the_data(row) else row
        for row in rows
    ]


def _is_of_the_data(row: ImportFailure) -> bool:
    known = row.code.lower()
    is_known = known in _SIDE_ISSUES or known in {_BOOK_GONE, _ID_GONE}
    return not is_known and reason_of_code(known) is Reason.CONTACT_REFUSED


def _by_person(rows: Sequence[ImportFailure]) -> Failures:
    found: defaultdict[str, list[ImportFailure]] = defaultdict(list)
    for row in rows:
        if row.code.lower() not in _SIDE_ISSUES:
            found[row.email.strip().lower() or f"#{row.contact_id}"].append(row)
    return found


def _failures_of(contact: Person, failures: Failures) -> list[ImportFailure]:
    return [*failures.get(contact.email, []), *failures.get(f"#{contact.dotdigital_id}", [])]


def _asked(shift: Shift, contact: Person, failures: Failures) -> int | None:
    """Ask for somebody whom the import's answer does not speak of at all."""
    if _failures_of(contact, failures):
        return None
    found = look_up(shift, contact.email)
    in_books = found is not None and _is_placed(found.lists, shift.rules)
    return found.contact_id if found is not None and in_books else None


def _is_placed(lists: object, rules: Rules) -> bool:
    return isinstance(lists, dict) and bool(set(lists) & set(rules.books.values()))


def _settle(contact: Person, found: int | None, failures: Failures, tally: Tally) -> None:
    told = _failures_of(contact, failures)
    if told:
        contact.dotdigital_id = found or contact.dotdigital_id
        _apply_refusal(contact, told[0].code)
    elif found is not None:
        _accept(contact, found, tally)
        return
    else:
        _send_again_or_park(contact)
    if contact.stage == SETTLED:
        tally.update(settled_outcomes(contact))


def _accept(contact: Person, found: int, tally: Tally) -> None:
    contact.dotdigital_id, contact.is_moved, contact.attempts = found, False, 0
    contact.accepted_fingerprint, contact.refused_fingerprint = contact.sent_fingerprint, ""
    sent, contact.sent_books = contact.sent_books, {}
    for audience in AUDIENCES:
        if audience in sent:
            _put_in(contact, audience, sent[audience], tally)
    if contact.stage == IN_FLIGHT:
        contact.stage = SETTLED
        tally.update(each for each in settled_outcomes(contact) if each[1] != "unchanged")


def _put_in(contact: Person, audience: str, book: int, tally: Tally) -> None:
    is_new = book not in contact.books(audience)
    if is_new:
        contact.put_in(audience, book)
    if contact.stage == IN_FLIGHT:
        contact.place(audience, IN_THE_BOOK, IN_BOOK)
        tally[audience, "added" if is_new else "updated", IN_BOOK] += 1


def _apply_refusal(contact: Person, code: str) -> None:
    known = code.lower()
    if known == _ID_GONE:
        contact.dotdigital_id, contact.is_moved = None, False
        contact.accepted_fingerprint, contact.stage = "", Contact.Stage.DECIDE
    elif known in {_BOOK_GONE, _FIELD_GONE}:
        contact.stage = Contact.Stage.IMPORT
    else:
        _park(contact, reason_of_code(known))


def reason_of_code(code: str) -> Reason:
    """Return the reason for Dotdigital's failure code, whose case varies."""
    known = code.lower()
    if known in _INVALID_ADDRESS or known == "error_invalid_email":
        return Reason.INVALID_EMAIL
    return _LEFT_OUT.get(known, Reason.CONTACT_REFUSED)


def _park(contact: Person, reason: Reason) -> None:
    """Leave the person alone, with the reason, until their data changes."""
    standing = Standing.LEFT_OUT if reason in _LEFT_OUT.values() else Standing.FAILED
    contact.refused_fingerprint, contact.attempts = contact.sent_fingerprint, 0
    contact.sent_books = {}
    if contact.stage == IN_FLIGHT:
        contact.stage = SETTLED
    for audience in AUDIENCES:
        if contact.standing(audience) == Standing.WAITING:
            contact.place(audience, standing, reason)


def _send_again_or_park(contact: Person) -> None:
    contact.attempts += 1
    if contact.attempts >= ATTEMPTS:
        contact.attempts, contact.stage = 0, Contact.Stage.DECIDE
        for audience in contact.sent_books:
            contact.place(audience, Standing.WAITING, Reason.NOT_ACCEPTED_YET)
    elif contact.stage == IN_FLIGHT:
        contact.stage = Contact.Stage.IMPORT


def _write(
    shift: Shift, contact_import: ContactImport, contacts: Sequence[Person], tally: Tally
) -> None:
    contact_import.status = ContactImport.Status.FINISHED
    contact_import.finished_at = shift.now()
    contact_import.failed = sum(c.refused_fingerprint == c.sent_fingerprint for c in contacts)
    for contact in contacts:
        contact.contact_import_id, contact.decided_in_id = None, shift.run.pk
    with shift.page():
        Contact.objects.save_outcomes(contacts)
        contact_import.save(update_fields=["status", "finished_at", "failed"])
        shift.count(tally)


def refuse(shift: Shift, contact: Person, code: str) -> None:
    """Settle the one contact because of which a whole batch was refused."""
    contact.contact_import_id, contact.decided_in_id = None, shift.run.pk
    contact.stage = IN_FLIGHT
    _park(contact, reason_of_code(code) if code else Reason.CONTACT_REFUSED)
    with shift.page():
        Contact.objects.save_outcomes([contact])
        shift.count(Tally(settled_outcomes(contact)))


def _check_books(failures: Failures) -> None:
    for rows in failures.values():
        for row in rows:
            if row.code.lower() == _BOOK_GONE:
                raise AddressBookDeletedError(f"{row.code}: {row.description}")
