"""What a store's settings mean for its people: the rules that decisions are made by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings

from dotdigital.records import OptInType
from integrationhub.models import Audience, Store
from integrationhub.sync.fields import CONSENT, CONSENT_DATE, Home, Recipe, recipes


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What decides about the people of one store; `books` holds Dotdigital's ids."""

    books: Mapping[Audience, int]
    fields: tuple[tuple[str, str], ...]
    opt_in_type: OptInType = "single"
    is_syncing_all_account_holders: bool = False
    has_consents_key: bool = True
    connected_at: datetime
    written_back_reasons: frozenset[str]
    text_limit: int = 1000
    clock_lead: timedelta = timedelta()

    @cached_property
    def recipes(self) -> Mapping[Home, Recipe]:
        """Return which source fields feed each data field, for either home of the address."""
        return recipes(self.fields)

    @cached_property
    def consent_fields(self) -> tuple[str, ...]:
        """Return the data fields that hold whether the person accepts marketing."""
        return tuple(field for source, field in self.fields if source == CONSENT)

    @cached_property
    def consent_date_fields(self) -> tuple[str, ...]:
        """Return the data fields that hold since when."""
        return tuple(field for source, field in self.fields if source == CONSENT_DATE)

    @cached_property
    def books_by_name(self) -> dict[str, int]:
        """Return the books by the audience's plain name, as it is kept in the database."""
        return {audience.value: book for audience, book in self.books.items()}


def rules_of(store: Store) -> Rules:
    """Return the rules of `store` as its settings stand now."""
    mappings = store.address_book_mappings.select_related("address_book")
    return Rules(
        books={Audience(row.audience): row.address_book.dotdigital_id for row in mappings},
        fields=tuple(store.field_mappings.order_by("pk").values_list("source_field", "data_field")),
        opt_in_type="double" if store.is_confirming_opt_ins else "single",
        is_syncing_all_account_holders=store.is_syncing_all_account_holders,
        has_consents_key=store.has_consents_key,
        connected_at=store.connected_at,
        written_back_reasons=frozenset(reason.lower() for reason in store.written_back_reasons),
        text_limit=settings.TEXT_FIELD_LIMIT,
        clock_lead=store.clock_lead,
    )
