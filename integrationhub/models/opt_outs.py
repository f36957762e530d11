"""OptOut: a removal seen in Dotdigital, and the receipt of its write-back to BigCommerce."""

from collections.abc import Iterable
from typing import Any, Self, cast

from django.db import models
from django.db.models import Q

from integrationhub.models import bulk
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet

WHOLE_ACCOUNT = 0


class OptOutQuerySet(OwnedQuerySet):
    """The opt-outs' own queries."""

    def with_one_of(self, store: Store, name: str, values: Iterable[Any]) -> Self:
        """Keep the opt-outs of `store` whose field `name` is one of these values."""
        condition, parameter = bulk.is_one_of(bulk.column(self.model, name), values)
        found = self.filter(store=store).extra(  # noqa: S610  a column's name and a parameter
            where=[condition], params=[parameter]
        )
        return cast("Self", found)


class OptOut(Owned):
    """Somebody left Dotdigital, or one address book, at a time and for a reason."""

    OWNER = "store__account"

    class Receipt(models.TextChoices):
        """What became of writing this opt-out back to BigCommerce."""

        PENDING = "pending", "waiting to be written"
        CONFIRMED = "confirmed", "written to BigCommerce and confirmed"
        ALREADY_OUT = "already_out", "BigCommerce had no opt-in to take back"
        NOT_IN_STORE = "not_in_store", "not a person of the store, nothing was created"
        SUPERSEDED = "superseded", "a newer opt-in in the store wins"
        BEFORE_CONNECTION = "before_connection", "older than the connection, not written back"
        NOT_A_WISH = "not_a_wish", "not the person's own no (a bounce, say), not written back"
        OTHER_BOOK = "other_book", "left a book that is not the subscribers' book"
        REFUSED = "refused", "BigCommerce refused the write"

    class Resubscription(models.TextChoices):
        """What Dotdigital answered when asked to take the person back after a newer opt-in."""

        NONE = "", "not asked"
        CHALLENGED = "challenged", "asked the person to confirm"
        ADDED = "added", "resubscribed"
        REFUSED = "refused", "Dotdigital will not take this address back"

    store = models.ForeignKey(Store, models.CASCADE, related_name="opt_outs", db_index=False)
    email = models.CharField(max_length=256)
    dotdigital_id = models.BigIntegerField(null=True, blank=True)
    address_book_id = models.BigIntegerField(
        default=WHOLE_ACCOUNT, help_text="Dotdigital's id of the book; 0 is the whole account."
    )
    audience = models.CharField(
        max_length=11, blank=True, help_text="Whose book it was when this was seen."
    )
    removed_at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    seen_at = models.DateTimeField()
    receipt = models.CharField(max_length=20, choices=Receipt)
    written_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("refusals of the write", default=0)
    retry_at = models.DateTimeField(
        null=True, blank=True, help_text="A refused write without it is tried no more by itself."
    )
    is_in_attributes = models.BooleanField("the customer attributes say no", default=False)
    note = models.CharField(max_length=255, blank=True)
    resubscription = models.CharField(max_length=10, choices=Resubscription, blank=True)
    resubscription_asked_at = models.DateTimeField(null=True, blank=True)
    resubscription_yes_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the person said yes again in the store; known when they are forgotten too.",
    )
    resubscription_check_at = models.DateTimeField(
        null=True, blank=True, help_text="When to look next whether the person has confirmed."
    )

    objects: Any = OptOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "email", "address_book_id", "removed_at"], name="opt_out_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["store", "dotdigital_id"],
                name="opt_out_person",
                condition=Q(dotdigital_id__isnull=False),
            ),
            models.Index(
                fields=["store", "id"], name="opt_out_pending", condition=Q(receipt="pending")
            ),
            models.Index(
                fields=["store", "retry_at"],
                name="opt_out_refused",
                condition=Q(receipt="refused"),
            ),
            models.Index(
                fields=["store", "id"],
                name="opt_out_in_attributes",
                condition=Q(is_in_attributes=True),
            ),
            models.Index(
                fields=["store", "resubscription_check_at"],
                name="opt_out_challenged",
                condition=Q(resubscription="challenged"),
            ),
        ]

    def __str__(self) -> str:
        return f"opt-out {self.pk}"

    @property
    def is_parked(self) -> bool:
        """Whether the write was refused so often that only the person's change brings it back."""
        return self.receipt == OptOut.Receipt.REFUSED and self.retry_at is None

    @property
    def is_account_wide(self) -> bool:
        """Whether the person left Dotdigital as a whole, not one book."""
        return self.address_book_id == WHOLE_ACCOUNT
