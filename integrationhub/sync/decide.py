"""What the ledger knows becomes books and reasons; pure, and the one judge of consent."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from integrationhub.models import Audience, Contact, OptOut, Person
from integrationhub.reasons import Reason
from integrationhub.sync.rules import Rules

NEWSLETTER = "marketing_newsletter"
CLOCK_MARGIN = timedelta(minutes=15)

_PART = r"[^\s@<>(),;:\"\[\]\\\x00-\x1f]"
_EMAIL = re.compile(rf"{_PART}{{1,64}}@{_PART}+\.[^\s@.]{{2,}}")

Known = Person | Contact
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


class Consent(Struct, frozen=True, kw_only=True):
    """The latest word of a person on the newsletter, from both systems."""

    accepts_marketing: bool
    updated_at: datetime | None
    opt_out: OptOut | None = None  # the latest removal that speaks of subscribers
    is_superseded: bool = False  # a store opt-in newer than that removal
    owed: OptOut | None = None  # the no that the store does not know of yet


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


def is_opted_in(contact: Known, rules: Rules) -> bool:
    """Return whether the store holds an explicit opt-in to the newsletter; unknown means no.

    A record without the consents key is an opt-in only while no record of the store has ever
    shown that key: the older API had nothing else.
    """
    if not contact.has_subscriber_record:
        return False
    if contact.consents is None:
        return not rules.has_consents_key
    return NEWSLETTER in contact.consents


def judge(contact: Known, opt_outs: Sequence[OptOut], rules: Rules) -> Consent:
    """Return the latest word of this person; the latest no wins over every older yes."""
    opted_in = is_opted_in(contact, rules)
    if not opt_outs:
        return Consent(accepts_marketing=opted_in, updated_at=contact.consent_changed_at)
    removals = _about(SUBSCRIBERS, opt_outs)
    opt_out = _latest(removals)
    wishes = [row for row in removals if is_a_wish(row, rules)]
    wish = _latest([row for row in wishes if opted_in or not _is_lifted(row)])
    no = None if opted_in and wish and _is_newer(contact, wish, rules) else wish
    return Consent(
        accepts_marketing=opted_in and no is None,
        updated_at=no.removed_at if no else contact.consent_changed_at,
        opt_out=opt_out,
        is_superseded=bool(opted_in and opt_out and _is_newer(contact, opt_out, rules)),
        owed=no if opted_in and no and no.removed_at >= rules.connected_at else None,
    )


def is_a_wish(opt_out: OptOut, rules: Rules) -> bool:
    """Return whether a removal is the person's own no, and not a bounce, say."""
    return not opt_out.is_account_wide or opt_out.reason.lower() in rules.written_back_reasons


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


def _about(audience: Audience, opt_outs: Sequence[OptOut]) -> list[OptOut]:
    """Return the removals that speak of this audience: from the account, or from its book.

    A book speaks of the audience that it was chosen for when the removal was seen.
    """
    return [row for row in opt_outs if row.is_account_wide or row.audience == audience]


def _latest(opt_outs: Sequence[OptOut]) -> OptOut | None:
    return max(opt_outs, key=lambda row: (row.removed_at, row.is_account_wide), default=None)


def _is_lifted(opt_out: OptOut) -> bool:
    return opt_out.resubscription == OptOut.Resubscription.ADDED


def _is_newer(contact: Known, opt_out: OptOut, rules: Rules) -> bool:
    """Return whether the store's yes is newer, by a clock that does not flatter it."""
    since = contact.consent_changed_at
    return since is not None and since - rules.clock_lead > opt_out.removed_at


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
    if no and not _is_lifted(no) and opt_out_reason(no) is not Reason.BOUNCED:
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
    removals = _about(CUSTOMERS, opt_outs)
    left = _latest([row for row in removals if not row.is_account_wide])
    whole = _latest([row for row in removals if row.is_account_wide])
    if whole is not None and not _is_back(contact, whole, rules):
        return whole
    return left


def _is_back(contact: Known, opt_out: OptOut, rules: Rules) -> bool:
    is_newer = is_opted_in(contact, rules) and _is_newer(contact, opt_out, rules)
    return is_newer and _is_lifted(opt_out)


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
