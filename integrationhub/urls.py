"""The addresses of the whole site: log-in, the marketer's pages and the staff's admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("integrationhub.web.urls")),
]
