"""What the admin's pages share: facts that nobody edits, and settings saved one by one."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)


class FactMixin:
    """Rows that the program writes: staff look at them, and nothing else."""

    def has_add_permission(self, *_args: Any) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        """Return False."""
        return False


class FactAdmin(FactMixin, admin.ModelAdmin[Row]):
    """A list and a page of facts; the whole table is never counted twice."""

    actions = None
    show_full_result_count = False
    list_per_page = 50


class SettingsAdmin(admin.ModelAdmin[Row]):
    """Rows whose settings staff may change: only what they changed is written.

    A worker may be writing other columns of the same row at that moment.
    """

    actions: Any = None
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own
        """Write a new row whole, and of a known one what was changed."""
        if change:
            obj.save(update_fields=self.changed_fields(form))
        else:
            super().save_model(request, obj, form, change)

    def changed_fields(self, form: Any) -> list[str]:
        """Return the columns to write."""
        return list(form.changed_data)

    def has_delete_permission(self, *_args: Any) -> bool:
        """Return False: deleting a tenant's rows takes more than a click."""
        return False
