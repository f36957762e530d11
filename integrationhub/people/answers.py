"""Why somebody is, or is not, in a book: one sentence for each audience, fit to be read aloud."""

from dataclasses import dataclass

from integrationhub.models import Audience, Contact
from integrationhub.people import removals
from integrationhub.people.known import Known
from integrationhub.people.moments import after, day, full
from integrationhub.people.returning import way_back
from integrationhub.reasons import Fixer, Reason, words

Stage, Standing = Contact.Stage, Contact.Standing
NEXT_SYNC = "Nothing to do: the next sync takes care of it."
NAMES = ("Dotdigital", "BigCommerce")
NOT_OF_THE_AUDIENCE = {
    Audience.SUBSCRIBERS: Reason.NOT_A_SUBSCRIBER,
    Audience.CUSTOMERS: Reason.NO_ACCOUNT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where somebody stands as one of an audience; `state` is good, busy, quiet or bad."""

    audience: str
    book: str
    state: str
    sentence: str
    next_step: str = ""
    fixer: Fixer = Fixer.NOBODY

    @property
    def who(self) -> str:
        """Return who can change it, where the next step does not say so."""
        return self.fixer.unless_in(self.next_step)


def spoken(answers: list[Answer]) -> str:
    """Return the answers as one text."""
    return " ".join(each.sentence for each in answers)


def answers_of(known: Known) -> list[Answer]:
    """Return an answer for each audience that has a book, or had one with this person in it."""
    if known.contact is None:
        return [_not_in_the_store(known)]
    chosen = [each for each in Audience if each in known.chosen or known.contact.standing(each)]
    if not chosen:
        said = "No address book is chosen for this store yet, so nobody is in one."
        return [_answer("", "", "quiet", said, next_step="Choose one under Contacts.")]
    return [_as_one_of(known, known.contact, audience) for audience in chosen]


def _not_in_the_store(known: Known) -> Answer:
    if not known.opt_outs:
        said = "This address has not been read from BigCommerce so far."
        return _answer("", "", "quiet", said, next_step="See below what either side says now.")
    said = f"Not a person of this store, but {removals.happened(known.opt_outs[0], known)}"
    return _answer("", "", "quiet", f"{said} on {day(known.opt_outs[0].removed_at)}.")


def _as_one_of(known: Known, contact: Contact, audience: Audience) -> Answer:
    book = known.chosen[audience].name if audience in known.chosen else "the former address book"
    standing = contact.standing(audience)
    if not standing:
        return _outsider(contact, audience, book)
    if standing == Standing.WAITING:
        return _waiting(known, contact, audience, book)
    if standing == Standing.IN_BOOK:
        return _inside(known, contact, audience, book)
    return _outside(known, contact, audience, book)


def _outsider(contact: Contact, audience: Audience, book: str) -> Answer:
    if contact.stage == Stage.DECIDE:
        said = f"Not in {book} yet: read from BigCommerce, and not decided on so far."
        return _answer(audience, book, "busy", said, next_step=NEXT_SYNC)
    reason = words(NOT_OF_THE_AUDIENCE[audience])
    return _by_reason(audience, book, NOT_OF_THE_AUDIENCE[audience], clause(reason.sentence))


def _waiting(known: Known, contact: Contact, audience: Audience, book: str) -> Answer:
    begins = f"In {book}" if contact.books(audience) else f"Not in {book} yet"
    if contact.stage == Stage.IN_FLIGHT and contact.sent_at:
        sent_at = full(contact.sent_at)
        said = f"{begins}: sent to Dotdigital on {sent_at}, and its answer is awaited."
    elif contact.reason(audience) == Reason.NOT_ACCEPTED_YET:
        said = f"{begins}: {clause(words(Reason.NOT_ACCEPTED_YET).sentence)}."
    elif contact.books(audience):
        said = f"{begins}; a change of the person's data is waiting to be sent."
    else:
        said = f"{begins}: waiting to be sent to Dotdigital."
    paused = "" if known.store.is_sync_enabled else "The sync is paused: press Resume first."
    return _answer(audience, book, "busy", said, next_step=paused or NEXT_SYNC, fixer=Fixer.HUB)


def _inside(known: Known, contact: Contact, audience: Audience, book: str) -> Answer:
    latest = removals.latest(known, audience)
    if contact.stage == Stage.DECIDE and latest and _is_unheard(contact, latest.seen_at):
        said = f"In {book}, but {removals.told(latest, known)}. The next sync goes by it."
        return _answer(audience, book, "busy", said, next_step=_what_holds(known))
    said = f"In {book}."
    if contact.is_moved:
        said = f"In {book}, with a former address: the new one goes to Dotdigital next."
    elif contact.stage == Stage.DECIDE:
        said = f"In {book}. Something has changed since: the next sync decides anew."
    return _answer(audience, book, "good", said)


def _is_unheard(contact: Contact, seen_at: object) -> bool:
    """Return whether a removal came after the sync that decided last."""
    run = contact.decided_in
    return run is None or run.finished_at is None or bool(seen_at >= run.started_at)  # type: ignore[operator]  # both are moments


def _what_holds(known: Known) -> str:
    problem = known.store.problem
    return words(problem).in_full if problem else NEXT_SYNC


def _outside(known: Known, contact: Contact, audience: Audience, book: str) -> Answer:
    reason = Reason(contact.reason(audience))
    why = clause(words(reason).sentence)
    opt_out = removals.that_decided(known, contact, audience)
    if opt_out is not None:
        why = removals.told(opt_out, known)
    elif reason in {Reason.AWAITING_CONFIRMATION, Reason.CANNOT_RESUBSCRIBE}:
        why = _came_back(known, contact, audience, why)
    if reason is Reason.NO_OPT_IN and contact.consent_changed_at:
        why = f"{why} (so since {day(contact.consent_changed_at)})"
    is_leaving = bool(contact.books(audience)) and contact.stage != Stage.SETTLED
    step = way_back(known, contact, audience)
    return _by_reason(audience, book, reason, why, is_leaving=is_leaving, next_step=step)


def _came_back(known: Known, contact: Contact, audience: Audience, why: str) -> str:
    """Return how somebody who had left came back in the store, and what Dotdigital did."""
    left = removals.latest(known, audience)
    at = (left and left.resubscription_yes_at) or contact.consent_changed_at
    if left is None or at is None:
        return why
    asked = left.resubscription_asked_at
    begins = f"{removals.happened(left, known)} on {day(left.removed_at)}, then"
    when = f" ({after(asked, at)})" if asked else ""
    return f"{begins} {why.replace('signed up again', f'signed up again on {day(at)}', 1)}{when}"


def _by_reason(
    audience: Audience,
    book: str,
    reason: Reason,
    why: str,
    *,
    is_leaving: bool = False,
    next_step: str = "",
) -> Answer:
    said, known_words = f"Not in {book}: {why}.", words(reason)
    if is_leaving:
        said = f"Still in {book}, and leaves it with the next sync: {why}."
    is_failed = known_words.fixer not in {Fixer.NOBODY, Fixer.CONTACT, Fixer.HUB}
    return _answer(
        audience,
        book,
        "bad" if is_failed else "quiet",
        said,
        next_step=next_step or known_words.next_step,
        fixer=known_words.fixer,
    )


def clause(sentence: str) -> str:
    """Return a sentence as the latter part of another one."""
    bare = sentence.removesuffix(".")
    return bare if bare.startswith(NAMES) else bare[:1].lower() + bare[1:]


def _answer(
    audience: str,
    book: str,
    state: str,
    sentence: str,
    *,
    next_step: str = "",
    fixer: Fixer = Fixer.NOBODY,
) -> Answer:
    return Answer(
        audience=audience,
        book=book,
        state=state,
        sentence=sentence,
        next_step=next_step,
        fixer=fixer,
    )
