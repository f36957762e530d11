"""Tests of answers that do not come, come late, or are not what they should be."""

from itertools import cycle

import pytest

from bigcommerce.sandbox import Fault as ShopFault
from dotdigital.sandbox import Fault as MailFault
from dotdigital.sandbox.faults import NAMED
from integrationhub.models import Cursor, SyncRun
from integrationhub.reasons import Reason
from tests.integrationhub.sync.faults.verdict import assert_as_if_nothing_had_happened

pytestmark = pytest.mark.django_db(transaction=True)

HTML = "<html><body>Bad gateway</body></html>"
SHOP_CALLS = (
    {"path": r"/v3/customers\?"},
    {"path": r"/v3/customers/subscribers\?(?!.*email=)"},
    {"path": r"/v3/customers/subscribers\?.*email="},
    {"path": r"/v2/orders\?"},
    {"method": "PUT", "path": r"/subscribers/\d+"},
    {"method": "PUT", "path": "attribute-values"},
)
MAIL_CALLS = (
    {"path": "suppressed-since"},
    {"path": "unsubscribed-since"},
    {"path": "data-fields"},
    {"method": "PUT", "path": "import"},
    {"method": "GET", "path": "import/"},
    {"method": "DELETE", "path": "contacts/"},
)
SHOP_FAULTS = {
    "500": {"status": 500},
    "502 in HTML": {"status": 502, "body": HTML},
    "503 in HTML": {"status": 503, "body": HTML},
    "504": {"status": 504},
    "423": {"status": 423},
    "429": {"status": 429, "headers": {"X-Rate-Limit-Time-Reset-Ms": "5"}},
    "bare 429": {"status": 429},
    "HTML instead of JSON": {"status": 200, "body": HTML},
    "half the JSON": {"status": 200, "body": '{"data": [{"id": 1, "em'},
    "nothing": {"status": 200},
    "cut off": {"act": "truncate"},
    "dropped": {"act": "drop"},
    "dropped when done": {"act": "drop-after"},
    "reset": {"act": "reset"},
}
MAIL_FAULTS = {
    "500": {"status": 500},
    "502 in HTML": {"status": 502, "body": HTML},
    "503": {"status": 503, "body": HTML},
    "504": {"status": 504},
    "507": {"status": 507},
    "restoring": NAMED["restoring"],
    "429": {"status": 429, "headers": {"Retry-After": "0"}},
    "bare 429": {"status": 429},
    "HTML instead of JSON": {"status": 200, "body": HTML},
    "half the JSON": {"cut": True},
    "cut off": {"truncate": True},
    "dropped": {"drop": True},
    "dropped when done": {"drop": True, "after_work": True},
}


@pytest.fixture
def trouble(shop_server, mail_server):
    """Let a fault lie in wait at each kind of call to one side, in turn from those given."""

    def make(side, faults, *, times=1):
        calls = SHOP_CALLS if side == "shop" else MAIL_CALLS
        for call, fault in zip(calls, cycle(faults), strict=False):
            meant = {"times": times} | call | fault
            if side == "shop":
                shop_server.faults.add(ShopFault(**meant))
            else:
                mail_server.faults.add(MailFault(**meant))
        return len(calls) * times

    return make


def rotated(faults, by):
    kinds = list(faults.values())
    return kinds[by:] + kinds[:by]


@pytest.mark.parametrize("turn", range(0, len(SHOP_FAULTS), 3))
def test_each_call_to_bigcommerce_going_wrong_once_costs_one_retry_each(
    undisturbed, world, trouble, turn
):
    faults = trouble("shop", rotated(SHOP_FAULTS, turn))

    run = world.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert run.bigcommerce_calls <= undisturbed.bigcommerce_calls + faults
    assert_as_if_nothing_had_happened(world, undisturbed)


