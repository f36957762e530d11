"""The addresses of the marketer's pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
