"""Tests of the one judge of consent: tables of what the ledger knows and what must follow."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrationhub.models import Audience, Contact, OptOut
from integrationhub.reasons import Reason
from integrationhub.sync.consent import judge
from integrationhub.sync.decide import decide
from integrationhub.sync.payload import payload
from integrationhub.sync.rules import Rules

BOOK, CUSTOMERS_BOOK, OTHER_BOOK = 11, 12, 13
CONNECTED = datetime(2026, 3, 1, tzinfo=UTC)
OPTED_IN = CONNECTED + timedelta(days=10)
LATER, EARLIER = OPTED_IN + timedelta(days=1), OPTED_IN - timedelta(days=1)
NEWSLETTER = "marketing_newsletter"


def rules(**changes):
    values = {
        "books": {Audience.SUBSCRIBERS: BOOK, Audience.CUSTOMERS: CUSTOMERS_BOOK},
        "fields": (("first_name", "FIRSTNAME"), ("accepts_marketing", "ACCEPTS_MARKETING")),
        "connected_at": CONNECTED,
        "written_back_reasons": frozenset({"unsubscribed", "suppressed"}),
    }
    return Rules(**values | changes)


def subscriber(consents=(NEWSLETTER,), **changes):
    values = {
        "email": "jane@shop.example",
        "subscriber_id": 5,
        "has_subscriber_record": True,
        "consents": None if consents is None else list(consents),
        "consent_changed_at": OPTED_IN,
    }
    return Contact(**values | changes)


def customer(**changes):
    return Contact(**{"email": "jo@shop.example", "customer_id": 9} | changes)


def opt_out(at=LATER, reason="Unsubscribed", book=0, **changes):
    audience = {0: "", CUSTOMERS_BOOK: "customers"}.get(book, "subscribers")
    values = {"removed_at": at, "reason": reason, "address_book_id": book, "audience": audience}
    return OptOut(**values | changes)


@pytest.mark.parametrize(
    ("consents", "has_key", "is_wanted"),
    [
        ((NEWSLETTER,), True, True),
        ((NEWSLETTER, "abandoned_cart"), True, True),
        (("abandoned_cart",), True, False),
        ((), True, False),
        (None, True, False),
        (None, False, True),
        ((NEWSLETTER,), False, True),
        ((), False, False),
    ],
)
def test_only_an_explicit_opt_in_subscribes(consents, has_key, is_wanted):
    decision = decide(subscriber(consents), [], rules(has_consents_key=has_key))

    assert decision.subscribers.is_wanted is is_wanted
    assert decision.consent.accepts_marketing is is_wanted


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (opt_out(), Reason.UNSUBSCRIBED),
        (opt_out(book=BOOK), Reason.LEFT_BOOK),
        (opt_out(reason="IspComplained"), Reason.COMPLAINED),
        (opt_out(reason="HardBounced"), Reason.BOUNCED),
        (opt_out(reason="SomethingNew"), Reason.SUPPRESSED),
        (opt_out(at=OPTED_IN), Reason.UNSUBSCRIBED),
    ],
)
def test_a_removal_that_is_not_older_than_the_opt_in_keeps_a_person_out(row, reason):
    decision = decide(subscriber(), [row], rules())

    assert not decision.subscribers.is_wanted
    assert decision.subscribers.reason == reason


def test_leaving_the_customers_book_says_nothing_about_the_newsletter():
    decision = decide(subscriber(), [opt_out(book=CUSTOMERS_BOOK)], rules())

    assert decision.subscribers.is_wanted


def test_who_left_the_book_chosen_before_is_not_put_into_the_next_one():
    decision = decide(subscriber(), [opt_out(book=OTHER_BOOK)], rules())

    assert decision.subscribers.reason == Reason.LEFT_BOOK


def test_a_newer_opt_in_asks_dotdigital_first_and_waits_for_the_answer():
    old_no = opt_out(at=EARLIER)

    decision = decide(subscriber(), [old_no], rules())

    assert decision.is_resubscription_due
    assert not decision.subscribers.is_wanted
    assert decision.subscribers.reason == Reason.AWAITING_CONFIRMATION


@pytest.mark.parametrize(
    ("answer", "is_wanted", "reason"),
    [
        (OptOut.Resubscription.ADDED, True, Reason.IN_BOOK),
        (OptOut.Resubscription.CHALLENGED, False, Reason.AWAITING_CONFIRMATION),
        (OptOut.Resubscription.REFUSED, False, Reason.CANNOT_RESUBSCRIBE),
    ],
)
def test_dotdigitals_answer_to_a_newer_opt_in_is_respected(answer, is_wanted, reason):
    decision = decide(subscriber(), [opt_out(at=EARLIER, resubscription=answer)], rules())

    assert decision.subscribers.is_wanted is is_wanted
    assert decision.subscribers.reason == reason
    assert not decision.is_resubscription_due


YES, ADDED = OPTED_IN, OptOut.Resubscription.ADDED
LONG_AGO = CONNECTED - timedelta(days=900)


@pytest.mark.parametrize(
    ("rows", "accepts"),
    [
        ([opt_out(at=EARLIER)], False),
        ([opt_out(at=EARLIER, resubscription=ADDED)], False),
        ([opt_out(at=EARLIER, resubscription=ADDED, resubscription_yes_at=YES)], True),
        ([opt_out(at=EARLIER, resubscription="challenged", resubscription_yes_at=YES)], True),
        ([opt_out(at=EARLIER, resubscription="refused", resubscription_yes_at=YES)], True),
        (
            [
                opt_out(at=EARLIER - timedelta(days=1)),
                opt_out(at=EARLIER, reason="HardBounced", resubscription_yes_at=YES),
            ],
            True,
        ),
        ([opt_out(at=EARLIER, resubscription_yes_at=YES), opt_out(at=LATER)], False),
        ([opt_out(at=EARLIER, resubscription_yes_at=YES), opt_out(at=YES)], False),
        ([opt_out(at=EARLIER, resubscription_yes_at=YES), opt_out(at=LATER, book=BOOK)], False),
    ],
)
def test_a_yes_after_a_no_is_known_though_the_ledger_has_forgotten_when_it_was_said(rows, accepts):
    read_anew = subscriber(consent_changed_at=LONG_AGO)

    consent = judge(read_anew, rows, rules())

    assert consent.accepts_marketing is accepts
    assert (consent.owed is None) is accepts
    assert consent.updated_at == (YES if accepts else max(row.removed_at for row in rows))


def test_who_came_back_and_is_read_anew_stays_in_both_books_without_being_asked_again():
    lifted = opt_out(at=EARLIER, resubscription=ADDED, resubscription_yes_at=YES)
    read_anew = subscriber(consent_changed_at=LONG_AGO, counting_order_ids=[3])

    decision = decide(read_anew, [lifted], rules())

    assert decision.subscribers.is_wanted
    assert decision.customers.is_wanted
    assert not decision.is_resubscription_due


def test_a_remembered_yes_subscribes_nobody_who_has_taken_it_back_in_the_store():
    lifted = opt_out(at=EARLIER, resubscription=ADDED, resubscription_yes_at=YES)
    taken_back = subscriber(consents=(), consent_changed_at=LATER)

    decision = decide(taken_back, [lifted], rules())

    assert not decision.subscribers.is_wanted
    assert not decision.consent.accepts_marketing


def test_a_remembered_yes_is_told_by_a_clock_that_does_not_flatter_it():
    lifted = opt_out(at=EARLIER, resubscription=ADDED, resubscription_yes_at=YES)
    read_anew = subscriber(consent_changed_at=LONG_AGO)

    consent = judge(read_anew, [lifted], rules(clock_lead=YES - EARLIER))

    assert not consent.accepts_marketing


def test_a_bounce_after_an_unsubscribe_does_not_hide_the_unsubscribe():
    no, bounce = opt_out(at=LATER), opt_out(at=LATER + timedelta(days=1), reason="HardBounced")

    consent = judge(subscriber(), [no, bounce], rules())

    assert not consent.accepts_marketing
    assert consent.updated_at == no.removed_at
    assert consent.owed is no


@pytest.mark.parametrize(
    ("row", "is_owed"),
    [
        (opt_out(), True),
        (opt_out(book=BOOK), True),
        (opt_out(reason="HardBounced"), False),
        (opt_out(at=CONNECTED - timedelta(seconds=1)), False),
        (opt_out(book=CUSTOMERS_BOOK), False),
    ],
)
def test_only_a_persons_own_no_since_the_connection_is_owed_to_the_store(row, is_owed):
    contact = subscriber(consent_changed_at=CONNECTED - timedelta(days=900))

    consent = judge(contact, [row], rules())

    assert (consent.owed is row) is is_owed


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        (customer(), Reason.NEVER_BOUGHT),
        (customer(counting_order_ids=[3]), Reason.IN_BOOK),
        (Contact(email="guest@shop.example", counting_order_ids=[3]), Reason.IN_BOOK),
        (subscriber(), None),
    ],
)
def test_customers_are_those_who_have_bought_guests_included(contact, reason):
    decision = decide(contact, [], rules())

    assert decision.customers.reason == reason


def test_a_setting_widens_customers_to_all_account_holders():
    decision = decide(customer(), [], rules(is_syncing_all_account_holders=True))

    assert decision.customers.is_wanted


def test_a_buyer_who_unsubscribed_is_not_brought_into_the_customers_book():
    decision = decide(customer(counting_order_ids=[3]), [opt_out()], rules())

    assert not decision.customers.is_wanted
    assert decision.customers.reason == Reason.UNSUBSCRIBED


def test_an_audience_without_a_book_moves_nobody():
    contact = customer(counting_order_ids=[3], customers_books=[CUSTOMERS_BOOK])

    decision = decide(contact, [], rules(books={Audience.SUBSCRIBERS: BOOK}))

    assert decision.customers.reason is None
    assert decision.removals == ()


def test_opted_out_in_the_store_leaves_the_subscribers_book_and_stays_a_customer():
    contact = subscriber(
        consents=(),
        counting_order_ids=[3],
        subscribers_books=[BOOK],
        customers_books=[CUSTOMERS_BOOK],
        dotdigital_id=77,
        accepted_fingerprint="x",
    )

    decision = decide(contact, [], rules())
    sent = payload(contact, decision, rules())

    assert decision.removals == (BOOK,)
    assert sent.address_book_ids == (CUSTOMERS_BOOK,)
    assert sent.opt_in_type is None


def test_nobody_who_is_wanted_in_no_book_is_sent_by_email():
    contact = subscriber(consents=(), dotdigital_id=77, accepted_fingerprint="x")

    sent = payload(contact, decide(contact, [], rules()), rules())

    assert sent.contact_id == 77
    assert sent.address_book_ids == ()


def test_who_left_dotdigital_as_a_whole_is_only_brought_up_to_date_there():
    contact = subscriber(dotdigital_id=77, accepted_fingerprint="x")

    sent = payload(contact, decide(contact, [opt_out()], rules()), rules())

    assert sent is not None
    assert (sent.contact_id, sent.address_book_ids, sent.opt_in_type) == (77, (), None)


@pytest.mark.parametrize("email", ["not-an-email", "a b@shop.example", "a@b", "@shop.example", ""])
def test_an_address_that_is_none_is_left_out_with_its_reason(email):
    decision = decide(subscriber(email=email), [], rules())

    assert decision.subscribers.reason == Reason.INVALID_EMAIL


@pytest.mark.parametrize(
    "email", ["o'brien@shop.example", "jane+news@shop.example", "ünï@shop.example"]
)
def test_unusual_addresses_are_addresses(email):
    assert decide(subscriber(email=email), [], rules()).subscribers.is_wanted


moments = st.integers(0, 12).map(lambda day: CONNECTED - timedelta(days=6) + timedelta(days=day))
opt_outs_lists = st.lists(
    st.builds(
        opt_out,
        at=moments,
        reason=st.sampled_from(["Unsubscribed", "Suppressed", "HardBounced", "IspComplained"]),
        book=st.sampled_from([0, BOOK, CUSTOMERS_BOOK, OTHER_BOOK]),
        resubscription=st.sampled_from(list(OptOut.Resubscription)),
        resubscription_yes_at=st.none() | moments,
    ),
    max_size=4,
)
people = st.builds(
    subscriber,
    consents=st.sampled_from([None, (), (NEWSLETTER,), ("abandoned_cart",)]),
    consent_changed_at=st.none() | moments,
    has_subscriber_record=st.booleans(),
    counting_order_ids=st.sampled_from([[], [4]]),
    subscribers_books=st.sampled_from([[], [BOOK]]),
    customers_books=st.sampled_from([[], [CUSTOMERS_BOOK]]),
)


@given(contact=people, rows=opt_outs_lists, has_key=st.booleans())
def test_nobody_is_ever_subscribed_against_their_latest_word(contact, rows, has_key):
    book_rules = rules(has_consents_key=has_key)

    decision = decide(contact, rows, book_rules)

    if decision.subscribers.is_wanted:
        says_yes = (contact.consents is None and not has_key) or NEWSLETTER in contact.consents
        assert contact.has_subscriber_record
        assert says_yes
        relevant = [row for row in rows if row.address_book_id != CUSTOMERS_BOOK]
        told = [contact.consent_changed_at, *(row.resubscription_yes_at for row in rows)]
        said_at = max(filter(None, told), default=None)
        assert all(row.removed_at < said_at for row in relevant)
        if relevant:
            latest = max(relevant, key=lambda row: row.removed_at).removed_at
            last = [row for row in relevant if row.removed_at == latest]
            assert OptOut.Resubscription.ADDED in {row.resubscription for row in last}


@given(contact=people, rows=opt_outs_lists)
def test_a_payload_names_only_books_that_were_decided(contact, rows):
    decision = decide(contact, rows, rules())

    sent = payload(contact, decision, rules())

    wanted = {
        book for audience, book in rules().books.items() if decision.verdict(audience).is_wanted
    }
    assert set(sent.address_book_ids if sent else ()) == wanted
    if sent is not None and sent.opt_in_type is not None:
        assert BOOK in wanted