@pytest.mark.parametrize("turn", range(0, len(MAIL_FAULTS), 3))
def test_each_call_to_dotdigital_going_wrong_once_costs_one_retry_each(
    undisturbed, world, trouble, turn
):
    faults = trouble("mail", rotated(MAIL_FAULTS, turn))

    run = world.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert run.dotdigital_calls <= undisturbed.dotdigital_calls + faults
    assert_as_if_nothing_had_happened(world, undisturbed)


SLOW = [
    ("shop", {"act": "hang", "path": r"/v2/orders\?"}),
    ("shop", {"act": "drip", "path": r"/v3/customers\?", "bytes_per_second": 20}),
    ("mail", {"hang": 1.5, "method": "PUT", "path": "import"}),
    ("mail", {"drip": 0.05, "path": "suppressed-since"}),
]


@pytest.mark.parametrize(("side", "fault"), SLOW)
def test_an_answer_that_hangs_or_trickles_costs_one_retry(
    undisturbed, world, shop_server, mail_server, settings, side, fault
):
    settings.BIGCOMMERCE_TUNING |= {"read_timeout": 0.4, "deadline": 0.5}
    settings.DOTDIGITAL_TUNING |= {"answer_timeout": 0.5}
    if side == "shop":
        shop_server.faults.add(ShopFault(**fault))
    else:
        mail_server.faults.add(MailFault(**fault))

    run = world.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)


@pytest.mark.parametrize("name", ["BIGCOMMERCE_API_URL", "DOTDIGITAL_API_URL"])
def test_a_secure_connection_that_fails_costs_one_run(undisturbed, world, settings, name):
    plain = getattr(settings, name)
    setattr(settings, name, plain.replace("http:", "https:").replace("127.0.0.1", "localhost"))
    failed = world.run()
    setattr(settings, name, plain)

    world.run()

    assert failed.status == SyncRun.Status.FAILED
    assert_as_if_nothing_had_happened(world, undisturbed)


@pytest.mark.parametrize(("side", "status"), [("shop", 503), ("shop", 500), ("mail", 503)])
def test_five_failures_in_a_row_of_each_call_are_outlived(
    undisturbed, world, trouble, settings, side, status
):
    settings.BIGCOMMERCE_TUNING |= {"tries": 6}
    settings.DOTDIGITAL_TUNING |= {"attempts": 6}
    trouble(side, [{"status": status, "body": HTML}], times=5)

    run = world.run()

    assert run.status == SyncRun.Status.COMPLETED
    assert_as_if_nothing_had_happened(world, undisturbed)


def cursors(world):
    rows = Cursor.objects.filter(store=world.store_id)
    return {row.source: (row.since, row.completed_in_id) for row in rows}


FOR_EVER = [
    ("shop", SHOP_CALLS[0], 503, "customers"),
    ("shop", SHOP_CALLS[1], 500, "subscribers"),
    ("shop", SHOP_CALLS[3], 503, "orders"),
    ("mail", MAIL_CALLS[0], 503, "opt-outs:0:"),
]


@pytest.mark.parametrize(("side", "call", "status", "source"), FOR_EVER)
def test_a_listing_that_fails_for_ever_moves_no_watermark_and_costs_few_calls(
    undisturbed, world, shop_server, mail_server, cure, side, call, status, source
):
    before = cursors(world)
    if side == "shop":
        shop_server.faults.add(ShopFault(times=None, status=status, body=HTML, **call))
    else:
        mail_server.faults.add(MailFault(times=None, status=status, body=HTML, **call))
    failed = world.run()
    after = cursors(world)
    cure()

    world.run()

    is_in_maintenance = failed.reason == Reason.BIGCOMMERCE_MAINTENANCE
    assert (failed.status == SyncRun.Status.FAILED) != is_in_maintenance
    assert (side, status) == ("shop", 503) or not is_in_maintenance
    assert after[source] == before[source]
    assert failed.bigcommerce_calls <= undisturbed.bigcommerce_calls + 2
    assert failed.dotdigital_calls <= undisturbed.dotdigital_calls + 2
    assert_as_if_nothing_had_happened(world, undisturbed)
