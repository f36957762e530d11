"""A removal seen in Dotdigital, in words: what happened, when, and what became of it."""

from integrationhub.models import Contact, OptOut
from integrationhub.people.known import Known
from integrationhub.people.moments import after, day
from integrationhub.reasons import Reason
from integrationhub.sync.decide import opt_out_reason

Receipt = OptOut.Receipt

HAPPENED = {
    Reason.UNSUBSCRIBED: "unsubscribed in Dotdigital",
    Reason.LEFT_BOOK: "unsubscribed from {book} in Dotdigital",
    Reason.COMPLAINED: "reported a mail as spam",
    Reason.SUPPRESSED: "suppressed in Dotdigital",
    Reason.BOUNCED: "mails to this address come back, says Dotdigital",
}
# The latter half of a sentence; where the store has nothing to do with it there is none.
BECAME = {
    Receipt.PENDING: "the next sync writes it back to BigCommerce",
    Receipt.CONFIRMED: "written back to BigCommerce",
    Receipt.ALREADY_OUT: "BigCommerce had no opt-in to take back",
    Receipt.NOT_IN_STORE: "BigCommerce does not know the address, and nothing was created there",
    Receipt.SUPERSEDED: "a newer opt-in in the store counts",
    Receipt.BEFORE_CONNECTION: (
        "that was before this store was connected, so BigCommerce was left as it is"
    ),
    Receipt.NOT_A_WISH: "",
    Receipt.OTHER_BOOK: "the newsletter is not meant by it, so BigCommerce was left as it is",
    Receipt.REFUSED: "BigCommerce refuses to take it",
}
RETURNS = {
    OptOut.Resubscription.NONE: "",
    OptOut.Resubscription.CHALLENGED: (
        "After a newer opt-in in the store, Dotdigital asked the person to confirm"
    ),
    OptOut.Resubscription.ADDED: "After a newer opt-in in the store, Dotdigital took them back",
    OptOut.Resubscription.REFUSED: (
        "After a newer opt-in in the store, Dotdigital was asked, and does not take them back"
    ),
}


def happened(opt_out: OptOut, known: Known) -> str:
    """Return what the person did, without the time and as a part of a sentence."""
    said = HAPPENED[opt_out_reason(opt_out)]
    return said.format(book=book_of(opt_out, known))


def told(opt_out: OptOut, known: Known) -> str:
    """Return what happened, when, and whether BigCommerce knows of it."""
    said = f"{happened(opt_out, known)} on {day(opt_out.removed_at)}"
    if opt_out_reason(opt_out) is Reason.BOUNCED:
        said = f"{happened(opt_out, known)} since {day(opt_out.removed_at)}"
    result = BECAME[Receipt(opt_out.receipt)]
    if opt_out.receipt == Receipt.CONFIRMED and opt_out.written_at:
        result = f"{result} {after(opt_out.written_at, opt_out.removed_at)}"
    return f"{said}; {result}" if result else said


def book_of(opt_out: OptOut, known: Known) -> str:
    """Return the name of the book that was left."""
    for book in known.chosen.values():
        if book.dotdigital_id == opt_out.address_book_id:
            return book.name
    return "a former address book"


def that_decided(known: Known, contact: Contact, audience: str) -> OptOut | None:
    """Return the removal behind the reason for which this person is out of a book."""
    reason = contact.reason(audience)
    return next(
        (
            row
            for row in known.opt_outs
            if opt_out_reason(row) == reason and (row.is_account_wide or row.audience == audience)
        ),
        None,
    )


def latest(known: Known, audience: str) -> OptOut | None:
    """Return the latest removal that speaks of this audience."""
    about = (row for row in known.opt_outs if row.is_account_wide or row.audience == audience)
    return next(about, None)
