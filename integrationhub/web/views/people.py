"""The people of a store who are not in a book, reason by reason, and those who are on trial."""

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from integrationhub.models import Audience, Contact
from integrationhub.reasons import REASONS, Reason, words
from integrationhub.web.health import LISTED, health_of
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.paging import number_in

PAGE = 50
ON_TRIAL = "trial"


class People(StoreMixin, TemplateView):
    """Who is left out of a book for one reason, or failed, a page at a time."""

    template_name = "integrationhub/people/people.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the reasons there are, and the people behind the chosen one."""
        health = health_of(self.store)
        choices = [each for side in health for part in side.listed for each in part.grounds]
        who = self.request.GET.get("who") or (choices[0].who if choices else "")
        shown = self._on_trial() if who == ON_TRIAL else self._people(who) if who else {}
        return super().get_context_data(health=health, who=who, **shown, **kwargs)

    def _on_trial(self) -> dict[str, Any]:
        """Return the ten of each audience who are added before anybody else is."""
        people = Contact.objects.of(self.account).filter(store=self.store)
        chosen = people.filter(pk__in=self.store.trial_people or [])
        return {
            "is_trial": True,
            "said": words(Reason.TRIAL_WAITS),
            "people": chosen.select_related("decided_in").order_by("pk"),
            "is_first_page": True,
        }

    def _people(self, who: str) -> dict[str, Any]:
        audience, standing, reason = _place(who)
        people = Contact.objects.of(self.account).filter(store=self.store)
        after = number_in(self.request, "after")
        found = people.kept_out(audience, standing, reason, after=after)
        page = list(found.select_related("decided_in")[: PAGE + 1])
        return {
            "audience": Audience(audience),
            "standing": Contact.Standing(standing),
            "said": words(reason),
            "people": page[:PAGE],
            "next_after": page[PAGE - 1].pk if len(page) > PAGE else None,
            "is_first_page": not after,
        }


def _place(who: str) -> tuple[str, str, str]:
    """Return the audience, standing and reason that an address names."""
    audience, standing, reason = (*who.split("."), "", "", "")[:3]
    if audience not in Audience or standing not in LISTED or reason not in REASONS:
        raise Http404
    return audience, standing, reason
