"""The calls to Dotdigital, one method for each."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import msgspec

from dotdigital import shapes, wire
from dotdigital.address_books import AddressBookCalls
from dotdigital.errors import (
    MalformedAnswerError,
    NotFoundError,
    RejectedError,
)
from dotdigital.http import Call, Session, get, post
from dotdigital.pacing import Pacer
from dotdigital.paging import pages
from dotdigital.patience import Tuning
from dotdigital.records import (
    AccountInformation,
    Contact,
    ContactImport,
    ContactToImport,
    Page,
    Removal,
    ResubscribeStatus,
    encode,
    written_moment,
)
from dotdigital.regions import DISCOVERY_URL, endpoint_for

NEVER_AGAIN: Final = frozenset({"ERROR_CONTACT_SUPPRESSED", "ERROR_EMAIL_BANNED"})


def discover(
    user: str, password: str, *, base_url: str = DISCOVERY_URL, tuning: Tuning | None = None
) -> AccountInformation:
    """Whose credentials these are; `endpoint` becomes the checked address calls must go to.

    Raises EndpointError when the account names an address that is none of Dotdigital's.
    """
    with Client(user, password, endpoint=base_url, tuning=tuning) as client:
        account = client.account_information()
    endpoint = endpoint_for(base_url, account.endpoint)
    return msgspec.structs.replace(account, endpoint=endpoint)


class Client(AddressBookCalls):
    """One account's API at its endpoint; for one thread at a time. All raise ApiErrors.

    Where the endpoint refuses an account without a reason, `relocate` is asked for its new one.
    """

    def __init__(
        self,
        user: str,
        password: str,
        *,
        endpoint: str,
        integration_token: str = "",
        tuning: Tuning | None = None,
        pacer: Pacer | None = None,
        relocate: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(
            Session(
                user,
                password,
                base_url=endpoint,
                integration_token=integration_token,
                tuning=tuning,
                pacer=pacer,
                relocate=relocate,
            )
        )

    @property
    def calls(self) -> int:
        """How many requests were sent so far, repeated ones included."""
        return self._session.calls

    @property
    def server_date(self) -> datetime | None:
        """Dotdigital's clock as of its last answer, in whole seconds."""
        return self._session.server_date

    @property
    def server_clock(self) -> datetime | None:
        """Return what the server's clock shows by now, to a second or two."""
        return self._session.server_clock

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def account_information(self) -> AccountInformation:
        """The account; its endpoint as told, not yet checked: see `discover`."""
        return self._session.ask(get("/v2/account-info"), shapes.account_information)

    def server_time(self) -> datetime:
        """Dotdigital's clock, in UTC: the only one that belongs in a `since`."""
        return self._session.ask(get("/v2/server-time"), _server_time)

    def import_contacts(self, rows: Sequence[bytes] | Sequence[ContactToImport]) -> str:
        """Begins an import and answers its id; sending the same rows again does no harm.

        Raises RejectedError when a row is malformed (then none was imported) and
        TooManyImportsError when the account's 25 slots are taken. At most 50 MB.
        """
        encoded = [row if isinstance(row, bytes) else encode(row) for row in rows]
        body = b'{"mergeOption":"overwrite","contacts":[' + b",".join(encoded) + b"]}"
        call = Call(method="PUT", path="/contacts/v3/import", body=body)
        accepted = self._session.ask(call, lambda body: wire.decode(body, shapes.ImportAccepted))
        return accepted.import_id

    def contact_import(self, import_id: str) -> ContactImport:
        """How the import stands; raises NotFoundError when Dotdigital no longer knows it."""
        return self._session.ask(_import_status(import_id), shapes.contact_import)

    def await_import(
        self, import_id: str, *, patience: float, earliest: float = 0.0
    ) -> ContactImport:
        """The import once it is finished, or as it stands after `patience` seconds.

        Not asked about for `earliest` seconds: one just begun is not finished yet.
        Raises NotFoundError when Dotdigital no longer knows it.
        """
        return self._session.ask_until(
            _import_status(import_id),
            shapes.contact_import,
            is_done=lambda answer: answer.is_finished,
            patience=patience,
            earliest=earliest,
        )

    def contact(self, email: str) -> Contact | None:
        """The person with this address, or None."""
        return self._contact("email", email)

    def contact_by_id(self, contact_id: int) -> Contact | None:
        """The person with this id, or None."""
        return self._contact("contactId", str(contact_id))

    def suppressed_since(
        self, since: datetime, *, cursor: str | None = None
    ) -> Iterator[Page[Removal]]:
        """Everyone removed from the account since then, whatever the reason.

        Neither the order nor whether `since` itself counts is promised: overlap and dedupe.
        """
        path = f"/v2/contacts/suppressed-since/{written_moment(since)}"
        return self._removals(path, "/v2/contacts/suppressed-since/{date}", cursor)

    def unsubscribed_since(
        self, address_book_id: int, since: datetime, *, cursor: str | None = None
    ) -> Iterator[Page[Removal]]:
        """Everyone who left this one book since then; those who left the account are not here."""
        feed = f"/v2/address-books/{address_book_id:d}/contacts/unsubscribed-since"
        name = "/v2/address-books/{id}/contacts/unsubscribed-since/{date}"
        return self._removals(f"{feed}/{written_moment(since)}", name, cursor)

    def resubscribe(
        self, address_book_id: int, email: str, *, challenge: bool = True
    ) -> ResubscribeStatus:
        """Ask for someone back; only for a store opt-in that is newer than their removal.

        With `challenge` Dotdigital mails them and they stay out until they click. It is sent
        once: after a lost answer UnavailableError leaves open whether they were asked.
        """
        twin = "resubscribe" if challenge else "resubscribe-with-no-challenge"
        call = post(
            f"/v2/address-books/{address_book_id:d}/contacts/{twin}",
            {"unsubscribedContact": {"email": email}},
            name=f"/v2/address-books/{{id}}/contacts/{twin}",
            is_repeatable=False,
        )
        try:
            return self._session.ask(call, shapes.resubscribe_status)
        except RejectedError as error:
            if error.code not in NEVER_AGAIN:
                raise
            return ResubscribeStatus.REFUSED

    def _contact(self, identifier: str, value: str) -> Contact | None:
        path = f"/contacts/v3/{identifier}/{quote(value, safe='')}"
        try:
            call = get(path, name=f"/contacts/v3/{identifier}/{{value}}")
            return self._session.ask(call, shapes.contact)
        except NotFoundError:
            return None

    def _removals(self, path: str, name: str, cursor: str | None) -> Iterator[Page[Removal]]:
        for page in pages(self._session, path, shapes.RemovalRow, name=name, cursor=cursor):
            told = [shapes.removal(row) for row in page.records]
            known = [row for row in told if row is not None]
            skipped = page.skipped + len(told) - len(known)
            yield Page(records=known, cursor=page.cursor, skipped=skipped)


def _import_status(import_id: str) -> Call:
    path = f"/contacts/v3/import/{quote(import_id, safe='')}"
    return get(path, name="/contacts/v3/import/{id}")


def _server_time(body: bytes) -> datetime:
    told = wire.moment(body.decode("utf-8", "replace").strip().strip('"'))
    if told is None:
        raise MalformedAnswerError("a moment was promised")
    return told.astimezone(UTC)
