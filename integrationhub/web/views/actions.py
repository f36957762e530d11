"""The buttons of the BigCommerce page: each makes one call, says what happened, and goes back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from integrationhub import stores
from integrationhub.models import ActivityEntry, SyncRun
from integrationhub.reasons import NEEDS_GO_ON
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.standing import refusal
from integrationhub.web.tabs import TABS

Deed = ActivityEntry.Deed


class Action(StoreMixin):
    """A button; `act` returns what to tell, or raises what to say instead."""

    http_method_names = ["post"]
    now: datetime

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Act, and go back to the tab."""
        self.now = timezone.now()
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

    def note(self, deed: Deed, **details: Any) -> None:
        """Write down as activity what was done."""
        ActivityEntry.objects.note(self.store, deed, at=self.now, **details)


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
        stores.request_sync(self.store, now=self.now, by=self.membership.user)
        self.note(Deed.SYNC_ASKED)
        return "The sync starts in a moment."


class Switch(Action):
    """Pauses the sync, or resumes it."""

    def act(self) -> str:
        """Do as the button said."""
        is_enabled = self.request.POST.get("data_sync") == "on"
        waited_for = self.store.problem if self.store.problem in NEEDS_GO_ON else ""
        if waited_for and self.store.is_sync_enabled and not is_enabled:
            self.note(Deed.DISCARDED, reason=waited_for)
        stores.switch_sync(self.store, is_enabled=is_enabled, now=self.now, by=self.membership.user)
        if is_enabled:
            return "Resumed. The sync goes on where it stopped."
        return "Paused. Whoever is in the address books stays there."


class GoOn(Action):
    """Lets the next run pass a safety stop."""

    def act(self) -> str:
        """Go on, if there is something to go on with."""
        reason = self.store.problem
        if reason not in NEEDS_GO_ON:
            raise ActionRefusedError("No sync is waiting for you to go on.")
        stores.go_on(self.store, now=self.now, by=self.membership.user)
        self.note(Deed.WENT_ON, reason=reason)
        return "The sync goes on in a moment."


class Stop(Action):
    """Stops the run that is going on."""

    def act(self) -> str:
        """Ask it to stop."""
        open_runs = SyncRun.objects.of(self.account).filter(store=self.store, finished_at=None)
        run = open_runs.first()
        if not stores.request_stop(self.store, now=self.now, by=self.membership.user):
            raise ActionRefusedError("No sync is going on.")
        self.note(Deed.SYNC_STOPPED, **({"run": run.pk} if run and not run.is_preview else {}))
        return "The sync stops after the page it is working on. What is done is kept."
