"""What the ledger knows of one person, as short facts beside what either side says now."""

from integrationhub.models import Contact, Cursor, Store
from integrationhub.people.known import Known
from integrationhub.people.live import Side
from integrationhub.people.moments import full
from integrationhub.reasons import Reason
from integrationhub.sync.consent import NEWSLETTER

SOURCES = ("customers", "subscribers", "orders")
NEXT = {
    Contact.Stage.DECIDE: "To be decided anew",
    Contact.Stage.RESUBSCRIBE: "Dotdigital is asked to take them back",
    Contact.Stage.REMOVE: "To be taken out of a book",
    Contact.Stage.IMPORT: "To be sent to Dotdigital",
    Contact.Stage.IN_FLIGHT: "Sent; Dotdigital's answer is awaited",
}
CHANGED_IN_STORE = (
    "BigCommerce says something else now than when it was last read. The next sync takes it up."
)


def facts_of(known: Known) -> tuple[tuple[str, str], ...]:
    """Return what we know, in the order in which BigCommerce's and Dotdigital's facts stand."""
    contact = known.contact
    if contact is None:
        return ()
    orders = len(contact.counting_order_ids)
    return (
        ("Newsletter", _newsletter(contact)),
        ("Account", f"Customer {contact.customer_id}" if contact.customer_id else "None"),
        ("Orders that count", f"{orders:,}" if orders < 50 else "50 or more"),
        *_books(known, contact),
        *_next(contact),
        *_last_read(known.store),
    )


def _newsletter(contact: Contact) -> str:
    if not contact.has_subscriber_record:
        return "Never signed up"
    if contact.consents is None:
        return "Signed up; the store does not say for what"
    said = "Agreed" if NEWSLETTER in contact.consents else "Not agreed"
    since = contact.consent_changed_at
    return f"{said}, since {full(since)}" if since else said


def _books(known: Known, contact: Contact) -> list[tuple[str, str]]:
    return [
        (book.name, "In it" if book.dotdigital_id in contact.books(audience) else "Not in it")
        for audience, book in known.chosen.items()
    ]


def _next(contact: Contact) -> list[tuple[str, str]]:
    what = NEXT.get(Contact.Stage(contact.stage))
    return [("Next", what)] if what else []


def _last_read(store: Store) -> list[tuple[str, str]]:
    reads = Cursor.objects.filter(store=store, source__in=SOURCES, completed_at__isnull=False)
    moments = [at for at in reads.values_list("completed_at", flat=True) if at is not None]
    said = full(min(moments)) if len(moments) == len(SOURCES) else "Not yet to the end"
    return [("BigCommerce last read", said)]


def differences(known: Known, shop: Side, mail: Side) -> list[str]:
    """Return where a side says something else now than what we know, and what comes of it."""
    if not shop.is_asked:
        return []
    if known.contact is None:
        return _of_a_stranger(shop, mail)
    return [*_from_the_store(known.contact, shop), *_from_dotdigital(known.contact, mail)]


def _of_a_stranger(shop: Side, mail: Side) -> list[str]:
    if shop.is_known:
        return ["BigCommerce knows this address: it comes with the next sync."]
    said = []
    if not shop.problem:
        said.append(
            "BigCommerce has no account and no newsletter sign-up with this address. "
            "(Orders of guests are not searched here.)"
        )
    if mail.is_known:
        said.append(
            "Dotdigital knows this address, but not from this store; "
            "perhaps the person has another address in BigCommerce now."
        )
    return said


def _from_the_store(contact: Contact, shop: Side) -> list[str]:
    if shop.problem:
        return []
    if not shop.is_known:
        was_there = contact.customer_id is not None or contact.has_subscriber_record
        return ["BigCommerce no longer has this address."] if was_there else []
    is_in = contact.has_subscriber_record and NEWSLETTER in (contact.consents or ())
    return [CHANGED_IN_STORE] if shop.has_opt_in not in {None, is_in} else []


def _from_dotdigital(contact: Contact, mail: Side) -> list[str]:
    is_in = Reason.IN_BOOK in {contact.subscribers_reason, contact.customers_reason}
    if mail.problem or not is_in:
        return []
    if not mail.is_known:
        return ["Dotdigital no longer has this address: somebody may have deleted it there."]
    if mail.has_opt_in is False:
        return ["Dotdigital sends this person no mails any more. The next sync takes it up."]
    return []
