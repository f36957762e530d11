"""Contact, the ledger: one row per person of a store."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from integrationhub.models import bulk, people
from integrationhub.models.people import Person, Placed
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet

if TYPE_CHECKING:
    from integrationhub.models.runs import ContactImport


class ContactQuerySet(OwnedQuerySet):
    """The ledger's own queries; what the engine moves in bulk goes in and out as `Person`."""

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


class Contact(Placed, Owned):
    """One person of one store: what each system says, what was decided, what was accepted."""

    OWNER = "store__account"

    class Stage(models.IntegerChoices):
        """What happens next to this person."""

        SETTLED = 0, "nothing"
        DECIDE = 1, "to be decided"
        RESUBSCRIBE = 2, "to be resubscribed"
        REMOVE = 3, "to be removed from a book"
        IMPORT = 4, "to be sent"
        IN_FLIGHT = 5, "sent, outcome awaited"

    class Standing(models.TextChoices):
        """Where this person stands as one of an audience."""

        NONE = "", "not of this audience"
        WAITING = "waiting"
        IN_BOOK = "in_book", "in the book"
        LEFT_OUT = "left_out", "left out on purpose"
        FAILED = "failed"

    # The indexes below begin with the store; one more would only cost.
    store = models.ForeignKey(Store, models.CASCADE, related_name="contacts", db_index=False)
    email = models.CharField(max_length=256)

    # What BigCommerce says.
    customer_id = models.BigIntegerField(null=True, blank=True)
    subscriber_id = models.BigIntegerField(null=True, blank=True)
    has_subscriber_record = models.BooleanField(default=False)
    consents = models.JSONField(null=True, blank=True)
    consent_changed_at = models.DateTimeField(null=True, blank=True)
    counting_order_ids = models.JSONField(default=list, blank=True)
    latest_order_id = models.BigIntegerField(null=True, blank=True)
    source_fields = models.JSONField(default=dict, blank=True)

    # What Dotdigital says.
    dotdigital_id = models.BigIntegerField(null=True, blank=True)
    is_moved = models.BooleanField("address changed since last sent", default=False)

    # What we decided.
    accepts_marketing = models.BooleanField(default=False, db_default=False)
    accepts_marketing_updated_at = models.DateTimeField(null=True, blank=True)
    subscribers_standing = models.CharField(
        max_length=8, choices=Standing, blank=True, default="", db_default=""
    )
    subscribers_reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    customers_standing = models.CharField(
        max_length=8, choices=Standing, blank=True, default="", db_default=""
    )
    customers_reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    decided_in = models.ForeignKey(
        "integrationhub.SyncRun",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    # What was accepted there, and where it stands.
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.DECIDE)
    subscribers_books = models.JSONField(default=list, db_default=[], blank=True)
    customers_books = models.JSONField(default=list, db_default=[], blank=True)
    sent_books = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Sent, perhaps taken: audience to Dotdigital's book id.",
    )
    accepted_fingerprint = models.CharField(max_length=32, blank=True, default="", db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_fingerprint = models.CharField(max_length=32, blank=True, default="", db_default="")
    refused_fingerprint = models.CharField(max_length=32, blank=True, default="", db_default="")
    contact_import: "models.ForeignKey[ContactImport | None, ContactImport | None]" = (
        models.ForeignKey(
            "integrationhub.ContactImport",
            models.SET_NULL,
            null=True,
            blank=True,
            related_name="contacts",
            db_index=False,
        )
    )

    objects: Any = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "email"], name="one_contact_per_email"),
        ]
        indexes = [
            # Not partial: SQLite would use it for no query that the ORM writes.
            models.Index(fields=["store", "stage", "id"], name="contact_stage"),
            models.Index(
                fields=["store", "customer_id"],
                name="contact_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["store", "subscriber_id"],
                name="contact_subscriber",
                condition=Q(subscriber_id__isnull=False),
            ),
            # For pages that list the few who are left out or failed; nobody else stands in these.
            models.Index(
                fields=["store", "subscribers_reason", "id"],
                name="contact_not_subscribed",
                condition=Q(subscribers_standing__in=["left_out", "failed"]),
            ),
            models.Index(
                fields=["store", "customers_reason", "id"],
                name="contact_no_customer",
                condition=Q(customers_standing__in=["left_out", "failed"]),
            ),
            models.Index(
                fields=["decided_in"],
                name="contact_decided_in",
                condition=Q(decided_in__isnull=False),
            ),
            models.Index(
                fields=["contact_import"],
                name="contact_in_import",
                condition=Q(contact_import__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
