"""ContactRequest: somebody wants one person of a store read anew and brought up to date."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet


class ContactRequest(Owned):
    """Open until a run has read the person; one that is open is not made twice."""

    OWNER = "store__account"

    store = models.ForeignKey(Store, models.CASCADE, related_name="contact_requests")
    email = models.CharField(max_length=256)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    read_in = models.ForeignKey(
        "integrationhub.SyncRun", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_known = models.BooleanField("BigCommerce knows the address", null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "email"],
                condition=Q(read_at=None),
                name="one_open_request_per_contact",
            )
        ]
        indexes = [models.Index(fields=["store", "email"], name="requests_of_contact")]

    def __str__(self) -> str:
        return f"contact request {self.pk}"
