"""Contact, the ledger: one row per person of a store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from integrationhub.models import bulk
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet

if TYPE_CHECKING:
    from integrationhub.models.runs import ContactImport

RECORDED = (
    "customer_id",
    "subscriber_id",
    "consents",
    "has_subscriber_record",
    "consent_changed_at",
    "counting_order_ids",
    "latest_order_id",
    "source_fields",
    "stage",
)
DECIDED = (
    "stage",
    "subscribers_standing",
    "subscribers_reason",
    "customers_standing",
    "customers_reason",
    "subscribers_books",
    "customers_books",
    "sent_books",
    "accepts_marketing",
    "accepts_marketing_updated_at",
    "decided_in",
)
OUTCOME = (
    *DECIDED,
    "dotdigital_id",
    "is_moved",
    "accepted_fingerprint",
    "refused_fingerprint",
    "sent_fingerprint",
    "sent_at",
    "attempts",
    "contact_import",
)


class ContactQuerySet(OwnedQuerySet):
    """The ledger's own queries."""

    def record(self, contacts: Sequence["Contact"]) -> None:
        """Write what a page of a source says of these people, whether they are new or known."""
        known = [contact for contact in contacts if not contact.is_new]
        new = [contact for contact in contacts if contact.is_new]
        bulk.update(known, (*RECORDED, "email", "is_moved"))
        bulk.insert_or_update(new, unique=("store", "email"), update=RECORDED)

    def waiting(self, store: Store, stage: "Contact.Stage") -> "ContactQuerySet":
        """Return the people of `store` that wait in `stage`, in the order of their ids."""
        return self.filter(store=store, stage=stage).order_by("pk")

    def save_decisions(self, contacts: Sequence["Contact"]) -> None:
        """Write what was decided of these people, and where they stand now."""
        bulk.update(contacts, DECIDED)

    def save_outcomes(self, contacts: Sequence["Contact"]) -> None:
        """Write what Dotdigital answered for these people."""
        bulk.update(contacts, OUTCOME)


class Contact(Owned):
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

    store = models.ForeignKey(Store, models.CASCADE, related_name="contacts")
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
    accepts_marketing = models.BooleanField(default=False)
    accepts_marketing_updated_at = models.DateTimeField(null=True, blank=True)
    subscribers_standing = models.CharField(max_length=8, choices=Standing, blank=True)
    subscribers_reason = models.CharField(max_length=40, blank=True)
    customers_standing = models.CharField(max_length=8, choices=Standing, blank=True)
    customers_reason = models.CharField(max_length=40, blank=True)
    decided_in = models.ForeignKey(
        "integrationhub.SyncRun", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    # What was accepted there, and where it stands.
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.DECIDE)
    subscribers_books = models.JSONField(default=list, blank=True)
    customers_books = models.JSONField(default=list, blank=True)
    sent_books = models.JSONField(
        default=dict, blank=True, help_text="Sent, perhaps taken: audience to Dotdigital's book id."
    )
    accepted_fingerprint = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_fingerprint = models.CharField(max_length=32, blank=True)
    refused_fingerprint = models.CharField(max_length=32, blank=True)
    contact_import: "models.ForeignKey[ContactImport | None, ContactImport | None]" = (
        models.ForeignKey(
            "integrationhub.ContactImport",
            models.SET_NULL,
            null=True,
            blank=True,
            related_name="contacts",
        )
    )

    objects: Any = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "email"], name="one_contact_per_email"),
        ]
        indexes = [
            models.Index(
                fields=["store", "stage", "id"], name="contact_stage", condition=~Q(stage=0)
            ),
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
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    @property
    def is_new(self) -> bool:
        """Whether the database does not know this row yet."""
        return self._state.adding

    def standing(self, audience: str) -> str:
        """Return where this person stands as one of `audience`."""
        return str(getattr(self, f"{audience}_standing"))

    def reason(self, audience: str) -> str:
        """Return the code of the reason for that standing."""
        return str(getattr(self, f"{audience}_reason"))

    def place(self, audience: str, standing: str, reason: str) -> None:
        """Set where this person stands as one of `audience`, and why; not saved."""
        setattr(self, f"{audience}_standing", standing)
        setattr(self, f"{audience}_reason", reason)

    def books_perhaps(self, audience: str) -> set[int]:
        """Return those books, and the one that was sent but has not been confirmed."""
        sent = self.sent_books.get(str(audience))
        return {*self.books(audience)} | ({sent} if sent else set())

    def leave(self, book: int) -> None:
        """Note that the person is in this book no longer; not saved."""
        for audience in ("subscribers", "customers"):
            kept = [other for other in self.books(audience) if other != book]
            setattr(self, f"{audience}_books", kept)
        self.sent_books = {key: sent for key, sent in self.sent_books.items() if sent != book}

    def books(self, audience: str) -> list[int]:
        """Return the Dotdigital ids of the books in which we have put this person."""
        found: list[int] = getattr(self, f"{audience}_books")
        return found
