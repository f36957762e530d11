"""Store: one BigCommerce store of an account, with its settings, schedule and lease."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from integrationhub.fields import EncryptedTextField
from integrationhub.models.accounts import Account
from integrationhub.models.tenancy import Owned, OwnedQuerySet


def default_uncounted_statuses() -> list[int]:
    """Return the order statuses that are no purchase: Incomplete, Cancelled, Declined."""
    return [0, 5, 6]


def default_written_back_reasons() -> list[str]:
    """Return the Dotdigital reasons that are a person's no, as Dotdigital spells them."""
    return ["Unsubscribed", "Suppressed", "IspComplained", "DirectComplaint"]


def validate_statuses(value: object) -> None:
    """Raise ValidationError unless it is a list of BigCommerce's order status ids, 0 to 14."""
    if not isinstance(value, list) or any(status not in range(15) for status in value):
        raise ValidationError("A list of order status ids from 0 to 14, such as [0, 5, 6].")


def validate_reasons(value: object) -> None:
    """Raise ValidationError unless it is a list of Dotdigital's words for why somebody left."""
    if not isinstance(value, list) or any(not isinstance(reason, str) for reason in value):
        raise ValidationError('A list of reasons, such as ["Unsubscribed", "Suppressed"].')


class StoreQuerySet(OwnedQuerySet):
    """The stores' own queries."""

    def connected(self) -> Self:
        """Keep the stores that are connected now."""
        return self.filter(disconnected_at=None)

    def disconnected(self) -> Self:
        """Keep the stores that were connected once, and are so no more."""
        return self.filter(disconnected_at__isnull=False)


class Store(Owned):
    """One BigCommerce store of an account: its credentials, settings, schedule and lease."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="stores")
    store_hash = models.CharField(max_length=32)
    access_token = EncryptedTextField(blank=True)
    name = models.CharField(max_length=255)
    url = models.URLField(blank=True)
    connected_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True, blank=True, editable=False)
    disconnected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    forget_at = models.DateTimeField(
        "when its people are forgotten", null=True, blank=True, editable=False
    )
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    is_sync_enabled = models.BooleanField("data sync", default=True)
    next_sync_at = models.DateTimeField(null=True, blank=True)
    sync_requested_at = models.DateTimeField(null=True, blank=True, editable=False)
    sync_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    full_read_requested_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_synced_at = models.DateTimeField(null=True, blank=True)
    failures_in_a_row = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    alerted_about = models.CharField(
        max_length=40, blank=True, editable=False, help_text="What its people were mailed about."
    )
    alerted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)

    is_confirming_opt_ins = models.BooleanField("the store confirms opt-ins", default=False)
    is_syncing_all_account_holders = models.BooleanField(default=False)
    uncounted_order_statuses = models.JSONField(
        default=default_uncounted_statuses, blank=True, validators=[validate_statuses]
    )
    written_back_reasons = models.JSONField(
        default=default_written_back_reasons, blank=True, validators=[validate_reasons]
    )
    is_writing_attributes = models.BooleanField(default=True)
    is_challenging_resubscribers = models.BooleanField(default=True)
    is_tagging_with_group = models.BooleanField(
        "use the customer group as tag where the attribute is empty", default=False
    )
    tags_attribute = models.CharField(max_length=255, blank=True, default="Tags")
    safety_share = models.FloatField("safety stop: share", default=0.2)
    safety_number = models.PositiveIntegerField("safety stop: people", default=200)
    safety_stop_size = models.PositiveIntegerField(
        default=0, help_text="How many people the last safety stop was about."
    )
    safety_stop_passed = models.CharField(
        max_length=40, blank=True, help_text="The safety stop that a person has let pass."
    )

    clock_lead = models.DurationField(
        default=timedelta(),
        help_text="How far BigCommerce's clock was ever seen to be ahead of Dotdigital's.",
    )
    has_consents_key = models.BooleanField(default=False)
    is_subscriber_filter_working = models.BooleanField(default=True)
    attribute_ids = models.JSONField(default=dict, blank=True)
    books_chosen_at = models.DateTimeField(null=True, blank=True, editable=False)
    books_chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    is_trial = models.BooleanField("ten people first, then a person is asked", default=False)
    trial_people = models.JSONField(
        null=True, blank=True, editable=False, help_text="The rows of who is added on trial."
    )
    is_decision_due = models.BooleanField(default=False)
    is_filling = models.BooleanField("first run since the books were chosen", default=True)

    objects: Any = StoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "store_hash"], name="store_once_per_account"
            ),
            models.CheckConstraint(
                condition=Q(disconnected_at=None) | Q(access_token="", lease_token=None),
                name="a_disconnected_store_has_no_token_and_no_lease",
            ),
            models.CheckConstraint(
                condition=Q(forget_at=None) | Q(disconnected_at__isnull=False),
                name="only_a_disconnected_store_is_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(lease_token=None, lease_expires_at=None)
                | Q(lease_token__isnull=False, lease_expires_at__isnull=False),
                name="a_lease_has_a_token_and_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_sync_at"],
                name="store_due",
                condition=Q(is_sync_enabled=True, next_sync_at__isnull=False),
            ),
            models.Index(
                fields=["forget_at"], name="store_to_forget", condition=Q(forget_at__isnull=False)
            ),
            models.Index(
                fields=["account", "lease_expires_at"],
                name="store_in_work",
                condition=Q(lease_expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.store_hash

    @property
    def is_disconnected(self) -> bool:
        """Whether the store was connected once, and is so no more."""
        return self.disconnected_at is not None
