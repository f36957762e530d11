"""Tests of the mails about a sync that needs people: sent once, and once when it is well again."""

import socket
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail as post
from django.core.management import call_command
from django.utils import timezone

from integrationhub import address_books, alerts, jobs, troubles
from integrationhub.models import ActivityEntry, Membership, Store
from integrationhub.reasons import REASONS, Reason
from tests.factories import AddressBookMappingFactory, MembershipFactory, StoreFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
A_DAY, LONG = timedelta(days=1), timedelta(days=9)


@pytest.fixture
def troubled():
    """A store that needs people, with two of them in its account, and one who only looks."""
    store = StoreFactory(name="Northwind", problem=Reason.DOTDIGITAL_CREDENTIALS)
    for name, role in (("olga", "owner"), ("mia", "marketer"), ("vera", "viewer")):
        MembershipFactory(account=store.account, role=role, user__username=name)
    MembershipFactory(user__username="stranger")
    return store


def recipients():
    return [address for message in post.outbox for address in message.to]


def change(store, **fields):
    Store.objects.filter(pk=store.pk).update(**fields)


def test_rejected_credentials_are_told_once_to_who_can_do_something(troubled):
    alerts.send_alerts(NOW)
    alerts.send_alerts(NOW + timedelta(hours=1))

    assert recipients() == ["olga@example.com", "mia@example.com"]
    [first, _] = post.outbox
    words = REASONS[Reason.DOTDIGITAL_CREDENTIALS]
    assert first.subject == "Northwind: the sync needs attention"
    assert words.sentence in first.body
    assert words.next_step in first.body
    assert f"/{troubled.account.slug}/bigcommerce/{troubled.store_hash}/" in first.body


def test_an_account_of_the_stores_own_name_is_not_named_beside_it(troubled):
    beside = f"The sync of Northwind ({troubled.account.name}) needs attention."
    alerts.send_alerts(NOW)
    type(troubled.account).objects.filter(pk=troubled.account_id).update(name="northwind")
    change(troubled, problem="", last_synced_at=NOW + timedelta(minutes=9))

    alerts.send_alerts(NOW + timedelta(minutes=10))

    assert beside in post.outbox[0].body
    assert "The sync of Northwind works again." in post.outbox[-1].body


def test_a_sync_that_works_again_is_told_once(troubled):
    alerts.send_alerts(NOW)
    synced_at = NOW + timedelta(minutes=9)
    change(troubled, problem="", last_synced_at=synced_at)
    post.outbox.clear()

    alerts.send_alerts(NOW + timedelta(minutes=10))
    alerts.send_alerts(NOW + timedelta(minutes=11))

    assert [message.subject for message in post.outbox] == ["Northwind: the sync works again"] * 2
    assert recipients() == ["olga@example.com", "mia@example.com"]


def test_new_credentials_alone_are_no_recovery_before_a_sync_has_ended(troubled):
    alerts.send_alerts(NOW)
    change(troubled, problem="")
    post.outbox.clear()

    alerts.send_alerts(NOW + timedelta(minutes=1))

    assert not post.outbox


def test_another_trouble_is_told_too(troubled):
    alerts.send_alerts(NOW)
    change(troubled, problem=Reason.ADDRESS_BOOK_DELETED)

    alerts.send_alerts(NOW + timedelta(minutes=1))

    assert len(post.outbox) == 4
    assert REASONS[Reason.ADDRESS_BOOK_DELETED].sentence in post.outbox[-1].body


def test_a_sync_that_nobody_carries_out_is_told_as_overdue():
    due_at = NOW - 2 * troubles.interval() - timedelta(seconds=1)
    store = AddressBookMappingFactory(store__next_sync_at=due_at).store
    MembershipFactory(account=store.account)

    alerts.send_alerts(NOW - timedelta(seconds=2))
    early = len(post.outbox)
    alerts.send_alerts(NOW)

    assert early == 0
    assert REASONS[Reason.OVERDUE].sentence in post.outbox[0].body


def test_a_store_in_work_is_not_overdue_however_long_ago_it_was_due():
    in_work = {"lease_token": uuid4(), "lease_expires_at": NOW + timedelta(minutes=1)}
    store = StoreFactory(next_sync_at=NOW - timedelta(days=1), **in_work)
    MembershipFactory(account=store.account)

    alerts.send_alerts(NOW)

    assert not post.outbox


@pytest.mark.parametrize(("failures", "mails"), [(1, 0), (4, 0), (5, 1)])
def test_what_heals_by_itself_is_told_only_when_it_has_not_for_long(failures, mails):
    problem = Reason.BIGCOMMERCE_UNREACHABLE
    store = StoreFactory(problem=problem, failures_in_a_row=failures)
    MembershipFactory(account=store.account)

    alerts.send_alerts(NOW)

    assert len(post.outbox) == mails


