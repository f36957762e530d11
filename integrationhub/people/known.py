"""What the ledger knows of one person of a store, put together for whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrationhub.models import AddressBook, AddressBookMapping, Audience, Contact, OptOut, Store
from integrationhub.sync.ledger import normalise, opt_outs_of

DIGITS = 18
OPT_OUTS_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One address of a store: the ledger's row, if there is one, and the removals seen."""

    store: Store
    email: str
    contact: Contact | None
    opt_outs: Sequence[OptOut]
    chosen: Mapping[str, AddressBook]

    @property
    def is_known(self) -> bool:
        """Whether the ledger has heard of this address at all."""
        return self.contact is not None or bool(self.opt_outs)


def found(store: Store, text: str) -> Contact | None:
    """Return the person of `store` whom an address, a customer id or a subscriber id names."""
    sought = normalise(text)
    people = Contact.objects.filter(store=store).select_related("decided_in", "contact_import")
    if sought.isascii() and sought.isdigit():
        if len(sought) > DIGITS:
            return None
        by_customer: Contact | None = people.filter(customer_id=int(sought)).first()
        return by_customer or people.filter(subscriber_id=int(sought)).first()
    return people.filter(email=sought).first()


def known_by_address(store: Store, email: str, contact: Contact | None = None) -> Known:
    """Return what is known of an address; of `contact`, if that is who has it."""
    address = normalise(email)
    if contact is None:
        contact = found(store, address) if "@" in address else None
    return Known(
        store=store,
        email=contact.email if contact else address,
        contact=contact,
        opt_outs=_opt_outs(store, address, contact),
        chosen=_chosen(store),
    )


def _opt_outs(store: Store, email: str, contact: Contact | None) -> list[OptOut]:
    """Return the removals, the latest first; those of somebody known also from former addresses."""
    if contact is not None:
        rows = opt_outs_of(store, [contact])[contact.pk]
    else:
        rows = list(OptOut.objects.filter(store=store, email=email)[:OPT_OUTS_TOLD])
    return sorted(rows, key=lambda row: (row.removed_at, row.pk), reverse=True)[:OPT_OUTS_TOLD]


def _chosen(store: Store) -> dict[str, AddressBook]:
    rows = AddressBookMapping.objects.filter(store=store).select_related("address_book")
    chosen = {row.audience: row.address_book for row in rows}
    return {audience.value: chosen[audience] for audience in Audience if audience in chosen}
