"""What an operator is told of one person of a store, as data and as tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from rich.console import RenderableType
from rich.text import Text

from integrationhub import people
from integrationhub.management.tables import facts_table
from integrationhub.models import AddressBook, Audience, Contact, OptOut, Store
from integrationhub.reasons import words


def contact_report(store: Store, email: str) -> dict[str, Any] | None:
    """Return what the ledger knows of this address, or None when that is nothing."""
    known = people.known_by_address(store, email)
    if not known.is_known:
        return None
    contact = known.contact
    books = dict(AddressBook.objects.of(store.account).values_list("dotdigital_id", "name"))
    with timezone.override(store.account.zone):
        answer = people.spoken(people.answers_of(known))
    return {
        "email": known.email,
        "answer": answer,
        "audiences": _audiences(contact, books) if contact else {},
        "ledger": _ledger(contact) if contact else {},
        "bigcommerce": _bigcommerce(contact) if contact else {},
        "opt_outs": [_opt_out(row, books) for row in reversed(known.opt_outs)],
    }


def _audiences(contact: Contact, books: dict[int, str]) -> dict[str, dict[str, Any]]:
    return {
        audience.value: _placing(contact, audience, books)
        for audience in Audience
        if contact.standing(audience)
    }


def _placing(contact: Contact, audience: Audience, books: dict[int, str]) -> dict[str, Any]:
    reason = words(contact.reason(audience))
    return {
        "standing": contact.standing(audience),
        "reason": contact.reason(audience),
        "sentence": reason.sentence,
        "next_step": reason.next_step,
        "who": reason.fixer.value,
        "books": [books.get(each, str(each)) for each in contact.books(audience)],
    }


def _ledger(contact: Contact) -> dict[str, Any]:
    return {
        "accepts_marketing": contact.accepts_marketing,
        "accepts_marketing_updated_at": contact.accepts_marketing_updated_at,
        "next": contact.get_stage_display(),
        "decided_in_run": contact.decided_in_id,
        "sent_at": contact.sent_at,
        "attempts": contact.attempts,
        "dotdigital_id": contact.dotdigital_id,
    }


def _bigcommerce(contact: Contact) -> dict[str, Any]:
    return {
        "customer_id": contact.customer_id,
        "subscriber_id": contact.subscriber_id,
        "is_subscriber_record_there": contact.has_subscriber_record,
        "consents": contact.consents,
        "consent_changed_at": contact.consent_changed_at,
        "orders_that_count": len(contact.counting_order_ids),
        "latest_order": contact.latest_order_id,
        "fields": contact.source_fields,
    }


def _opt_out(row: OptOut, books: dict[int, str]) -> dict[str, Any]:
    book = books.get(row.address_book_id, f"address book {row.address_book_id}")
    return {
        "left": "Dotdigital as a whole" if row.is_account_wide else book,
        "removed_at": row.removed_at,
        "reason": row.reason,
        "seen_at": row.seen_at,
        "receipt": row.receipt,
        "receipt_in_words": row.get_receipt_display(),
        "written_at": row.written_at,
        "note": row.note,
        "resubscription": row.resubscription,
        "resubscription_in_words": row.get_resubscription_display(),
    }


def contact_tables(report: dict[str, Any]) -> Iterator[RenderableType]:
    """Yield the report's parts for a terminal, the answer first."""
    yield Text(report["answer"], style="bold")
    for name, each in report["audiences"].items():
        yield facts_table(f"As one of the {name}", _spelt_out(each))
    yield from _facts("Decided and sent", report["ledger"])
    facts = dict(report["bigcommerce"])
    fields = facts.pop("fields", {})
    yield from _facts("What BigCommerce says", facts)
    yield from _facts("Its fields", fields)
    for each in report["opt_outs"]:
        yield facts_table("What Dotdigital says", _opt_out_facts(each))


def _facts(title: str, facts: dict[str, Any]) -> Iterator[RenderableType]:
    if facts:
        yield facts_table(title, _spelt_out(facts))


def _spelt_out(facts: dict[str, Any]) -> list[tuple[str, object]]:
    """Return the facts by their names in words; an id is no number to be grouped."""
    return [
        (
            name.replace("_", " "),
            str(value) if name.endswith(("_id", "_order", "_run")) and value else value,
        )
        for name, value in facts.items()
    ]


def _opt_out_facts(each: dict[str, Any]) -> Sequence[tuple[str, object]]:
    return (
        ("left", each["left"]),
        ("at", each["removed_at"]),
        ("reason", each["reason"]),
        ("seen", each["seen_at"]),
        ("written back", each["receipt_in_words"]),
        ("written back at", each["written_at"]),
        ("note", each["note"]),
        ("asked to return", each["resubscription_in_words"]),
    )
