"""The preview before SAVE: asking for it, and downloading it person by person."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import View

from integrationhub import sync
from integrationhub.models import ActivityEntry, Preview
from integrationhub.reasons import words
from integrationhub.web.contacts_form import ContactsForm
from integrationhub.web.mixins import StoreMixin
from integrationhub.web.previewing import OUTCOMES, books_of
from integrationhub.web.views.bigcommerce import StorePage
from integrationhub.web.views.books import draft_page

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("email", "audience", "what would happen", "reason")


class AskPreview(StorePage):
    """Has it counted what the choice would mean; nothing is saved or sent."""

    http_method_names = ["post"]

    def form_valid(self, form: ContactsForm) -> HttpResponse:
        """Ask, unless the sync is paused or a count goes on."""
        books, names = books_of(form)
        if not self.store.is_sync_enabled:
            messages.error(self.request, "The sync is paused: press Resume first.")
        elif sync.ask(
            self.store, books=books, names=names, now=timezone.now(), by=self.membership.user
        ):
            deed = ActivityEntry.Deed.PREVIEW_ASKED
            ActivityEntry.objects.note(self.store, deed, books=[*names.values()])
        else:
            messages.error(self.request, "People are being counted already. Wait, or press Stop.")
        return redirect(f"{draft_page(self.store, self.request.POST)}#preview")


class DownloadPreview(StoreMixin, View):
    """Everybody, and what would happen to them, as a table for a spreadsheet."""

    http_method_names = ["get"]

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> StreamingHttpResponse:
        """Answer row by row: a large store is never held in memory."""
        previews = Preview.objects.of(self.account).filter(reason="", finished_at__isnull=False)
        preview = previews.filter(store=self.store).select_related("store").first()
        return StreamingHttpResponse(
            _rows(preview),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="preview.csv"',
                "Cache-Control": "private, no-store",
            },
        )


class _Line:
    """Where the writer writes: what it is given is what is sent."""

    def write(self, text: str) -> str:
        return text


def _rows(preview: Preview | None) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for email, audience, outcome, reason in sync.foretold(preview) if preview else ():
        cells = (email, audience.label, OUTCOMES[outcome], words(reason).sentence)
        yield writer.writerow([_defused(cell) for cell in cells])


def _defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
