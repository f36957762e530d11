"""The hub: which stores are connected and how they stand, and what can be connected."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from integrationhub.models import Store
from integrationhub.web.head import heads_of
from integrationhub.web.mixins import AccountMixin

AVAILABLE = ("BigCommerce",)
LONGEST_SEARCH = 100
PARTED_SHOWN = 20


class Hub(AccountMixin):
    """What both tabs share: what is searched for, and how many stores are connected."""

    @property
    def sought(self) -> str:
        """Return what the person searches for."""
        return self.request.GET.get("q", "").strip().replace("\0", "")[:LONGEST_SEARCH]

    def found(self, stores: Any) -> Any:
        """Return those of the stores whose name or hash has in it what is sought."""
        if not self.sought:
            return stores
        return stores.filter(Q(name__icontains=self.sought) | Q(store_hash__icontains=self.sought))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers on the tabs, and the search."""
        counted = {"store_count": Store.objects.of(self.account).connected().count()}
        shared = {**counted, "available_count": len(AVAILABLE), "sought": self.sought}
        return super().get_context_data(**kwargs, **shared)


class Active(Hub, ListView[Store]):
    """The connected stores, each with how it stands."""

    template_name = "integrationhub/hub/active.html"
    extra_context = {"tab": "active"}
    paginate_by = 20

    def get_queryset(self) -> Any:
        """Return the stores whose name or hash has in it what is sought."""
        stores = Store.objects.of(self.account).connected().select_related("account")
        return self.found(stores).order_by("name", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a card for each store of this page."""
        context = super().get_context_data(**kwargs)
        cards = heads_of(context["object_list"], now=timezone.now())
        return {**context, "cards": cards, "is_mailed": self.membership.is_mailed_of_trouble}


class Available(Hub, TemplateView):
    """What can be connected, and which stores were connected once; of many, the latest."""

    template_name = "integrationhub/hub/available.html"
    extra_context = {"tab": "available"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the integrations and the disconnected stores that have in them what is sought."""
        found = [name for name in AVAILABLE if self.sought.casefold() in name.casefold()]
        parted = self.found(Store.objects.of(self.account).disconnected())
        parted = parted.select_related("account").order_by("-disconnected_at", "pk")[:PARTED_SHOWN]
        cards = heads_of(parted, now=timezone.now())
        return super().get_context_data(integrations=found, cards=cards, **kwargs)
