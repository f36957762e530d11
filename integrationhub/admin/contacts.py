"""The ledger: where each person stands, and why."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from integrationhub.admin.read_only import FactAdmin
from integrationhub.models import Contact


@admin.register(Contact)
class ContactAdmin(FactAdmin[Contact]):
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
    list_filter = ["stage", "subscribers_standing", "customers_standing", "store"]
    list_select_related = ["store"]
    search_fields = ["email__exact"]
    search_help_text = "A whole email address."
    ordering = ["-pk"]
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

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        """Search as the ledger spells addresses: in lower case."""
        return super().get_search_results(request, queryset, search_term.strip().lower())