@pytest.fixture
def held():
    """A store that has been held for a day and a moment by what sets no problem."""
    book = AddressBookMappingFactory(
        store__connected_at=NOW - LONG,
        store__books_chosen_at=NOW - LONG,
        store__last_synced_at=NOW - A_DAY - timedelta(seconds=1),
        store__next_sync_at=NOW + LONG,
    )
    MembershipFactory(account=book.store.account)
    ActivityEntry.objects.update(timestamp=NOW - LONG)
    return book.store


def test_who_is_held_for_a_day_by_what_sets_no_problem_is_told_of_once(held):
    early = alerts.send_alerts(NOW - timedelta(seconds=2))

    told = [alerts.send_alerts(NOW), alerts.send_alerts(NOW + timedelta(minutes=1))]

    assert (early, told) == (0, [1, 0])
    assert REASONS[Reason.NOT_IN_STEP].sentence in post.outbox[0].body


def test_a_store_that_is_in_step_again_after_a_day_is_told_of_too(held):
    alerts.send_alerts(NOW)
    change(held, last_synced_at=NOW + timedelta(minutes=1))

    alerts.send_alerts(NOW + timedelta(minutes=2))

    assert "works again" in post.outbox[-1].subject


@pytest.mark.parametrize("name", ["connected_at", "books_chosen_at"])
def test_a_first_run_has_a_day_from_when_it_could_begin(held, name):
    change(held, **{"last_synced_at": None, name: NOW - A_DAY + timedelta(seconds=1)})

    told = [alerts.send_alerts(NOW), alerts.send_alerts(NOW + timedelta(seconds=2))]

    assert told == [0, 1]


def test_what_a_person_has_just_set_right_has_a_day_to_come_into_step(held):
    before = {"alerted_about": Reason.ADDRESS_BOOK_DELETED, "alerted_at": NOW - LONG}
    change(held, last_synced_at=NOW - LONG, **before)
    ActivityEntry.objects.note(held, ActivityEntry.Deed.WENT_ON, at=NOW - timedelta(hours=1))

    told = [alerts.send_alerts(NOW), alerts.send_alerts(NOW + A_DAY)]

    assert told == [0, 1]


def test_what_was_told_of_as_something_else_is_told_of_again_only_after_a_day(held):
    change(held, alerted_about=Reason.BIGCOMMERCE_UNREACHABLE, alerted_at=NOW - timedelta(hours=1))

    told = [alerts.send_alerts(NOW), alerts.send_alerts(NOW + A_DAY)]

    assert told == [0, 1]


@pytest.mark.parametrize(
    "changes", [{"is_sync_enabled": False}, {"disconnected_at": NOW, "access_token": ""}]
)
def test_a_store_that_nobody_wants_in_step_is_not_told_of(held, changes):
    change(held, **changes)

    assert alerts.send_alerts(NOW) == 0


def test_a_store_without_a_book_has_nothing_to_be_in_step_with(held):
    held.address_book_mappings.all().delete()

    assert alerts.send_alerts(NOW) == 0


def test_a_store_that_is_paused_by_a_person_is_told_of_to_nobody(troubled):
    alerts.send_alerts(NOW)
    post.outbox.clear()
    change(troubled, is_sync_enabled=False)

    alerts.send_alerts(NOW + timedelta(minutes=1))
    change(troubled, is_sync_enabled=True, problem="", last_synced_at=NOW + timedelta(minutes=2))
    alerts.send_alerts(NOW + timedelta(minutes=3))

    assert not post.outbox


