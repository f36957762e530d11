"""The BigCommerce page: the connected store, and which audience goes into which address book."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from integrationhub import address_books, stores
from integrationhub.models import AddressBook, Audience, StandingCount
from integrationhub.web.changes import changes
from integrationhub.web.confirmation import EVERYBODY, TRIAL, newcomers
from integrationhub.web.contacts_form import ContactsForm, NewBookForm
from integrationhub.web.health import health_of
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.parting import Parting, PartingForm
from integrationhub.web.previewing import shown
from integrationhub.web.standing import interval_words
from integrationhub.web.views.live import STORE


class StorePage(StoreMixin, FormView[ContactsForm]):
    """How the store stands, and which audience goes into which address book.

    A choice that is not saved yet stands in the address, so that it outlives a search.
    """

    template_name = "integrationhub/bigcommerce/store.html"
    form_class = ContactsForm
    books_problem = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, with books asked for since people were last put into them."""
        if not self.store.is_disconnected and self._are_books_outdated():
            self._ask_for_books()
        return super().get(request, *args, **kwargs)

    def _are_books_outdated(self) -> bool:
        refreshed_at = self._refreshed_at()
        if refreshed_at is None:
            return True
        counts = StandingCount.objects.of(self.account).filter(store=self.store)
        counted_at = counts.aggregate(at=Max("counted_at"))["at"]
        return not self.store.problem and counted_at is not None and refreshed_at < counted_at

    def _refreshed_at(self) -> datetime | None:
        """Return when Dotdigital was last asked for its address books."""
        books = AddressBook.objects.of(self.account).filter(is_missing=False)
        found: datetime | None = books.aggregate(at=Min("refreshed_at"))["at"]
        return found

    def _ask_for_books(self) -> None:
        try:
            address_books.refresh(self.account, now=timezone.now())
        except address_books.AddressBooksError as error:
            self.books_problem = str(error)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose books it offers, and what stands chosen."""
        return {**super().get_form_kwargs(), "store": self.store, "draft": self.draft}

    @property
    def draft(self) -> Mapping[str, str]:
        """Return the choice that was sent, or stands in the address."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people's health, what SAVE would change, and when the books were asked for."""
        health = health_of(self.store)
        form = kwargs.get("form") or self.get_form()
        context = {
            "form": form,
            "draft": self.draft,
            "new_book_form": NewBookForm(account=self.account),
            "changes": changes(form, {side.audience: side.in_book for side in health}),
            "health": health,
            "on": STORE,
            "preview": shown(self.store, form),
            "parting": Parting.of(self.store, now=timezone.now()),
            "parting_form": PartingForm(store=self.store),
            "region": stores.region_of(self.account),
            "elsewhere": stores.elsewhere(self.store, self.membership.user),
            "interval": interval_words(),
            "books_problem": self.books_problem,
            "refreshed_at": self._refreshed_at(),
        }
        return super().get_context_data(**{**context, **kwargs})

    def form_valid(self, form: ContactsForm) -> HttpResponse:
        """Keep the choice, making the default book if it is absent; ask first who is added."""
        preview = shown(self.store, form)
        coming = newcomers(form, preview.added if preview else {})
        how = self.request.POST.get("how", "")
        if coming and how not in {EVERYBODY, TRIAL}:
            context = self.get_context_data(form=form, newcomers=coming)
            return TemplateResponse(
                self.request, "integrationhub/bigcommerce/confirm.html", context
            )
        try:
            is_changed = address_books.assign(
                self.store,
                self._choice(form),
                now=timezone.now(),
                by=self.membership.user,
                is_trial=how == TRIAL,
            )
        except address_books.AddressBooksError as error:
            form.add_error("subscribers_book", str(error))
            return self.form_invalid(form)
        except address_books.SameBookError as error:
            form.add_error("customers_book", str(error))
            return self.form_invalid(form)
        messages.success(self.request, self._said(is_changed=is_changed))
        page = reverse("store", args=[self.account.slug, self.store.store_hash])
        return redirect(f"{page}#content")

    def _choice(self, form: ContactsForm) -> address_books.Choice:
        name, now = address_books.DEFAULT_SUBSCRIBERS_BOOK, timezone.now()
        chosen = form.book(Audience.SUBSCRIBERS)
        return address_books.Choice(
            subscribers=chosen or address_books.ensure(self.account, name, now=now),
            customers=form.book(Audience.CUSTOMERS),
        )

    def _said(self, *, is_changed: bool) -> str:
        if not is_changed:
            return "Nothing to save: these address books were chosen already."
        if not self.store.is_sync_enabled:
            return "Saved. Nothing is synced until you press Resume."
        if self.store.is_trial:
            return "Saved. Ten people of each audience are added now; then the sync waits for you."
        return "Saved. The sync starts now."
