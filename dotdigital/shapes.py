"""The JSON of Dotdigital's answers, where it differs from our records, and the way across."""

from enum import Enum
from typing import Any, TypeVar

from msgspec import Struct

from dotdigital.errors import MalformedAnswerError
from dotdigital.records import (
    AccountInformation,
    BulkRemovalStatus,
    Contact,
    ContactImport,
    DataField,
    ImportedContact,
    ImportFailure,
    ImportStatus,
    Removal,
    ResubscribeStatus,
)
from dotdigital.wire import decode, loosely, moment, readable

Member = TypeVar("Member", bound=Enum)


class _Property(Struct, frozen=True):
    name: str
    value: str | int | float | bool | None = None


class _Account(Struct, frozen=True):
    id: int
    properties: list[_Property]


class _Identifiers(Struct, frozen=True):
    email: str | None = None
    contact_id: int | None = None


class _Reference(Struct, frozen=True, rename="camel"):
    contact_id: int
    identifiers: _Identifiers


class _Reason(Struct, frozen=True, rename="camel"):
    failure_code: str = ""
    description: str | None = None


class _Failure(Struct, frozen=True, rename="camel"):
    identifiers: dict[str, Any]
    failures: list[_Reason] | None = None


class _Import(Struct, frozen=True, rename="camel"):
    import_id: str
    status: str
    created: list[_Reference] | None = None
    updated: list[_Reference] | None = None
    failures: list[_Failure] | None = None


class ImportAccepted(Struct, frozen=True, rename="camel"):
    """The answer to an import."""

    import_id: str


class BulkRemoval(Struct, frozen=True):
    """A removal of many contacts, accepted or under way."""

    id: str
    status: str


class _V2Contact(Struct, frozen=True):
    id: int | None = None
    email: str | None = None
    status: str | None = None


class RemovalRow(Struct, frozen=True, rename="camel"):
    """A row of suppressed-since and unsubscribed-since; the contact may be missing."""

    date_removed: str
    suppressed_contact: _V2Contact | None
    reason: str | None = None


class _Resubscription(Struct, frozen=True):
    status: str


class _List(Struct, frozen=True):
    id: int
    status: str = ""


class _EmailChannel(Struct, frozen=True, rename="camel"):
    status: str | None = None
    opt_in_type: str | None = None


class _Channels(Struct, frozen=True):
    email: _EmailChannel | None = None


class _Contact(Struct, frozen=True, rename="camel"):
    contact_id: int
    identifiers: _Identifiers
    status: str = ""
    created: str = ""
    updated: str = ""
    channel_properties: _Channels | None = None
    lists: list[_List] | None = None
    data_fields: dict[str, Any] | None = None


def account_information(body: bytes) -> AccountInformation:
    """Looks the properties up by name; their order is not promised."""
    account = decode(body, _Account)
    told = {each.name.lower(): str(each.value or "") for each in account.properties}
    return AccountInformation(
        id=account.id,
        name=told.get("name", ""),
        email=told.get("mainemail", ""),
        endpoint=told.get("apiendpoint", "").strip().removesuffix("/"),
        time_zone=told.get("timezoneiana", ""),
    )


def data_field(row: DataField) -> DataField:
    """Types and visibilities are told in any case."""
    return DataField(
        name=row.name, type=row.type.capitalize(), visibility=row.visibility.capitalize()
    )


def contact_import(body: bytes) -> ContactImport:
    """Rows of the report that cannot be read are left out, the others stand."""
    try:
        report = decode(body, _Import)
    except MalformedAnswerError:
        report = _forgiven_import(loosely(body))
    return ContactImport(
        id=report.import_id,
        status=_import_status(report.status),
        created=_references(report.created),
        updated=_references(report.updated),
        failures=tuple(_failure(row) for row in report.failures or ()),
    )


def removal(row: RemovalRow) -> Removal | None:
    """None when nobody or no moment is named, as for contacts that have only a mobile number."""
    contact, removed_at = row.suppressed_contact, moment(row.date_removed)
    if contact is None or not contact.email or removed_at is None:
        return None
    status = contact.status or ""
    return Removal(
        contact_id=contact.id or None,
        email=contact.email,
        removed_at=removed_at,
        reason=row.reason or status,
        status=status,
    )


def resubscribe_status(body: bytes) -> ResubscribeStatus:
    """How the person stands now."""
    return _member(ResubscribeStatus, decode(body, _Resubscription).status)


def bulk_removal_status(body: bytes) -> BulkRemovalStatus:
    """How the removal stands now."""
    return _member(BulkRemovalStatus, decode(body, BulkRemoval).status)


def contact(body: bytes) -> Contact:
    """Data field names in upper case, as Dotdigital shows them."""
    told = decode(body, _Contact)
    channel = (told.channel_properties and told.channel_properties.email) or _EmailChannel()
    return Contact(
        contact_id=told.contact_id,
        email=told.identifiers.email or "",
        status=told.status,
        channel_status=channel.status or "",
        opt_in_type=channel.opt_in_type or "",
        lists={each.id: each.status for each in told.lists or ()},
        data_fields={name.upper(): value for name, value in (told.data_fields or {}).items()},
        created=moment(told.created),
        updated=moment(told.updated),
    )


def _member(kind: type[Member], told: str) -> Member:
    for member in kind:
        if member.value.lower() == told.lower():
            return member
    raise MalformedAnswerError(f"an unknown status: {told}")


def _import_status(told: str) -> ImportStatus:
    known = {status.value.lower(): status for status in ImportStatus}
    return known.get(told.lower(), ImportStatus.UNKNOWN)


def _references(rows: list[_Reference] | None) -> tuple[ImportedContact, ...]:
    return tuple(
        ImportedContact(contact_id=row.contact_id, email=row.identifiers.email or "")
        for row in rows or ()
    )


def _failure(row: _Failure) -> ImportFailure:
    reasons = row.failures or [_Reason()]
    email, contact_id = row.identifiers.get("email"), row.identifiers.get("contactId")
    return ImportFailure(
        email=email if isinstance(email, str) else "",
        contact_id=contact_id if isinstance(contact_id, int) else None,
        code=reasons[0].failure_code,
        description="; ".join(filter(None, (each.description for each in reasons))),
    )


def _forgiven_import(report: Any) -> _Import:
    if not isinstance(report, dict) or not isinstance(report.get("status"), str):
        raise MalformedAnswerError("a report of an import was promised")
    return _Import(
        import_id=str(report.get("importId", "")),
        status=report["status"],
        created=_rows(report, "created", _Reference),
        updated=_rows(report, "updated", _Reference),
        failures=_rows(report, "failures", _Failure),
    )


def _rows(report: dict[str, Any], name: str, shape: Any) -> list[Any]:
    rows = report.get(name)
    return readable(rows, shape)[0] if isinstance(rows, list) else []
