"""Where a person comes in: which of their accounts to open, and what they are mailed of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from integrationhub.web.mixins import AccountMixin, memberships_of


class Home(TemplateView):
    """The person's accounts; with one alone, its hub."""

    template_name = "integrationhub/accounts/home.html"

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Go on to the only account, or list them."""
        places = list(memberships_of(request.user))
        if len(places) == 1:
            return redirect("hub", account=places[0].account.slug)
        return self.render_to_response(self.get_context_data(places=places))


class Mails(AccountMixin):
    """Switches on or off that this person is mailed when a sync of the account needs attention."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do as the button says, and go back to the hub."""
        is_mailed = request.POST.get("mailed") == "yes"
        self.membership.is_mailed_of_trouble = is_mailed
        self.membership.save(update_fields=["is_mailed_of_trouble"])
        said = (
            "You are mailed when a sync needs attention." if is_mailed else "You get no more mails."
        )
        messages.success(request, said)
        return redirect("hub", account=self.account.slug)
