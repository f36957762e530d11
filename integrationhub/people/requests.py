"""Somebody asks for one person to be read anew; the next run does it, as it does everything."""

from datetime import datetime

from django.contrib.auth.models import User

from integrationhub.models import ContactRequest, Store
from integrationhub.reasons import NEEDS_GO_ON, words
from integrationhub.stores import request_sync
from integrationhub.sync.ledger import normalise

LONGEST_EMAIL = 256


class RequestRefusedError(Exception):
    """Nobody can be synced now; the text says why."""


def request_contact(store: Store, email: str, *, now: datetime, by: User | None) -> None:
    """Have the next run read this person anew, and make it due; asked again, once is enough.

    Raises RequestRefusedError while nothing may be synced: this is no way round a pause or a stop.
    """
    address = normalise(email)
    if "@" not in address or len(address) > LONGEST_EMAIL:
        raise RequestRefusedError("That is no email address.")
    if why := refusal(store):
        raise RequestRefusedError(why)
    asked = {"requested_at": now, "requested_by": by}
    ContactRequest.objects.get_or_create(store=store, email=address, read_at=None, defaults=asked)
    request_sync(store, now=now, by=by)


def refusal(store: Store) -> str:
    """Return why nobody can be synced by hand just now; empty if somebody can."""
    if store.is_disconnected:
        return "The store is not connected, so nobody can be synced."
    if not store.is_sync_enabled:
        return "The sync is paused, and so is this: press Resume first."
    if store.problem in NEEDS_GO_ON:
        return (
            f"{words(store.problem).sentence} Nobody is synced until somebody has looked at that."
        )
    if not store.address_book_mappings.exists():
        return "Choose address books under Contacts first."
    return ""
