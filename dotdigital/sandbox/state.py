"""What a pretend Dotdigital remembers of an account: plain records, fit to be saved."""

from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

BUILT_IN_BOOKS: Final = ("Test", "All contacts")
MAILABLE: Final = frozenset({"subscribed", "softBounced"})
V2_STATUSES: Final = {
    "subscribed": "Subscribed",
    "unsubscribed": "Unsubscribed",
    "softBounced": "SoftBounced",
    "hardBounced": "HardBounced",
    "ispComplained": "IspComplained",
    "directComplaint": "DirectComplaint",
    "mailBlocked": "MailBlocked",
    "pendingOptIn": "PendingOptIn",
    "suppressed": "Suppressed",
    "domainSuppressed": "DomainSuppression",
    "sharedsuppression": "SharedSuppression",
    "noSubscription": "NotAvailableInThisVersion",
}


class Membership(Struct):
    """A contact in one address book: subscribed, suppressed (they left it) or pending."""

    status: str = "subscribed"
    removed_at: datetime | None = None


class Contact(Struct, kw_only=True):
    """A person; `status` is that of the e-mail channel in v3's words."""

    id: int
    email: str
    created_at: datetime
    updated_at: datetime
    status: str = "subscribed"
    removed_at: datetime | None = None
    opt_in_type: str = "unknown"
    email_type: str = "Html"
    data_fields: dict[str, str | int | float | bool] = {}
    lists: dict[int, Membership] = {}
    consent_records: list[dict[str, Any]] = []
    challenges: list[int] = []
    challenged: int = 0
    is_binned: bool = False

    @property
    def v2_status(self) -> str:
        """The same status in v2's words."""
        return V2_STATUSES.get(self.status, "NotAvailableInThisVersion")

    @property
    def standing(self) -> str:
        """The status of the whole contact, which knows fewer words than the channel's."""
        if self.status in MAILABLE:
            return "subscribed"
        known = {"unsubscribed", "pendingOptIn", "noSubscription"}
        return self.status if self.status in known else "suppressed"


class AddressBook(Struct, kw_only=True):
    """A list; `members` are the ids counted as in it, `left` those who unsubscribed from it."""

    id: int
    name: str
    visibility: str = "Private"
    members: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    @property
    def is_built_in(self) -> bool:
        """Dotdigital's own: shown, never written."""
        return self.name in BUILT_IN_BOOKS


class DataField(Struct, kw_only=True):
    """A data field; `type` is String, Numeric, Date or Boolean."""

    name: str
    type: str = "String"
    visibility: str = "Private"
    default_value: str | None = None
    is_read_only: bool = False


class ImportJob(Struct, kw_only=True):
    """An import: its rows until the work is done, its report afterwards."""

    id: str
    started_at: datetime
    rows: list[dict[str, Any]] | None
    merge_option: str = "overwrite"
    outcome: str = "Finished"
    polls: int = 0
    report: dict[str, Any] = {}
    is_over: bool = False


class RemovalJob(Struct, kw_only=True):
    """A bulk removal; done at once, but told as Started for the first poll."""

    id: str
    polls: int = 0


class AccountState(Struct, kw_only=True):
    """Everything an account holds."""

    id: int
    user: str
    password: str
    name: str
    email: str = "owner@shop.example"
    region: str = "r1"
    next_id: int = 1001
    contacts: dict[int, Contact] = {}
    address_books: dict[int, AddressBook] = {}
    data_fields: dict[str, DataField] = {}
    imports: dict[str, ImportJob] = {}
    removals: dict[str, RemovalJob] = {}
    globally_suppressed: set[str] = field(default_factory=set)
    told_endpoint: str | None = None
