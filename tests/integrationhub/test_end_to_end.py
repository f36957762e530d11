"""The whole way: real pages, a real worker, real HTTP to both vendors, and back again."""

import re

import pytest
import requests

from dotdigital.sandbox import Account
from integrationhub.management.demo.world import NORTHWIND, PASSWORD, STAFF_EMAIL
from tests.processes import eventually

ANN, BOB = "Ann.O'Brien+news@shop.example", "bob@shop.example"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
STORE_PAGE = f"/{NORTHWIND.slug}/bigcommerce/{NORTHWIND.store_hash}/"


class Browser:
    """Visits pages and submits their forms, as a browser without JavaScript would."""

    def __init__(self, url: str, *, email: str) -> None:
        """Log in."""
        self._url, self._session = url, requests.Session()
        self.submit("/accounts/login/", login=email, password=PASSWORD)

    def open(self, path: str) -> str:
        answer = self._session.get(self._url + path, timeout=30)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        return answer.text

    def submit(self, path: str, *, to: str = "", **fields: str) -> str:
        """Fill in a form of the page at `path` and send it, to another address if told."""
        found = CSRF.search(self.open(path))
        assert found, f"no form at {path}"
        form = {"csrfmiddlewaretoken": found[1], **fields}
        answer = self._session.post(self._url + (to or path), data=form, timeout=30)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        return answer.text


@pytest.fixture
def shop(shop_server):
    return shop_server.add_store(
        NORTHWIND.store_hash, access_token=NORTHWIND.access_token, name=NORTHWIND.name
    )


@pytest.fixture
def mail(mail_server):
    return mail_server.add_account(
        user=NORTHWIND.api_user, password=NORTHWIND.api_password, name=NORTHWIND.name
    )


@pytest.fixture
def pages(hub, shop, mail):
    """The address of the pages, with a tenant whose books nobody has chosen yet."""
    seeded = hub.run("seed_demo")
    assert seeded.returncode == 0, seeded.stderr
    return hub.serve()


def people_of(mail: Account, book_name: str) -> list[str]:
    books = [book for book in mail.state.address_books.values() if book.name == book_name]
    return [email.lower() for book in books for email in mail.members(book.id)]


def test_from_save_to_the_book_and_from_an_unsubscribe_back_to_the_store(hub, pages, shop, mail):
    shop.subscribe(ANN)
    shop.subscribe(BOB, consents=())
    shop.place_order(BOB, billing={"first_name": "Bob"})
    marketer = Browser(pages, email=NORTHWIND.marketer_email)

    marketer.submit(STORE_PAGE, subscribers_book="new", customers_book="", how="everybody")

    eventually(lambda: people_of(mail, "Store subscribers"), why="nobody came into the book")
    assert people_of(mail, "Store subscribers") == [ANN.lower()]
    assert mail.contact(BOB) is None

    mail.unsubscribe(ANN)
    eventually(lambda: "running" not in hub.shell(STATUSES), why="the first run does not end")
    marketer.submit(STORE_PAGE, to=f"{STORE_PAGE}sync/")

    eventually(lambda: shop.subscriber(ANN).consents == [], why="BigCommerce knows nothing of it")
    told = hub.ask("explain_contact", NORTHWIND.store_hash, ANN)
    assert told["audiences"]["subscribers"]["reason"] == "unsubscribed"
    assert told["ledger"]["accepts_marketing"] is False
    assert told["opt_outs"][0]["receipt"] == "confirmed"
    staff = Browser(pages, email=STAFF_EMAIL)
    assert NORTHWIND.name in staff.open("/admin/integrationhub/syncrun/")


STATUSES = (
    "from integrationhub.models import SyncRun; print(*SyncRun.objects.values_list('status'))"
)
