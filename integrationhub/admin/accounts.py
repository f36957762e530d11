"""Accounts (the tenants) and who may work in them."""

from typing import Any

from django import forms
from django.contrib import admin

from integrationhub.admin.read_only import SettingsAdmin
from integrationhub.models import Account, Membership

RESERVED = frozenset({"accounts", "admin", "static"})


class AccountForm(forms.ModelForm[Account]):
    """An account as staff enter it."""

    def clean_slug(self) -> str:
        """Refuse the addresses that the site itself needs."""
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise forms.ValidationError("The site itself needs this address. Choose another one.")
        return slug


class MembershipInline(admin.TabularInline[Membership, Account]):
    """The people of an account."""

    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Account)
class AccountAdmin(SettingsAdmin[Account]):
    """A tenant: its name, its people, and which Dotdigital account it is."""

    form = AccountForm
    list_display = ["name", "slug", "dotdigital_name", "is_dotdigital_connected", "created_at"]
    search_fields = ["name", "slug", "dotdigital_name"]
    ordering = ["name"]
    fields = [
        "name",
        "slug",
        "time_zone",
        "dotdigital_name",
        "dotdigital_api_user",
        "dotdigital_endpoint",
        "created_at",
    ]
    readonly_fields = [
        "dotdigital_name",
        "dotdigital_api_user",
        "dotdigital_endpoint",
        "created_at",
    ]
    inlines = [MembershipInline]

    @admin.display(boolean=True, description="Dotdigital connected")
    def is_dotdigital_connected(self, account: Account) -> bool:
        """Return whether credentials are stored."""
        return account.is_connected

    def get_prepopulated_fields(self, _request: Any, obj: Account | None = None) -> dict[str, Any]:
        """Propose a slug for a new account only."""
        return {} if obj else {"slug": ["name"]}
