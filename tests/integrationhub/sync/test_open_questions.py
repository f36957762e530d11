"""Tests under either answer to what the vendors' documents leave open."""

import pytest

from integrationhub.models import Store, SyncRun
from tests.integrationhub.sync.expected import buyers, members, readers

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = [
    ("min_is_inclusive", False),
    ("limit_above_250", "refuse"),
    ("address_edit_touches_customer", True),
    ("attribute_edit_touches_customer", True),
    ("consent_edit_touches_subscriber", False),
    ("storefront_unsubscribe", "delete"),
    ("subscriber_put", "replace"),
    ("subscriber_order", "desc"),
    ("subscriber_date_filter", "ignored"),
    ("subscriber_date_filter", "equality"),
    ("subscriber_date_filter", "refused"),
    ("email_filter_ignores_case", False),
    ("orders_include_incomplete", False),
    ("order_consignments", False),
    ("customer_cursors", False),
    ("cursor_end", "empty-page"),
    ("encoded_colons_work", True),
]
MAIL = [
    ("since_is_inclusive", False),
    ("newest_first", True),
    ("absent_removal_is_404", True),
    ("import_readds_list_suppressed", True),
    ("unknown_data_field", "request"),
    ("over_long_value", "clip"),
    ("failure_codes", "pascal"),
    ("emails_in_upper_case", True),
    ("import_polls", 3),
    ("too_large_status", 400),
    ("rate_limit", "flat"),
    ("reset_as", "seconds"),
    ("server_time_is_json", False),
    ("is_pascal_case", True),
    ("created_status", 200),
]
CASES = [("shop", *case) for case in SHOP] + [("mail", *case) for case in MAIL]


def live_through_a_week(shop, mail, book):
    """Change something of every kind on both sides; answer who has said no in Dotdigital."""
    agreed = sorted(readers(shop))
    for email in agreed[:3]:
        shop.unsubscribe(email)
    for email in agreed[3:5]:
        mail.unsubscribe(email)
    mail.unsubscribe_from(book, agreed[5])
    shop.subscribe("Neu+1@shop.example")
    shop.place_order(email="New.Guest@shop.example")
    customer = shop.tables.customers.ordered()[0]
    shop.edit_customer(customer.id, first_name="Renamed")
    return set(agreed[3:6])


@pytest.fixture(params=CASES, ids=lambda case: f"{case[1]}={case[2]}")
def answers(request, shop_server, mail_server):
    """Set the switch before anything is connected."""
    side, switch, value = request.param
    setattr((shop_server if side == "shop" else mail_server).switches, switch, value)


def test_the_books_are_right_whichever_answer_is_true(
    answers, seeded_shop, mail, books, run_once, settings
):
    book, customers_book = books
    run_once()
    opted_out = live_through_a_week(seeded_shop, mail, book)
    settings.FULL_READ_HOURS = 0

    run = run_once()
    run_once()

    assert run.status == SyncRun.Status.COMPLETED, run.detail
    assert members(mail, book) == readers(seeded_shop)
    assert not readers(seeded_shop) & opted_out
    assert members(mail, customers_book) >= buyers(seeded_shop) - opted_out
    assert Store.objects.get().problem == ""
