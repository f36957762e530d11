"""What was decided of a person becomes what is sent to Dotdigital; pure."""

import msgspec

from dotdigital.records import ContactToImport
from integrationhub.models import Audience, Contact
from integrationhub.sync.decide import Decision
from integrationhub.sync.fields import value_of
from integrationhub.sync.rules import Rules


def payload(contact: Contact, decision: Decision, rules: Rules) -> ContactToImport | None:
    """Return what Dotdigital should hold of this person, or None when nothing is to be sent.

    Somebody who is wanted in no book is only brought up to date where Dotdigital knows them,
    by contact id: by email an import could bring a deleted contact back. That goes for who has
    unsubscribed too: fields are updated, and without a status Dotdigital leaves theirs alone.
    """
    wanted = [a for a in rules.books if decision.verdict(a).is_wanted]
    if not wanted and not _is_worth_updating(contact):
        return None
    is_subscriber = Audience.SUBSCRIBERS in wanted
    return ContactToImport(
        email=contact.email,
        contact_id=contact.dotdigital_id if contact.is_moved or not wanted else None,
        data_fields=_data_fields(contact, rules),
        address_book_ids=tuple(sorted(rules.books[audience] for audience in wanted)),
        opt_in_type=rules.opt_in_type if is_subscriber else None,
    )


def without_books_held(wanted: ContactToImport, contact: Contact) -> ContactToImport:
    """Return what is sent of it: only the books that the person is not in yet are named.

    Naming a book again could bring back somebody who left it a moment ago.
    """
    held = {*contact.subscribers_books, *contact.customers_books}
    books = tuple(book for book in wanted.address_book_ids if book not in held)
    return msgspec.structs.replace(wanted, address_book_ids=books)


def _is_worth_updating(contact: Contact) -> bool:
    return bool(contact.dotdigital_id and contact.accepted_fingerprint)


def _data_fields(contact: Contact, rules: Rules) -> dict[str, str | int | float | bool | None]:
    found: dict[str, str | int | float | bool | None] = {}
    for source_field, data_field in rules.fields:
        try:
            value = value_of(contact, source_field)
        except KeyError:
            continue
        found[data_field] = value[: rules.text_limit] if isinstance(value, str) else value
    return found
