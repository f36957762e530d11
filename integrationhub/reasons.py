"""The catalogue of reasons: what happened to a contact or a run, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """A code that stands in the ledger or on a run; REASONS has the words for each."""

    # Where a contact stands.
    IN_BOOK = "in_book"
    WAITING = "waiting"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    NO_OPT_IN = "no_opt_in"
    NOT_A_SUBSCRIBER = "not_a_subscriber"
    NEVER_BOUGHT = "never_bought"
    NO_ACCOUNT = "no_account"
    UNSUBSCRIBED = "unsubscribed"
    LEFT_BOOK = "left_book"
    COMPLAINED = "complained"
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"
    CANNOT_RESUBSCRIBE = "cannot_resubscribe"
    INVALID_EMAIL = "invalid_email"
    GLOBALLY_SUPPRESSED = "globally_suppressed"
    DOMAIN_SUPPRESSED = "domain_suppressed"
    CONTACT_REFUSED = "contact_refused"
    NOT_ACCEPTED_YET = "not_accepted_yet"

    # How a run ended.
    DONE = "done"
    ASKED_TO_CONFIRM = "asked_to_confirm"
    NOTHING_TO_DO = "nothing_to_do"
    DONE_WITH_FAILURES = "done_with_failures"
    WRITE_BACKS_REFUSED = "write_backs_refused"
    STOPPED_BY_PERSON = "stopped_by_person"
    DISCONNECTED = "disconnected"
    STALLED = "stalled"
    OUT_OF_TIME = "out_of_time"
    UNEXPECTED = "unexpected"
    BIGCOMMERCE_CREDENTIALS = "bigcommerce_credentials"
    BIGCOMMERCE_SCOPE = "bigcommerce_scope"
    BIGCOMMERCE_STORE_UNKNOWN = "bigcommerce_store_unknown"
    BIGCOMMERCE_RATE_LIMIT = "bigcommerce_rate_limit"
    BIGCOMMERCE_UNREACHABLE = "bigcommerce_unreachable"
    BIGCOMMERCE_MAINTENANCE = "bigcommerce_maintenance"
    BIGCOMMERCE_MALFORMED = "bigcommerce_malformed"
    BIGCOMMERCE_REFUSED = "bigcommerce_refused"
    DOTDIGITAL_CREDENTIALS = "dotdigital_credentials"
    DOTDIGITAL_REGION = "dotdigital_region"
    DOTDIGITAL_OTHER_ACCOUNT = "dotdigital_other_account"
    DOTDIGITAL_RATE_LIMIT = "dotdigital_rate_limit"
    DOTDIGITAL_IMPORTS_FULL = "dotdigital_imports_full"
    DOTDIGITAL_UNREACHABLE = "dotdigital_unreachable"
    DOTDIGITAL_MALFORMED = "dotdigital_malformed"
    DOTDIGITAL_SETUP = "dotdigital_setup"
    DOTDIGITAL_REFUSED = "dotdigital_refused"
    ADDRESS_BOOK_DELETED = "address_book_deleted"
    IMPORT_REJECTED = "import_rejected"
    CONTACT_LIMIT = "contact_limit"
    IMPORT_FAILED = "import_failed"
    IMPORT_STUCK = "import_stuck"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105 - a code, no secret
    SAFETY_STOP_OPT_OUTS = "safety_stop_opt_outs"
    SAFETY_STOP_REMOVALS = "safety_stop_removals"
    SAFETY_STOP_ADDITIONS = "safety_stop_additions"
    TRIAL_WAITS = "trial_waits"
    PREVIEWED = "previewed"
    OVERDUE = "overdue"
    NOT_IN_STEP = "not_in_step"


class Fixer(StrEnum):
    """Who can do something about it."""

    NOBODY = "nobody"
    HUB = "the hub, by itself"
    MARKETER = "you"
    STAFF = "your administrator"
    CONTACT = "the person"
    VENDOR = "the vendor's support"

    def unless_in(self, sentence: str) -> str:
        """Return who it is, where there is somebody whom the sentence does not name already."""
        is_told = self is Fixer.NOBODY or self.value.split()[-1] in sentence
        return "" if is_told else self.value


@dataclass(frozen=True, slots=True)
class Words:
    """What a marketer reads: a sentence, the next step, and who can take it."""

    sentence: str
    next_step: str
    fixer: Fixer

    @property
    def in_full(self) -> str:
        """Return both sentences as one text."""
        return f"{self.sentence} {self.next_step}"

    @property
    def who(self) -> str:
        """Return who can change it, where the next step does not say so."""
        return self.fixer.unless_in(self.next_step)


_NOTHING = "Nothing to do."
SIGN_UP_AGAIN = (
    "Only the person can undo this, by signing up again in the store. "
    "If the store still has them as subscribed, they unsubscribe there first."
)

REASONS: dict[Reason, Words] = {
    Reason.IN_BOOK: Words("In the address book.", _NOTHING, Fixer.NOBODY),
    Reason.WAITING: Words("Waiting to be sent.", "The next sync sends it.", Fixer.HUB),
    Reason.AWAITING_CONFIRMATION: Words(
        "Signed up again after an unsubscribe; Dotdigital has asked the person to confirm.",
        "Wait until the person clicks the link in Dotdigital's mail.",
        Fixer.CONTACT,
    ),
    Reason.NO_OPT_IN: Words(
        "Has not agreed to the newsletter in the store.",
        "The person can sign up in the store.",
        Fixer.CONTACT,
    ),
    Reason.NOT_A_SUBSCRIBER: Words(
        "Has never signed up for the newsletter in the store.",
        "The person can sign up in the store.",
        Fixer.CONTACT,
    ),
    Reason.NEVER_BOUGHT: Words(
        "Has an account in the store but no order that counts.",
        "Nothing to do. Should all account holders be synced, your administrator can set that.",
        Fixer.NOBODY,
    ),
    Reason.NO_ACCOUNT: Words("Has neither an account nor an order.", _NOTHING, Fixer.NOBODY),
    Reason.UNSUBSCRIBED: Words(
        "Unsubscribed in Dotdigital.",
        SIGN_UP_AGAIN,
        Fixer.CONTACT,
    ),
    Reason.LEFT_BOOK: Words(
        "Unsubscribed from this address book in Dotdigital.",
        SIGN_UP_AGAIN,
        Fixer.CONTACT,
    ),
    Reason.COMPLAINED: Words("Reported a mail as spam.", "Leave this person alone.", Fixer.NOBODY),
    Reason.SUPPRESSED: Words(
        "Suppressed in Dotdigital.",
        "If that was a mistake, lift the suppression in Dotdigital.",
        Fixer.MARKETER,
    ),
    Reason.BOUNCED: Words(
        "Mails to this address come back.", "Ask the person for another address.", Fixer.CONTACT
    ),
    Reason.CANNOT_RESUBSCRIBE: Words(
        "Signed up again, but Dotdigital does not take this address back.",
        "Ask Dotdigital's support why the address is blocked.",
        Fixer.VENDOR,
    ),
    Reason.INVALID_EMAIL: Words(
        "The email address is not valid.",
        "Correct the address in BigCommerce; the next sync tries again.",
        Fixer.MARKETER,
    ),
    Reason.GLOBALLY_SUPPRESSED: Words(
        "The address is on Dotdigital's global suppression list.",
        "Leave this address alone.",
        Fixer.NOBODY,
    ),
    Reason.DOMAIN_SUPPRESSED: Words(
        "The address's domain is suppressed in Dotdigital.",
        "If that was a mistake, lift the domain suppression in Dotdigital.",
        Fixer.MARKETER,
    ),
    Reason.CONTACT_REFUSED: Words(
        "Dotdigital refused this contact.",
        "Correct the person's data in BigCommerce; the next sync tries again.",
        Fixer.MARKETER,
    ),
    Reason.NOT_ACCEPTED_YET: Words(
        "Sent, and Dotdigital has not said yet what became of it.",
        "The next sync asks again.",
        Fixer.HUB,
    ),
    Reason.DONE: Words("Everything is in its place.", _NOTHING, Fixer.NOBODY),
    Reason.ASKED_TO_CONFIRM: Words(
        "Somebody has signed up again after an unsubscribe; Dotdigital has asked them to confirm.",
        "Wait until the person clicks the link in Dotdigital's mail.",
        Fixer.CONTACT,
    ),
    Reason.NOTHING_TO_DO: Words("Nothing had changed.", _NOTHING, Fixer.NOBODY),
    Reason.DONE_WITH_FAILURES: Words(
        "Done, but some contacts were refused.",
        "Look up a refused contact to see why, and correct it in BigCommerce.",
        Fixer.MARKETER,
    ),
    Reason.WRITE_BACKS_REFUSED: Words(
        "Done, but BigCommerce refuses to take somebody's unsubscribe.",
        "Tell your administrator, or unsubscribe the person in BigCommerce by hand.",
        Fixer.STAFF,
    ),
    Reason.STOPPED_BY_PERSON: Words(
        "Stopped by a person; what was done is kept.",
        "Press Sync now to go on, or wait for the next sync.",
        Fixer.MARKETER,
    ),
    Reason.DISCONNECTED: Words(
        "Stopped because the store was disconnected; what was done is kept.",
        "Connect the store again, and the sync goes on.",
        Fixer.MARKETER,
    ),
    Reason.STALLED: Words(
        "The worker died or lost touch; what was done is kept.",
        "Nothing to do: the next sync goes on from there.",
        Fixer.HUB,
    ),
    Reason.OUT_OF_TIME: Words("Still going on; the next worker continues.", _NOTHING, Fixer.HUB),
    Reason.UNEXPECTED: Words(
        "The sync came upon something unexpected; the details are in the log for your staff.",
        "Nothing was lost: it is tried again, less and less often. "
        "If it stays, tell your administrator.",
        Fixer.HUB,
    ),
    Reason.BIGCOMMERCE_CREDENTIALS: Words(
        "BigCommerce did not accept the access token.",
        "Enter a valid access token.",
        Fixer.MARKETER,
    ),
    Reason.BIGCOMMERCE_SCOPE: Words(
        "The BigCommerce API account may not do this: a permission (scope) is missing, "
        "or the store hash is not this token's.",
        "In BigCommerce, make an API account with Customers: modify, Orders: read-only and "
        "Information & settings: read-only, and enter its token.",
        Fixer.MARKETER,
    ),
    Reason.BIGCOMMERCE_STORE_UNKNOWN: Words(
        "BigCommerce knows no store with this hash.",
        "Copy the store hash from the API path in BigCommerce: /stores/HASH/v3/.",
        Fixer.MARKETER,
    ),
    Reason.BIGCOMMERCE_RATE_LIMIT: Words(
        "BigCommerce asked us to slow down.", "Nothing to do: it goes on by itself.", Fixer.HUB
    ),
    Reason.BIGCOMMERCE_UNREACHABLE: Words(
        "BigCommerce could not be reached or had a failure of its own.",
        "Nothing to do: the next sync tries again.",
        Fixer.HUB,
    ),
    Reason.BIGCOMMERCE_MAINTENANCE: Words(
        "The store is in maintenance, or BigCommerce has suspended it.",
        "Nothing to do: the sync goes on when the store is back.",
        Fixer.HUB,
    ),
    Reason.BIGCOMMERCE_MALFORMED: Words(
        "BigCommerce sent an answer that could not be read.",
        "Nothing was lost: the next sync tries again. If it stays, tell your administrator.",
        Fixer.HUB,
    ),
    Reason.BIGCOMMERCE_REFUSED: Words(
        "BigCommerce refused a request.",
        "Tell your administrator: the run keeps what BigCommerce said.",
        Fixer.STAFF,
    ),
    Reason.DOTDIGITAL_CREDENTIALS: Words(
        "Dotdigital did not accept the API user or its password.",
        "Check the API user in Dotdigital under Settings > Access > API users, and enter it again.",
        Fixer.MARKETER,
    ),
    Reason.DOTDIGITAL_REGION: Words(
        "Dotdigital refused the account without saying why, at the address of its region.",
        "Check in Dotdigital under Settings > Access > API users that the API user is enabled, and "
        "enter it again: the region is found out anew then.",
        Fixer.MARKETER,
    ),
    Reason.DOTDIGITAL_OTHER_ACCOUNT: Words(
        "This API user belongs to another Dotdigital account than the one connected here.",
        "Enter an API user of the connected account; another account needs a place of its own.",
        Fixer.MARKETER,
    ),
    Reason.DOTDIGITAL_RATE_LIMIT: Words(
        "Dotdigital asked us to slow down.", "Nothing to do: it goes on by itself.", Fixer.HUB
    ),
    Reason.DOTDIGITAL_IMPORTS_FULL: Words(
        "Dotdigital is busy with as many imports as it allows.",
        "Nothing to do: it goes on when one of them has ended.",
        Fixer.HUB,
    ),
    Reason.DOTDIGITAL_UNREACHABLE: Words(
        "Dotdigital could not be reached or had a failure of its own.",
        "Nothing to do: the next sync tries again.",
        Fixer.HUB,
    ),
    Reason.DOTDIGITAL_MALFORMED: Words(
        "Dotdigital sent an answer that could not be read.",
        "Nothing was lost: the next sync tries again. If it stays, tell your administrator.",
        Fixer.HUB,
    ),
    Reason.DOTDIGITAL_SETUP: Words(
        "The Dotdigital account is not set up for this.",
        "Tell your administrator: the run keeps what Dotdigital said.",
        Fixer.STAFF,
    ),
    Reason.DOTDIGITAL_REFUSED: Words(
        "Dotdigital refused a request.",
        "Tell your administrator: the run keeps what Dotdigital said.",
        Fixer.STAFF,
    ),
    Reason.ADDRESS_BOOK_DELETED: Words(
        "A chosen address book no longer exists in Dotdigital.",
        "Choose another address book under Contacts and press SAVE.",
        Fixer.MARKETER,
    ),
    Reason.IMPORT_REJECTED: Words(
        "Dotdigital's data watchdog rejected the import.",
        "Look for the notice in Dotdigital, settle it there, then press Sync now.",
        Fixer.MARKETER,
    ),
    Reason.CONTACT_LIMIT: Words(
        "The Dotdigital plan has no room for more contacts.",
        "Raise the plan's contact limit in Dotdigital, then press Sync now.",
        Fixer.MARKETER,
    ),
    Reason.IMPORT_FAILED: Words(
        "Dotdigital could not carry out an import.",
        "Nothing was lost: the next sync sends it again.",
        Fixer.HUB,
    ),
    Reason.IMPORT_STUCK: Words(
        "Dotdigital has not finished an import for more than half an hour.",
        "Nobody is sent twice meanwhile, and the hub goes on asking. If it stays, give "
        "Dotdigital's support the number of the import.",
        Fixer.VENDOR,
    ),
    Reason.SECRET_UNREADABLE: Words(
        "The stored credentials cannot be opened with the program's keys.",
        "Your administrator must put the missing key back into ENCRYPTION_KEYS.",
        Fixer.STAFF,
    ),
    Reason.SAFETY_STOP_OPT_OUTS: Words(
        "Stopped before writing back an unusual number of unsubscribes.",
        "Check in Dotdigital that they are real, then press Go on. If you press Discard, none of "
        "them is forgotten: you are asked again when you resume.",
        Fixer.MARKETER,
    ),
    Reason.SAFETY_STOP_REMOVALS: Words(
        "Stopped before removing an unusual number of people from an address book.",
        "Check in BigCommerce that they have really opted out, then press Go on. If you press "
        "Discard, they stay in the book, and you are asked again when you resume.",
        Fixer.MARKETER,
    ),
    Reason.SAFETY_STOP_ADDITIONS: Words(
        "Stopped before adding an unusual number of people to an address book.",
        "Check in BigCommerce that they are real, then press Go on. If you press Discard, nobody "
        "is added, and you are asked again when you resume.",
        Fixer.MARKETER,
    ),
    Reason.PREVIEWED: Words("Counted; nothing was sent or changed.", _NOTHING, Fixer.NOBODY),
    Reason.OVERDUE: Words(
        "The sync that was due has not started for longer than two intervals.",
        "It starts by itself when a background worker runs; ask your administrator for one.",
        Fixer.STAFF,
    ),
    Reason.NOT_IN_STEP: Words(
        "Both sides have not been in step for more than a day.",
        "The store's page says what the sync is waiting for. If it stays, tell your administrator.",
        Fixer.STAFF,
    ),
    Reason.TRIAL_WAITS: Words(
        "The first people have been added on trial. Everybody else is added when you press Go on.",
        "Look at them in Dotdigital first. Unsubscribes are kept in step meanwhile.",
        Fixer.MARKETER,
    ),
}

GOES_ON_BY_ITSELF = frozenset(
    reason for reason, words in REASONS.items() if words.fixer is Fixer.HUB
)
# The same for every store of an account, for all of them go by its one Dotdigital account.
OF_THE_ACCOUNT = frozenset(reason for reason in Reason if reason.name.startswith("DOTDIGITAL_"))
NEEDS_GO_ON = frozenset(
    {
        Reason.SAFETY_STOP_OPT_OUTS,
        Reason.SAFETY_STOP_REMOVALS,
        Reason.SAFETY_STOP_ADDITIONS,
        Reason.TRIAL_WAITS,
    }
)


def words(code: str) -> Words:
    """Return the words for a code that stands in the database."""
    return REASONS[Reason(code)]
