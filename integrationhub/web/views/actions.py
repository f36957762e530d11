"""The buttons of the BigCommerce page: each makes one call, says what happened, and goes back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from integrationhub import stores
from integrationhub.models import SyncRun
from integrationhub.reasons import NEEDS_GO_ON
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.standing import refusal
from integrationhub.web.tabs import TABS


class Action(StoreMixin):
    """A button; `act` returns what to tell, or raises what to say instead."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Act, and go back to the tab."""
        try:
            messages.success(request, self.act())
        except ActionRefusedError as error:
            messages.error(request, str(error))
        tabs = {tab.name: tab.page for tab in TABS}
        page = tabs.get(request.POST.get("tab", ""), "store")
        return redirect(page, account=self.account.slug, store_hash=self.store.store_hash)

    def act(self) -> str:
        """Do it, and return what to say."""
        raise NotImplementedError


class ActionRefusedError(Exception):
    """It cannot be done now; the text says why."""


class SyncNow(Action):
    """Makes the store due at once."""

    def act(self) -> str:
        """Ask for a sync, unless one is going on or cannot be."""
        open_runs = SyncRun.objects.of(self.account).filter(store=self.store, finished_at=None)
        has_books = self.store.address_book_mappings.exists()
        if why := refusal(self.store, is_running=open_runs.exists(), has_books=has_books):
            raise ActionRefusedError(why)
        stores.request_sync(self.store, now=timezone.now(), by=self.membership.user)
        return "The sync starts in a moment."


class Switch(Action):
    """Pauses the sync, or resumes it."""

    def act(self) -> str:
        """Do as the button said."""
        is_enabled = self.request.POST.get("data_sync") == "on"
        stores.switch_sync(
            self.store, is_enabled=is_enabled, now=timezone.now(), by=self.membership.user
        )
        if is_enabled:
            return "Resumed. The sync goes on where it stopped."
        return "Paused. Whoever is in the address books stays there."


class GoOn(Action):
    """Lets the next run pass a safety stop."""

    def act(self) -> str:
        """Go on, if there is something to go on with."""
        if self.store.problem not in NEEDS_GO_ON:
            raise ActionRefusedError("No sync is waiting for you to go on.")
        stores.go_on(self.store, now=timezone.now(), by=self.membership.user)
        return "The sync goes on in a moment."


class Stop(Action):
    """Stops the run that is going on."""

    def act(self) -> str:
        """Ask it to stop."""
        if not stores.request_stop(self.store, now=timezone.now(), by=self.membership.user):
            raise ActionRefusedError("No sync is going on.")
        return "The sync stops after the page it is working on. What is done is kept."
