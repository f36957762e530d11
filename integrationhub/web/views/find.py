"""Find a contact: why this person is, or is not, in a book; and having one synced.

The address of a page never names an email address: it would stand in logs.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView, View

from integrationhub import people
from integrationhub.models import ActivityEntry, Contact, ContactRequest
from integrationhub.web.mixins import LOOKING, StoreMixin

LONGEST = 256
TEN_MINUTES = 600
NOT_CONNECTED = people.Side(is_put_off=True, problem="This store is not connected.")
TOO_MANY = people.Side(
    is_put_off=True,
    problem="You have looked up many people in a short time. Wait a few minutes, then look again.",
)


class FindForm(forms.Form):
    """One field: an email address, or one of BigCommerce's numbers."""

    who = forms.CharField(
        label="Email address",
        help_text="A customer's or subscriber's number of BigCommerce will do as well.",
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}
        ),
    )

    def clean_who(self) -> str:
        """Take what can be an address or a number."""
        who: str = self.cleaned_data["who"].strip()
        if "@" in who or (who.isascii() and who.isdigit()):
            return who
        raise forms.ValidationError("Enter an email address, such as ann@example.com.")


@method_decorator([never_cache, sensitive_post_parameters("who", "email")], name="dispatch")
class PersonPage(StoreMixin):
    """What the pages about one person share; nobody keeps a copy of them."""

    tab = "find"

    def person(self, known: people.Known, *, is_asking: bool = True) -> dict[str, Any]:
        """Return the answer, the three sides and the timeline."""
        nothing = (people.NOT_ASKED, people.NOT_ASKED)
        is_answered = is_asking or self.store.is_disconnected
        shop, mail = self._sides(known) if is_answered else nothing
        asked = ContactRequest.objects.filter(store=self.store, email=known.email, read_at=None)
        return {
            "known": known,
            "answers": people.answers_of(known),
            "differences": people.differences(known, shop, mail),
            "shop": shop,
            "mail": mail,
            "facts": people.facts_of(known),
            "timeline": people.timeline_of(known),
            "asked": asked.first(),
            "sync_refusal": people.refusal(self.store),
        }

    def _sides(self, known: people.Known) -> tuple[people.Side, people.Side]:
        """Ask both sides; each may fail alone."""
        if self.store.is_disconnected:
            return NOT_CONNECTED, NOT_CONNECTED
        if not self._may_ask():
            return TOO_MANY, TOO_MANY
        return people.ask_bigcommerce(self.store, known.email), people.ask_dotdigital(known)

    def _may_ask(self) -> bool:
        """Count the questions of this person, so that nobody uses up the vendors' limits."""
        key = f"glances:{self.membership.user_id}"
        cache.add(key, 0, TEN_MINUTES)
        try:
            return cache.incr(key) <= settings.GLANCES_IN_TEN_MINUTES
        except ValueError:  # it ran out just now
            return True


class FindContact(PersonPage, FormView[FindForm]):
    """Asks whom to look for; who is known has a page, anybody else is shown here."""

    template_name = "integrationhub/find/find.html"
    form_class = FindForm
    looking = LOOKING | {"POST"}

    def form_valid(self, form: FindForm) -> HttpResponse:
        """Go to the person's page, or say what either side knows of the address."""
        who = form.cleaned_data["who"]
        contact = people.found(self.store, who)
        if contact is not None:
            place = (self.account.slug, self.store.store_hash, contact.pk)
            return redirect("found_contact", *place)
        if "@" not in who:
            form.add_error("who", "Nobody with this number has been read. Try the address.")
            return self.form_invalid(form)
        known = people.known_by_address(self.store, who)
        context = self.get_context_data(form=form, **self.person(known))
        return self.render_to_response(context)


class FoundContact(PersonPage, TemplateView):
    """One person of the store; both sides are asked in a second step, which the page takes."""

    template_name = "integrationhub/find/find.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the person, and the field for the next one."""
        mine = Contact.objects.of(self.account).filter(store=self.store)
        known_as = mine.select_related("decided_in", "contact_import")
        contact = get_object_or_404(known_as, pk=self.kwargs["contact"])
        known = people.known_by_address(self.store, contact.email, contact)
        form = FindForm(initial={"who": contact.email})
        told = self.person(known, is_asking="ask" in self.request.GET)
        return super().get_context_data(form=form, **told, **kwargs)


@method_decorator(sensitive_post_parameters("email"), name="dispatch")
class SyncContact(StoreMixin, View):
    """Has one person read anew from BigCommerce by the next sync."""

    http_method_names = ["post"]
    tab = "find"

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseRedirect:
        """Ask for it, and go back to the person."""
        email, now = request.POST.get("email", ""), timezone.now()
        contact = people.found(self.store, email) if "@" in email else None
        try:
            people.request_contact(self.store, email, now=now, by=self.membership.user)
        except people.RequestRefusedError as error:
            messages.error(request, str(error))
        else:
            self._note(contact, now)
            messages.success(request, "Asked for: the next sync starts in a moment.")
        place = (self.account.slug, self.store.store_hash)
        if contact is None:
            return redirect("find_contact", *place)
        return redirect("found_contact", *place, contact.pk)

    def _note(self, contact: Contact | None, now: datetime) -> None:
        """Write down that somebody was asked for, by number: activity names no addresses."""
        number = {"contact": contact.pk} if contact else {}
        deed = ActivityEntry.Deed.CONTACT_ASKED
        ActivityEntry.objects.note(self.store, deed, at=now, **number)
