"""What a run would do with each person of a store, by books that are only being considered."""

import dataclasses
from collections.abc import Iterator, Sequence

from integrationhub.models import Audience, Contact, OptOut, Person, Preview, PreviewRemoval
from integrationhub.reasons import Reason
from integrationhub.sync.decide import decide
from integrationhub.sync.deciding import stand
from integrationhub.sync.ledger import Opinions, opt_outs_of
from integrationhub.sync.rules import Rules, rules_of

PAGE = 1000
Foretold = tuple[str, Audience, str, str]
_OUTCOMES = {
    Contact.Standing.IN_BOOK.value: "unchanged",
    Contact.Standing.LEFT_OUT.value: "left_out",
    Contact.Standing.FAILED.value: "failed",
}


def foretold(preview: Preview) -> Iterator[Foretold]:
    """Yield of everybody: address, audience, outcome and reason; by the ledger as it is now."""
    rules, last = considered(preview), ""
    while page := Contact.objects.by_email(preview.store, after=last, limit=PAGE):
        last = page[-1].email
        yield from foretell(preview, page, rules)


def considered(preview: Preview) -> Rules:
    """Return the store's rules, with the books that are being considered."""
    books = {Audience(audience): book for audience, book in preview.books.items()}
    return dataclasses.replace(rules_of(preview.store), books=books)


def foretell(preview: Preview, page: Sequence[Person], rules: Rules) -> Iterator[Foretold]:
    """Yield what a run would do with these people; their rows are changed in mind only."""
    told = _told(preview, page)
    for person in page:
        stand(person, decide(person, told.get(person.id, ()), rules), rules)
        for audience, book in rules.books.items():
            if standing := person.standing(audience):
                yield person.email, audience, *_outcome(person, audience, book, standing)


def _outcome(person: Person, audience: Audience, book: int, standing: str) -> tuple[str, str]:
    if standing != Contact.Standing.WAITING:
        return _OUTCOMES[standing], person.reason(audience)
    is_new = book not in person.books(audience)
    return ("added" if is_new else "updated"), Reason.WAITING.value


def _told(preview: Preview, page: Sequence[Person]) -> Opinions:
    """Return the opt-outs of the ledger, and who has left a book that is being considered."""
    found = opt_outs_of(preview.store, page)
    by_email = {person.email: person for person in page}
    for row in PreviewRemoval.objects.filter(preview=preview, email__in=list(by_email)):
        found[by_email[row.email].id].append(
            OptOut(
                email=row.email,
                address_book_id=row.address_book_id,
                audience=row.audience,
                removed_at=row.removed_at,
                reason=row.reason,
            )
        )
    return found
