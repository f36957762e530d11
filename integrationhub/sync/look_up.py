"""Asking Dotdigital for one person."""

from dotdigital.errors import RejectedError
from dotdigital.records import Contact
from integrationhub.sync.shift import Shift


def look_up(shift: Shift, email: str) -> Contact | None:
    """Return the person, or None where Dotdigital has none or will not take the address."""
    shift.hold()
    try:
        return shift.destination.contact(email)
    except RejectedError:
        return None
