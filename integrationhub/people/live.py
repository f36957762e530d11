"""What either side says of one person right now; each side may fail alone, and soon."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from bigcommerce.records import Customer, Subscriber
from dotdigital.errors import RejectedError
from dotdigital.records import Contact as RemoteContact
from integrationhub.clients import (
    ApiErrors,
    bigcommerce_glance,
    dotdigital_glance,
    reason_of,
)
from integrationhub.fields import SecretUnreadableError
from integrationhub.models import Store
from integrationhub.people.known import Known
from integrationhub.people.moments import full
from integrationhub.reasons import Reason, words
from integrationhub.sync.consent import NEWSLETTER

STATUSES = {
    "subscribed": "Gets mails",
    "unsubscribed": "Unsubscribed",
    "pendingoptin": "Asked to confirm",
    "suppressed": "Suppressed",
    "softbounced": "Mails come back",
    "hardbounced": "Mails come back",
    "ispcomplained": "Reported a mail as spam",
    "directcomplaint": "Complained",
    "mailblocked": "Blocked by their mail provider",
    "deleted": "Deleted",
    "globallysuppressed": "On Dotdigital's global suppression list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side's answer: whether it knows the person, facts in words, or why it did not say.

    It `is_put_off` where it was not asked and will not be, for the reason that `problem` gives.
    """

    is_asked: bool = True
    is_put_off: bool = False
    is_known: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    has_opt_in: bool | None = None


NOT_ASKED = Side(is_asked=False)


def ask_bigcommerce(store: Store, email: str) -> Side:
    """Return what BigCommerce says of this address."""
    return _asked(lambda: _of_bigcommerce(store, email))


def ask_dotdigital(known: Known) -> Side:
    """Return what Dotdigital says of this address."""
    return _asked(lambda: _of_dotdigital(known))


def _asked(ask: Callable[[], Side]) -> Side:
    try:
        return ask()
    except SecretUnreadableError:
        return Side(problem=words(Reason.SECRET_UNREADABLE).in_full)
    except ApiErrors as error:
        return Side(problem=_not_now(reason_of(error)))


def _not_now(reason: Reason) -> str:
    """Return why a side did not answer; what heals by itself need not be explained at length."""
    said = words(reason)
    is_passing = said.next_step.startswith("Nothing")
    return f"{said.sentence} Look again in a minute." if is_passing else said.in_full


def _of_bigcommerce(store: Store, email: str) -> Side:
    with closing(bigcommerce_glance(store)) as client:
        try:
            subscriber = client.subscriber_by_email(email)
            customer = next(iter(client.customers_by_email([email])), None)
        except ApiErrors as error:
            if reason_of(error) is not Reason.BIGCOMMERCE_REFUSED:
                raise
            return Side()  # it is no address that BigCommerce could know
    if subscriber is None and customer is None:
        return Side(has_opt_in=False)
    return Side(
        is_known=True,
        facts=(*_signed_up(subscriber), *_account(customer)),
        has_opt_in=_has_opt_in(subscriber),
    )


def _has_opt_in(subscriber: Subscriber | None) -> bool | None:
    """Return whether the newsletter is agreed to; None where the store does not say."""
    if subscriber is None:
        return False
    return None if subscriber.consents is None else NEWSLETTER in subscriber.consents


def _signed_up(subscriber: Subscriber | None) -> list[tuple[str, str]]:
    said = {True: "Agreed", False: "Not agreed", None: "Signed up; the store does not say for what"}
    facts = [("Newsletter", said[_has_opt_in(subscriber)])]
    if subscriber is None:
        return [("Newsletter", "Never signed up")]
    if others := [each for each in subscriber.consents or () if each != NEWSLETTER]:
        facts.append(("Other consents", ", ".join(each.replace("_", " ") for each in others)))
    return facts + _dated("Signed up", subscriber.date_created, subscriber.date_modified)


def _account(customer: Customer | None) -> list[tuple[str, str]]:
    if customer is None:
        return [("Account", "None")]
    name = f"{customer.first_name} {customer.last_name}".strip()
    number = f"Customer {customer.id}"
    return [
        ("Account", f"{number}, {name}" if name else number),
        *_dated("Account made", customer.date_created, customer.date_modified),
    ]


def _dated(
    label: str, created: datetime | None, modified: datetime | None
) -> list[tuple[str, str]]:
    if created is None:
        return []
    changed = f"; changed {full(modified)}" if modified and modified != created else ""
    return [(label, f"{full(created)}{changed}")]


def _of_dotdigital(known: Known) -> Side:
    with closing(dotdigital_glance(known.store.account)) as client:
        try:
            found = client.contact(known.email)
        except RejectedError:
            found = None  # it is no address that Dotdigital could know
    if found is None:
        return Side()
    status = (found.channel_status or found.status).lower()
    return Side(
        is_known=True,
        has_opt_in=status == "subscribed",
        facts=(
            ("Mails", STATUSES.get(status, found.channel_status or found.status)),
            *_books(found, known),
            ("Opt-in", found.opt_in_type or "Unknown"),
            ("Contact number", str(found.contact_id)),
            *_dated("Contact since", found.created, found.updated),
        ),
    )


def _books(found: RemoteContact, known: Known) -> list[tuple[str, str]]:
    facts = []
    for book in known.chosen.values():
        status = found.lists.get(book.dotdigital_id, "")
        said = "In it" if status.lower() == "subscribed" else STATUSES.get(status.lower(), status)
        facts.append((book.name, said or "Not in it"))
    return facts
