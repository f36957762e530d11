"""Activity: who changed what in a store or its account, and the sync that followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from integrationhub.activity import Told, told
from integrationhub.models import SyncRun
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.paging import number_in
from integrationhub.web.results import Result, result_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, and what came of it in the sync that followed."""

    told: Told
    result: Result | None

    @property
    def is_annotated(self) -> bool:
        """Whether more is to be told than the sentences."""
        one = self.told
        return bool(one.is_of_account or one.is_followed or one.contact or one.stopped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was done on one day of the account's time zone."""

    date: date
    entries: Sequence[Entry]


class Activity(StoreMixin, TemplateView):
    """What people have done, the latest first, a page at a time."""

    template_name = "integrationhub/activity/activity.html"
    tab = "activity"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the entries by day, and where the next page begins."""
        before = number_in(self.request, "before") or None
        entries = told(self.store, before=before, limit=PAGE + 1)
        return super().get_context_data(
            days=self._days(entries[:PAGE]),
            next_before=entries[PAGE - 1].id if len(entries) > PAGE else None,
            is_first_page=before is None,
            **kwargs,
        )

    def _days(self, entries: Sequence[Told]) -> list[Day]:
        runs = SyncRun.objects.of(self.account).prefetch_related("counts")
        followed = runs.in_bulk({each.followed_by for each in entries if each.followed_by})
        results = {pk: result_of(run) for pk, run in followed.items()}
        shown = [Entry(told=each, result=results.get(each.followed_by)) for each in entries]
        days = groupby(shown, key=lambda entry: timezone.localdate(entry.told.at))
        return [Day(date=day, entries=list(of_day)) for day, of_day in days]
