"""Sync runs of every tenant, with their counts, and the imports they made."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from integrationhub.admin.read_only import FactAdmin, FactMixin
from integrationhub.models import Account, Audience, AudienceCount, ContactImport, SyncRun
from integrationhub.reasons import Reason, words

OUTCOMES = "added / updated / unchanged / skipped / failed"


class ReasonFilter(admin.SimpleListFilter):
    """The reasons of the catalogue, so that the table need not be read for them."""

    title = "reason"
    parameter_name = "reason"

    def lookups(self, *_args: Any) -> list[tuple[str, str]]:
        """Return every reason that a run may have."""
        return [(reason.value, reason.value) for reason in Reason]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[SyncRun]) -> QuerySet[SyncRun]:
        """Keep the runs with the chosen reason."""
        return queryset.filter(reason=self.value()) if self.value() else queryset


class AudienceCountInline(FactMixin, admin.TabularInline[AudienceCount, SyncRun]):
    """What the run did with each audience."""

    model = AudienceCount
    extra = 0


@admin.register(SyncRun)
class SyncRunAdmin(FactAdmin[SyncRun]):
    """One pass over one store."""

    list_display = [
        "id",
        "status",
        "reason",
        "account",
        "store",
        "trigger",
        "started_at",
        "duration",
        "subscribers",
        "customers",
        "opt_outs_seen",
        "written_back",
    ]
    list_filter = [
        "status",
        "started_at",
        "store__account",
        "store",
        "trigger",
        "is_first",
        ReasonFilter,
    ]
    list_select_related = ["store__account"]
    search_fields = ["id__exact", "store__store_hash", "store__name", "store__account__name"]
    search_help_text = "A run's number, a store or an account."
    ordering = ["-pk"]  # the latest first; nothing has to be sorted for it
    readonly_fields = ["in_words", "duration"]
    inlines = [AudienceCountInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncRun]:
        """Return the runs with their counts."""
        return super().get_queryset(request).prefetch_related("counts")

    @admin.display(ordering="store__account__name")
    def account(self, run: SyncRun) -> Account:
        """Return the tenant."""
        return run.store.account

    @admin.display(description="took")
    def duration(self, run: SyncRun) -> str:
        """Return how long it took, or has taken so far, in hours, minutes and seconds."""
        length = (run.finished_at or run.heartbeat_at) - run.started_at
        return str(length).split(".")[0]

    @admin.display(description="reason in words")
    def in_words(self, run: SyncRun) -> str:
        """Return what the marketer is told."""
        return words(run.reason).in_full if run.reason else "-"

    @admin.display(description=f"subscribers: {OUTCOMES}")
    def subscribers(self, run: SyncRun) -> str:
        """Return the subscribers' counts."""
        return _counts(run, Audience.SUBSCRIBERS)

    @admin.display(description=f"customers: {OUTCOMES}")
    def customers(self, run: SyncRun) -> str:
        """Return the customers' counts."""
        return _counts(run, Audience.CUSTOMERS)


def _counts(run: SyncRun, audience: str) -> str:
    for count in run.counts.all():
        if count.audience == audience:
            numbers = (count.added, count.updated, count.unchanged, count.skipped, count.failed)
            return " / ".join(str(number) for number in numbers)
    return "-"


@admin.register(ContactImport)
class ContactImportAdmin(FactAdmin[ContactImport]):
    """One batch handed to Dotdigital."""

    list_display = ["id", "store", "run", "status", "sent", "failed", "created_at", "finished_at"]
    list_filter = ["status", "created_at", "store__account", "store"]
    list_select_related = ["store", "run"]
    search_fields = ["remote_id__exact", "id__exact"]
    ordering = ["-pk"]
