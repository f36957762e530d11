"""Getting in and out."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory
from tests.integrationhub.web.reading import words_of

pytestmark = pytest.mark.django_db


def log_in(client, user, *, password=PASSWORD, then="", **more):
    entered = {"login": user.email, "password": password}
    return client.post(reverse("account_login") + then, entered, **more)


def test_a_person_logs_in_by_email_and_password_and_out_again():
    client, user = Client(), UserFactory()

    assert log_in(client, user).url == reverse("home")
    assert SESSION_KEY in client.session
    client.post(reverse("account_logout"))

    assert SESSION_KEY not in client.session


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer():
    client, user = Client(), UserFactory()

    wrong = words_of(log_in(client, user, password="nope"))
    unknown = words_of(log_in(client, UserFactory.build(), password="nope"))

    assert "not correct" in wrong
    assert wrong == unknown


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait():
    client, user = Client(), UserFactory()
    for _ in range(5):
        log_in(client, user, password="nope")

    log_in(client, user)

    assert SESSION_KEY not in client.session


def test_nobody_signs_up():
    client = Client()

    answer = client.post(
        reverse("account_signup"), {"email": "a@example.com", "password1": "x", "password2": "x"}
    )

    assert "Nobody signs up here" in words_of(answer)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)"]
)
def test_the_log_in_leads_to_our_own_pages_only(elsewhere):
    answer = log_in(Client(), UserFactory(), then=f"?next={elsewhere}")

    assert answer.url == reverse("home")


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_signup",
        "account_inactive",
    ],
)
def test_the_pages_before_the_log_in_look_like_ours(name):
    answer = Client().get(reverse(name))

    assert answer.status_code == 200
    assert "integrationhub/hub" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["account_change_password", "account_email", "account_logout", "account_reauthenticate"]
)
def test_the_pages_of_ones_own_log_in_look_like_ours(name):
    client = Client()
    client.force_login(UserFactory())

    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "integrationhub/hub" in answer.content.decode()


def test_a_page_that_does_not_exist_says_so_kindly():
    client = Client()
    client.force_login(UserFactory())

    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert "This page does not exist" in words_of(answer)


def test_a_foreign_host_is_refused():
    assert Client().get("/", headers={"host": "evil.test"}).status_code == 400
