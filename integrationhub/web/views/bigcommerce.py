"""The BigCommerce page: the connected store, and which audience goes into which address book."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import FormView

from integrationhub import address_books, stores
from integrationhub.models import Account, AddressBook
from integrationhub.web.forms import ContactsForm
from integrationhub.web.health import health_of
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.results import results, runs_of
from integrationhub.web.standing import interval_words

RUNS_SHOWN = 5


class StorePage(StoreMixin, FormView[ContactsForm]):
    """How the store stands, and which audience goes into which address book."""

    template_name = "integrationhub/bigcommerce/store.html"
    form_class = ContactsForm
    books_problem = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, with books asked for since the last sync."""
        if self._are_books_outdated():
            self._ask_for_books()
        return super().get(request, *args, **kwargs)

    def _are_books_outdated(self) -> bool:
        refreshed_at = _refreshed_at(self.account)
        if refreshed_at is None:
            return True
        synced_at = self.store.last_synced_at
        return not self.store.problem and synced_at is not None and refreshed_at < synced_at

    def _ask_for_books(self) -> None:
        try:
            address_books.refresh(self.account, now=timezone.now())
        except address_books.AddressBooksError as error:
            self.books_problem = str(error)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose books it offers."""
        return {**super().get_form_kwargs(), "store": self.store}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the last runs, the account's region, and how the books were asked for."""
        return super().get_context_data(
            health=health_of(self.store),
            results=results(runs_of(self.store)[:RUNS_SHOWN]),
            region=stores.region_of(self.account),
            interval=interval_words(),
            books_problem=self.books_problem,
            refreshed_at=_refreshed_at(self.account),
            **kwargs,
        )

    def form_valid(self, form: ContactsForm) -> HttpResponse:
        """Keep the choice, making the default book if it is absent."""
        try:
            is_changed = address_books.assign(
                self.store, self._choice(form), now=timezone.now(), by=self.membership.user
            )
        except address_books.AddressBooksError as error:
            form.add_error("subscribers_book", str(error))
            return self.form_invalid(form)
        except address_books.SameBookError as error:
            form.add_error("customers_book", str(error))
            return self.form_invalid(form)
        messages.success(self.request, self._said(is_changed=is_changed))
        return redirect("store", account=self.account.slug, store_hash=self.store.store_hash)

    def _choice(self, form: ContactsForm) -> address_books.Choice:
        name, now = address_books.DEFAULT_SUBSCRIBERS_BOOK, timezone.now()
        chosen = form.book("subscribers_book")
        return address_books.Choice(
            subscribers=chosen or address_books.ensure(self.account, name, now=now),
            customers=form.book("customers_book"),
        )

    def _said(self, *, is_changed: bool) -> str:
        if not is_changed:
            return "Nothing to save: these address books were chosen already."
        if not self.store.is_sync_enabled:
            return "Saved. Nothing is synced until you turn data sync on."
        return "Saved. The sync starts now."


def _refreshed_at(account: Account) -> datetime | None:
    """Return when Dotdigital was last asked for its address books."""
    found: datetime | None = AddressBook.objects.of(account).aggregate(at=Max("refreshed_at"))["at"]
    return found
