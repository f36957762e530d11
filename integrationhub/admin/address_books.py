"""Dotdigital's address books and data fields, as they were when last asked for."""

from django.contrib import admin

from integrationhub.admin.read_only import FactAdmin
from integrationhub.models import AddressBook, DataField


@admin.register(AddressBook)
class AddressBookAdmin(FactAdmin[AddressBook]):
    """The books of every tenant."""

    list_display = ["name", "account", "contact_count", "visibility", "is_missing", "refreshed_at"]
    list_filter = ["is_missing", "account"]
    list_select_related = ["account"]
    search_fields = ["name", "dotdigital_id"]
    ordering = ["account", "name"]


@admin.register(DataField)
class DataFieldAdmin(FactAdmin[DataField]):
    """The data fields of every tenant."""

    list_display = ["name", "account", "type", "visibility"]
    list_filter = ["type", "account"]
    list_select_related = ["account"]
    search_fields = ["name"]
    ordering = ["account", "name"]
