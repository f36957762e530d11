"""What people have done, of every tenant: in words, and as it is kept."""

from auditlog import get_logentry_model
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from integrationhub.activity import lines_of
from integrationhub.admin.read_only import FactAdmin
from integrationhub.models import ActivityEntry

if admin.site.is_registered(get_logentry_model()):
    admin.site.unregister(get_logentry_model())


@admin.register(ActivityEntry)
class ActivityEntryAdmin(FactAdmin[ActivityEntry]):
    """Who did what, and when; staff by name here."""

    list_display = ["timestamp", "who", "in_words", "store", "account"]
    list_filter = ["timestamp", "is_by_staff", "deed", "account"]
    list_select_related = ["account", "store", "actor"]
    search_fields = ["actor_email__iexact", "store__store_hash", "account__slug"]
    search_help_text = "A person's whole email address, a store's hash or an account's slug."
    ordering = ["-pk"]
    fields = ["timestamp", "account", "store", "who", "is_by_staff", "in_words", "changes"]

    @admin.display(ordering="actor_email")
    def who(self, entry: ActivityEntry) -> str:
        """Return the person, by the address of that time once they are gone."""
        return str(entry.actor or entry.actor_email or "a command on the server")

    @admin.display(description="what was done")
    def in_words(self, entry: ActivityEntry) -> SafeString:
        """Return what the marketer reads."""
        return format_html_join(" ", "{}", ((line.text,) for line in lines_of(entry)))
