"""The program's settings, as the tests need them."""

import atexit
import os
import shutil
import tempfile

if "DATA_DIR" not in os.environ:  # a worker of pytest-xdist has the place of the first process
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="integration-hub-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("DEBUG", "on")  # whatever .env says

from integrationhub.settings import *  # noqa: F403 - the data's place must be known first
from integrationhub.settings import CACHES, INSTALLED_APPS

INSTALLED_APPS = ["tests", *INSTALLED_APPS]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "redis" in CACHES["default"]["BACKEND"]:
    CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "")
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
IMPORT_ASK_SECONDS = 0.0
