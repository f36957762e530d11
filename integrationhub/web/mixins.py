"""Where a page gets its tenant and its store, or a 404."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.generic.base import ContextMixin, View

from integrationhub import stores
from integrationhub.models import Account, Membership, Store
from integrationhub.web.head import head_of
from integrationhub.web.live import live_of
from integrationhub.web.tabs import TABS

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
VIEWERS_ONLY_LOOK = (
    "You may look at this account, but not change anything in it. "
    "Ask an owner of the account to make you a marketer."
)
NOT_CONNECTED = "This store is not connected, so nothing can be done here. Connect it again first."


def memberships_of(user: Any) -> Any:
    """Return the person's places, in the order of their accounts' names."""
    places = Membership.objects.filter(user=user).select_related("account", "user")
    return places.order_by("account__name")


class AccountMixin(ContextMixin, View):
    """A page of one account: for its members, in its time zone; viewers may look only."""

    membership: Membership
    account: Account
    looking = LOOKING  # what viewers may do

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the tenant from the address and the person's place in it."""
        super().setup(request, *args, **kwargs)
        places = memberships_of(request.user)
        self.membership = get_object_or_404(places, account__slug=kwargs["account"])
        self.account = self.membership.account

    @property
    def may_change(self) -> bool:
        """Whether the person may change anything on this page."""
        return self.membership.may_change

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the account's time zone, if the person may do this."""
        if request.method not in self.looking and not self.membership.may_change:
            raise PermissionDenied(VIEWERS_ONLY_LOOK)
        with timezone.override(self.account.zone):
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if isinstance(response, TemplateResponse) else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what every page of an account shows."""
        places = memberships_of(self.request.user).exclude(pk=self.membership.pk)
        shared = {
            "account": self.account,
            "other_accounts": [place.account for place in places],
            "may_change": self.may_change,
        }
        return super().get_context_data(**{**kwargs, **shared})


class StoreMixin(AccountMixin):
    """A page of one store of the account; `tab` says under which of its tabs it belongs.

    Of a store that was disconnected people may see what is kept, and connect it again.
    """

    store: Store
    tab = "store"
    is_for_disconnected = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the store from the address; somebody else's is not there."""
        super().setup(request, *args, **kwargs)
        found = Store.objects.of(self.account).select_related("account")
        self.store = get_object_or_404(found, store_hash=kwargs["store_hash"])

    @property
    def may_change(self) -> bool:
        """Whether the person may change anything: nobody may where nothing is connected."""
        return super().may_change and not self.store.is_disconnected

    @property
    def may_reconnect(self) -> bool:
        """Whether the person may connect the store again."""
        return super().may_change and self.store.is_disconnected

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, unless something is to be done to a store that is not connected."""
        is_change = request.method not in self.looking and not self.is_for_disconnected
        if is_change and self.may_reconnect:
            messages.error(request, NOT_CONNECTED)
            return redirect("store", self.account.slug, self.store.store_hash)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the store, its tabs, and how it stands."""
        head = head_of(self.store, now=timezone.now())
        shared = {
            "store": self.store,
            "store_link": stores.link(self.store.url),
            "may_reconnect": self.may_reconnect,
            "tab": self.tab,
            "tabs": TABS,
            "head": head,
            "standing": head.standing,
            "last": head.last,
            "open_run": head.open_run,
            "live": live_of(head, now=head.now),
        }
        return super().get_context_data(**{**kwargs, **shared})
