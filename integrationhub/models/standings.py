"""StandingCount: how many people of a store stood where, and why, when a run had ended."""

from django.db import models

from integrationhub.models.contacts import Contact
from integrationhub.models.mappings import Audience
from integrationhub.models.runs import SyncRun
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet


class StandingCount(Owned):
    """So many people of an audience stand there for that reason; pages never count the ledger."""

    OWNER = "store__account"

    store = models.ForeignKey(Store, models.CASCADE, related_name="standing_counts", db_index=False)
    audience = models.CharField(max_length=11, choices=Audience)
    standing = models.CharField(max_length=8, choices=Contact.Standing)
    reason = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    counted_in = models.ForeignKey(
        SyncRun, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    counted_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "audience", "standing", "reason"], name="one_count_per_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.audience} of {self.store}: {self.standing}, {self.reason}"
