"""Tests of connecting: what vendors tell is not trusted blindly, and nothing is half done."""

import pytest

from integrationhub import probes, stores
from integrationhub.models import Store
from integrationhub.reasons import Reason

pytestmark = pytest.mark.django_db


def credentials(**changes):
    values = {
        "store_hash": "abc12",
        "access_token": "shop-token-abc12",
        "api_user": "apiuser-abc12@apiconnector.com",
        "password": "mail-password-abc12",
    }
    return probes.Credentials(**values | changes)


def test_an_account_is_never_moved_to_another_dotdigital_account(store, account, mail_server):
    mail_server.add_account(user="apiuser-2@apiconnector.com", password="p", name="Other")
    other = credentials(api_user="apiuser-2@apiconnector.com", password="p")

    with pytest.raises(probes.ConnectionRefusedByVendorError) as refused:
        stores.connect(account, other)

    account.refresh_from_db()
    assert refused.value.reason == Reason.DOTDIGITAL_OTHER_ACCOUNT
    assert account.dotdigital_api_user == "apiuser-abc12@apiconnector.com"


@pytest.mark.parametrize(
    ("changes", "side", "reason"),
    [
        ({"access_token": "two words"}, "bigcommerce", Reason.BIGCOMMERCE_CREDENTIALS),
        ({"access_token": "wrong"}, "bigcommerce", Reason.BIGCOMMERCE_CREDENTIALS),
        ({"store_hash": "../x"}, "bigcommerce", Reason.BIGCOMMERCE_STORE_UNKNOWN),
        ({"password": "wrong"}, "dotdigital", Reason.DOTDIGITAL_CREDENTIALS),
    ],
)
def test_wrong_credentials_name_their_side_and_change_nothing(
    account, shop, mail, changes, side, reason
):
    with pytest.raises(probes.ConnectionRefusedByVendorError) as refused:
        stores.connect(account, credentials(**changes))

    account.refresh_from_db()
    assert (refused.value.side, refused.value.reason) == (side, reason)
    assert not account.is_connected
    assert not Store.objects.exists()


def test_long_names_and_odd_zones_of_the_vendors_do_no_harm(account, shop, mail):
    shop.name = "S" * 400
    mail.state.name = "M" * 400

    store = stores.connect(account, credentials())

    account.refresh_from_db()
    assert len(store.name) == 255
    assert account.time_zone in {"Europe/London", "UTC"}


def test_credentials_show_no_secret_in_a_traceback():
    assert "secret" not in repr(credentials(access_token="secret-token", password="secret"))
