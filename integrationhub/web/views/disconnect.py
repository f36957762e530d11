"""Disconnecting a store, once its name has been typed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from integrationhub import disconnecting
from integrationhub.web.parting import PartingForm
from integrationhub.web.views.bigcommerce import StorePage


class Disconnect(StorePage):
    """Ends the sync and deletes the store's credentials; done again, nothing more happens."""

    http_method_names = ["post"]
    is_for_disconnected = True

    @property
    def draft(self) -> Mapping[str, str]:
        """Return no choice of books: none was sent."""
        return {}

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Disconnect, or say beside the name why not."""
        form = PartingForm(request.POST, store=self.store)
        if not self.store.is_disconnected and not form.is_valid():
            return self._refused(form)
        if disconnecting.disconnect(self.store, now=timezone.now(), by=self.membership.user):
            messages.success(request, f"{self.store} is disconnected.")
        else:
            messages.info(request, f"{self.store} is disconnected already.")
        return redirect("store", self.account.slug, self.store.store_hash)

    def _refused(self, form: PartingForm) -> HttpResponse:
        chosen = self.form_class(initial={}, store=self.store, draft=self.draft)
        return self.render_to_response(self.get_context_data(form=chosen, parting_form=form))
