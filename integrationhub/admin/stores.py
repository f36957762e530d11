"""Connected stores: how each stands, and the settings that staff may change."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from integrationhub import stores
from integrationhub.admin.read_only import FactMixin, SettingsAdmin
from integrationhub.models import ActivityEntry, Cursor, Store
from integrationhub.sync import retry

SETTINGS = (
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
)
READ_BY = {"uncounted_order_statuses", "is_tagging_with_group", "tags_attribute"}
WHEN_THEY_COUNT = (
    "The next run decides anew by them. Where order statuses or tags have changed, it reads the "
    "whole store again. Opt-outs that were seen before keep their receipts."
)
FACTS = (
    "account",
    "store_hash",
    "name",
    "url",
    "connected_at",
    "disconnected_at",
    "disconnected_by",
    "forget_at",
    "forgotten_at",
    "is_sync_enabled",
    "next_sync_at",
    "last_synced_at",
    "full_read_requested_at",
    "failures_in_a_row",
    "problem",
    "lease_expires_at",
    "safety_stop_size",
    "safety_stop_passed",
    "clock_lead",
    "has_consents_key",
    "is_subscriber_filter_working",
    "attribute_ids",
    "is_decision_due",
    "is_filling",
)


class CursorInline(FactMixin, admin.TabularInline[Cursor, Store]):
    """How far each source has been read."""

    model = Cursor
    extra = 0
    fields = ("source", "since", "position", "read_started_at", "completed_at")


@admin.register(Store)
class StoreAdmin(SettingsAdmin[Store]):
    """A store; its token is neither shown nor entered here."""

    list_display = [
        "name",
        "account",
        "store_hash",
        "is_connected",
        "is_sync_enabled",
        "problem",
        "failures_in_a_row",
        "last_synced_at",
        "next_sync_at",
    ]
    list_filter = [
        ("disconnected_at", admin.EmptyFieldListFilter),
        "is_sync_enabled",
        "problem",
        "account",
    ]
    list_select_related = ["account"]
    search_fields = ["name", "store_hash", "account__name"]
    ordering = ["name", "pk"]
    fieldsets = [
        (None, {"fields": FACTS}),
        ("Settings", {"fields": SETTINGS, "description": WHEN_THEY_COUNT}),
    ]
    readonly_fields = FACTS
    inlines = [CursorInline]
    actions = ["read_everything", "retry_refused"]

    @admin.display(boolean=True, description="connected")
    def is_connected(self, store: Store) -> bool:
        """Return whether the store is connected now."""
        return not store.is_disconnected

    @admin.action(description="Read everything again at the next run", permissions=["change"])
    def read_everything(self, request: HttpRequest, queryset: "QuerySet[Store]") -> None:
        """Let the next run of these stores be a complete one."""
        for store in queryset:
            stores.request_full_read(store, now=timezone.now())
            ActivityEntry.objects.note(store, ActivityEntry.Deed.FULL_READ_ASKED)
        self.message_user(request, "The next sync reads everything again.")

    @admin.action(description="Send again who was refused", permissions=["change"])
    def retry_refused(self, request: HttpRequest, queryset: "QuerySet[Store]") -> None:
        """Let the next run of these stores try again whomever either side has refused."""
        number = sum(_retry(store) for store in queryset)
        self.message_user(request, f"{number:,} refused people are tried again at the next sync.")

    def has_add_permission(self, *_args: Any) -> bool:
        """Return False: a store is connected on the marketer's page or by command."""
        return False

    def save_model(self, request: HttpRequest, obj: Store, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own
        """Let the next run decide anew, and read everything again where that is needed."""
        obj.is_decision_due = True
        if READ_BY & {*form.changed_data}:
            obj.full_read_requested_at = timezone.now()
        super().save_model(request, obj, form, change)

    def changed_fields(self, form: Any) -> list[str]:
        """Return the columns to write."""
        changed = [*super().changed_fields(form), "is_decision_due"]
        return [*changed, "full_read_requested_at"] if READ_BY & {*changed} else changed


def _retry(store: Store) -> int:
    number = retry.retry_refused(store)
    deed = ActivityEntry.Deed.REFUSED_RETRIED
    ActivityEntry.objects.note(store, deed, number=number)
    return number
