"""Which audience goes into which book, and which field into which: chosen on the page."""

from django.contrib import admin

from integrationhub.admin.read_only import FactAdmin
from integrationhub.models import AddressBookMapping, FieldMapping


@admin.register(AddressBookMapping)
class AddressBookMappingAdmin(FactAdmin[AddressBookMapping]):
    """The chosen books."""

    list_display = ["store", "audience", "address_book"]
    list_filter = ["audience", "store__account", "store"]
    list_select_related = ["store__account", "address_book"]
    ordering = ["store", "audience"]


@admin.register(FieldMapping)
class FieldMappingAdmin(FactAdmin[FieldMapping]):
    """The mapped fields."""

    list_display = ["store", "source_field", "data_field", "type"]
    list_filter = ["store__account", "store"]
    list_select_related = ["store"]
    ordering = ["store", "data_field"]
