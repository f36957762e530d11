"""How the engine reads the ledger: people with their opt-outs, and moving one to a new address."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from integrationhub.models import Contact, OptOut, Store


def normalise(email: str | None) -> str:
    """Return the address that a person is known by in the ledger: trimmed, lower case."""
    return (email or "").strip().lower().replace("\x00", "")


def opt_outs_of(store: Store, contacts: Sequence[Contact]) -> dict[int, list[OptOut]]:
    """Return each person's opt-outs by the contact's id: under their address and former ones.

    Dotdigital's contact id stays the same when an address changes, and so an opt-out given
    under a former address still counts.
    """
    emails = {contact.email for contact in contacts}
    ids = {contact.dotdigital_id for contact in contacts if contact.dotdigital_id}
    by_email, by_id = _index(
        OptOut.objects.filter(Q(email__in=emails) | Q(dotdigital_id__in=ids), store=store)
    )
    found: dict[int, list[OptOut]] = {}
    for contact in contacts:
        rows = by_email[contact.email] + by_id[contact.dotdigital_id or 0]
        found[contact.pk] = list({row.pk: row for row in rows}.values())
    return found


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
        self, store: Store, emails: Iterable[str], *, key: str, ids: Iterable[int]
    ) -> None:
        """Load who is known; `key` is the column that holds the source's own id."""
        self._store, self._key = store, key
        self.moves: list[tuple[str, str]] = []
        self.changed: list[Contact] = []
        self.unchanged: list[Contact] = []
        matches = Q(email__in=set(emails)) | Q(**{f"{key}__in": set(ids)})
        known = list(Contact.objects.filter(matches, store=store))
        self._before = {contact.pk: _recorded(contact) for contact in known}
        self.by_email: dict[str, Contact] = {contact.email: contact for contact in known}
        self.by_id: dict[int, Contact] = {
            getattr(contact, key): contact for contact in known if getattr(contact, key)
        }

    def person(self, email: str, source_id: int | None) -> Contact:
        """Return the row of this person, made if new, moved if only the address has changed."""
        holder = self.by_id.get(source_id) if source_id is not None else None
        if holder is not None and holder.email != email:
            self.moves.append((holder.email, email))
            if self._may_move(holder, email):
                return self._move(holder, email)
        contact = self.by_email.get(email) or Contact(store=self._store, email=email)
        self.by_email[email] = contact
        if holder is not None and holder is not contact:
            hand_over(holder, contact, self._key)
        if source_id is not None:
            self.by_id[source_id] = contact
        return contact

    def _may_move(self, holder: Contact, email: str) -> bool:
        """Return whether nobody else speaks for the old address and the new one is free."""
        others = {"customer_id", "subscriber_id"} - {self._key}
        is_alone = all(getattr(holder, other) is None for other in others)
        return is_alone and email not in self.by_email

    def _move(self, holder: Contact, email: str) -> Contact:
        del self.by_email[holder.email]
        holder.email, holder.is_moved = email, holder.dotdigital_id is not None
        self.by_email[email] = holder
        return holder

    def compare(self) -> None:
        """Tell who is as before from who is new or changed, and has to be decided."""
        for contact in {id(contact): contact for contact in self.by_email.values()}.values():
            if _recorded(contact) == self._before.get(contact.pk):
                self.unchanged.append(contact)
            else:
                contact.stage = Contact.Stage.DECIDE
                self.changed.append(contact)


def _recorded(contact: Contact) -> tuple[object, ...]:
    return (
        contact.email,
        contact.customer_id,
        contact.subscriber_id,
        contact.has_subscriber_record,
        contact.consents if contact.consents is None else tuple(contact.consents),
        tuple(contact.counting_order_ids),
        contact.latest_order_id,
        tuple(sorted(contact.source_fields.items())),
    )


def hand_over(holder: Contact, heir: Contact, key: str) -> None:
    """Give what the source with this id column said of `holder` to `heir`, who has the id now."""
    if key == "customer_id":
        heir.counting_order_ids = sorted({*heir.counting_order_ids, *holder.counting_order_ids})
        heir.latest_order_id = max(heir.counting_order_ids, default=None)
        holder.counting_order_ids, holder.latest_order_id = [], None
    forget(holder, key)


def forget(contact: Contact, key: str) -> None:
    """Take from a person what the source with this id column said of them."""
    source = key.removesuffix("_id")
    setattr(contact, key, None)
    contact.source_fields = {
        name: value
        for name, value in contact.source_fields.items()
        if not name.startswith(f"{source}.")
    }
    if source == "subscriber":
        contact.has_subscriber_record, contact.consents = False, None


def keep_opt_outs(store: Store, moves: Sequence[tuple[str, str]]) -> None:
    """Let the opt-outs of a former address count for the new one too."""
    for old, new in moves:
        rows = list(OptOut.objects.filter(store=store, email=old))
        for row in rows:
            row.pk, row.email = None, new
        OptOut.objects.bulk_create(rows, ignore_conflicts=True)
