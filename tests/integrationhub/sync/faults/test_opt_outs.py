"""Tests of a no that comes late, is read in part, or whose way back to the store is disturbed."""

import pytest

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from integrationhub.models import Cursor, OptOut, SyncRun
from tests.integrationhub.sync.faults.verdict import (
    assert_as_if_nothing_had_happened,
    assert_books_are_kept,
    lost,
    resubscribed,
)
from tests.integrationhub.sync.faults.worlds import (
    ACCOUNT_LEAVER,
    BOOK_LEAVER,
    LEAVERS,
    NEWSLETTER,
    READERS,
)

pytestmark = pytest.mark.django_db(transaction=True)
LATE = READERS[5]


def write_backs(shop_server, world):
    """The consents written, by the subscriber they were written to."""
    ours = [r for r in shop_server.requests if r.store == world.shop.store_hash]
    puts = [r for r in ours if r.method == "PUT" and "/subscribers/" in r.path]
    ids = {str(world.shop.subscriber(email).id): email for email in READERS}
    return [ids[request.path.rpartition("/")[2]] for request in puts if request.status == 200]


@pytest.fixture
def before_each(mail_server):
    """Do something before the numbered call of a kind to Dotdigital."""

    def wait(method, path, number, deed):
        seen = []

        def act(request, moment):
            if moment == "before" and request.method == method and path in request.path:
                seen.append(request)
                if len(seen) == number:
                    deed()

        mail_server.on_request(act)

    return wait


MOMENTS = [
    ("GET", "suppressed-since", 1),
    ("GET", "unsubscribed-since", 1),
    ("GET", "unsubscribed-since", 2),
    ("PUT", "import", 1),
    ("GET", "import/", 1),
]


@pytest.mark.parametrize(("method", "path", "number"), MOMENTS)
def test_a_no_at_any_moment_of_a_run_still_wins(
    world, mail_server, before_each, method, path, number
):
    mail_server.switches.import_readds_list_suppressed = True
    before_each(method, path, number, lambda: world.mail.unsubscribe_from(world.books[0], LATE))
    world.run()

    for _ in range(2):
        world.run()

    assert world.shop.subscriber(LATE).consents == []
    assert LATE not in world.mail.members(world.books[0])
    assert resubscribed(world) == lost(world) == set()
    assert_books_are_kept(world)


@pytest.fixture
def short_pages(settings):
    """Let Dotdigital's lists come in pages of one."""
    settings.DOTDIGITAL_TUNING |= {"page_size": 1}


@pytest.mark.parametrize("page", [1, 3])
def test_a_feed_of_which_a_later_page_fails_keeps_its_watermark_and_misses_nobody(
    world, mail_server, short_pages, cure, page
):
    for email in READERS[4:]:
        world.mail.unsubscribe(email)
    feed = Cursor.objects.get(store=world.store_id, source="opt-outs:0:")
    fault = MailFault(path="suppressed-since", skip=page - 1, status=500, times=None)
    mail_server.faults.add(fault)
    failed = world.run()
    after = Cursor.objects.get(pk=feed.pk)
    cure()

    world.run()

    assert failed.status == SyncRun.Status.FAILED
    assert after.since == feed.since
    assert all(world.shop.subscriber(email).consents == [] for email in READERS[1:])
    assert resubscribed(world, (*LEAVERS, *READERS[4:])) == lost(world) == set()
    assert_books_are_kept(world)


LOST = [
    {"act": "drop-after", "times": 3},
    {"act": "truncate", "times": 3},
    {"status": 504, "times": 3},
]


@pytest.mark.parametrize("fault", LOST)
def test_a_write_back_whose_answer_is_lost_is_written_once_and_confirmed(
    undisturbed, world, shop_server, cure, fault
):
    shop_server.faults.add(ShopFault(method="PUT", path=r"/subscribers/\d+", **fault))
    world.run()
    cure()

    world.run()

    receipts = set(OptOut.objects.exclude(receipt="before_connection").values_list("receipt"))
    assert receipts <= {("confirmed",), ("already_out",)}
    assert len(write_backs(shop_server, world)) <= len(LEAVERS) + 3
    assert_as_if_nothing_had_happened(world, undisturbed)


def test_each_no_is_written_back_once_however_often_it_is_read(undisturbed, world, shop_server):
    for _ in range(4):
        world.run()

    assert sorted(write_backs(shop_server, world)) == [*LEAVERS]
    assert shop_server.requests.destructive_calls == 0
    assert_as_if_nothing_had_happened(world, undisturbed)


@pytest.mark.parametrize("when", ["before it is looked up", "before it is written"])
def test_a_subscriber_deleted_before_the_write_back_is_not_made_anew(
    world, shop_server, settings, when
):
    method = "GET" if when == "before it is looked up" else "PUT"

    def delete(request):
        if request.method == method and "/subscribers" in request.path:
            world.shop.delete_subscriber(ACCOUNT_LEAVER)

    shop_server.on_request(delete)

    first = world.run()
    settings.FULL_READ_HOURS = 0

    for _ in range(2):
        world.run()

    assert first.status == SyncRun.Status.COMPLETED
    assert world.shop.subscriber(ACCOUNT_LEAVER) is None
    assert shop_server.requests.destructive_calls == 0
    receipt = OptOut.objects.get(email=ACCOUNT_LEAVER).receipt
    assert receipt in {OptOut.Receipt.NOT_IN_STORE, OptOut.Receipt.ALREADY_OUT}
    assert NEWSLETTER not in world.shop.subscriber(BOOK_LEAVER).consents
