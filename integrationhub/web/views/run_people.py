"""The people behind a reason of one run: a list, a file, and having them tried again."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from integrationhub import stores
from integrationhub.models import ActivityEntry, Contact, SyncRun
from integrationhub.reasons import NEEDS_GO_ON, words
from integrationhub.sync.retry import retry_failed
from integrationhub.web.csv_files import csv_answer
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.paging import number_in
from integrationhub.web.results import runs_of
from integrationhub.web.run_reasons import Place, emails_of, people_of

PAGE = 50
HEADER = ("Email", "Audience", "Where the person stands", "Reason", "Next step")


class OfRun(StoreMixin):
    """Whatever is about one run of the store, and one place in it."""

    tab = "history"

    @property
    def run(self) -> SyncRun:
        """Return the run of the address."""
        found: SyncRun = get_object_or_404(runs_of(self.store), pk=self.kwargs["run"])
        found.store = self.store
        return found


class RunPeople(OfRun, TemplateView):
    """Who came to an outcome for one reason in this run, a page at a time."""

    template_name = "integrationhub/runs/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the people, and where the next page begins."""
        run, who = self.run, self.request.GET.get("who", "")
        place = Place.named(who)
        after = number_in(self.request, "after")
        page = list(people_of(run, place, after=after)[: PAGE + 1])
        return super().get_context_data(
            of_run=run,
            who=who,
            place=place,
            said=words(place.reason),
            people=page[:PAGE],
            next_after=page[PAGE - 1].pk if len(page) > PAGE else None,
            is_first_page=not after,
            may_be_retried=place.standing == Contact.Standing.FAILED,
            **kwargs,
        )


class RunPeopleFile(OfRun):
    """The same people as a CSV file."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Send the file, row by row."""
        run, place = self.run, Place.named(request.GET.get("who", ""))
        said = words(place.reason)
        where = (place.audience.label, place.standing.label, said.sentence, said.next_step)
        emails = emails_of(run, place)
        name = f"sync-{run.pk}-{place.audience}-{place.reason}.csv"
        return csv_answer(name, HEADER, ((email, *where) for email in emails))


class Retry(OfRun):
    """Has everybody tried again who failed for a reason, whichever run it was in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Let the next run send them again, and have it begin."""
        run, place = self.run, Place.named(request.POST.get("who", ""))
        now = timezone.now()
        number = retry_failed(self.store, place.audience, place.reason)
        if number:
            self._note(place, number, now)
        if number and self._goes_on:
            stores.request_sync(self.store, now=now, by=self.membership.user)
        self._say(number)
        return redirect("run", self.account.slug, self.store.store_hash, run.pk)

    def _note(self, place: Place, number: int, now: datetime) -> None:
        details = {"number": number, "audience": place.audience, "reason": place.reason}
        deed = ActivityEntry.Deed.RETRIED
        ActivityEntry.objects.note(self.store, deed, at=now, **details)

    @property
    def _goes_on(self) -> bool:
        return self.store.is_sync_enabled and self.store.problem not in NEEDS_GO_ON

    def _say(self, number: int) -> None:
        if not number:
            none = "Nobody is left to be tried again: what Dotdigital would refuse is not sent."
            messages.info(self.request, none)
        elif not self._goes_on:
            button = "Go on" if self.store.is_sync_enabled else "Resume"
            messages.success(
                self.request, f"{_people(number)} tried again once you press {button}."
            )
        else:
            messages.success(self.request, f"{_people(number)} tried again; the sync starts now.")


def _people(number: int) -> str:
    return "1 person will be" if number == 1 else f"{number:,} people will be"
