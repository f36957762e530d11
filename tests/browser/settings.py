"""The program's settings for pages in a browser: mistakes look as they do in production."""

from integrationhub.settings import *  # noqa: F403 - all but what follows
from integrationhub.settings import ACCOUNT_RATE_LIMITS

DEBUG = False
ROOT_URLCONF = "tests.browser.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS, WHITENOISE_AUTOREFRESH = True, False  # so that browsers keep files
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": "1000/m/ip"}  # the windows of all tests
