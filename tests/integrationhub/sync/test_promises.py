"""The promises the program makes, each with tests that fail when it is broken."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from integrationhub import probes, stores
from integrationhub.models import Account, AudienceCount, Contact, OptOut, Store, SyncRun
from integrationhub.reasons import REASONS, Reason

pytestmark = pytest.mark.django_db(transaction=True)
NEWSLETTER = "marketing_newsletter"


def imports(mail_server):
    return [r for r in mail_server.requests if r.method == "PUT" and r.path.endswith("/import")]


def opt_in_type(mail, email):
    return mail.contact(email)["channelProperties"]["email"]["optInType"].lower()


def count(run, audience):
    return AudienceCount.objects.get(run=run, audience=audience)


def test_promise_1_only_an_explicit_opt_in_subscribes(shop, mail, books, run_once):
    shop.subscribe("yes@shop.example")
    shop.subscribe("cart-only@shop.example", consents=("abandoned_cart",))
    shop.subscribe("no@shop.example", consents=())
    shop.add_customer(email="customer@shop.example")

    run_once()

    assert mail.members(books[0]) == ["yes@shop.example"]
    assert opt_in_type(mail, "yes@shop.example") == "single"


def test_promise_1_no_import_ever_sends_a_status(shop, mail, mail_server, books, run_once):
    shop.subscribe("yes@shop.example")
    shop.place_order(email="guest@shop.example")

    run_once()

    assert imports(mail_server)
    assert all(b'"status"' not in request.body for request in imports(mail_server))


def test_promise_2_an_unsubscribe_in_dotdigital_reaches_bigcommerce_at_the_next_run(
    shop, mail, books, run_once, contact_of
):
    shop.subscribe("jane@shop.example", consents=(NEWSLETTER, "abandoned_cart"))
    run_once()
    mail.unsubscribe("jane@shop.example")

    run = run_once()

    assert shop.subscriber("jane@shop.example").consents == ["abandoned_cart"]
    jane, opt_out = contact_of("jane@shop.example"), OptOut.objects.get()
    assert run.written_back == 1
    assert opt_out.receipt == OptOut.Receipt.CONFIRMED
    assert not jane.accepts_marketing
    assert jane.accepts_marketing_updated_at == opt_out.removed_at
    assert jane.subscribers_reason == Reason.UNSUBSCRIBED


def test_promise_2_leaving_only_the_subscribers_book_counts_as_a_no(
    shop, mail, books, run_once, contact_of
):
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe_from(books[0], "jane@shop.example")

    run_once()

    assert shop.subscriber("jane@shop.example").consents == []
    assert contact_of("jane@shop.example").subscribers_reason == Reason.LEFT_BOOK
    assert mail.members(books[0]) == []


def test_promise_2_an_account_holder_gets_the_attributes_too(shop, mail, books, run_once):
    customer_id = shop.add_customer(email="jane@shop.example")
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe("jane@shop.example")

    run_once()

    values = shop.attribute_values(customer_id)
    assert values["accepts_marketing"] == "false"
    assert values["accepts_marketing_updated_at"] == f"{OptOut.objects.get().removed_at:%Y-%m-%d}"


def test_promise_2_an_old_no_in_dotdigital_wins_over_an_older_yes_in_the_store(
    shop, mail, books, run_once, contact_of
):
    shop.subscribe("jane@shop.example")
    mail.add_contact("jane@shop.example")
    mail.unsubscribe("jane@shop.example")

    run_once()

    assert mail.members(books[0]) == []
    assert mail.contact("jane@shop.example")["status"] == "unsubscribed"
    assert contact_of("jane@shop.example").subscribers_standing == Contact.Standing.LEFT_OUT


def test_promise_2_a_newer_opt_in_asks_the_person_through_dotdigitals_challenge(
    shop, mail, sandboxes_later, books, run_once, contact_of
):
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe("jane@shop.example")
    run_once()
    sandboxes_later(minutes=10)
    shop.subscribe("jane@shop.example")

    run_once()
    asked = contact_of("jane@shop.example").subscribers_reason
    mail.confirm_resubscription("jane@shop.example")
    OptOut.objects.update(resubscription_check_at=timezone.now())
    run_once()

    assert asked == Reason.AWAITING_CONFIRMATION
    assert shop.subscriber("jane@shop.example").consents == [NEWSLETTER]
    assert mail.members(books[0]) == ["jane@shop.example"]
    assert contact_of("jane@shop.example").subscribers_standing == Contact.Standing.IN_BOOK


def test_promise_2_an_edit_of_the_name_does_not_make_an_older_yes_newer_than_a_no(
    shop, mail, books, run_once, sandboxes_later
):
    Store.objects.update(is_challenging_resubscribers=False)
    shop.subscribe("jane@shop.example", consents=())
    mail.add_contact("jane@shop.example")
    run_once()
    sandboxes_later(minutes=5)
    shop.subscribe("jane@shop.example")
    sandboxes_later(minutes=5)
    mail.unsubscribe("jane@shop.example")
    sandboxes_later(minutes=5)
    shop.edit_subscriber("jane@shop.example", first_name="Renamed")

    for _ in range(2):
        run_once()

    assert mail.contact("jane@shop.example")["status"] == "unsubscribed"
    assert shop.subscriber("jane@shop.example").consents == []


def test_promise_2_an_edit_of_the_name_is_no_new_opt_in(
    shop, mail, sandboxes_later, books, run_once
):
    shop.subscribe("jane@shop.example")
    mail.add_contact("jane@shop.example")
    mail.unsubscribe("jane@shop.example")
    sandboxes_later(minutes=10)
    shop.edit_subscriber("jane@shop.example", first_name="Janet")

    run_once()

    assert mail.members(books[0]) == []
    assert mail.contact("jane@shop.example")["status"] == "unsubscribed"


def test_promise_3_a_run_that_would_remove_an_unusual_share_stops_and_asks(
    shop, mail, store, books, run_once
):
    Store.objects.filter(pk=store.pk).update(safety_number=2)
    people = [f"p{number}@shop.example" for number in range(10)]
    for email in people:
        shop.subscribe(email)
    run_once()
    for email in people[:5]:
        shop.unsubscribe(email)

    run = run_once()

    assert (run.status, run.reason) == (SyncRun.Status.STOPPED, Reason.SAFETY_STOP_REMOVALS)
    assert len(mail.members(books[0])) == 10
    assert Store.objects.get().next_sync_at is None


def test_promise_3_an_unusual_share_of_opt_outs_is_not_written_back_by_itself(
    shop, mail, store, books, run_once
):
    Store.objects.filter(pk=store.pk).update(safety_number=2)
    people = [f"p{number}@shop.example" for number in range(10)]
    for email in people:
        shop.subscribe(email)
    run_once()
    for email in people[:5]:
        mail.unsubscribe(email)

    run = run_once()

    assert (run.status, run.reason) == (SyncRun.Status.STOPPED, Reason.SAFETY_STOP_OPT_OUTS)
    assert shop.subscriber(people[0]).consents == [NEWSLETTER]


def test_promise_3_strangers_leaving_dotdigital_stop_nobody(shop, mail, store, books, run_once):
    Store.objects.filter(pk=store.pk).update(safety_number=2)
    shop.subscribe("jane@shop.example")
    run_once()
    for number in range(5):
        mail.add_contact(f"stranger{number}@elsewhere.example")
        mail.unsubscribe(f"stranger{number}@elsewhere.example")

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED


def test_promise_3_an_unusual_share_of_additions_waits_for_a_person(
    shop, mail, store, books, run_once
):
    Store.objects.filter(pk=store.pk).update(safety_number=2)
    shop.subscribe("jane@shop.example")
    run_once()
    for number in range(5):
        shop.subscribe(f"new{number}@shop.example")

    run = run_once()

    assert (run.status, run.reason) == (SyncRun.Status.STOPPED, Reason.SAFETY_STOP_ADDITIONS)
    assert mail.members(books[0]) == ["jane@shop.example"]


def test_promise_3_a_person_who_has_looked_lets_it_go_on(shop, mail, store, books, run_once):
    Store.objects.filter(pk=store.pk).update(safety_number=2)
    people = [f"p{number}@shop.example" for number in range(10)]
    for email in people:
        shop.subscribe(email)
    run_once()
    for email in people[:5]:
        shop.unsubscribe(email)
    run_once()
    stores.go_on(Store.objects.get(), now=timezone.now())

    run = run_once()

    assert run.status == SyncRun.Status.COMPLETED
    assert mail.members(books[0]) == people[5:]
    assert Store.objects.get().safety_stop_passed == ""


def test_promise_4_nobody_is_created_in_bigcommerce(shop, shop_server, mail, books, run_once):
    mail.add_contact("stranger@elsewhere.example")
    mail.unsubscribe("stranger@elsewhere.example", at=timezone.now())

    run_once()

    assert OptOut.objects.get().receipt in {
        OptOut.Receipt.NOT_IN_STORE,
        OptOut.Receipt.BEFORE_CONNECTION,
    }
    assert shop.subscriber("stranger@elsewhere.example") is None
    writes = {(r.method, r.path) for r in shop_server.requests if r.method != "GET"}
    assert writes == set()


def test_promise_5_opt_outs_older_than_the_connection_are_not_written_back(
    shop, mail, books, run_once
):
    shop.subscribe("jane@shop.example")
    mail.add_contact("jane@shop.example")
    mail.unsubscribe("jane@shop.example", at=timezone.now() - timedelta(days=30))

    run_once()

    assert OptOut.objects.get().receipt == OptOut.Receipt.BEFORE_CONNECTION
    assert shop.subscriber("jane@shop.example").consents == [NEWSLETTER]


def test_a_run_that_only_writes_back_or_has_somebody_asked_to_confirm_is_not_nothing(
    shop, mail, books, run_once, sandboxes_later
):
    shop.subscribe("jane@shop.example")
    run_once()
    mail.unsubscribe("jane@shop.example")
    writing = run_once()
    quiet = run_once()
    sandboxes_later(minutes=10)
    shop.subscribe("jane@shop.example")
    asking = run_once()
    afterwards = run_once()

    assert (writing.reason, writing.written_back) == (Reason.DONE, 1)
    assert quiet.reason == Reason.NOTHING_TO_DO
    assert asking.reason == Reason.ASKED_TO_CONFIRM
    assert afterwards.reason == Reason.NOTHING_TO_DO


def test_promise_5_the_first_run_brings_existing_contacts_and_later_ones_only_changes(
    shop, mail, mail_server, books, run_once
):
    for number in range(7):
        shop.subscribe(f"p{number}@shop.example")
    first = run_once()
    mail_server.requests.clear()

    second = run_once()

    assert count(first, "subscribers").added == 7
    assert second.reason == Reason.NOTHING_TO_DO
    assert {request.method for request in mail_server.requests} == {"GET"}
    assert count(second, "subscribers").unchanged == 7


def test_promise_6_a_run_that_was_cut_off_goes_on_from_its_cursors(
    shop, shop_server, mail, store, books, run_once
):
    for number in range(7):
        shop.subscribe(f"p{number}@shop.example")
    first_requests = iter(range(3))
    runs = SyncRun.objects.filter(store=store)

    def stop(*_):
        if next(first_requests, None) is not None:
            runs.update(stop_requested_at=timezone.now())
            connection.close()  # this is the sandbox's thread

    shop_server.on_request(stop)
    stopped = run_once()
    for _ in first_requests:
        pass

    run = run_once()

    assert stopped.status == SyncRun.Status.STOPPED
    assert run.status == SyncRun.Status.COMPLETED
    assert len(mail.members(books[0])) == 7


def test_promise_7_one_bad_contact_costs_one_contact(shop, mail, books, run_once, contact_of):
    shop.subscribe("good@shop.example")
    shop.subscribe("blocked@shop.example")
    shop.subscribe("no at sign")
    mail.globally_suppress("blocked@shop.example")

    run = run_once()

    assert mail.members(books[0]) == ["good@shop.example"]
    assert contact_of("blocked@shop.example").subscribers_reason == Reason.GLOBALLY_SUPPRESSED
    assert contact_of("no at sign").subscribers_reason == Reason.INVALID_EMAIL
    assert run.reason == Reason.DONE_WITH_FAILURES


def test_promise_8_every_contact_has_an_answer(seeded_shop, mail, books, run_once):
    run = run_once()

    audiences = ("subscribers", "customers")
    for contact in Contact.objects.all():
        standings = {contact.standing(audience) for audience in audiences}
        assert Contact.Standing.WAITING not in standings
        assert standings != {Contact.Standing.NONE}
        assert contact.decided_in == run
        for audience in audiences:
            if contact.standing(audience):
                assert Reason(contact.reason(audience)) in REASONS


def test_promise_9_the_numbers_add_up(seeded_shop, mail, books, run_once):
    run = run_once()

    row = count(run, "subscribers")
    assert row.read == row.added + row.updated + row.unchanged + row.skipped + row.failed
    assert row.added == len(mail.members(books[0])) > 0
    with pytest.raises(IntegrityError), transaction.atomic():
        AudienceCount.objects.filter(pk=row.pk).update(added=row.added + 1)


def test_promise_10_a_run_reads_and_writes_only_its_own_tenant(
    shop, shop_server, mail, mail_server, store, books, run_once
):
    other_shop = shop_server.add_store("def34", access_token="tok2", name="Other")
    other_mail = mail_server.add_account(user="other@apiconnector.com", password="p", name="Other")
    other = stores.connect(
        Account.objects.create(name="Other", slug="other"),
        probes.Credentials(
            store_hash="def34",
            access_token="tok2",
            api_user="other@apiconnector.com",
            password="p",
        ),
    )
    shop.subscribe("jane@shop.example")
    other_shop.subscribe("jane@shop.example")

    run_once()

    assert set(Contact.objects.values_list("store", flat=True)) == {store.pk}
    assert not SyncRun.objects.filter(store=other).exists()
    assert other_mail.contact("jane@shop.example") is None


def test_an_opt_out_in_the_store_leaves_the_book_and_suppresses_nothing(
    shop, mail, books, run_once, contact_of
):
    shop.subscribe("jane@shop.example")
    run_once()
    shop.unsubscribe("jane@shop.example")

    run = run_once()

    jane = mail.contact("jane@shop.example")
    assert run.removed == 1
    assert mail.members(books[0]) == []
    assert jane["status"] == "subscribed"
    assert jane["dataFields"]["ACCEPTS_MARKETING"] is False
    assert contact_of("jane@shop.example").subscribers_reason == Reason.NO_OPT_IN


def test_customers_are_buyers_and_guests(shop, mail, books, run_once):
    buyer = shop.add_customer(email="Buyer@shop.example")
    shop.add_customer(email="looker@shop.example")
    shop.place_order(email="other@billing.example", customer_id=buyer)
    shop.place_order(email="Guest@shop.example")
    shop.place_order(email="cancelled@shop.example", status_id=5)

    run_once()

    assert sorted(mail.members(books[1])) == ["buyer@shop.example", "guest@shop.example"]
    assert opt_in_type(mail, "guest@shop.example") == "unknown"


def test_a_buyer_whose_only_order_is_cancelled_leaves_the_customers_book(
    shop, mail, books, run_once
):
    order = shop.place_order(email="guest@shop.example")
    run_once()
    shop.set_order_status(order, 5)

    run_once()

    assert mail.members(books[1]) == []


def test_a_changed_name_is_sent_and_counted_as_updated(shop, mail, books, run_once):
    shop.subscribe("jane@shop.example", first_name="Jane")
    run_once()
    shop.edit_subscriber("jane@shop.example", first_name="Janet")

    run = run_once()

    assert mail.contact("jane@shop.example")["dataFields"]["FIRSTNAME"] == "Janet"
    assert count(run, "subscribers").updated == 1
