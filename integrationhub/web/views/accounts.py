"""Where a person comes in: which of their accounts to open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from integrationhub.web.mixins import memberships_of


class Home(TemplateView):
    """The person's accounts; with one alone, its hub."""

    template_name = "integrationhub/accounts/home.html"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Go on to the only account, or list them."""
        places = list(memberships_of(request.user))
        if len(places) == 1:
            return redirect("hub", account=places[0].account.slug)
        return self.render_to_response(self.get_context_data(places=places))
