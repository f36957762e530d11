"""The rows of the hub, and what must always be true of them."""

from integrationhub.models.accounts import Account, Membership
from integrationhub.models.activity import ActivityEntry
from integrationhub.models.address_books import AddressBook, DataField
from integrationhub.models.budgets import RateBudget
from integrationhub.models.contact_requests import ContactRequest
from integrationhub.models.contacts import Contact
from integrationhub.models.cursors import Cursor, SeenRecord
from integrationhub.models.mappings import AddressBookMapping, Audience, FieldMapping
from integrationhub.models.opt_outs import OptOut
from integrationhub.models.people import Person
from integrationhub.models.previews import Preview, PreviewRemoval
from integrationhub.models.runs import (
    AudienceCount,
    ContactImport,
    ReasonCount,
    RunStep,
    SyncRun,
    UnchangedContact,
)
from integrationhub.models.standings import StandingCount
from integrationhub.models.stores import Store
from integrationhub.models.tenancy import Owned, OwnedQuerySet

__all__ = [
    "Account",
    "ActivityEntry",
    "AddressBook",
    "AddressBookMapping",
    "Audience",
    "AudienceCount",
    "Contact",
    "ContactImport",
    "ContactRequest",
    "Cursor",
    "DataField",
    "FieldMapping",
    "Membership",
    "OptOut",
    "Owned",
    "OwnedQuerySet",
    "Person",
    "Preview",
    "PreviewRemoval",
    "RateBudget",
    "ReasonCount",
    "RunStep",
    "SeenRecord",
    "StandingCount",
    "Store",
    "SyncRun",
    "UnchangedContact",
]
