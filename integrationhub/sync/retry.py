"""A person wants those tried again whom either side has refused."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from integrationhub.models import Contact, OptOut, Store

FAILED = Contact.Standing.FAILED


def retry_failed(store: Store, audience: str, reason: str) -> int:
    """Let the next run send again who has failed in this audience for this reason."""
    failed = Contact.objects.filter(store=store).kept_out(audience, FAILED, reason)
    refused = failed.exclude(refused_fingerprint="")
    changed: int = refused.update(refused_fingerprint="", attempts=0, stage=Contact.Stage.DECIDE)
    return changed


def retry_refused(store: Store, *, emails: Collection[str] | None = None) -> int:
    """Let the next run send again who was refused, and write back what was; answers how many.

    Only the people with these addresses, as the ledger spells them, where any are given.
    """
    which = Q() if emails is None else Q(email__in=emails)
    refused = Contact.objects.filter(which, store=store).exclude(refused_fingerprint="")
    parked = OptOut.objects.filter(
        which, store=store, receipt=OptOut.Receipt.REFUSED, retry_at=None
    )
    with transaction.atomic():
        people = {*refused.values_list("email", flat=True), *parked.values_list("email", flat=True)}
        refused.update(refused_fingerprint="", attempts=0, stage=Contact.Stage.DECIDE)
        parked.update(receipt=OptOut.Receipt.PENDING, attempts=0)
    return len(people)
