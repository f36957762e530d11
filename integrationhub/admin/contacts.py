"""The ledger: where each person stands, and why."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from integrationhub.admin.long_lists import LongListAdmin, WithinStore, chosen_store
from integrationhub.models import Audience, Contact, StandingCount

KEPT_OUT = (Contact.Standing.LEFT_OUT, Contact.Standing.FAILED)


class StageFilter(WithinStore):
    """What happens next to people of a store."""

    title = "stage"
    parameter_name = "stage"
    ordering = ("pk",)

    def choices_within(self, _store: int) -> list[tuple[str, str]]:
        """Return every stage."""
        return [(str(stage.value), str(stage.label)) for stage in Contact.Stage]

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep who is in the stage."""
        is_stage = value in map(str, Contact.Stage.values)
        return rows.filter(stage=value) if is_stage else rows.none()


class KeptOutFilter(WithinStore):
    """Who of an audience is not in its book, and why, as was last counted."""

    audience: Audience

    def choices_within(self, store: int) -> list[tuple[str, str]]:
        """Return the reasons that there are."""
        counts = StandingCount.objects.filter(store=store, audience=self.audience)
        found = counts.filter(standing__in=KEPT_OUT).order_by("standing", "-number")
        return [(f"{row.standing}.{row.reason}", f"{row.reason}, {row.number:,}") for row in found]

    def narrowed(self, rows: Any, value: str) -> Any:
        """Keep who stands there for that reason."""
        standing, _, reason = value.partition(".")
        return rows.kept_out(self.audience, standing, reason)


class SubscribersKeptOut(KeptOutFilter):
    """Subscribers who are not in the book."""

    title = "why no subscriber"
    parameter_name = "subscriber"
    ordering = ("subscribers_reason", "pk")
    audience = Audience.SUBSCRIBERS


class CustomersKeptOut(KeptOutFilter):
    """Customers who are not in the book."""

    title = "why no customer"
    parameter_name = "customer"
    ordering = ("customers_reason", "pk")
    audience = Audience.CUSTOMERS


NARROWER = (StageFilter, SubscribersKeptOut, CustomersKeptOut)


@admin.register(Contact)
class ContactAdmin(LongListAdmin[Contact]):
    """One person of one store; looked up by the whole address, so that it is fast."""

    list_display = [
        "email",
        "store",
        "subscribers_standing",
        "subscribers_reason",
        "customers_standing",
        "customers_reason",
        "stage",
    ]
    list_filter = [*NARROWER, "store"]
    list_select_related = ["store"]
    fieldsets = [
        (None, {"fields": ["store", "email", "stage", "decided_in"]}),
        (
            "What BigCommerce says",
            {
                "fields": [
                    "customer_id",
                    "subscriber_id",
                    "has_subscriber_record",
                    "consents",
                    "consent_changed_at",
                    "counting_order_ids",
                    "latest_order_id",
                    "source_fields",
                ]
            },
        ),
        (
            "What was decided",
            {
                "fields": [
                    "accepts_marketing",
                    "accepts_marketing_updated_at",
                    "subscribers_standing",
                    "subscribers_reason",
                    "customers_standing",
                    "customers_reason",
                ]
            },
        ),
        (
            "What Dotdigital has accepted",
            {
                "fields": [
                    "dotdigital_id",
                    "is_moved",
                    "subscribers_books",
                    "customers_books",
                    "attempts",
                    "sent_at",
                    "contact_import",
                ]
            },
        ),
    ]

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        """Order as the index does that finds the rows, for to sort them would take long."""
        if chosen_store(request) is None:
            return ["-pk"]
        by = [each.ordering for each in NARROWER if each.parameter_name in request.GET]
        return [*by[0]] if by else ["store", "email"]
