"""The live part of a store's pages, asked for again and again while they are open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from integrationhub.web.health import health_of
from integrationhub.web.mixins import StoreMixin

STORE, RUN = "store", "run"


class LivePart(StoreMixin, TemplateView):
    """How far the sync has come; with it what else of the page has become outdated meanwhile.

    `seen` is the token of what the page shows, and `on` says which page that is.
    """

    template_name = "integrationhub/runs/live_answer.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the part; a page that shows a run which has ended since is loaded anew."""
        answer = super().get(request, *args, **kwargs)
        context = answer.context_data  # type: ignore[attr-defined]  # a TemplateResponse
        if context["is_outdated"] and context["on"] == RUN:
            answer.headers["HX-Refresh"] = "true"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how far the sync has come, and what is outdated."""
        context = super().get_context_data(**kwargs)
        live = context["live"]
        on, seen = self.request.GET.get("on", ""), self.request.GET.get("seen", "")
        is_outdated = seen != live.token
        told = {"on": on if on in {STORE, RUN} else "", "is_outdated": is_outdated}
        if is_outdated and on == STORE:
            told["health"] = health_of(self.store)
        return {**context, **told, "tab": self.request.GET.get("tab", self.tab)}
