"""Tests of the secret box and of secrets in the database."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from integrationhub.fields import SecretBox, SecretUnreadableError
from integrationhub.models import Account

OLD = "old:" + base64.urlsafe_b64encode(b"o" * 32).decode()
NEW = "new:" + base64.urlsafe_b64encode(b"n" * 32).decode()


def test_what_is_sealed_opens_again_only_in_its_own_place():
    box = SecretBox(NEW)
    sealed = box.seal("s3cret", context="Store.access_token")

    assert box.open(sealed, context="Store.access_token") == "s3cret"
    with pytest.raises(SecretUnreadableError):
        box.open(sealed, context="Account.dotdigital_password")


def test_a_new_key_seals_while_the_old_one_still_opens():
    sealed = SecretBox(OLD).seal("s3cret", context="c")
    box = SecretBox(f"{NEW},{OLD}")

    assert box.open(sealed, context="c") == "s3cret"
    assert box.seal("s3cret", context="c").startswith("v1.new.")


def test_a_missing_key_is_a_loud_error_that_names_it():
    sealed = SecretBox(OLD).seal("s3cret", context="c")

    with pytest.raises(SecretUnreadableError, match="'old'"):
        SecretBox(NEW).open(sealed, context="c")


@pytest.mark.parametrize("keys", ["", "k1", "k1:short", "k1:" + "A" * 44 + ",bad"])
def test_keys_that_are_none_stop_the_program_with_a_sentence(keys):
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        SecretBox(keys)


@pytest.mark.django_db
def test_no_secret_stands_in_the_database_in_clear():
    account = Account.objects.create(name="A", slug="a", dotdigital_password="s3cret")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM integrationhub_account")
        row = str(cursor.fetchone())

    account.refresh_from_db()
    assert "s3cret" not in row
    assert account.dotdigital_password == "s3cret"
