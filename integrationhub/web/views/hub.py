"""The hub: which stores are connected, and what can be connected."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from integrationhub.models import Store, SyncRun
from integrationhub.web.mixins import AccountMixin
from integrationhub.web.results import Result, result_of, runs_of
from integrationhub.web.standing import Standing, standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One store on the hub."""

    store: Store
    standing: Standing
    last: Result | None


class Hub(AccountMixin, TemplateView):
    """What both tabs share."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many stores are connected."""
        stores = Store.objects.of(self.account).select_related("account")
        self.stores = list(stores.order_by("name", "pk"))
        return super().get_context_data(store_count=len(self.stores), **kwargs)


class Active(Hub):
    """The connected stores, each with how it stands."""

    template_name = "integrationhub/hub/active.html"
    extra_context = {"tab": "active"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a card for each store."""
        context = super().get_context_data(**kwargs)
        return {**context, "cards": [card_of(store) for store in self.stores]}


class Available(Hub):
    """What can be connected."""

    template_name = "integrationhub/hub/available.html"
    extra_context = {"tab": "available"}


def card_of(store: Store) -> Card:
    """Return a store as the hub shows it."""
    runs = runs_of(store)
    last: SyncRun | None = runs.exclude(finished_at=None).first()
    standing = standing_of(
        store,
        open_run=runs.filter(finished_at=None).first(),
        has_books=store.address_book_mappings.exists(),
        now=timezone.now(),
    )
    return Card(store=store, standing=standing, last=result_of(last) if last else None)
