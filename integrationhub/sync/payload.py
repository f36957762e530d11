"""What was decided of a person becomes what is sent to Dotdigital; pure."""

import hashlib
from collections.abc import Mapping

import msgspec

from dotdigital.records import ContactToImport, FieldValue, encode, written_moment
from integrationhub.models import Audience, Contact, Person
from integrationhub.sync.decide import Decision
from integrationhub.sync.fields import default_address, values_of
from integrationhub.sync.rules import Rules

SUBSCRIBERS = Audience.SUBSCRIBERS


def payload(contact: Person | Contact, decision: Decision, rules: Rules) -> ContactToImport | None:
    """Return what Dotdigital should hold of this person, or None when nothing is to be sent.

    Somebody who is wanted in no book is only brought up to date where Dotdigital knows them,
    by contact id: by email an import could bring a deleted contact back. That goes for who has
    unsubscribed too: fields are updated, and without a status Dotdigital leaves theirs alone.
    """
    wanted = [a for a in rules.books if decision.verdict(a).is_wanted]
    if not wanted and not _is_worth_updating(contact):
        return None
    is_subscriber = SUBSCRIBERS in wanted
    return ContactToImport(
        email=contact.email,
        contact_id=contact.dotdigital_id if contact.is_moved or not wanted else None,
        data_fields=_data_fields(contact, decision, rules),
        address_book_ids=tuple(sorted([rules.books[audience] for audience in wanted])),
        opt_in_type=rules.opt_in_type if is_subscriber else None,
    )


def without_books_held(wanted: ContactToImport, contact: Person) -> ContactToImport:
    """Return what is sent of it: only the books that the person is not in yet are named.

    Naming a book again could bring back somebody who left it a moment ago.
    """
    held = {*contact.subscribers_books, *contact.customers_books}
    if held.isdisjoint(wanted.address_book_ids):
        return wanted
    books = tuple(book for book in wanted.address_book_ids if book not in held)
    return msgspec.structs.replace(wanted, address_book_ids=books)


def fingerprint(wanted: ContactToImport) -> str:
    """Return the mark of what is sent, whichever way the person is addressed."""
    return _mark(encode(_by_email(wanted)))


def packed(wanted: ContactToImport, contact: Person) -> tuple[str, bytes]:
    """Return the mark of what is wanted, and the row that is sent; encoded once if they agree."""
    by_email, sent = _by_email(wanted), without_books_held(wanted, contact)
    row = encode(sent)
    return _mark(row if sent is by_email else encode(by_email)), row


def _by_email(wanted: ContactToImport) -> ContactToImport:
    return wanted if wanted.contact_id is None else msgspec.structs.replace(wanted, contact_id=None)


def _mark(row: bytes) -> str:
    return hashlib.blake2b(row, digest_size=16).hexdigest()


def _is_worth_updating(contact: Person | Contact) -> bool:
    return bool(contact.dotdigital_id and contact.accepted_fingerprint)


def _data_fields(
    contact: Person | Contact, decision: Decision, rules: Rules
) -> Mapping[str, FieldValue]:
    fields, consent = contact.source_fields, decision.consent
    recipe = rules.recipes[default_address(fields)]
    found: dict[str, FieldValue] = values_of(fields, recipe, limit=rules.text_limit)
    for name in rules.consent_fields:
        found[name] = consent.accepts_marketing
    if consent.updated_at is not None:
        for name in rules.consent_date_fields:
            found[name] = written_moment(consent.updated_at)
    return found
