"""Entering the credentials of a store and a Dotdigital account, now and later, and trying them."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from integrationhub import probes, stores
from integrationhub.models import ActivityEntry, Store
from integrationhub.reasons import Reason
from integrationhub.web.forms import ConnectForm
from integrationhub.web.mixins import AccountMixin, StoreMixin

_FIELDS = {
    Reason.BIGCOMMERCE_CREDENTIALS: "access_token",
    Reason.BIGCOMMERCE_SCOPE: "access_token",
    Reason.DOTDIGITAL_CREDENTIALS: "password",
}
_FIELDS_OF_SIDE = {probes.BIGCOMMERCE: "store_hash", probes.DOTDIGITAL: "api_user"}
_SIDES = {probes.BIGCOMMERCE: "BigCommerce", probes.DOTDIGITAL: "Dotdigital"}
STARTS_PAUSED = "So the sync is paused here: press Resume if both accounts should sync it."
SAID_OF_NEW = "{store} is connected. Choose its address books under Contacts."
SAID_OF_KNOWN = "Both sides accepted the credentials of {store}."
SAID_OF_KEPT = "{store} is connected again, and goes on where it was."
SAID_OF_FORGOTTEN = (
    "{store} is connected again, and begins anew: choose its address books under Contacts. Whoever "
    "is in a book of before stays there until you take them out, so an empty book is the safest."
)
TOO_MANY_TRIES = "Those were many tries in a short time. Wait a few minutes, then try again."


class Connect(AccountMixin, FormView[ConnectForm]):
    """Connects a store; nothing is saved before both sides have let us in."""

    template_name = "integrationhub/connect/connect.html"
    form_class = ConnectForm

    def known_store(self) -> Store | None:
        """Return the store whose credentials are replaced; None for a new one."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form what is stored already."""
        known = {"account": self.account, "store": self.known_store()}
        return {**super().get_form_kwargs(), **known}

    def get_initial(self) -> dict[str, Any]:
        """Fill in what is no secret."""
        store = self.known_store()
        hash_ = store.store_hash if store else ""
        return {"store_hash": hash_, "api_user": self.account.dotdigital_api_user}

    def form_valid(self, form: ConnectForm) -> HttpResponse:
        """Test both sides and keep what was entered, or say which side refused."""
        if not ratelimit.consume(self.request, action="connect_store", user=self.request.user):
            form.add_error(None, TOO_MANY_TRIES)
            return self.form_invalid(form)
        said = self._said(form.cleaned_data["store_hash"])
        try:
            store = stores.connect(self.account, form.credentials())
        except probes.ConnectionRefusedByVendorError as error:
            for each in filter(None, (error, error.beside)):
                form.add_error(_FIELDS.get(each.reason, _FIELDS_OF_SIDE[each.side]), str(each))
            return self.form_invalid(form)
        messages.success(self.request, said.format(store=store))
        beside = stores.elsewhere(store, self.membership.user)
        if beside and not store.is_sync_enabled:
            messages.warning(self.request, f"{beside} {STARTS_PAUSED}")
        return redirect("store", account=self.account.slug, store_hash=store.store_hash)

    def _said(self, store_hash: str) -> str:
        """Return what to say once this store is connected, new, known or back again."""
        known = Store.objects.of(self.account).filter(store_hash=store_hash).first()
        if known is None:
            return SAID_OF_NEW
        if not known.is_disconnected:
            return SAID_OF_KNOWN
        return SAID_OF_FORGOTTEN if known.forgotten_at else SAID_OF_KEPT


class TestConnection(StoreMixin):
    """Tries the stored credentials on both sides, and says how each has answered."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Ask both sides, and go back to the page."""
        if ratelimit.consume(request, action="connect_store", user=request.user):
            self._tell()
        else:
            messages.error(request, TOO_MANY_TRIES)
        return redirect("store", account=self.account.slug, store_hash=self.store.store_hash)

    def _tell(self) -> None:
        answers = probes.knock(self.store)
        refusing = [_SIDES[each.side] for each in answers if each.problem]
        deed = ActivityEntry.Deed.CONNECTION_TESTED
        ActivityEntry.objects.note(self.store, deed, refusing=refusing)
        for answer in answers:
            if answer.problem:
                said = f"{_SIDES[answer.side]} does not let us in. {answer.problem}"
                messages.error(self.request, said)
            else:
                said = f"{_SIDES[answer.side]} lets us in: {answer.name}."
                messages.success(self.request, said)


class ReplaceCredentials(StoreMixin, Connect):
    """Takes new credentials of a known store; settings, history and cursors stay.

    One that was disconnected is connected again.
    """

    is_for_disconnected = True

    def known_store(self) -> Store:
        """Return the store of the address."""
        return self.store
