"""Tests of trying again, by hand, whom either side has refused."""

import pytest

from bigcommerce.sandbox import Fault as ShopFault
from integrationhub.models import Contact, OptOut
from integrationhub.reasons import Reason
from integrationhub.sync.retry import retry_refused
from tests.integrationhub.sync.expected import members

pytestmark = pytest.mark.django_db(transaction=True)
JANE = "jane@shop.example"


def test_a_refused_contact_is_sent_again_only_when_somebody_asks(
    shop, mail, store, books, run_once
):
    mail.globally_suppress(JANE)
    shop.subscribe(JANE)
    run_once()
    mail.state.globally_suppressed.clear()
    run_once()
    before = members(mail, books[0])

    number = retry_refused(store)
    run_once()

    assert (before, number) == (set(), 1)
    assert members(mail, books[0]) == {JANE}
    assert Contact.objects.get().subscribers_reason == Reason.IN_BOOK


def test_only_the_people_named_are_tried_again(shop, mail, store, books, run_once):
    for email in (JANE, "joe@shop.example"):
        mail.globally_suppress(email)
        shop.subscribe(email)
    run_once()
    mail.state.globally_suppressed.clear()

    number = retry_refused(store, emails=[JANE])
    run_once()

    assert number == 1
    assert members(mail, books[0]) == {JANE}


def test_a_write_back_that_was_given_up_is_tried_again(
    shop, shop_server, mail, store, books, run_once
):
    shop.subscribe(JANE)
    run_once()
    mail.unsubscribe(JANE)
    shop_server.faults.add(ShopFault(method="PUT", path="subscribers", status=422, times=None))
    run_once()
    OptOut.objects.update(attempts=5, retry_at=None)
    shop_server.faults.clear()
    run_once()
    before = OptOut.objects.get().receipt

    retry_refused(store)
    run_once()

    assert before == OptOut.Receipt.REFUSED
    assert OptOut.objects.get().receipt == OptOut.Receipt.CONFIRMED
    assert shop.subscriber(JANE).consents == []
