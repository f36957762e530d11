"""What every test may ask for: both pretend vendors, an account, and a connected store."""

from datetime import timedelta

import pytest

from bigcommerce.sandbox import Sandbox as BigCommerceSandbox
from dotdigital.sandbox import Sandbox as DotdigitalSandbox
from integrationhub import data_fields, probes, stores
from integrationhub.models import Account

pytest_plugins = ["tests.network", "tests.processes", "tests.workers"]
STORE_HASH, ACCESS_TOKEN = "abc12", "shop-token-abc12"
API_USER, API_PASSWORD = "apiuser-abc12@apiconnector.com", "mail-password-abc12"


@pytest.fixture(autouse=True)
def hurry(settings):
    """Let the clients lose patience in milliseconds instead of a minute."""
    settings.BIGCOMMERCE_TUNING = {"backoff": 0.01, "tries": 3, "read_timeout": 1.0}
    settings.DOTDIGITAL_TUNING = {
        "first_pause": 0.01,
        "first_poll": 0.01,
        "attempts": 3,
        "answer_timeout": 2.0,
    }


@pytest.fixture
def shop_server(settings):
    with BigCommerceSandbox() as server:
        settings.BIGCOMMERCE_API_URL = settings.BIGCOMMERCE_LOGIN_URL = server.url
        yield server


@pytest.fixture
def mail_server(settings):
    with DotdigitalSandbox() as server:
        settings.DOTDIGITAL_API_URL = server.url
        yield server


@pytest.fixture
def shop(shop_server):
    return shop_server.add_store(STORE_HASH, access_token=ACCESS_TOKEN, name="Test shop")


@pytest.fixture
def mail(mail_server):
    return mail_server.add_account(user=API_USER, password=API_PASSWORD, name="Test account")


@pytest.fixture
def account(db):
    return Account.objects.create(name="Acme", slug="acme")


@pytest.fixture
def store(account, shop, mail):
    """A connected store; the data fields were there before: making them is not what it is about."""
    for _, name, kind in data_fields.DEFAULT_FIELDS:
        mail.add_data_field(name, kind)
    credentials = probes.Credentials(
        store_hash=STORE_HASH, access_token=ACCESS_TOKEN, api_user=API_USER, password=API_PASSWORD
    )
    return stores.connect(account, credentials)


@pytest.fixture
def sandboxes_later(shop_server, mail_server):
    def move(*, minutes):
        shop_server.clock.advance(timedelta(minutes=minutes).total_seconds())
        mail_server.clock.advance(timedelta(minutes=minutes).total_seconds())

    return move
