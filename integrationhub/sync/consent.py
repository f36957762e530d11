"""The one judge of consent: the latest word of a person, from both systems; pure."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from integrationhub.models import Audience, Contact, OptOut, Person
from integrationhub.sync.rules import Rules

NEWSLETTER = "marketing_newsletter"
Known = Person | Contact


class Consent(Struct, frozen=True, kw_only=True):
    """The latest word of a person on the newsletter, from both systems."""

    accepts_marketing: bool
    updated_at: datetime | None
    opt_out: OptOut | None = None  # the latest removal that speaks of subscribers
    is_superseded: bool = False  # a store opt-in newer than that removal
    owed: OptOut | None = None  # the no that the store does not know of yet


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
    yes_at = said_yes_at(contact, opt_outs, rules)
    removals = about(Audience.SUBSCRIBERS, opt_outs)
    opt_out = latest(removals)
    wishes = [row for row in removals if is_a_wish(row, rules)]
    wish = latest([row for row in wishes if opted_in or not is_lifted(row)])
    no = None if wish and is_newer(yes_at, wish, rules) else wish
    return Consent(
        accepts_marketing=opted_in and no is None,
        updated_at=no.removed_at if no else yes_at or contact.consent_changed_at,
        opt_out=opt_out,
        is_superseded=opt_out is not None and is_newer(yes_at, opt_out, rules),
        owed=no if opted_in and no and no.removed_at >= rules.connected_at else None,
    )


def is_a_wish(opt_out: OptOut, rules: Rules) -> bool:
    """Return whether a removal is the person's own no, and not a bounce, say."""
    return not opt_out.is_account_wide or opt_out.reason.lower() in rules.written_back_reasons


def about(audience: Audience, opt_outs: Sequence[OptOut]) -> list[OptOut]:
    """Return the removals that speak of this audience: from the account, or from its book.

    A book speaks of the audience that it was chosen for when the removal was seen.
    """
    return [row for row in opt_outs if row.is_account_wide or row.audience == audience]


def latest(opt_outs: Sequence[OptOut]) -> OptOut | None:
    """Return the last of these removals."""
    return max(opt_outs, key=lambda row: (row.removed_at, row.is_account_wide), default=None)


def is_lifted(opt_out: OptOut) -> bool:
    """Return whether Dotdigital has taken the person back since."""
    return opt_out.resubscription == OptOut.Resubscription.ADDED


def said_yes_at(contact: Known, opt_outs: Sequence[OptOut], rules: Rules) -> datetime | None:
    """Return when the yes that stands in the store was given, as far as is known.

    A store forgotten and read anew tells when a record was made; who came back is known better.
    """
    if not is_opted_in(contact, rules):
        return None
    known = (contact.consent_changed_at, *(row.resubscription_yes_at for row in opt_outs))
    return max(filter(None, known), default=None)


def is_newer(yes_at: datetime | None, opt_out: OptOut, rules: Rules) -> bool:
    """Return whether the store's yes is newer, by a clock that does not flatter it."""
    return yes_at is not None and yes_at - rules.clock_lead > opt_out.removed_at
