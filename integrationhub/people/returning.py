"""What brings back somebody who said no, and what is waited for."""

from django.utils import timezone

from integrationhub.models import Audience, Contact, OptOut
from integrationhub.people import removals
from integrationhub.people.known import Known
from integrationhub.people.moments import after
from integrationhub.reasons import Reason, words
from integrationhub.sync.consent import NEWSLETTER

SIGN_UP_AGAIN = "Only the person can undo this, by signing up again in the store."
STILL_SUBSCRIBED = (
    "Only the person can undo this. BigCommerce still has them as subscribed, so they first "
    "unsubscribe in the store, and sign up again there after the next sync."
)
LEFT_FOR_GOOD = (
    "Leave it as it is. A sign-up for the newsletter brings nobody back into the customers' book."
)
LOOKS_AT_ONCE = "Sync this contact looks at once."
RETURNING = {
    OptOut.Resubscription.CHALLENGED: Reason.AWAITING_CONFIRMATION,
    OptOut.Resubscription.REFUSED: Reason.CANNOT_RESUBSCRIBE,
}
SAID_NO = {
    Reason.UNSUBSCRIBED,
    Reason.LEFT_BOOK,
    Reason.AWAITING_CONFIRMATION,
    Reason.CANNOT_RESUBSCRIBE,
}


def way_back(known: Known, contact: Contact, audience: Audience) -> str:
    """Return what brings somebody back who said no; empty where the reason itself tells it."""
    reason, left = contact.reason(audience), removals.latest(known, audience)
    if reason not in SAID_NO:
        return ""
    if audience == Audience.CUSTOMERS and reason == Reason.LEFT_BOOK:
        return LEFT_FOR_GOOD
    if left is not None and (asked := RETURNING.get(OptOut.Resubscription(left.resubscription))):
        return f"{words(asked).next_step}{_looked_at_next(left)}"
    if reason not in {Reason.UNSUBSCRIBED, Reason.LEFT_BOOK}:
        return ""
    return STILL_SUBSCRIBED if _is_stuck(known, contact, left) else SIGN_UP_AGAIN


def _looked_at_next(left: OptOut) -> str:
    """Return when it is looked at again whether the person has confirmed."""
    if left.resubscription != OptOut.Resubscription.CHALLENGED:
        return ""
    now, at = timezone.now(), left.resubscription_check_at
    if at is None:
        return f" We no longer look by ourselves; {LOOKS_AT_ONCE}"
    if at <= now:
        return " The next sync looks whether that is done."
    return f" We look again {after(at, now).replace('at', 'about', 1)}; {LOOKS_AT_ONCE}"


def _is_stuck(known: Known, contact: Contact, left: OptOut | None) -> bool:
    """Return whether the store goes on saying yes, by a consent that is older than the no."""
    since = contact.consent_changed_at
    is_newer = left is not None and since is not None and since > left.removed_at
    is_to_be_written = left is not None and left.receipt == OptOut.Receipt.PENDING
    return _is_subscribed(known, contact) and not (is_newer or is_to_be_written)


def _is_subscribed(known: Known, contact: Contact) -> bool:
    """Return whether the store said yes when it was last read."""
    if contact.consents is None:
        return contact.has_subscriber_record and not known.store.has_consents_key
    return contact.has_subscriber_record and NEWSLETTER in contact.consents
