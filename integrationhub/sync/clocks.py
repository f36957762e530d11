"""Yes and no carry the times of two clocks: how far the store's is ahead of Dotdigital's."""

from datetime import timedelta

from integrationhub.sync.rules import rules_of
from integrationhub.sync.shift import Shift

NOISE = timedelta(seconds=5)
PRECISION = timedelta(seconds=2)
MOST = timedelta(hours=1)


def compare_clocks(shift: Shift) -> None:
    """Remember the lead of the store's clock, so that an older yes is not taken for a newer one.

    The most that was ever seen counts: consents given while the clock was wrong keep their times.
    A lead of Dotdigital's clock does no harm, for then a no only looks newer than it is.
    """
    shop, mail = shift.source.server_clock, shift.destination.server_clock
    if shop is None or mail is None or shop - mail < NOISE:
        return
    lead = min(shop - mail + PRECISION, MOST)
    if lead < shift.store.clock_lead + PRECISION:
        return
    shift.store.clock_lead, shift.store.is_decision_due = lead, True
    with shift.write():
        shift.store.save(update_fields=["clock_lead", "is_decision_due"])
    shift.rules = rules_of(shift.store)
