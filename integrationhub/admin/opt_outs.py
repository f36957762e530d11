"""Removals seen in Dotdigital, each with the receipt of its write-back."""

from django.contrib import admin

from integrationhub.admin.read_only import FactAdmin
from integrationhub.models import OptOut


@admin.register(OptOut)
class OptOutAdmin(FactAdmin[OptOut]):
    """Who left, when, why, and what became of it in BigCommerce."""

    list_display = [
        "email",
        "store",
        "removed_at",
        "reason",
        "seen_at",
        "receipt",
        "written_at",
        "resubscription",
    ]
    list_filter = ["receipt", "resubscription", "removed_at", "store__account", "store"]
    list_select_related = ["store"]
    search_fields = ["email__exact"]
    search_help_text = "A whole email address, in lower case."
    ordering = ["-pk"]
