"""The safety stop: a run that would do an unusual amount by itself stops and asks a person."""

from collections import Counter

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrationhub.models import Audience, Contact, OptOut, Store
from integrationhub.reasons import REASONS, Reason
from integrationhub.sync.shift import Shift

# Why we take somebody out; the other reasons are Dotdigital's own, where the person has left.
OUR_REMOVALS = (
    Reason.NO_OPT_IN,
    Reason.NOT_A_SUBSCRIBER,
    Reason.NEVER_BOUGHT,
    Reason.NO_ACCOUNT,
    Reason.INVALID_EMAIL,
)
STILL_THE_SAME = 1.1


class SafetyStopError(Exception):
    """The run would opt out, remove or add more people than the store's settings allow."""

    def __init__(self, reason: Reason, number: int, intention: str) -> None:
        """Remember what it would do, in words, and to how many."""
        super().__init__(intention)
        self.reason, self.number = reason, number


def check_opt_outs(shift: Shift) -> None:
    """Stop before an unusual number of opt-outs is written back."""
    subscriber = Contact.objects.filter(
        store=shift.store, email=OuterRef("email"), has_subscriber_record=True
    )
    pending = OptOut.objects.filter(store=shift.store, receipt=OptOut.Receipt.PENDING)
    number = pending.filter(Exists(subscriber)).values("email").distinct().count()
    if share := _unusual_share(shift.store, number, Reason.SAFETY_STOP_OPT_OUTS):
        said = f"{number:,} unsubscribes would be written back to BigCommerce, {share}."
        raise SafetyStopError(Reason.SAFETY_STOP_OPT_OUTS, number, said)


def check_removals(shift: Shift) -> None:
    """Stop before an unusual number of people is taken out of a book.

    Who has left Dotdigital without us does not count, though we make sure of it.
    """
    leaving = Contact.objects.waiting(shift.store, Contact.Stage.REMOVE).filter(_is_ours())
    number = leaving.count()
    if share := _unusual_share(shift.store, number, Reason.SAFETY_STOP_REMOVALS):
        said = f"{number:,} people would leave an address book, {share}: {_why(leaving)}"
        raise SafetyStopError(Reason.SAFETY_STOP_REMOVALS, number, said)


def _is_ours() -> Q:
    """Return which people somebody's book is left by for a reason of the store."""
    of_an_audience = [
        Q(**{f"{audience}_reason__in": OUR_REMOVALS})
        & (~Q(**{f"{audience}_books": []}) | Q(sent_books__has_key=audience.value))
        for audience in Audience
    ]
    return Q(*of_an_audience, _connector=Q.OR)


def _why(leaving: "QuerySet[Contact]") -> str:
    reasons: Counter[str] = Counter()
    for audience in Audience:
        reasons.update(leaving.values_list(f"{audience}_reason", flat=True).iterator())
    return "; ".join(
        f"{REASONS[reason].sentence.removesuffix('.')} ({reasons[reason]:,})"
        for reason in OUR_REMOVALS
        if reasons[reason]
    )


def check_additions(shift: Shift) -> None:
    """Stop before an unusual number of people is added, unless the books were just chosen."""
    if shift.store.is_filling:
        return
    waiting = [Q(**{f"{audience}_standing": Contact.Standing.WAITING}) for audience in Audience]
    sent = Contact.objects.waiting(shift.store, Contact.Stage.IMPORT)
    coming = sent.filter(Q(*waiting, _connector=Q.OR), subscribers_books=[], customers_books=[])
    number = coming.count()
    if share := _unusual_share(shift.store, number, Reason.SAFETY_STOP_ADDITIONS):
        said = f"{number:,} people would come into an address book, {share}."
        raise SafetyStopError(Reason.SAFETY_STOP_ADDITIONS, number, said)


def _unusual_share(store: Store, number: int, reason: Reason) -> str:
    """Return the share in words where a person must be asked, else an empty text.

    A small store may do what a share alone would forbid.
    """
    if number <= store.safety_number or _is_let_pass(store, number, reason):
        return ""
    placed = ~Q(subscribers_books=[]) | ~Q(customers_books=[])
    everybody = Contact.objects.filter(placed, store=store).count()
    if number <= store.safety_share * everybody:
        return ""
    return f"{number / max(everybody, 1):.0%} of the {everybody:,} who are in an address book now"


def _is_let_pass(store: Store, number: int, reason: Reason) -> bool:
    """Return whether a person has let just this pass; many more than they were told is more."""
    is_passed = store.safety_stop_passed == reason
    return is_passed and number <= STILL_THE_SAME * store.safety_stop_size
