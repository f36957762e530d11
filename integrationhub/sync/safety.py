"""The safety stop: a run that would do an unusual amount by itself stops and asks a person."""

from django.db.models import Exists, OuterRef, Q

from integrationhub.models import Contact, OptOut, Store
from integrationhub.reasons import Reason
from integrationhub.sync.shift import Shift


class SafetyStopError(Exception):
    """The run would opt out, remove or add more people than the store's settings allow."""

    def __init__(self, reason: Reason, number: int) -> None:
        """Remember what it would do, and to how many."""
        super().__init__(f"{number} people")
        self.reason, self.number = reason, number


def check_opt_outs(shift: Shift) -> None:
    """Stop before an unusual number of opt-outs is written back."""
    subscriber = Contact.objects.filter(
        store=shift.store, email=OuterRef("email"), has_subscriber_record=True
    )
    pending = OptOut.objects.filter(store=shift.store, receipt=OptOut.Receipt.PENDING)
    of_the_store = pending.filter(Exists(subscriber)).values("email").distinct()
    _check(shift.store, of_the_store.count(), Reason.SAFETY_STOP_OPT_OUTS)


def check_removals(shift: Shift) -> None:
    """Stop before an unusual number of people is taken out of a book."""
    leaving = Contact.objects.waiting(shift.store, Contact.Stage.REMOVE)
    _check(shift.store, leaving.count(), Reason.SAFETY_STOP_REMOVALS)


def check_additions(shift: Shift) -> None:
    """Stop before an unusual number of people is added, unless the books were just chosen."""
    if shift.store.is_filling:
        return
    coming = Contact.objects.waiting(shift.store, Contact.Stage.IMPORT)
    new = coming.filter(subscribers_books=[], customers_books=[])
    _check(shift.store, new.count(), Reason.SAFETY_STOP_ADDITIONS)


def _check(store: Store, number: int, reason: Reason) -> None:
    """Compare with both limits: a small store may do what a share alone would forbid."""
    if store.is_past_safety_stop or number <= store.safety_number:
        return
    placed = ~Q(subscribers_books=[]) | ~Q(customers_books=[])
    if number > store.safety_share * Contact.objects.filter(placed, store=store).count():
        raise SafetyStopError(reason, number)
