"""The staff's view of every tenant; they log in where everybody does, with its limits on tries."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from integrationhub.admin import (  # noqa: F401 - each registers its models
    accounts,
    activity,
    address_books,
    contacts,
    mappings,
    opt_outs,
    queue,
    runs,
    stores,
)

admin.site.site_header = admin.site.site_title = "Integration hub"
admin.site.index_title = "Every tenant"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
