"""The Activity page: who changed what, before and after, and the sync that followed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from integrationhub.models import ActivityEntry, FieldMapping, Membership
from tests.conftest import ACCESS_TOKEN, API_PASSWORD, API_USER
from tests.factories import (
    ActivityEntryFactory,
    AddressBookFactory,
    AddressBookMappingFactory,
    AudienceCountFactory,
    ContactFactory,
    MembershipFactory,
    StoreFactory,
    SyncRunFactory,
)
from tests.integrationhub.web.reading import words_of


@pytest.fixture
def nothing_yet(store):
    """The store, whose activity so far is forgotten."""
    ActivityEntry.objects.all().delete()
    return store


@pytest.fixture
def told(browser, page):
    """Answer what the page tells, with the stops where they belong."""
    return lambda: re.sub(r" ([.,:])", r"\1", words_of(browser.get(page("activity"))))


def save_books(browser, page, subscribers, customers=None):
    chosen = {"subscribers_book": subscribers.pk, "customers_book": customers and customers.pk}
    browser.post(
        page("store"),
        {**chosen, "customers_book": chosen["customers_book"] or "", "how": "everybody"},
    )


def test_it_is_the_last_of_the_tabs(browser, page, store):
    html = browser.get(page("activity")).content.decode()

    tabs = html.split('<nav class="tabs"')[1].split("</nav>")[0]
    names = [each.split("<")[0] for each in tabs.split(">") if each.endswith("</a")]
    assert names == ["Store", "Sync history", "Find a contact", "Activity"]
    assert 'aria-current="page">Activity<' in tabs


def test_a_choice_of_books_is_told_with_who_made_it_and_what_was_before(
    browser, page, told, nothing_yet, marketer
):
    letters, buyers, vip = (
        AddressBookFactory(account=nothing_yet.account, name=name)
        for name in ("Letters", "Buyers", "VIP customers")
    )

    save_books(browser, page, letters)
    save_books(browser, page, letters, vip)
    save_books(browser, page, vip, letters)
    save_books(browser, page, buyers)

    seen = told()
    who = marketer.email
    assert f"{who} chose Letters for Sync subscribers to. Before: not synced." in seen
    assert f"{who} chose VIP customers for Sync customers to. Before: not synced." in seen
    assert f"{who} chose VIP customers for Sync subscribers to. Before: Letters." in seen
    assert f"{who} chose Letters for Sync customers to. Before: VIP customers." in seen
    assert f"{who} stopped syncing customers. Before: Letters." in seen
    assert seen.count("chose Letters for Sync subscribers to") == 1
    assert ActivityEntry.objects.count() == 4


def test_a_trial_is_told_with_the_choice(browser, page, told, nothing_yet):
    book = AddressBookFactory(account=nothing_yet.account)

    chosen = {"subscribers_book": book.pk, "customers_book": "", "how": "trial"}
    browser.post(page("store"), chosen)

    assert "chose to try it with ten people of each audience first." in told()


def test_a_choice_that_changes_nothing_is_no_activity(browser, page, told, nothing_yet):
    mapping = AddressBookMappingFactory(store=nothing_yet)

    save_books(browser, page, mapping.address_book)

    assert not ActivityEntry.objects.exists()
    assert "Nobody has changed anything yet" in told()
    assert "stands here, with the time, what it was before" in told()


def test_pausing_and_resuming_are_told(browser, page, told, nothing_yet, marketer):
    browser.post(page("switch"), {"data_sync": "off"})
    browser.post(page("switch"), {"data_sync": "off"})
    browser.post(page("switch"), {"data_sync": "on"})

    seen = told()
    assert seen.count(f"{marketer.email} paused the sync. Before: on.") == 1
    assert seen.index("resumed the sync") < seen.index("paused the sync")


def test_the_sync_that_followed_is_told_with_what_it_did(browser, page, told, nothing_yet):
    AddressBookMappingFactory(store=nothing_yet)
    SyncRunFactory(store=nothing_yet, started_at=timezone.now() - timedelta(minutes=9))
    browser.post(page("sync_now"))
    assert "asked for a sync. No sync has followed yet." in told()

    SyncRunFactory(store=nothing_yet, is_preview=True)
    run = SyncRunFactory(store=nothing_yet)
    AudienceCountFactory(run=run, read=16, added=14, skipped=2)
    SyncRunFactory(store=nothing_yet)

    html = browser.get(page("activity")).content.decode()
    assert "asked for a sync. The sync that followed: 14 added, 2 left out, 0 failed." in told()
    assert f'href="{page("run", run=run.pk)}">The sync that followed' in html


def test_what_no_sync_follows_from_names_none(browser, page, told, nothing_yet):
    browser.post(page("switch"), {"data_sync": "off"})
    SyncRunFactory(store=nothing_yet)

    assert "paused the sync" in told()
    assert "The sync that followed" not in told()


def test_a_sync_that_was_stopped_is_named(browser, page, told, nothing_yet):
    run = SyncRunFactory(store=nothing_yet, running=True)

    browser.post(page("stop"))

    html = browser.get(page("activity")).content.decode()
    assert "stopped the sync that was going on. See the sync that was stopped" in told()
    assert f'href="{page("run", run=run.pk)}">See the sync that was stopped' in html


@pytest.mark.parametrize(
    ("button", "sent", "sentences"),
    [
        ("go_on", {}, ["let the sync go on. It had waited:"]),
        (
            "switch",
            {"data_sync": "off"},
            ["discarded what the sync was about to do. It had waited:", "paused the sync."],
        ),
    ],
)
def test_an_answer_to_a_safety_stop_is_told_with_the_reason(
    browser, page, told, nothing_yet, button, sent, sentences
):
    nothing_yet.problem = "safety_stop_removals"
    nothing_yet.save()

    browser.post(page(button), sent)

    assert all(sentence in told() for sentence in sentences)
    assert "{" not in told()


def test_a_button_that_was_refused_is_no_activity(browser, page, nothing_yet):
    for button in ("sync_now", "go_on", "stop", "sync_contact"):
        browser.post(page(button), {"email": "ann@shop.example"})

    assert not ActivityEntry.objects.exists()


def test_a_test_of_the_connection_tells_which_side_refused(browser, page, told, nothing_yet):
    browser.post(page("test_connection"))
    nothing_yet.access_token = "wrong"
    nothing_yet.save()

    browser.post(page("test_connection"))

    assert "tested the connection. Sides that did not let us in: none." in told()
    assert "tested the connection. Sides that did not let us in: BigCommerce." in told()


def test_a_contact_is_asked_for_by_number_and_never_by_address(browser, page, told, nothing_yet):
    AddressBookMappingFactory(store=nothing_yet)
    email = "ann@shop.example"

    browser.post(page("sync_contact"), {"email": email})

    (entry,) = ActivityEntry.objects.values()
    assert email not in str(entry)
    assert "asked for one contact to be synced." in told()


def test_a_new_book_and_a_preview_are_told(browser, page, told, nothing_yet):
    browser.post(page("new_book"), {"new_book": "Friends", "new_book_for": "customers"})
    book = AddressBookFactory(account=nothing_yet.account, name="Letters")
    browser.post(page("ask_preview"), {"subscribers_book": book.pk, "customers_book": ""})

    assert "made the address book Friends in Dotdigital." in told()
    assert "had it counted who would be added to Letters." in told()


def test_replaced_credentials_are_told_and_their_values_never(
    browser, page, told, shop, mail, mail_server, nothing_yet
):
    token, user, password = "another-token", "another@apiconnector.com", "another-password"
    shop.access_token = token
    mail.state.user, mail.state.password = user, password
    mail_server.open_account(mail.state)
    entered = {"access_token": token, "api_user": user, "password": password}

    browser.post(page("credentials"), entered)

    seen = told()
    for sentence in (
        "replaced the BigCommerce access token.",
        "entered an API user of Dotdigital. Before: another.",
        "replaced the password of the Dotdigital API user.",
    ):
        assert sentence in seen
    kept = str([*ActivityEntry.objects.values()])
    for secret in (token, user, password, "shop-token-abc12", "mail-password-abc12", "v1.k1."):
        assert secret not in kept
        assert secret not in seen


def test_a_secret_that_cannot_be_opened_any_more_is_replaced_and_told(
    browser, page, told, shop, mail, nothing_yet, settings
):
    settings.ENCRYPTION_KEYS = "k2:" + "A" * 43 + "="
    entered = {"access_token": ACCESS_TOKEN, "api_user": API_USER, "password": API_PASSWORD}

    browser.post(page("credentials"), entered)

    seen = told()
    assert "replaced the BigCommerce access token." in seen
    assert "replaced the password of the Dotdigital API user." in seen
    assert "entered an API user of Dotdigital. Before: another." not in seen


def test_credentials_entered_again_as_they_were_are_no_activity(browser, page, nothing_yet):
    browser.post(page("credentials"), {"api_user": API_USER})

    assert not ActivityEntry.objects.exists()


def test_who_is_tried_again_is_told_by_number_and_reason(browser, page, told, nothing_yet):
    run = SyncRunFactory(store=nothing_yet)
    standing = {"subscribers_standing": "failed", "subscribers_reason": "invalid_email"}
    person = ContactFactory(store=nothing_yet, refused_fingerprint="x", **standing)

    browser.post(page("retry", run=run.pk), {"who": "subscribers.failed.invalid_email"})

    seen = told()
    said = "had failed subscribers tried again, 1 in all: The email address is not valid."
    assert said in seen
    assert person.email not in seen


def test_what_staff_change_is_told_without_their_name(
    browser, page, told, nothing_yet, staff, admin_form
):
    staffs_browser, person = staff

    admin_form(staffs_browser, nothing_yet, safety_number="50", is_tagging_with_group="on")

    seen = told()
    assert "Your administrator set the number of people above which" in seen
    assert "stops and asks: 50. Before: 200." in seen
    assert "turned on: the customer group is the tag where there is no other. Before: off." in seen
    assert person.email not in seen
    assert ActivityEntry.objects.get().actor == person


def test_who_is_let_into_the_account_is_told_in_each_of_its_stores(
    browser, page, told, nothing_yet, marketer
):
    place = MembershipFactory(account=nothing_yet.account, user__email="bea@example.com")
    place.role = Membership.Role.VIEWER
    place.save()
    place.delete()
    MembershipFactory(user__email="cy@example.com")

    seen = told()
    assert "A command on the server let bea@example.com into the account, as marketer." in seen
    assert "made bea@example.com viewer. Before: marketer." in seen
    assert "took bea@example.com out of the account. Before: viewer." in seen
    assert "For all stores of Acme." in seen
    assert "cy@example.com" not in seen


def test_a_field_mapping_is_told(told, nothing_yet):
    mapping = FieldMapping.objects.create(
        store=nothing_yet, source_field="first_name", data_field="NICK", type="String"
    )
    mapping.source_field = "last_name"
    mapping.save()
    mapping.delete()

    seen = told()
    assert "mapped first_name into NICK." in seen
    assert "filled NICK from last_name. Before: first_name." in seen
    assert "stopped filling NICK. Before: last_name." in seen


def test_only_this_stores_activity_is_told(told, nothing_yet):
    for store in (StoreFactory(account=nothing_yet.account), StoreFactory()):
        ActivityEntryFactory(store=store)

    assert "Nobody has changed anything yet" in told()


def test_a_person_who_is_gone_is_known_by_the_address_of_that_time(
    browser, page, nothing_yet, marketer, viewers_browser
):
    browser.post(page("switch"), {"data_sync": "off"})
    marketer.delete()

    seen = words_of(viewers_browser.get(page("activity")))

    assert f"{marketer.email} paused the sync." in seen


def test_nothing_that_a_browser_tells_of_itself_is_kept(browser, page, nothing_yet):
    headers = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Port": "443",
        "X-Correlation-Id": "x" * 500,
    }

    browser.post(page("switch"), {"data_sync": "off"}, headers=headers)

    entry = ActivityEntry.objects.get()
    assert (entry.remote_addr, entry.remote_port, entry.cid) == (None, None, None)
    assert entry.serialized_data is None


def test_days_are_those_of_the_accounts_time_zone(browser, page, told, nothing_yet):
    type(nothing_yet.account).objects.update(time_zone="Pacific/Auckland")
    for hour in (10, 12):
        ActivityEntryFactory(store=nothing_yet, timestamp=datetime(2026, 5, 3, hour, tzinfo=UTC))

    seen = told()

    assert "Monday, 4 May 2026 00:00" in seen
    assert "Sunday, 3 May 2026 22:00" in seen


def test_many_entries_come_in_pages_of_both_kinds_and_none_is_missed(
    browser, page, told, nothing_yet
):
    for number in range(120):
        book = {"deed": "book_made", "additional_data": {"book": f"Book {number:03}."}}
        entry = ActivityEntryFactory(store=nothing_yet, **book)
        if number % 3 == 0:
            ActivityEntry.objects.filter(pk=entry.pk).update(store=None)
    pages, asked = [], {}

    while True:
        html = browser.get(page("activity"), asked).content.decode()
        pages.append([number for number in range(120) if f"Book {number:03}." in html])
        if "?before=" not in html:
            break
        asked = {"before": html.split("?before=")[1].split('"')[0]}

    assert [len(each) for each in pages] == [50, 50, 20]
    assert sorted(number for each in pages for number in each) == [*range(120)]


@pytest.mark.parametrize("before", ["-1", "x", "9" * 30, "²"])
def test_a_page_that_cannot_be_is_not_found(browser, page, store, before):
    assert browser.get(page("activity"), {"before": before}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_activity(
    browser, page, nothing_yet, django_assert_max_num_queries
):
    for _ in range(60):
        run = SyncRunFactory(store=nothing_yet, started_at=timezone.now())
        AudienceCountFactory(run=run)
        actor = MembershipFactory(account=nothing_yet.account).user
        ActivityEntryFactory(
            store=nothing_yet, actor=actor, timestamp=run.started_at - timedelta(microseconds=1)
        )

    with django_assert_max_num_queries(14):
        browser.get(page("activity"))
