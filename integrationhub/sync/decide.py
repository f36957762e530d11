"""What the ledger knows becomes books and reasons; pure."""

import re
from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from integrationhub.models import Audience, OptOut
from integrationhub.reasons import Reason
from integrationhub.sync.consent import (
    Consent,
    Known,
    about,
    is_lifted,
    is_newer,
    is_opted_in,
    judge,
    latest,
    said_yes_at,
)
from integrationhub.sync.rules import Rules

CLOCK_MARGIN = timedelta(minutes=15)

_PART = r"[^\s@<>(),;:\"\[\]\\\x00-\x1f]"
_EMAIL = re.compile(rf"{_PART}{{1,64}}@{_PART}+\.[^\s@.]{{2,}}")

SUBSCRIBERS, CUSTOMERS = Audience.SUBSCRIBERS, Audience.CUSTOMERS

_OPT_OUT_REASONS = {
    "unsubscribed": Reason.UNSUBSCRIBED,
    "suppressed": Reason.SUPPRESSED,
    "ispcomplained": Reason.COMPLAINED,
    "directcomplaint": Reason.COMPLAINED,
    "softbounced": Reason.BOUNCED,
    "hardbounced": Reason.BOUNCED,
}


class Verdict(Struct, frozen=True):
    """Whether a person belongs in an audience's book, and the reason either way."""

    is_wanted: bool
    reason: Reason | None  # None: not a person of this audience at all


_NOBODY = Verdict(is_wanted=False, reason=None)
_WANTED = Verdict(is_wanted=True, reason=Reason.IN_BOOK)
_NO_ADDRESS = Verdict(is_wanted=False, reason=Reason.INVALID_EMAIL)


class Decision(Struct, frozen=True, kw_only=True):
    """What should be true of one person in Dotdigital."""

    consent: Consent
    subscribers: Verdict
    customers: Verdict
    is_resubscription_due: bool
    removals: tuple[int, ...]

    def verdict(self, audience: Audience) -> Verdict:
        """Return the verdict for one audience."""
        return self.subscribers if audience is SUBSCRIBERS else self.customers


def decide(contact: Known, opt_outs: Sequence[OptOut], rules: Rules) -> Decision:
    """Return what should be true of `contact`, given everything the ledger knows of it."""
    consent = judge(contact, opt_outs, rules)
    subscribers = customers = _NOBODY
    if SUBSCRIBERS in rules.books:
        subscribers = _as_subscriber(contact, consent, rules)
    if CUSTOMERS in rules.books:
        customers = _as_customer(contact, opt_outs, rules)
    return Decision(
        consent=consent,
        subscribers=subscribers,
        customers=customers,
        is_resubscription_due=_is_resubscription_due(consent, rules),
        removals=_removals(contact, consent, subscribers, customers),
    )


def _is_resubscription_due(consent: Consent, rules: Rules) -> bool:
    return (
        consent.is_superseded
        and consent.opt_out is not None
        and not consent.opt_out.resubscription
        and SUBSCRIBERS in rules.books
    )


def _as_subscriber(contact: Known, consent: Consent, rules: Rules) -> Verdict:
    if not contact.has_subscriber_record and not _was(contact, SUBSCRIBERS):
        return _NOBODY
    if not is_opted_in(contact, rules):
        return Verdict(is_wanted=False, reason=_no_opt_in(contact, consent))
    if consent.opt_out and (reason := _kept_out(consent.opt_out, consent)):
        return Verdict(is_wanted=False, reason=reason)
    return _addressable(contact)


def _was(contact: Known, audience: Audience) -> bool:
    """Return whether the ledger has known this person as one of the audience before."""
    return bool(contact.reason(audience) or contact.books(audience))


def _no_opt_in(contact: Known, consent: Consent) -> Reason:
    """Return why the store has no yes: an unsubscribe written back there says more than "none"."""
    no = consent.opt_out
    if no and not is_lifted(no) and opt_out_reason(no) is not Reason.BOUNCED:
        return opt_out_reason(no)
    return Reason.NO_OPT_IN if contact.has_subscriber_record else Reason.NOT_A_SUBSCRIBER


def _kept_out(opt_out: OptOut, consent: Consent) -> Reason | None:
    if not consent.is_superseded:
        return opt_out_reason(opt_out)
    return {
        OptOut.Resubscription.ADDED: None,
        OptOut.Resubscription.REFUSED: Reason.CANNOT_RESUBSCRIBE,
    }.get(OptOut.Resubscription(opt_out.resubscription), Reason.AWAITING_CONFIRMATION)


def opt_out_reason(opt_out: OptOut) -> Reason:
    """Return the reason that stands in the ledger for a removal seen in Dotdigital."""
    if not opt_out.is_account_wide:
        return Reason.LEFT_BOOK
    return _OPT_OUT_REASONS.get(opt_out.reason.lower(), Reason.SUPPRESSED)


def _as_customer(contact: Known, opt_outs: Sequence[OptOut], rules: Rules) -> Verdict:
    has_bought = bool(contact.counting_order_ids)
    if contact.customer_id is None and not has_bought and not _was(contact, CUSTOMERS):
        return _NOBODY
    if not has_bought and not (rules.is_syncing_all_account_holders and contact.customer_id):
        reason = Reason.NEVER_BOUGHT if contact.customer_id else Reason.NO_ACCOUNT
        return Verdict(is_wanted=False, reason=reason)
    if opt_out := _kept_from_customers(contact, opt_outs, rules):
        return Verdict(is_wanted=False, reason=opt_out_reason(opt_out))
    return _addressable(contact)


def _kept_from_customers(contact: Known, opt_outs: Sequence[OptOut], rules: Rules) -> OptOut | None:
    """Return the removal that keeps a buyer out; an opt-in to the newsletter lifts no leaving."""
    removals = about(CUSTOMERS, opt_outs)
    left = latest([row for row in removals if not row.is_account_wide])
    whole = latest([row for row in removals if row.is_account_wide])
    yes_at = said_yes_at(contact, opt_outs, rules)
    if whole is not None and not (is_lifted(whole) and is_newer(yes_at, whole, rules)):
        return whole
    return left


def _addressable(contact: Known) -> Verdict:
    return _WANTED if _EMAIL.fullmatch(contact.email) else _NO_ADDRESS


def _removals(
    contact: Known, consent: Consent, subscribers: Verdict, customers: Verdict
) -> tuple[int, ...]:
    """Return the books to take the person out of; one that no audience asks for is left alone."""
    if not contact.has_books:
        return ()
    leaving: set[int] = set()
    staying: set[int] = set()
    for audience, verdict in (
        (SUBSCRIBERS, subscribers),
        (CUSTOMERS, customers),
    ):
        is_leaving = verdict.reason is not None and not verdict.is_wanted
        (leaving if is_leaving else staying).update(contact.books_perhaps(audience))
    gone = {book for book in leaving if _has_left(contact, consent, book)}
    return tuple(sorted(leaving - staying - gone))


def _has_left(contact: Known, consent: Consent, book: int) -> bool:
    """Return whether Dotdigital itself has taken the person out, after our last sending."""
    opt_out = consent.opt_out
    if opt_out is None or consent.is_superseded:
        return False
    if opt_out_reason(opt_out) is Reason.BOUNCED:  # takes nobody out of a book
        return consent.accepts_marketing
    covers = opt_out.is_account_wide or opt_out.address_book_id == book
    is_last = contact.sent_at is None or contact.sent_at < opt_out.removed_at - CLOCK_MARGIN
    return covers and is_last
