"""Imports of contacts: taken at once, worked off later, told about when asked."""

from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import msgspec

from dotdigital.sandbox.account import Account
from dotdigital.sandbox.answers import v3_refusal
from dotdigital.sandbox.state import Contact, ImportJob
from dotdigital.sandbox.writing import RowError, Written

LONGEST_JOB: Final = timedelta(seconds=60)
MERGE_OPTIONS: Final = frozenset({"overwrite", "overwriteIfNotEmpty", "overwriteIfEmpty"})
SCALARS: Final = (str, int, float, bool, type(None))


def begin(account: Account, body: bytes, *, outcome: str = "Finished") -> ImportJob:
    """Take an import in, or refuse the whole of it."""
    if len(body) > account.switches.largest_body:
        raise v3_refusal(
            "badRequest", "The request is too large", status=account.switches.too_large_status
        )
    rows, merge_option = _checked(account, _parsed(body))
    if sum(1 for job in account.state.imports.values() if not job.is_over) >= (
        account.switches.active_imports
    ):
        raise v3_refusal("tooManyActiveImports", "Too many imports are active", status=429)
    job = ImportJob(
        id=str(uuid4()),
        started_at=account.clock.now(),
        rows=rows,
        merge_option=merge_option,
        outcome=outcome,
    )
    account.state.imports[job.id] = job
    advance(account)
    return job


def advance(account: Account) -> None:
    """Work off every import whose time has come."""
    due = account.clock.now() - timedelta(seconds=account.switches.import_seconds)
    for job in account.state.imports.values():
        if job.rows is not None and job.started_at <= due and job.outcome != "NotFinished":
            _work_off(account, job)
        if job.started_at + LONGEST_JOB <= due and job.rows is None:
            job.is_over = True


def told(account: Account, import_id: str) -> dict[str, Any]:
    """What a poll gets to hear."""
    job = account.state.imports.get(import_id)
    if job is None or job.outcome == "Vanished":
        raise v3_refusal(
            "importNotFound", f"The import request '{import_id}' could not be found!", status=404
        )
    job.polls += 1
    is_ready = job.rows is None and job.polls > account.switches.import_polls
    job.is_over = job.is_over or is_ready
    if not job.is_over:
        return {"importId": job.id, "status": "NotFinished"}
    return {"importId": job.id, "status": job.outcome, **job.report}


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise v3_refusal("badJson", "The request JSON is badly formed") from None
    if not isinstance(content, dict) or b"\\u0000" in body:
        raise v3_refusal("badRequest", "The request is not valid")
    return content


def _checked(account: Account, content: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    rows, merge_option = content.get("contacts"), content.get("mergeOption", "overwrite")
    if not isinstance(rows, list) or not rows or merge_option not in MERGE_OPTIONS:
        raise v3_refusal("badRequest", "The request is not valid")
    for row in rows:
        check_row(account, row, needs_match=True)
    return rows, merge_option


def check_row(account: Account, row: Any, *, needs_match: bool) -> None:
    """Refuse the whole request for a row that is not even of the right form."""
    if not isinstance(row, dict) or not _has_form(row, needs_match=needs_match):
        raise v3_refusal("badRequest", "A contact is not valid", items={"contacts": "invalid"})
    fields, switches = row.get("dataFields") or {}, account.switches
    if switches.unknown_data_field == "request" and not (
        {name.upper() for name in fields} <= account.state.data_fields.keys()
    ):
        raise v3_refusal("badRequest", "A data field does not exist")
    if switches.over_long_value == "request" and any(
        isinstance(each, str) and len(each) > switches.longest_text for each in fields.values()
    ):
        raise v3_refusal("badRequest", "A value is too long")


def _has_form(row: dict[str, Any], *, needs_match: bool) -> bool:
    identifiers, fields = row.get("identifiers"), row.get("dataFields", {})
    if needs_match and not (isinstance(row.get("matchIdentifier"), str) and identifiers):
        return False
    return (
        isinstance(identifiers or {}, dict)
        and isinstance(fields, dict)
        and all(isinstance(each, SCALARS) for each in fields.values())
        and isinstance(row.get("channelProperties", {}), dict)
        and _is_list_of(row, "lists", int, longest=100)
        and _is_list_of(row, "consentRecords", dict, longest=5)
    )


def _is_list_of(row: dict[str, Any], name: str, kind: type, *, longest: int) -> bool:
    if name not in row:
        return True
    values = row[name]
    if not isinstance(values, list) or not 0 < len(values) <= longest:
        return False
    return all(isinstance(each, kind) for each in values)


def _work_off(account: Account, job: ImportJob) -> None:
    rows, job.rows = job.rows or [], None
    job.is_over = account.switches.import_polls == 0
    if job.outcome not in {"Finished", "Vanished"}:
        return
    report: dict[str, Any] = {"summary": {}, "created": [], "updated": [], "failures": []}
    seen: set[str] = set()
    for row in rows:
        _write(account, job, row, report, seen)
    _count(report)
    job.report = report


def _write(
    account: Account, job: ImportJob, row: dict[str, Any], report: dict[str, Any], seen: set[str]
) -> None:
    key = account.writer.key(row)
    try:
        if key in seen:
            raise RowError("duplicateIdentifier", "The contact is in this import already")
        seen.add(key)
        written = account.writer.write(row, merge_option=job.merge_option)
    except RowError as error:
        report["failures"].append(_failure(account, row, [error]))
        return
    _note(account, row, written, report)


def _note(account: Account, row: dict[str, Any], written: Written, report: dict[str, Any]) -> None:
    kind = "created" if written.is_new else "updated"
    report[kind].append(_reference(account, written.contact))
    if written.failures:
        report["failures"].append(_failure(account, row, written.failures))


def _reference(account: Account, contact: Contact) -> dict[str, Any]:
    email = contact.email.upper() if account.switches.emails_in_upper_case else contact.email
    return {"contactId": contact.id, "identifiers": {"email": email}}


def _failure(account: Account, row: dict[str, Any], errors: list[RowError]) -> dict[str, Any]:
    return {
        "matchIdentifier": row["matchIdentifier"],
        "identifiers": row["identifiers"],
        "failures": [
            {"failureCode": _cased(account, each.code), "description": each.description}
            for each in errors
        ],
    }


def _cased(account: Account, code: str) -> str:
    if account.switches.failure_codes == "camel":
        return code
    return "Duplicate" if code == "duplicateIdentifier" else code[:1].upper() + code[1:]


def _count(report: dict[str, Any]) -> None:
    codes = [
        failure["failureCode"].lower() for row in report["failures"] for failure in row["failures"]
    ]
    suppressed = codes.count("globallysuppressed")
    duplicates = codes.count("duplicateidentifier") + codes.count("duplicate")
    report["summary"] = {
        "newContacts": len(report["created"]),
        "updatedContacts": len(report["updated"]),
        "globallySuppressed": suppressed,
        "invalidEntries": len(report["failures"]) - suppressed - duplicates,
        "duplicateIdentifiers": duplicates,
    }
