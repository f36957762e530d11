"""The ledger's own queries; what the engine moves in bulk goes in and out as `Person`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import RawSQL

from integrationhub.models import bulk, people
from integrationhub.models.people import Person
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import OwnedQuerySet

if TYPE_CHECKING:
    from integrationhub.models.runs import ContactImport


class ContactQuerySet(OwnedQuerySet):
    """Finds and writes the people of a store."""

    def with_ids(self, store: Store, key: str, ids: Iterable[int]) -> list[Person]:
        """Return the people of `store` whose field `key` is one of these ids."""
        return self._people(store, bulk.is_one_of(self._column(key), ids))

    def compared(self, store: Store, key: str, values: Iterable[Any]) -> list[Person]:
        """Return the people whose field `key` is one of these, to be compared and recorded.

        Only what stores tell of them is read; the rest of such a `Person` is not the ledger's.
        """
        return self._people(store, bulk.is_one_of(self._column(key), values), names=people.COMPARED)

    def in_stage(
        self, store: Store, stage: int, *, after: int = 0, limit: int, is_sent: bool | None = None
    ) -> list[Person]:
        """Return the first people behind the row `after` who wait in this stage.

        With `is_sent` only those who have, or have not, ever been sent to Dotdigital.
        """
        pk, sent_at = self._column("pk"), self._column("sent_at")
        which = {None: "", True: f"AND {sent_at} IS NOT NULL ", False: f"AND {sent_at} IS NULL "}
        condition = f"{self._column('stage')} = {stage:d} AND {pk} > %s {which[is_sent]}"
        names = people.NEVER_SENT if is_sent is False else people.READ
        return self._people(
            store, (f"{condition}ORDER BY {pk} LIMIT {limit:d}", after), names=names
        )

    def by_email(self, store: Store, *, after: str, limit: int) -> list[Person]:
        """Return the first people behind the address `after`, in the order of addresses."""
        email = self._column("email")
        return self._people(store, (f"{email} > %s ORDER BY {email} LIMIT {limit:d}", after))

    def in_import(self, contact_import: "ContactImport") -> list[Person]:
        """Return the people who were sent in this import and not settled yet."""
        condition = f"{self._column('contact_import')} = %s"
        return self._people(contact_import.store, (condition, contact_import.pk))

    def learn_sizes(self) -> None:
        """Let the database know that the ledger has grown much."""
        bulk.learn_sizes(self.model)

    def _people(
        self, store: Store, condition: tuple[str, Any], *, names: Sequence[str] = people.READ
    ) -> list[Person]:
        sql, parameter = condition
        where = f"{self._column('store')} = %s AND {sql}"
        rows = bulk.select(self.model, names, where, [store.pk, parameter])
        return people.from_rows(rows)

    def _column(self, name: str) -> str:
        return bulk.column(self.model, name)

    def record(self, store: Store, changes: Iterable[tuple[Person, Sequence[str]]]) -> None:
        """Write what a page of a source says of people: who is new, and of others what changed.

        `changes` names for each person the fields that differ from the database's.
        """
        groups: defaultdict[tuple[str, ...], list[Person]] = defaultdict(list)
        for person, names in changes:
            groups[tuple(names) if person.id else ()].append(person)
        self._add(store, groups.pop((), []))
        for names, known in groups.items():
            bulk.update(self.model, names, people.to_rows(known, names))

    def _add(self, store: Store, new: Sequence[Person]) -> None:
        if new:
            rows = [(*row[:-1], store.pk) for row in people.to_rows(new, people.RECORDED)]
            names = (*people.RECORDED, "store")
            bulk.insert_or_update(self.model, names, rows, unique=("store", "email"))

    def waiting(self, store: Store, stage: int) -> "ContactQuerySet":
        """Return the people of `store` that wait in `stage`, in the order of their ids."""
        return self.filter(store=store, stage=stage).order_by("pk")

    def kept_out(
        self, audience: str, standing: str, reason: str, *, after: int = 0
    ) -> "ContactQuerySet":
        """Return who is left out of the audience's book, or failed, for this reason, by their ids.

        The condition that SQL spells out is the index's: SQLite takes no index on a parameter.
        """
        by, where = f"{audience}_reason", f"{audience}_standing"
        spelled = f"{self._column(where)} IN ('left_out', 'failed')"
        condition = RawSQL(spelled, (), output_field=models.BooleanField())  # noqa: S611 - constant
        people = self.filter(condition, **{where: standing})
        if after:
            return people.filter(**{by: reason}, pk__gt=after).order_by("pk")
        # As a range: else only ids are left to order by, and PostgreSQL may walk through everybody.
        return people.filter(**{f"{by}__gte": reason, f"{by}__lte": reason}).order_by(by, "pk")

    def save_decisions(self, decided: Sequence[Person], *, with_books: bool = False) -> None:
        """Write what was decided of these people, and where they stand now."""
        self._save(decided, people.DECIDED + (people.BOOKS if with_books else ()))

    def save_sent(self, sent: Sequence[Person]) -> None:
        """Write who is about to be handed to Dotdigital, and with what."""
        self._save(sent, people.SENT)

    def save_outcomes(self, settled: Sequence[Person]) -> None:
        """Write what Dotdigital answered for these people."""
        self._save(settled, people.OUTCOME)

    def _save(self, known: Sequence[Person], names: Sequence[str]) -> None:
        if known:
            bulk.update(self.model, names, people.to_rows(known, names))
