"""How the engine reads the ledger: people with their opt-outs, and moving one to a new address."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from integrationhub.models import Contact, OptOut, Person, Store
from integrationhub.models.people import RECORDED

STAGE = RECORDED.index("stage")
DECIDE = Contact.Stage.DECIDE.value
Opinions = defaultdict[int, list[OptOut]]


def normalise(email: str | None) -> str:
    """Return the address that a person is known by in the ledger: trimmed, lower case."""
    return (email or "").strip().lower().replace("\x00", "")


def opt_outs_of(store: Store, people: Sequence[Person | Contact]) -> Opinions:
    """Return each person's opt-outs by the row's id: under their address and former ones.

    Dotdigital's contact id stays the same when an address changes, and so an opt-out given
    under a former address still counts.
    """
    emails = {person.email for person in people}
    ids = {person.dotdigital_id for person in people if person.dotdigital_id}
    rows = {row.pk: row for row in _rows(store, emails, ids)}.values()
    found: Opinions = defaultdict(list)
    if not rows:
        return found
    by_email, by_id = _index(rows)
    for person in people:
        told = by_email[person.email] + by_id[person.dotdigital_id or 0]
        if told:
            found[person.pk] = list({row.pk: row for row in told}.values())
    return found


def _rows(store: Store, emails: Collection[str], ids: Collection[int]) -> Iterator[OptOut]:
    yield from OptOut.objects.with_one_of(store, "email", emails)
    if ids:
        yield from OptOut.objects.with_one_of(store, "dotdigital_id", ids)


def _index(
    rows: Iterable[OptOut],
) -> tuple[defaultdict[str, list[OptOut]], defaultdict[int, list[OptOut]]]:
    by_email: defaultdict[str, list[OptOut]] = defaultdict(list)
    by_id: defaultdict[int, list[OptOut]] = defaultdict(list)
    for row in rows:
        by_email[row.email].append(row)
        if row.dotdigital_id:
            by_id[row.dotdigital_id].append(row)
    return by_email, by_id


class LedgerPage:
    """The people that one page of a source speaks of, each known once, by address or by id."""

    def __init__(
        self, store: Store, emails: Collection[str], *, key: str, ids: Collection[int]
    ) -> None:
        """Load who is known; `key` is the column that holds the source's own id."""
        self._key = key
        self.moves: list[tuple[str, str]] = []
        self.changes: list[tuple[Person, Sequence[str]]] = []
        self.changed: list[Person] = []
        self.unchanged: list[Person] = []
        known = {person.id: person for person in _known(store, emails, key, ids)}.values()
        self._before = {person.id: person.recorded() for person in known}
        self.by_email: dict[str, Person] = {person.email: person for person in known}
        self.by_id: dict[int, Person] = {
            getattr(person, key): person for person in known if getattr(person, key)
        }
        self._bought = {id_: person.counting_order_ids for id_, person in self.by_id.items()}

    def person(self, email: str, source_id: int | None) -> Person:
        """Return the row of this person, made if new, moved if only the address has changed."""
        holder = self.by_id.get(source_id) if source_id is not None else None
        if holder is not None and holder.email != email:
            self.moves.append((holder.email, email))
            if self._may_move(holder, email):
                return self._move(holder, email)
        person = self.by_email.get(email) or Person(0, email)
        self.by_email[email] = person
        if holder is not None and source_id is not None and holder is not person:
            self._hand_over(holder, person, source_id)
        if source_id is not None:
            self.by_id[source_id] = person
        return person

    def _may_move(self, holder: Person, email: str) -> bool:
        """Return whether nobody else speaks for the old address and the new one is free."""
        others = {"customer_id", "subscriber_id"} - {self._key}
        is_alone = all(getattr(holder, other) is None for other in others)
        is_guest = holder.customer_id is None and bool(holder.counting_order_ids)
        return is_alone and not is_guest and email not in self.by_email

    def _move(self, holder: Person, email: str) -> Person:
        del self.by_email[holder.email]
        holder.email, holder.is_moved = email, holder.dotdigital_id is not None
        self.by_email[email] = holder
        return holder

    def _hand_over(self, holder: Person, heir: Person, source_id: int) -> None:
        """Give what the source said of `holder` under this id to `heir`, who has the id now.

        Only what stood there before this page: two people may swap their addresses.
        """
        if self._key == "customer_id":
            bought = {*self._bought.get(source_id, ())}
            _set_orders(heir, {*heir.counting_order_ids} | bought)
            _set_orders(holder, {*holder.counting_order_ids} - bought)
        if getattr(holder, self._key) == source_id:
            forget(holder, self._key)

    def compare(self) -> None:
        """Tell who is as before from who is new or changed, and has to be decided.

        `changes` then names for each of those the fields that differ.
        """
        for person in self.by_email.values():
            before = self._before.get(person.id)
            names = () if before is None else tuple(_differences(before, person.recorded()))
            if before is not None and not names:
                self.unchanged.append(person)
                continue
            person.stage = DECIDE
            self.changed.append(person)
            self.changes.append((person, _with_stage(names, before)))


def _with_stage(names: tuple[str, ...], before: Sequence[object] | None) -> tuple[str, ...]:
    is_waiting = before is None or before[STAGE] == DECIDE
    return names if is_waiting or "stage" in names else (*names, "stage")


def _known(
    store: Store, emails: Collection[str], key: str, ids: Collection[int]
) -> Iterator[Person]:
    if ids:
        yield from Contact.objects.compared(store, key, ids)
    if emails:
        yield from Contact.objects.compared(store, "email", emails)


def _differences(before: Sequence[object], after: Sequence[object]) -> Iterator[str]:
    if before != after:
        for name, old, new in zip(RECORDED, before, after, strict=True):
            if old != new:
                yield name


def _set_orders(person: Person, ids: Collection[int]) -> None:
    person.counting_order_ids = tuple(sorted(ids))
    person.latest_order_id = max(ids, default=None)


def forget(person: Person, key: str) -> None:
    """Take from a person what the source with this id column said of them."""
    source = key.removesuffix("_id")
    setattr(person, key, None)
    person.source_fields = {
        name: value
        for name, value in person.source_fields.items()
        if not name.startswith(f"{source}.")
    }
    if source == "subscriber":
        person.has_subscriber_record, person.consents = False, None


def keep_opt_outs(store: Store, moves: Sequence[tuple[str, str]]) -> None:
    """Let the opt-outs of a former address count for the new one too."""
    for old, new in moves:
        rows = list(OptOut.objects.filter(store=store, email=old))
        for row in rows:
            row.pk, row.email = None, new
        OptOut.objects.bulk_create(rows, ignore_conflicts=True)
