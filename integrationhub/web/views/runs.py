"""What happened: the list of a store's sync runs, and one of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from integrationhub.models import SyncRun
from integrationhub.web.history import HistoryForm, chart_of
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.results import result_of, results, runs_of, steps_of
from integrationhub.web.run_reasons import grounds_of
from integrationhub.web.views.live import RUN


class Runs(StoreMixin, ListView[SyncRun]):
    """A store's runs, the latest first."""

    template_name = "integrationhub/runs/runs.html"
    tab = "history"
    paginate_by = 25

    def get_queryset(self) -> Any:
        """Return the runs that are asked for."""
        self.form = HistoryForm(self.request.GET)
        return self.form.narrowed(runs_of(self.store), now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the runs of this page in words, and the chart of the last ones."""
        context = super().get_context_data(**kwargs)
        asked = self.request.GET.copy()
        asked.pop("page", None)
        shown = {"form": self.form, "chart": chart_of(self.store), "asked": asked.urlencode()}
        return {**context, **shown, "results": results(context["object_list"])}


class Run(StoreMixin, TemplateView):
    """One run: how it ended, why, and what it did."""

    template_name = "integrationhub/runs/run.html"
    tab = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the run in words, its steps, and the reasons of its people."""
        runs = runs_of(self.store).select_related("started_by", "stop_requested_by")
        run = get_object_or_404(runs, pk=self.kwargs["run"])
        return super().get_context_data(
            result=result_of(run),
            steps=steps_of(run),
            reasons=grounds_of(run),
            on="" if run.finished_at else RUN,
            **kwargs,
        )
