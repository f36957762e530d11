"""Contact, the ledger: one row per person of a store."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from integrationhub.models.ledger import ContactQuerySet
from integrationhub.models.people import Placed
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned

if TYPE_CHECKING:
    from integrationhub.models.runs import ContactImport


class Contact(Placed, Owned):
    """One person of one store: what each system says, what was decided, what was accepted."""

    OWNER = "store__account"

    class Stage(models.IntegerChoices):
        """What happens next to this person."""

        SETTLED = 0, "nothing"
        DECIDE = 1, "to be decided"
        RESUBSCRIBE = 2, "to be resubscribed"
        REMOVE = 3, "to be removed from a book"
        IMPORT = 4, "to be sent"
        IN_FLIGHT = 5, "sent, outcome awaited"

    class Standing(models.TextChoices):
        """Where this person stands as one of an audience."""

        NONE = "", "not of this audience"
        WAITING = "waiting"
        IN_BOOK = "in_book", "in the book"
        LEFT_OUT = "left_out", "left out on purpose"
        FAILED = "failed"

    # The indexes below begin with the store; one more would only cost.
    store = models.ForeignKey(Store, models.CASCADE, related_name="contacts", db_index=False)
    email = models.CharField(max_length=256)

    # What BigCommerce says.
    customer_id = models.BigIntegerField(null=True, blank=True)
    subscriber_id = models.BigIntegerField(null=True, blank=True)
    has_subscriber_record = models.BooleanField(default=False)
    consents = models.JSONField(null=True, blank=True)
    consent_changed_at = models.DateTimeField(null=True, blank=True)
    counting_order_ids = models.JSONField(default=list, blank=True)
    latest_order_id = models.BigIntegerField(null=True, blank=True)
    source_fields = models.JSONField(default=dict, blank=True)

    # What Dotdigital says.
    dotdigital_id = models.BigIntegerField(null=True, blank=True)
    is_moved = models.BooleanField("address changed since last sent", default=False)

    # What we decided.
    accepts_marketing = models.BooleanField(default=False, db_default=False)
    accepts_marketing_updated_at = models.DateTimeField(null=True, blank=True)
    subscribers_standing = models.CharField(
        max_length=8, choices=Standing, blank=True, default="", db_default=""
    )
    subscribers_reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    customers_standing = models.CharField(
        max_length=8, choices=Standing, blank=True, default="", db_default=""
    )
    customers_reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    decided_in = models.ForeignKey(
        "integrationhub.SyncRun",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    # What was accepted there, and where it stands.
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.DECIDE)
    subscribers_books = models.JSONField(default=list, db_default=[], blank=True)
    customers_books = models.JSONField(default=list, db_default=[], blank=True)
    sent_books = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Sent, perhaps taken: audience to Dotdigital's book id.",
    )
    accepted_fingerprint = models.CharField(max_length=32, blank=True, default="", db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_fingerprint = models.CharField(max_length=32, blank=True, default="", db_default="")
    refused_fingerprint = models.CharField(max_length=32, blank=True, default="", db_default="")
    contact_import: "models.ForeignKey[ContactImport | None, ContactImport | None]" = (
        models.ForeignKey(
            "integrationhub.ContactImport",
            models.SET_NULL,
            null=True,
            blank=True,
            related_name="contacts",
            db_index=False,
        )
    )

    objects: Any = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "email"], name="one_contact_per_email"),
        ]
        indexes = [
            # Not partial: SQLite would use it for no query that the ORM writes.
            models.Index(fields=["store", "stage", "id"], name="contact_stage"),
            models.Index(
                fields=["store", "customer_id"],
                name="contact_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["store", "subscriber_id"],
                name="contact_subscriber",
                condition=Q(subscriber_id__isnull=False),
            ),
            # For pages that list the few who are left out or failed; nobody else stands in these.
            models.Index(
                fields=["store", "subscribers_reason", "id"],
                name="contact_not_subscribed",
                condition=Q(subscribers_standing__in=["left_out", "failed"]),
            ),
            models.Index(
                fields=["store", "customers_reason", "id"],
                name="contact_no_customer",
                condition=Q(customers_standing__in=["left_out", "failed"]),
            ),
            models.Index(
                fields=["decided_in"],
                name="contact_decided_in",
                condition=Q(decided_in__isnull=False),
            ),
            models.Index(
                fields=["contact_import"],
                name="contact_in_import",
                condition=Q(contact_import__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
