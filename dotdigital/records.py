"""What goes in and out of the client: frozen records in the words of the trade."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct

Record = TypeVar("Record")
FieldValue = str | int | float | bool | None
OptInType = Literal["single", "double"]

BUILT_IN_BOOKS: Final = frozenset({"test", "all contacts"})


class Page(Struct, Generic[Record], frozen=True, kw_only=True):
    """Some records; `cursor` leads to what comes after them and is None on the last page.

    `skipped` counts rows that could not be read or name nobody.
    """

    records: Sequence[Record]
    cursor: str | None = None
    skipped: int = 0


class AccountInformation(Struct, frozen=True, kw_only=True):
    """Whose credentials these are, and where its API lives (empty if it does not tell)."""

    id: int
    name: str = ""
    email: str = ""
    endpoint: str = ""
    time_zone: str = ""


class AddressBook(Struct, frozen=True, kw_only=True):
    """A list of contacts; `contacts` is how many it holds."""

    id: int
    name: str
    visibility: str = "Private"
    contacts: int = 0

    @property
    def is_built_in(self) -> bool:
        """Dotdigital's own books can be read but not written: hide them from choices."""
        return self.name.strip().casefold() in BUILT_IN_BOOKS


class DataField(Struct, frozen=True, kw_only=True):
    """A field of every contact; type is String, Numeric, Date or Boolean."""

    name: str
    type: str
    visibility: str = "Private"


class ConsentRecord(Struct, frozen=True, kw_only=True):
    """Proof of consent; Dotdigital takes none with a part missing, and appends what it takes."""

    text: str
    consented_at: datetime
    url: str
    ip_address: str
    user_agent: str


class ContactToImport(Struct, frozen=True, kw_only=True):
    """One row of an import. There is no way to send a status: an import resubscribes nobody.

    With `contact_id` the person is found by it and `email` becomes their address.
    A data field of None is cleared; one left out stays as it is.
    """

    email: str
    contact_id: int | None = None
    data_fields: Mapping[str, FieldValue] = {}
    address_book_ids: tuple[int, ...] = ()
    opt_in_type: OptInType | None = None
    consent_records: tuple[ConsentRecord, ...] = ()


class ImportStatus(Enum):
    """How an import stands; only NOT_FINISHED and UNKNOWN may still change."""

    NOT_FINISHED = "NotFinished"
    FINISHED = "Finished"
    REJECTED_BY_WATCHDOG = "RejectedByWatchdog"
    FAILED = "Failed"
    EXCEEDS_ALLOWED_CONTACT_LIMIT = "ExceedsAllowedContactLimit"
    UNKNOWN = "Unknown"


class ImportedContact(Struct, frozen=True, kw_only=True):
    """The id Dotdigital keeps a contact under; the e-mail may come back in another case."""

    contact_id: int
    email: str


class ImportFailure(Struct, frozen=True, kw_only=True):
    """One refused row; `code` as told, in any case (`invalidEmail` and `InvalidEmail` both occur).

    A row whose consent or book alone failed stands among created or updated as well.
    """

    email: str
    contact_id: int | None
    code: str
    description: str


class ContactImport(Struct, frozen=True, kw_only=True):
    """An import and, once finished, what became of its rows."""

    id: str
    status: ImportStatus
    created: tuple[ImportedContact, ...] = ()
    updated: tuple[ImportedContact, ...] = ()
    failures: tuple[ImportFailure, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Dotdigital is done with it, for better or worse: `status` says which."""
        return self.status not in {ImportStatus.NOT_FINISHED, ImportStatus.UNKNOWN}


class Contact(Struct, frozen=True, kw_only=True):
    """A person as Dotdigital has them; `lists` is the status by address book id."""

    contact_id: int
    email: str
    status: str
    channel_status: str
    opt_in_type: str
    lists: Mapping[int, str]
    data_fields: Mapping[str, Any]
    created: datetime | None
    updated: datetime | None


class Removal(Struct, frozen=True, kw_only=True):
    """Someone who left, or was taken off; `reason` is Dotdigital's word, e.g. Unsubscribed.

    On a removal from one book, `status` can still be Subscribed: that is the account's.
    """

    contact_id: int | None
    email: str | None
    removed_at: datetime
    reason: str
    status: str


class ResubscribeStatus(Enum):
    """CHALLENGED people get a mail from Dotdigital and stay out until they click in it."""

    ADDED = "ContactAdded"
    CHALLENGED = "ContactChallenged"
    REFUSED = "ContactCannotBeUnsuppressed"


class BulkRemovalStatus(Enum):
    """How a removal of many contacts from a book stands."""

    STARTED = "Started"
    COMPLETED = "Completed"
    FAILED = "Failed"


def encode(contact: ContactToImport) -> bytes:
    """The row as it is sent, the same bytes for the same contact: fit for a fingerprint.

    Raises ValueError for text that is no text (lone surrogates).
    """
    row: dict[str, Any] = {"identifiers": {"email": contact.email}, "matchIdentifier": "email"}
    if contact.contact_id is not None:
        row["identifiers"]["contactId"] = contact.contact_id
        row["matchIdentifier"] = "contactId"
    if contact.data_fields:
        row["dataFields"] = contact.data_fields
    row |= _memberships(contact)
    return msgspec.json.encode(row, order="sorted")


def _memberships(contact: ContactToImport) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if contact.address_book_ids:
        parts["lists"] = contact.address_book_ids
    if contact.opt_in_type:
        email = {"emailType": "html", "optInType": contact.opt_in_type}
        parts["channelProperties"] = {"email": email}
    if contact.consent_records:
        parts["consentRecords"] = [_consent(record) for record in contact.consent_records]
    return parts


def _consent(record: ConsentRecord) -> dict[str, str]:
    return {
        "text": record.text,
        "dateTimeConsented": written_moment(record.consented_at),
        "url": record.url,
        "ipAddress": record.ip_address,
        "userAgent": record.user_agent,
    }


def written_moment(moment: datetime) -> str:
    """UTC in whole seconds, cut and never rounded up; raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
