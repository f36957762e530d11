"""The words for everything that is written down as activity, and for the values in it.

A sentence lacks its subject, which is the person. In braces stand `before` and `after`, what an
entry tells beside them, and `name`: what the row was called at the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dotdigital.regions import region_name
from integrationhub.models import ActivityEntry, Audience
from integrationhub.reasons import words as words_of_reason

CREATE, DELETE = ActivityEntry.Action.CREATE, ActivityEntry.Action.DELETE
Deed = ActivityEntry.Deed
STATUSES = (
    "Incomplete",
    "Pending",
    "Shipped",
    "Partially Shipped",
    "Refunded",
    "Cancelled",
    "Declined",
    "Awaiting Payment",
    "Awaiting Pickup",
    "Awaiting Shipment",
    "Completed",
    "Awaiting Fulfillment",
    "Manual Verification Required",
    "Disputed",
    "Partially Refunded",
)


def plain(value: Any) -> str:
    """Return a value as people say it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value or "nothing")


def _book(value: str | None) -> str:
    return value or "not synced"


def _share(value: float | None) -> str:
    return f"{value or 0:.0%}"


def _statuses(value: list[int] | None) -> str:
    return ", ".join(STATUSES[each] for each in value or ()) or "none"


def _region(value: str | None) -> str:
    return region_name(value) if value else "nothing"


def _masked(value: str) -> str:
    return "another" if value else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A sentence, and another where something was turned off, perhaps the sync itself.

    Unless it says otherwise, the next sync shows what came of it.
    """

    sentence: str
    off: str = ""
    show: Callable[[Any], str] = plain
    is_followed: bool = True
    is_off_the_end: bool = False


def _quiet(sentence: str, **more: Any) -> Words:
    """Return the words for what no sync follows from."""
    return Words(sentence=sentence, is_followed=False, **more)


def _switch(what: str) -> Words:
    """Return the words for a setting that is on or off."""
    return Words(
        sentence=f"turned on: {what}. Before: {{before}}.",
        off=f"turned off: {what}. Before: {{before}}.",
    )


DEEDS: dict[str, Words] = {
    Deed.SYNC_ASKED: Words(sentence="asked for a sync."),
    Deed.SYNC_STOPPED: _quiet("stopped the sync that was going on."),
    Deed.WENT_ON: Words(sentence="let the sync go on. It had waited: {reason}"),
    Deed.DISCARDED: _quiet("discarded what the sync was about to do. It had waited: {reason}"),
    Deed.RETRIED: Words(sentence="had failed {audience} tried again, {number} in all: {reason}"),
    Deed.PREVIEW_ASKED: _quiet("had it counted who would be added to {books}."),
    Deed.CONNECTION_TESTED: _quiet(
        "tested the connection. Sides that did not let us in: {refusing}."
    ),
    Deed.CONTACT_ASKED: Words(sentence="asked for one contact to be synced."),
    Deed.BOOK_MADE: _quiet("made the address book {book} in Dotdigital."),
    Deed.TOKEN_REPLACED: Words(sentence="replaced the BigCommerce access token."),
    Deed.PASSWORD_REPLACED: Words(sentence="replaced the password of the Dotdigital API user."),
    Deed.DISCONNECTED: _quiet("disconnected the store."),
    Deed.CONNECTED_AGAIN: Words(sentence="connected the store again."),
    Deed.FULL_READ_ASKED: Words(sentence="asked for the whole store to be read again."),
    Deed.REFUSED_RETRIED: Words(sentence="had everybody tried again who was refused: {number}."),
}
ROWS: dict[tuple[str, int], Words] = {
    ("store", CREATE): _quiet("connected the store {name}."),
    ("store", DELETE): _quiet("deleted the store {name}."),
    ("account", CREATE): _quiet("made the account {name}."),
    ("account", DELETE): _quiet("deleted the account {name}."),
    ("membership", CREATE): _quiet("let {person} into the account, as {role}."),
    ("membership", DELETE): _quiet("took {person} out of the account. Before: {role}."),
    ("fieldmapping", CREATE): Words(sentence="mapped {source_field} into {data_field}."),
    ("fieldmapping", DELETE): Words(
        sentence="stopped filling {data_field}. Before: {source_field}."
    ),
}
FIELDS: dict[str, dict[str, Words]] = {
    "store": {
        f"{Audience.SUBSCRIBERS}_book": Words(
            sentence="chose {after} for <i>Sync subscribers to</i>. Before: {before}.", show=_book
        ),
        f"{Audience.CUSTOMERS}_book": Words(
            sentence="chose {after} for <i>Sync customers to</i>. Before: {before}.",
            off="stopped syncing customers. Before: {before}.",
            show=_book,
        ),
        "is_sync_enabled": Words(
            sentence="resumed the sync. Before: paused.",
            off="paused the sync. Before: on.",
            is_off_the_end=True,
        ),
        "is_confirming_opt_ins": _switch("the store itself confirms opt-ins"),
        "is_syncing_all_account_holders": _switch("customers are all account holders"),
        "uncounted_order_statuses": Words(
            sentence="set which orders are no purchase: {after}. Before: {before}.", show=_statuses
        ),
        "written_back_reasons": Words(
            sentence="set which opt-outs go back to the store: {after}. Before: {before}."
        ),
        "is_writing_attributes": _switch("opt-outs are noted in customer attributes too"),
        "is_challenging_resubscribers": _switch(
            "Dotdigital asks whoever signs up again to confirm"
        ),
        "is_tagging_with_group": _switch("the customer group is the tag where there is no other"),
        "tags_attribute": Words(
            sentence="set the customer attribute that holds tags: {after}. Before: {before}."
        ),
        "safety_share": Words(
            sentence="set the share at which the sync stops and asks: {after}. Before: {before}.",
            show=_share,
        ),
        "safety_number": Words(
            sentence="set the number of people above which the sync stops and asks: {after}. "
            "Before: {before}."
        ),
    },
    "account": {
        "name": _quiet("named the account {after}. Before: {before}."),
        "slug": _quiet("changed the address of the account's pages: {after}. Before: {before}."),
        "time_zone": _quiet("set the time zone: {after}. Before: {before}."),
        "dotdigital_name": Words(
            sentence="connected the Dotdigital account {after}. Before: {before}."
        ),
        "dotdigital_endpoint": Words(
            sentence="set the Dotdigital region: {after}. Before: {before}.", show=_region
        ),
        "dotdigital_api_user": Words(
            sentence="entered an API user of Dotdigital. Before: {before}.", show=_masked
        ),
    },
    "membership": {
        "role": _quiet("made {person} {after}. Before: {before}."),
        "is_mailed_of_trouble": Words(
            sentence="had {person} mailed when a sync needs attention. Before: {before}.",
            off="stopped the mails to {person} about syncs that need attention. Before: {before}.",
            is_followed=False,
        ),
    },
    "fieldmapping": {
        "source_field": Words(sentence="filled {field} from {after}. Before: {before}."),
        "data_field": Words(sentence="moved a field mapping to {after}. Before: {before}."),
        "type": Words(sentence="changed the type of {field} to {after}. Before: {before}."),
    },
}
# What is told beside a choice of books.
TRIAL = Words(sentence="chose to try it with ten people of each audience first.")
# A field that an earlier version had, and that there are no words for any more.
UNKNOWN = _quiet("changed {column}. Before: {before}. After: {after}.")
# What an entry tells besides, where its value is a code.
DETAILS: dict[str, Callable[[Any], str]] = {
    "audience": lambda value: Audience(value).label.lower(),
    "reason": lambda value: words_of_reason(value).sentence,
}
