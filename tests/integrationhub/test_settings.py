"""Tests of settings that a program in production must not start without, or starts with wrongly."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SECRETS = {"SECRET_KEY": "long enough", "ENCRYPTION_KEYS": "k1:" + "A" * 43 + "="}
PRODUCTION = {**SECRETS, "DEBUG": "off", "SITE_URL": ""}


def read_site_url(**environment):
    """Answer what a fresh process says when it reads this setting in this environment."""
    return subprocess.run(
        [sys.executable, "-c", "from integrationhub import settings; print(settings.SITE_URL)"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        ("hub.example.com,other.example.com", "https://hub.example.com"),
        (".example.com,hub.example.com", "https://hub.example.com"),
        ("*,hub.example.com", "https://hub.example.com"),
    ],
)
def test_links_in_mails_lead_to_the_first_host_that_is_one(hosts, address):
    done = read_site_url(**PRODUCTION, ALLOWED_HOSTS=hosts)

    assert done.stdout.strip() == address


@pytest.mark.parametrize("hosts", ["*", ".example.com", ""])
def test_where_the_hosts_name_no_address_the_program_asks_for_one(hosts):
    done = read_site_url(**PRODUCTION, ALLOWED_HOSTS=hosts)

    assert done.returncode != 0
    assert "ImproperlyConfigured: SITE_URL is not set" in done.stderr


def test_where_the_hosts_name_no_address_the_given_one_is_taken():
    given = {**PRODUCTION, "SITE_URL": "https://hub.example.com/"}

    done = read_site_url(**given, ALLOWED_HOSTS="*")

    assert done.stdout.strip() == "https://hub.example.com"


def test_to_try_the_program_no_address_is_needed():
    done = read_site_url(**{**PRODUCTION, "DEBUG": "on"}, ALLOWED_HOSTS="*")

    assert done.stdout.strip() == "http://127.0.0.1:8000"
