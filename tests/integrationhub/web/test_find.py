"""Find a contact: the answer first, both sides asked live, and having one person synced."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from integrationhub import address_books, sync
from integrationhub.models import Contact, ContactRequest, OptOut, Store
from integrationhub.reasons import Reason
from tests.factories import ContactFactory, OptOutFactory, StoreFactory, SyncRunFactory
from tests.integrationhub.web.reading import words_of

pytestmark = pytest.mark.django_db(transaction=True)
ANN = "ann@shop.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def synced(store):
    """Choose both books, and answer a function that carries out one run."""
    now = timezone.now()
    books = {
        "subscribers": address_books.ensure(store.account, "Store subscribers", now=now),
        "customers": address_books.ensure(store.account, "Store customers", now=now),
    }
    address_books.assign(store, address_books.Choice(**books), now=now)

    def carry_out():
        store.refresh_from_db()
        return sync.work_on(sync.claim_store(store, timezone.now()), now=timezone.now)

    return carry_out


@pytest.fixture
def find(browser, page):
    """Look somebody up as a person does, and answer what the page says, both sides asked."""

    def look(who):
        answer = browser.post(page("find_contact"), {"who": who})
        if answer.status_code == 302:
            answer = browser.get(f"{answer.url}?ask=now")
        return words_of(answer)

    return look


def test_who_is_in_the_book_is_found_by_address_customer_id_and_subscriber_id(shop, synced, find):
    customer = shop.add_customer(ANN, first_name="Ann", last_name="Lee")
    shop.place_order(ANN, customer_id=customer)
    subscriber = shop.subscribe(ANN)
    synced()

    for who in (f" {ANN.upper()} ", str(customer), str(subscriber)):
        told = find(who)
        assert "In Store subscribers. " in told
        assert "In Store customers. " in told
    assert f"Customer {customer}, Ann Lee" in told
    assert "Newsletter Agreed" in told
    assert "Store subscribers In it" in told


def test_the_answer_needs_no_live_question_and_no_javascript(
    browser, page, shop, shop_server, mail_server, synced
):
    shop.subscribe(ANN)
    synced()
    shop_server.faults.add(ShopFault(act="hang", times=None))
    mail_server.faults.add(MailFault(hang=60.0, times=None))

    answer = browser.post(page("find_contact"), {"who": ANN}, follow=True)

    assert "In Store subscribers." in words_of(answer)
    assert "Ask both sides now" in words_of(answer)
    assert answer.headers["Cache-Control"].count("no-store") == 1
    assert ANN not in answer.redirect_chain[0][0]


def test_an_unsubscribe_is_told_with_its_receipt(shop, mail, synced, find):
    shop.subscribe(ANN)
    synced()
    mail.unsubscribe(ANN)
    synced()

    told = find(ANN)

    row = OptOut.objects.get()
    left, written = timezone.localtime(row.removed_at), timezone.localtime(row.written_at)
    assert (
        f"Not in Store subscribers: unsubscribed in Dotdigital on {left.day} {left:%B}; "
        f"written back to BigCommerce at {written:%H:%M}." in told
    )
    assert "Only the person can undo this, by signing up again in the store." in told
    assert "Written back to BigCommerce, read again there and confirmed." in told


def test_somebody_unknown_is_said_to_be_so_with_what_either_side_says(shop, mail, synced, find):
    synced()
    shop.subscribe(ANN)
    mail.add_contact("jo@mail.example")

    ann, jo, nobody = find(ANN), find("jo@mail.example"), find("nobody@mail.example")

    assert "has not been read from BigCommerce so far" in ann
    assert "BigCommerce knows this address: it comes with the next sync." in ann
    assert "Dotdigital knows this address, but not from this store" in jo
    assert nobody.count("Does not know this address.") == 2


@pytest.mark.parametrize("who", ["", "nonsense", "9" * 30, "17", "a" * 300 + "@shop.example"])
def test_what_names_nobody_is_refused_beside_the_field(browser, page, store, who):
    answer = browser.post(page("find_contact"), {"who": who})

    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()


@pytest.mark.parametrize(
    "who", ["<script>@x.example", "a b@shop.example", "%@%.example", "a\x00b@shop.example", "'@''"]
)
def test_odd_addresses_break_nothing(browser, page, synced, who):
    synced()

    answer = browser.post(page("find_contact"), {"who": who})

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


FAULTS = {
    "500": ({"status": 500}, {"status": 500}, "could not be reached"),
    "hang": ({"act": "hang", "seconds": 5}, {"hang": 5.0}, "could not be reached"),
    "wrong token": ({"status": 401}, {"status": 401}, "did not accept"),
    "rate limit": (
        {"status": 429, "headers": {"X-Rate-Limit-Time-Reset-Ms": "20000"}},
        {"status": 429, "headers": {"Retry-After": "20"}},
        "asked us to slow down",
    ),
    "HTML": ({"status": 200, "body": "<html>"}, {"body": "<html>"}, "could not be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("side", ["BigCommerce", "Dotdigital"])
def test_each_side_fails_alone_and_soon(
    shop, shop_server, mail_server, synced, find, settings, fault, side
):
    shop.subscribe(ANN)
    synced()
    settings.GLANCE_SECONDS = 0.5
    of_the_shop, of_the_mail, said = FAULTS[fault]
    if side == "BigCommerce":
        shop_server.faults.add(ShopFault(times=None, **of_the_shop))
    else:
        mail_server.faults.add(MailFault(times=None, **of_the_mail))

    began_at = timezone.now()
    told = find(ANN)

    assert timezone.now() - began_at < timedelta(seconds=4)
    assert "In Store subscribers." in told
    assert f"{side} " in told.split(said)[0][-60:]
    assert told.count(said) == 1
    assert "Newsletter Agreed" in told
    assert ("Mails Gets mails" in told) is (side == "BigCommerce")


def test_a_safety_stop_does_not_hide_an_unsubscribe(shop, mail, store, synced, find):
    shop.subscribe(ANN)
    synced()
    store.safety_number = store.safety_share = 0
    store.save()
    mail.unsubscribe(ANN)
    synced()

    told = find(ANN)

    assert "In Store subscribers, but unsubscribed in Dotdigital on" in told
    assert "press Go on" in told


STATES = {
    "not in the store's newsletter": (
        {"subscribers_standing": "left_out", "subscribers_reason": Reason.NO_OPT_IN},
        "Not in Store subscribers: has not agreed to the newsletter in the store",
    ),
    "a guest without a counting order": (
        {"customers_standing": "left_out", "customers_reason": Reason.NO_ACCOUNT},
        "Not in Store customers: has neither an account nor an order.",
    ),
    "waiting": (
        {"subscribers_standing": "waiting", "subscribers_reason": Reason.WAITING, "stage": 4},
        "Not in Store subscribers yet: waiting to be sent to Dotdigital.",
    ),
    "in flight": (
        {
            "subscribers_standing": "waiting",
            "subscribers_reason": Reason.WAITING,
            "stage": 5,
            "sent_at": timezone.now(),
        },
        "and its answer is awaited.",
    ),
    "an update waits": (
        {
            "subscribers_standing": "waiting",
            "subscribers_reason": Reason.WAITING,
            "subscribers_books": [1],
            "stage": 4,
        },
        "In Store subscribers; a change of the person's data is waiting to be sent.",
    ),
    "refused": (
        {"subscribers_standing": "failed", "subscribers_reason": Reason.CONTACT_REFUSED},
        "Not in Store subscribers: Dotdigital refused this contact.",
    ),
    "an address that cannot be": (
        {"subscribers_standing": "failed", "subscribers_reason": Reason.INVALID_EMAIL},
        "Not in Store subscribers: the email address is not valid.",
    ),
    "another address": (
        {"subscribers_standing": "in_book", "subscribers_reason": "in_book", "is_moved": True},
        "In Store subscribers, with a former address: the new one goes to Dotdigital next.",
    ),
    "to be taken out": (
        {
            "subscribers_standing": "left_out",
            "subscribers_reason": Reason.NO_OPT_IN,
            "subscribers_books": [1],
            "stage": 3,
        },
        "Still in Store subscribers, and leaves it with the next sync",
    ),
    "read, not decided": ({"stage": 1}, "read from BigCommerce, and not decided on so far."),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_sentence(store, synced, find, state):
    fields, said = STATES[state]
    ContactFactory(store=store, email=ANN, **{"stage": 0, **fields})

    assert said in find(ANN)


REMOVALS = {
    "before the connection": (
        {"receipt": OptOut.Receipt.BEFORE_CONNECTION},
        Reason.UNSUBSCRIBED,
        "that was before this store was connected",
    ),
    "bounced": (
        {"receipt": OptOut.Receipt.NOT_A_WISH, "reason": "HardBounced"},
        Reason.BOUNCED,
        "mails to this address come back, says Dotdigital since",
    ),
    "not written yet": (
        {"receipt": OptOut.Receipt.PENDING},
        Reason.UNSUBSCRIBED,
        "the next sync writes it back to BigCommerce",
    ),
    "refused by BigCommerce": (
        {"receipt": OptOut.Receipt.REFUSED},
        Reason.UNSUBSCRIBED,
        "BigCommerce refuses to take it",
    ),
    "challenged": (
        {
            "receipt": OptOut.Receipt.SUPERSEDED,
            "resubscription": OptOut.Resubscription.CHALLENGED,
            "resubscription_asked_at": timezone.now(),
        },
        Reason.AWAITING_CONFIRMATION,
        "then signed up again on",
    ),
}


@pytest.mark.parametrize("case", REMOVALS)
def test_every_removal_has_its_words(store, synced, find, case):
    fields, reason, said = REMOVALS[case]
    OptOutFactory(store=store, email=ANN, removed_at=timezone.now() - HOUR, **fields)
    ContactFactory(
        store=store,
        email=ANN,
        stage=0,
        subscribers_standing="left_out",
        subscribers_reason=reason,
        has_subscriber_record=True,
        consents=["marketing_newsletter"],
        consent_changed_at=timezone.now(),
    )

    assert said in find(ANN)


def test_who_left_before_the_connection_and_is_subscribed_in_the_store_is_told_what_works(
    shop, mail, synced, find, sandboxes_later
):
    shop.subscribe(ANN)
    mail.add_contact(ANN)
    mail.unsubscribe(ANN)
    sandboxes_later(minutes=60)
    Store.objects.update(connected_at=timezone.now() + HOUR)
    synced()

    stuck = find(ANN)
    shop.unsubscribe(ANN)
    synced()
    told = find(ANN)
    sandboxes_later(minutes=60)
    shop.subscribe(ANN)
    synced()

    assert "that was before this store was connected" in stuck
    assert (
        "Only the person can undo this. BigCommerce still has them as subscribed, so they first "
        "unsubscribe in the store, and sign up again there after the next sync." in stuck
    )
    assert "Only the person can undo this, by signing up again in the store." in told
    assert "Dotdigital has asked the person to confirm" in find(ANN)


@pytest.mark.parametrize(
    ("looks_in", "said"),
    [
        (HOUR, "We look again about {0:%H:%M}; Sync this contact looks at once."),
        (2 * 24 * HOUR, "We look again on {0.day} {0:%B} about {0:%H:%M}; Sync this contact"),
        (-HOUR, "The next sync looks whether that is done."),
        (None, "We no longer look by ourselves; Sync this contact looks at once."),
    ],
)
def test_who_has_to_confirm_is_told_with_the_time_of_the_next_look(
    store, synced, find, time_machine, looks_in, said
):
    now = timezone.now().replace(hour=12, minute=0)
    time_machine.move_to(now)
    looks_at = None if looks_in is None else now + looks_in
    OptOutFactory(
        store=store,
        email=ANN,
        receipt=OptOut.Receipt.SUPERSEDED,
        resubscription=OptOut.Resubscription.CHALLENGED,
        removed_at=now - HOUR,
        resubscription_asked_at=now,
        resubscription_check_at=looks_at,
    )
    ContactFactory(
        store=store,
        email=ANN,
        stage=0,
        subscribers_standing="left_out",
        subscribers_reason=Reason.AWAITING_CONFIRMATION,
        customers_standing="left_out",
        customers_reason=Reason.UNSUBSCRIBED,
        has_subscriber_record=True,
        consents=["marketing_newsletter"],
        consent_changed_at=now,
    )

    told = find(ANN)

    step = f"the person clicks the link in Dotdigital's mail. {said}"
    assert told.count(step.format(timezone.localtime(looks_at or now))) == 2


def test_who_left_the_customers_book_is_not_told_to_sign_up_for_the_newsletter(store, synced, find):
    removal = {"audience": "customers", "address_book_id": 7, "reason": "Unsubscribed"}
    OptOutFactory(store=store, email=ANN, removed_at=timezone.now() - HOUR, **removal)
    left = {"customers_standing": "left_out", "customers_reason": Reason.LEFT_BOOK}
    ContactFactory(store=store, email=ANN, stage=0, **left)

    told = find(ANN)

    assert "A sign-up for the newsletter brings nobody back into the customers' book." in told
    assert "by signing up again" not in told


def test_another_stores_person_is_not_found(browser, page, store, account, find):
    theirs = ContactFactory(store=StoreFactory(account=account), email=ANN)

    assert browser.get(page("found_contact", contact=theirs.pk)).status_code == 404
    assert "has not been read from BigCommerce so far" in find(ANN)


def test_viewers_look_people_up_but_sync_nobody(viewers_browser, page, store):
    person = ContactFactory(store=store, email=ANN)

    looked = viewers_browser.post(page("find_contact"), {"who": ANN}, follow=True)
    asked = viewers_browser.post(page("sync_contact"), {"email": ANN})

    assert looked.redirect_chain[0][0] == page("found_contact", contact=person.pk)
    assert "Sync this contact" not in words_of(looked)
    assert asked.status_code == 403
    assert not ContactRequest.objects.exists()


def test_sync_this_contact_reads_decides_and_shows_the_outcome(
    browser, page, shop, synced, marketer, find
):
    synced()
    shop.subscribe(ANN, consents=())
    OrmQ.objects.all().delete()

    asked = browser.post(page("sync_contact"), {"email": ANN}, follow=True)
    browser.post(page("sync_contact"), {"email": ANN})
    waiting = find(ANN)
    synced()

    assert "the next sync starts in a moment" in words_of(asked)
    assert (ContactRequest.objects.count(), OrmQ.objects.count()) == (1, 1)
    assert "the next sync reads this contact anew" in waiting
    told = find(ANN)
    assert "Not in Store subscribers: has not agreed to the newsletter in the store" in told
    assert f"{marketer.email} asked for this contact to be synced." in told
    assert "Read anew from BigCommerce, because somebody asked." in told


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_sync_enabled": False}, "press Resume first"),
        ({"problem": Reason.SAFETY_STOP_REMOVALS}, "Nobody is synced until"),
    ],
)
def test_sync_this_contact_is_no_way_round_a_pause_or_a_stop(
    browser, page, store, synced, changes, said
):
    for name, value in changes.items():
        setattr(store, name, value)
    store.save()
    person = ContactFactory(store=store, email=ANN)

    answer = browser.post(page("sync_contact"), {"email": ANN}, follow=True)

    assert said in words_of(answer)
    assert not ContactRequest.objects.exists()
    shown = browser.get(page("found_contact", contact=person.pk))
    assert "disabled>Sync this contact" in shown.content.decode()


def test_who_asks_too_often_is_asked_to_wait(browser, page, store, settings):
    settings.GLANCES_IN_TEN_MINUTES = 1
    person = ContactFactory(store=store, email=ANN)

    for _ in range(2):
        answer = browser.get(page("found_contact", contact=person.pk), {"ask": "now"})

    assert "You have looked up many people" in words_of(answer)


def test_the_page_costs_the_same_however_large_the_ledger(
    browser, page, store, django_assert_max_num_queries
):
    person = ContactFactory(store=store, email=ANN, decided_in=SyncRunFactory(store=store))
    ContactFactory.create_batch(50, store=store)
    OptOutFactory.create_batch(5, store=store, email=ANN)
    assert Contact.objects.count() == 51

    with django_assert_max_num_queries(18):
        browser.get(page("found_contact", contact=person.pk))
