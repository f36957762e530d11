"""Removals seen in Dotdigital, each with the receipt of its write-back."""

from django.contrib import admin

from integrationhub.admin.long_lists import LongListAdmin
from integrationhub.models import OptOut


@admin.register(OptOut)
class OptOutAdmin(LongListAdmin[OptOut]):
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
    ordering = ["-pk"]
