"""What happened: the list of a store's sync runs, and one of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.views.generic import ListView, TemplateView

from integrationhub.models import SyncRun
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.results import result_of, results, runs_of


class Runs(StoreMixin, ListView[SyncRun]):
    """A store's runs, the latest first."""

    template_name = "integrationhub/runs/runs.html"
    tab = "history"
    paginate_by = 25

    def get_queryset(self) -> Any:
        """Return the store's runs."""
        return runs_of(self.store)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the runs of this page in words."""
        context = super().get_context_data(**kwargs)
        return {**context, "results": results(context["object_list"])}


class Run(StoreMixin, TemplateView):
    """One run: how it ended, why, and what it did."""

    template_name = "integrationhub/runs/run.html"
    tab = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the run in words."""
        run = get_object_or_404(runs_of(self.store), pk=self.kwargs["run"])
        return super().get_context_data(result=result_of(run), **kwargs)
