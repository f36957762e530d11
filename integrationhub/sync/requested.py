"""People whom somebody has asked for are read anew, one by one, and decided again.

Only what BigCommerce says is read here; what follows from it is decided and sent as for everybody,
under the same safety stops.
"""

from collections.abc import Collection
from contextlib import suppress

from django.db.models import F, Q

from bigcommerce.errors import NotFoundError, RejectedError
from integrationhub.models import Contact, ContactRequest, OptOut
from integrationhub.sync.absorb import absorb_customers, absorb_subscribers, complete_customers
from integrationhub.sync.reconcile import forget_records
from integrationhub.sync.retry import retry_refused
from integrationhub.sync.shift import Shift

READ_ANEW = "read anew"  # no fingerprint of anything: so the person is sent again


def read_requested(shift: Shift) -> None:
    """Read everybody anew whom somebody has asked for, the first who was asked for first."""
    waiting = ContactRequest.objects.filter(store=shift.store, read_at=None)
    while request := waiting.order_by("pk").first():
        _answer(shift, request)


def _answer(shift: Shift, request: ContactRequest) -> None:
    known: Contact | None = _with_address(shift, request.email)
    with suppress(NotFoundError, RejectedError):  # no address that anybody could have, say
        _read(shift, request.email, known)
    is_they = Q(email=request.email) | Q(pk=known.pk if known else None)
    people = Contact.objects.filter(is_they, store=shift.store)
    request.read_at, request.read_in = shift.now(), shift.run
    with shift.page():
        request.is_known = people.exists()
        _have_sent_again(shift, people.values_list("pk", "email"))
        _have_looked_at(shift, people.values_list("email", flat=True))
        request.save(update_fields=["read_at", "read_in", "is_known"])


def _have_sent_again(shift: Shift, people: Collection[tuple[int, str]]) -> None:
    retry_refused(shift.store, emails=[email for _, email in people])
    rows = Contact.objects.filter(pk__in=[pk for pk, _ in people])
    rows.exclude(accepted_fingerprint="").update(accepted_fingerprint=READ_ANEW)
    rows.exclude(stage=Contact.Stage.IN_FLIGHT).update(stage=Contact.Stage.DECIDE)


def _have_looked_at(shift: Shift, emails: Collection[str]) -> None:
    """Let this run see whether they have confirmed that they want mails again, before others."""
    asked = OptOut.objects.filter(store=shift.store, email__in=emails)
    challenged = asked.filter(resubscription=OptOut.Resubscription.CHALLENGED)
    challenged.update(resubscription_check_at=F("resubscription_asked_at"))


def _with_address(shift: Shift, email: str) -> Contact | None:
    found: Contact | None = Contact.objects.filter(store=shift.store, email=email).first()
    return found


def _read(shift: Shift, email: str, known: Contact | None) -> None:
    """Bring into the ledger what BigCommerce says of the address, and of the ids known for it."""
    _read_customer(shift, email, known.customer_id if known else None)
    _read_subscriber(shift, email, known.subscriber_id if known else None)


def _read_customer(shift: Shift, email: str, known_id: int | None) -> None:
    found = shift.source.customers_by_email([email])
    is_missing = known_id is not None and known_id not in {each.id for each in found}
    if known_id is not None and is_missing:
        found += shift.source.customers_by_id([known_id])
    customers = complete_customers(shift, found)
    with shift.write():
        absorb_customers(shift, customers)
        _forget_unless_there(shift, known_id, {each.id for each in found}, "customer_id")


def _read_subscriber(shift: Shift, email: str, known_id: int | None) -> None:
    there = shift.source.subscriber_by_email(email)
    found = [there] if there else []
    is_missing = known_id is not None and known_id not in {each.id for each in found}
    if known_id is not None and is_missing:
        found += shift.source.subscribers_by_id([known_id])
    with shift.write():
        absorb_subscribers(shift, found)
        _forget_unless_there(shift, known_id, {each.id for each in found}, "subscriber_id")


def _forget_unless_there(
    shift: Shift, known_id: int | None, there: Collection[int], key: str
) -> None:
    """Take from the ledger what a record said that the store has no longer."""
    if known_id is not None and known_id not in there:
        forget_records(shift, {known_id}, key)