def test_a_mail_server_that_is_away_costs_nothing_but_time(troubled, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    in_memory = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    told = alerts.send_alerts(NOW)
    settings.EMAIL_BACKEND = in_memory
    later = alerts.send_alerts(NOW + timedelta(minutes=1))

    assert (told, later) == (0, 1)
    assert len(post.outbox) == 2


def test_a_name_with_line_breaks_adds_no_header(troubled):
    change(troubled, name="Northwind\r\nBcc: victim@example.com")

    alerts.send_alerts(NOW)

    assert post.outbox[0].subject.startswith("Northwind Bcc: victim@example.com:")
    assert "victim@example.com" not in recipients()


def test_who_wants_no_mails_gets_none(troubled, client):
    mia = Membership.objects.get(user__username="mia")
    client.force_login(mia.user)

    client.post(f"/{troubled.account.slug}/mails/", {"mailed": "no"})
    alerts.send_alerts(NOW)

    assert recipients() == ["olga@example.com"]
    page = client.get(f"/{troubled.account.slug}/").content.decode()
    assert "You get no mail when a sync needs attention." in page


def test_a_stranger_cannot_switch_anybodys_mails(troubled, client):
    client.force_login(Membership.objects.get(user__username="stranger").user)

    answer = client.post(f"/{troubled.account.slug}/mails/", {"mailed": "no"})

    assert answer.status_code == 404
    assert not Membership.objects.filter(is_mailed_of_trouble=False).exists()


def test_a_viewer_has_no_mails_to_switch(troubled, client):
    client.force_login(Membership.objects.get(user__username="vera").user)

    page = client.get(f"/{troubled.account.slug}/").content.decode()

    assert "needs attention, and once more" not in page


@pytest.fixture
def siblings(troubled):
    """The stores of one account, all stopped by its one password."""
    others = [
        StoreFactory(name=f"Shop {each}", account=troubled.account, problem=troubled.problem)
        for each in range(1, 5)
    ]
    return [troubled, *others]


def test_one_wrong_password_of_many_stores_is_one_mail_to_each_person(siblings):
    told = [alerts.send_alerts(NOW), alerts.send_alerts(NOW + timedelta(minutes=1))]

    assert told == [5, 0]
    assert recipients() == ["olga@example.com", "mia@example.com"]
    named = "Northwind, Shop 1, Shop 2 and 2 more"
    assert post.outbox[0].subject == f"{named}: the sync needs attention"
    assert named in post.outbox[0].body
    assert f"/{siblings[0].account.slug}/\n" in post.outbox[0].body


def test_a_store_that_the_same_password_stops_later_is_not_told_of_again(siblings):
    last = siblings[-1]
    change(last, problem="")
    alerts.send_alerts(NOW)
    change(last, problem=Reason.DOTDIGITAL_CREDENTIALS)

    alerts.send_alerts(NOW + timedelta(minutes=1))

    assert len(post.outbox) == 2
    told_of = set(Store.objects.values_list("alerted_about", flat=True))
    assert told_of == {Reason.DOTDIGITAL_CREDENTIALS}


def test_stores_that_one_password_had_stopped_are_told_as_well_once_when_all_are(siblings):
    alerts.send_alerts(NOW)
    post.outbox.clear()
    first, *others = siblings
    for minutes, stores in ((1, [first]), (3, others)):
        for store in stores:
            change(store, problem="", last_synced_at=NOW + timedelta(minutes=minutes))
        alerts.send_alerts(NOW + timedelta(minutes=minutes + 1))
    alerts.send_alerts(NOW + timedelta(minutes=5))

    assert recipients() == ["olga@example.com", "mia@example.com"]
    assert post.outbox[0].subject == "Northwind, Shop 1, Shop 2 and 2 more: the sync works again"


def test_a_paused_store_holds_up_no_word_of_recovery_and_is_not_named(siblings):
    alerts.send_alerts(NOW)
    post.outbox.clear()
    paused, *others = siblings
    change(paused, is_sync_enabled=False)
    for store in others:
        change(store, problem="", last_synced_at=NOW + timedelta(minutes=1))

    alerts.send_alerts(NOW + timedelta(minutes=2))

    assert post.outbox[0].subject == "Shop 1, Shop 2, Shop 3 and 1 more: the sync works again"


def test_what_is_wrong_with_each_store_itself_is_told_of_each(siblings):
    for store in siblings:
        change(store, problem=Reason.BIGCOMMERCE_CREDENTIALS)

    told = alerts.send_alerts(NOW)

    assert (told, len(post.outbox)) == (5, 10)


def test_two_accounts_are_never_told_of_in_one_mail(siblings):
    other = StoreFactory(name="Elsewhere", problem=Reason.DOTDIGITAL_CREDENTIALS)
    MembershipFactory(account=other.account, user__username="elsa")

    alerts.send_alerts(NOW)

    assert recipients() == ["olga@example.com", "mia@example.com", "elsa@example.com"]
    assert all("Elsewhere" not in message.body for message in post.outbox[:2])
    assert post.outbox[2].subject == "Elsewhere: the sync needs attention"


def test_a_password_that_was_changed_in_dotdigital_is_mailed_by_the_next_tick(store, mail):
    MembershipFactory(account=store.account)
    now = timezone.now()
    book = address_books.ensure(store.account, "Store subscribers", now=now)
    address_books.assign(store, address_books.Choice(subscribers=book, customers=None), now=now)
    mail.set_password("another-password")

    jobs.work()
    jobs.tick()

    [message] = post.outbox
    assert REASONS[Reason.DOTDIGITAL_CREDENTIALS].sentence in message.body


def test_the_command_tells_without_a_worker(troubled, capsys):
    call_command("send_alerts")

    assert "Told of 1 store." in capsys.readouterr().out
    assert len(post.outbox) == 2
