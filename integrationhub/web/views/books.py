"""The address books of the Contacts section: asked for anew, searched, and made in place."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from integrationhub import address_books
from integrationhub.models import ActivityEntry, Audience, Store
from integrationhub.web.contacts_form import FIELDS, SEARCH, NewBookForm
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.views.bigcommerce import StorePage


def draft_page(store: Store, draft: Mapping[str, str]) -> str:
    """Return the address of the store's page on which this choice stands, not saved yet."""
    kept = {name: draft[name] for name in (*FIELDS.values(), SEARCH) if name in draft}
    page = reverse("store", args=[store.account.slug, store.store_hash])
    return f"{page}?{urlencode(kept)}"


class RefreshBooks(StoreMixin, View):
    """Asks Dotdigital for the address books; what was chosen meanwhile stays chosen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Ask, and go back to the page."""
        try:
            address_books.refresh(self.account, now=timezone.now())
        except address_books.AddressBooksError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "The address books are up to date.")
        return redirect(f"{draft_page(self.store, request.POST)}#content")


class FindBooks(StoreMixin, View):
    """Shows the page with the books that match; what was chosen meanwhile stays chosen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Go to the page of this search."""
        return redirect(f"{draft_page(self.store, request.POST)}#contacts")


class NewBook(StorePage):
    """Makes a private address book in Dotdigital, and shows it chosen; SAVE is still to come."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Make the book, or say beside its name why not."""
        form = NewBookForm(request.POST, account=self.account)
        if not form.is_valid():
            return self._refused(form)
        name = form.cleaned_data["new_book"]
        try:
            book = address_books.create(self.account, name, now=timezone.now())
        except address_books.AddressBooksError as error:
            form.add_error("new_book", str(error))
            return self._refused(form)
        ActivityEntry.objects.note(self.store, ActivityEntry.Deed.BOOK_MADE, book=book.name)
        messages.success(request, f"{book} is made, private and empty. Press SAVE to use it.")
        field = FIELDS[Audience(form.cleaned_data["new_book_for"])]
        draft = {**request.POST.dict(), field: str(book.pk)}
        return redirect(f"{draft_page(self.store, draft)}#contacts")

    def _refused(self, form: NewBookForm) -> HttpResponse:
        chosen = self.form_class(initial={}, store=self.store, draft=self.draft)
        return self.render_to_response(self.get_context_data(form=chosen, new_book_form=form))
