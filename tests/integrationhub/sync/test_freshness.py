"""Tests of runs so long that people say no after their page was read: the latest no wins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrationhub import sync
from integrationhub.models import Contact, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.expected import members

pytestmark = pytest.mark.django_db(transaction=True)
EARLY, LATE = "a.early@shop.example", "z.late@shop.example"


class Clock:
    """Our own clock, which a test may put forward."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return timezone.now() + self.ahead


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def run_long(store, clock):
    """Carry out one whole run in one long slice, or in many short ones."""

    def go(*, slice_seconds=None):
        run = None
        while run is None or run.finished_at is None:
            store.refresh_from_db()
            lease = sync.claim_store(store, clock())
            ends_at = slice_seconds and clock() + timedelta(seconds=slice_seconds)
            run = sync.work_on(lease, now=clock, ends_at=ends_at)
        return run

    return go


@pytest.fixture
def an_hour_passes_at(shop_server, mail_server, clock):
    """Let the first call to a vendor that fits last an hour in which somebody does something."""

    def when(method, path, deed):
        deeds = [deed]

        def pass_by(request, *_):
            if deeds and request.method == method and path in request.path:
                deeds.pop()()
                clock.ahead += timedelta(hours=1)

        shop_server.on_request(pass_by, when="after")
        mail_server.on_request(pass_by)

    return when


def sent(mail_server):
    return b"".join(r.body for r in mail_server.requests if r.method == "PUT").decode()


@pytest.fixture
def one_by_one(settings):
    """Send people one at a time."""
    settings.IMPORT_BATCH_SIZE = 1


@pytest.mark.parametrize("slice_seconds", [None, 30])
def test_who_opts_out_in_the_store_while_others_are_sent_is_not_sent(
    shop, mail, mail_server, books, run_long, one_by_one, an_hour_passes_at, slice_seconds
):
    for email in (EARLY, LATE):
        shop.subscribe(email)
    first = []

    def the_other_says_no():
        first.append(EARLY if EARLY in sent(mail_server) else LATE)
        shop.unsubscribe(LATE if first[0] == EARLY else EARLY)

    an_hour_passes_at("PUT", "/import", the_other_says_no)

    run = run_long(slice_seconds=slice_seconds)

    other = LATE if first[0] == EARLY else EARLY
    assert run.status == SyncRun.Status.COMPLETED
    assert other not in sent(mail_server)
    assert members(mail, books[0]) == set(first)


def test_who_opts_out_in_the_store_during_a_long_read_is_not_sent(
    shop, mail, mail_server, books, run_long, an_hour_passes_at
):
    for email in (EARLY, LATE):
        shop.subscribe(email)
    an_hour_passes_at("GET", "/orders", lambda: shop.unsubscribe(EARLY))

    run = run_long()

    assert run.status == SyncRun.Status.COMPLETED
    assert EARLY not in sent(mail_server)
    assert members(mail, books[0]) == {LATE}


def test_who_unsubscribes_in_dotdigital_during_a_long_read_is_not_sent(
    shop, mail, mail_server, books, run_long, an_hour_passes_at
):
    shop.subscribe(EARLY)
    shop.subscribe(LATE)
    mail.add_contact(EARLY)
    an_hour_passes_at("GET", "/orders", lambda: mail.unsubscribe(EARLY))

    run_long()

    assert EARLY not in sent(mail_server)
    assert Contact.objects.get(email=EARLY).subscribers_reason == Reason.UNSUBSCRIBED


def test_a_store_that_can_only_be_read_slowly_is_synced_nevertheless(
    shop, shop_server, mail, store, books, run_long, clock
):
    for number in range(3):
        shop.subscribe(f"p{number}@shop.example")
    type(store).objects.update(is_subscriber_filter_working=False)

    def pass_by(*_):
        clock.ahead += timedelta(minutes=10)

    shop_server.on_request(pass_by)

    run = run_long()

    assert run.status == SyncRun.Status.COMPLETED
    assert len(mail.members(books[0])) == 3


def test_a_quick_run_reads_everything_once(shop, shop_server, books, run_long):
    shop.subscribe(EARLY)

    run = run_long()

    asked = [(r.path, r.query) for r in shop_server.requests][-run.bigcommerce_calls :]
    assert run.rows_read == run.rows_expected == 1
    assert len(asked) == len(set(asked)) > 2
