"""Sync runs of every tenant, with their counts, and the imports they made."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone

from integrationhub.admin.read_only import FactAdmin, FactMixin
from integrationhub.models import AudienceCount, ContactImport, SyncRun
from integrationhub.reasons import words

SHORT = "j\N{NO-BREAK SPACE}M\N{NO-BREAK SPACE}Y H:i"
NAMES = ("read", "added", "failed")
LATEST = 2000


class ReasonFilter(admin.SimpleListFilter):
    """The reasons that the latest runs have ended for."""

    title = "reason"
    parameter_name = "reason"

    def lookups(self, *_args: Any) -> list[tuple[str, str]]:
        """Return the reasons that occur, in words."""
        latest = SyncRun.objects.order_by("-pk").values("pk")[:LATEST]
        found = SyncRun.objects.filter(pk__in=latest).exclude(reason="")
        codes = found.order_by("reason").values_list("reason", flat=True).distinct()
        return [(code, words(code).sentence) for code in codes]

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

    list_display = ["id", "shop", "status", "why", "began", "duration", "counted"]
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

    @admin.display(description="store", ordering="store__name")
    def shop(self, run: SyncRun) -> str:
        """Return the store and whose it is; unlike the row itself, it may be broken in a line."""
        return f"{run.store} ({run.store.account.slug})"

    @admin.display(description="reason", ordering="reason")
    def why(self, run: SyncRun) -> str:
        """Return the reason's code, so that it may be broken in a line."""
        return run.reason.replace("_", " ")

    @admin.display(description="started", ordering="started_at")
    def began(self, run: SyncRun) -> str:
        """Return when it began, short; a line is broken before the time only."""
        return formats.date_format(timezone.localtime(run.started_at), SHORT)

    @admin.display(description="took")
    def duration(self, run: SyncRun) -> str:
        """Return how long it took, or has taken so far, in hours, minutes and seconds."""
        length = (run.finished_at or run.heartbeat_at) - run.started_at
        return str(length).split(".")[0]

    @admin.display(description="reason in words")
    def in_words(self, run: SyncRun) -> str:
        """Return what the marketer is told."""
        return words(run.reason).in_full if run.reason else "-"

    @admin.display(description=" / ".join(NAMES))
    def counted(self, run: SyncRun) -> str:
        """Return the sums over both audiences; the run's own page has each of them."""
        counts = run.counts.all()
        return " / ".join(f"{sum(getattr(count, name) for count in counts):,}" for name in NAMES)


@admin.register(ContactImport)
class ContactImportAdmin(FactAdmin[ContactImport]):
    """One batch handed to Dotdigital."""

    list_display = ["id", "store", "run", "status", "sent", "failed", "created_at", "finished_at"]
    list_filter = ["status", "created_at", "store__account", "store"]
    list_select_related = ["store", "run"]
    search_fields = ["remote_id__exact", "id__exact"]
    ordering = ["-pk"]
