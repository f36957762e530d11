"""ActivityEntry: one thing that somebody did to a store or its account; what is written down."""

from datetime import datetime
from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from auditlog.registry import auditlog
from django.db import models
from django.utils import timezone

from integrationhub.models.accounts import Account, Membership
from integrationhub.models.mappings import FieldMapping
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet

MASK = "***"
# What a person may change, by model. No secret is among them, and nothing that the engine writes.
RECORDED: dict[type[models.Model], tuple[str, ...]] = {
    Store: (
        "is_sync_enabled",
        "is_confirming_opt_ins",
        "is_syncing_all_account_holders",
        "uncounted_order_statuses",
        "written_back_reasons",
        "is_writing_attributes",
        "is_challenging_resubscribers",
        "is_tagging_with_group",
        "tags_attribute",
        "safety_share",
        "safety_number",
    ),
    FieldMapping: ("source_field", "data_field", "type"),
    Account: (
        "name",
        "slug",
        "time_zone",
        "dotdigital_name",
        "dotdigital_endpoint",
        "dotdigital_api_user",
    ),
    Membership: ("role", "is_mailed_of_trouble"),
}
MASKED: dict[type[models.Model], list[str]] = {Account: ["dotdigital_api_user"]}


def masked(value: str) -> str:
    """Return what stands for a value that is not to be read, and nothing for none."""
    return MASK if value else ""


class ActivityManager(LogEntryManager.from_queryset(OwnedQuerySet)):  # type: ignore[misc]  # made at run time
    """Writes entries down, each with the tenant and the store that it is about."""

    def log_create(self, instance: Any, force_log: bool = False, **fields: Any) -> Any:  # noqa: FBT001, FBT002 - auditlog's own
        """Write down a change of `instance`; auditlog calls this for every save of a model."""
        about = {**_place(instance), "additional_data": _names(instance)}
        return super().log_create(instance, force_log, **{**about, **fields})

    def note(
        self, row: Account | Store, deed: str, *, at: datetime | None = None, **details: Any
    ) -> None:
        """Write down what somebody did that changes no field, with what else is to be told."""
        self.log_create(
            row,
            force_log=True,
            action=AbstractLogEntry.Action.ACCESS,
            deed=deed,
            additional_data=details or None,
            timestamp=at or timezone.now(),
        )


class ActivityEntry(Owned, AbstractLogEntry):  # type: ignore[misc]  # auditlog tells no types
    """What was done, by whom and when; it outlives the store. Without a store, the account's."""

    class Deed(models.TextChoices):
        """What a person does that changes no field."""

        SYNC_ASKED = "sync_asked"
        SYNC_STOPPED = "sync_stopped"
        WENT_ON = "went_on"
        DISCARDED = "discarded"
        RETRIED = "retried"
        PREVIEW_ASKED = "preview_asked"
        CONNECTION_TESTED = "connection_tested"
        CONTACT_ASKED = "contact_asked"
        BOOK_MADE = "book_made"
        TOKEN_REPLACED = "token_replaced"  # noqa: S105 - a code, no secret
        PASSWORD_REPLACED = "password_replaced"  # noqa: S105 - a code, no secret
        DISCONNECTED = "disconnected"
        CONNECTED_AGAIN = "connected_again"
        FULL_READ_ASKED = "full_read_asked"
        REFUSED_RETRIED = "refused_retried"

    account = models.ForeignKey(
        Account, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    store = models.ForeignKey(
        Store,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    deed = models.CharField(max_length=20, choices=Deed, blank=True)
    is_by_staff = models.BooleanField("done in the admin", default=False)

    objects: Any = ActivityManager()

    class Meta:
        verbose_name = "activity"
        verbose_name_plural = "activity"
        indexes = [models.Index(fields=["account", "store", "-id"], name="activity_of_store")]

    def __str__(self) -> str:
        return f"activity {self.pk}"


def _place(instance: Any) -> dict[str, Any]:
    """Return the tenant and the store of a row."""
    if isinstance(instance, Account):
        return {"account_id": instance.pk, "store_id": None}
    store = instance if isinstance(instance, Store) else getattr(instance, "store", None)
    of = store or instance
    return {"account_id": of.account_id, "store_id": store and store.pk}


def _names(instance: Any) -> dict[str, str] | None:
    """Return what the row is called, where its changes alone would not say."""
    if isinstance(instance, Membership):
        return {"person": instance.user.email or str(instance.user)}
    return {"field": instance.data_field} if isinstance(instance, FieldMapping) else None


for model, names in RECORDED.items():
    auditlog.register(model, include_fields=[*names], mask_fields=MASKED.get(model))
