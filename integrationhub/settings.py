"""Every setting of the program, and the only place that reads the environment."""

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# With DEBUG on only this machine is answered, so a forgotten setting never shows itself to others.
DEBUG = env.bool("DEBUG", default=True)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))


def _secret(name: str) -> str:
    """Return the secret called `name`; while DEBUG is on, one is made and kept beside the data."""
    value: str = env.str(name, default="")
    if value:
        return value
    if not DEBUG:
        raise ImproperlyConfigured(
            f"{name} is not set. With DEBUG off the program needs its own secrets: "
            "set it in the environment or in .env (see .env.example)."
        )
    return _kept_secret(DATA_DIR / f"{name.lower()}.secret")


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    try:
        os.link(draft, path)  # the first process to get here decides for all
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()


SECRET_KEY = _secret("SECRET_KEY")
ENCRYPTION_KEYS = _secret("ENCRYPTION_KEYS")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])


def _vendor_url(name: str, default: str) -> str:
    """Return a vendor's address; another than its own is for servers that speak its protocol."""
    url: str = env.str(name, default=default)
    parts = urlsplit(url)
    is_loopback = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or not (is_loopback or parts.scheme == "https"):
        raise ImproperlyConfigured(
            f"{name} is {url!r}. It must be an https address; plain http is for this machine only."
        )
    return url.rstrip("/")


BIGCOMMERCE_API_URL = _vendor_url("BIGCOMMERCE_API_URL", "https://api.bigcommerce.com")
BIGCOMMERCE_LOGIN_URL = _vendor_url("BIGCOMMERCE_LOGIN_URL", "https://login.bigcommerce.com")
DOTDIGITAL_API_URL = _vendor_url("DOTDIGITAL_API_URL", "https://r1-api.dotdigital.com")
DOTDIGITAL_INTEGRATION_TOKEN = env.str("DOTDIGITAL_INTEGRATION_TOKEN", default="")
# How patient the clients are: names and defaults are those of each client's Tuning.
BIGCOMMERCE_TUNING = env.json("BIGCOMMERCE_TUNING", default={})
# One call must end before the lease of its worker does.
DOTDIGITAL_TUNING = env.json(
    "DOTDIGITAL_TUNING", default={"answer_timeout": 45.0, "patience": 40.0}
)
# How long a page may wait for a vendor; jobs are more patient.
PAGE_PATIENCE_SECONDS = env.float("PAGE_PATIENCE_SECONDS", default=10.0)
# How long one question about one person may take, for a page that asks both sides.
GLANCE_SECONDS = env.float("GLANCE_SECONDS", default=3.0)
GLANCES_IN_TEN_MINUTES = 60
# So many pages of a long listing are asked for at once.
BIGCOMMERCE_READERS = env.int("BIGCOMMERCE_READERS", default=3)
BIGCOMMERCE_QUOTA_SHARE = env.float("BIGCOMMERCE_QUOTA_SHARE", default=0.5)

# Only for `manage.py connect_store`, which keeps them encrypted in the database.
BIGCOMMERCE_ACCESS_TOKEN = env.str("BIGCOMMERCE_ACCESS_TOKEN", default="")
DOTDIGITAL_API_USER = env.str("DOTDIGITAL_API_USER", default="")
DOTDIGITAL_API_PASSWORD = env.str("DOTDIGITAL_API_PASSWORD", default="")

# The sync.
SYNC_INTERVAL_SECONDS = env.int("SYNC_INTERVAL_SECONDS", default=300)
SYNC_SLICE_SECONDS = env.int("SYNC_SLICE_SECONDS", default=40)
SYNC_LEASE_SECONDS = env.int("SYNC_LEASE_SECONDS", default=90)
# So many stores of one account are worked on at once at most, while other accounts wait.
SYNC_STORES_PER_ACCOUNT = env.int("SYNC_STORES_PER_ACCOUNT", default=2)
# How long a vendor may keep silent at a slice's beginning while other stores are due: the first
# time, the next few, when it is known to be slow or away, and once it is rarely tried.
SYNC_SILENCE_SECONDS = env.json("SYNC_SILENCE_SECONDS", default=[5.0, 15.0, 15.0, 15.0, 135.0])
SYNC_OVERLAP_SECONDS = env.int("SYNC_OVERLAP_SECONDS", default=600)
# A complete read finds deletions, and consents that moved without a date.
FULL_READ_HOURS = env.int("FULL_READ_HOURS", default=24)
# It waits for these hours of the account's own night, from and to, but not for a second night.
QUIET_HOURS = [int(hour) for hour in env.str("QUIET_HOURS", default="1-5").split("-")]
# An import holds this many contacts at most, and this many bytes.
IMPORT_BATCH_SIZE = env.int("IMPORT_BATCH_SIZE", default=5000)
IMPORT_BATCH_BYTES = env.int("IMPORT_BATCH_BYTES", default=8_000_000)
IMPORT_ASK_SECONDS = env.float("IMPORT_ASK_SECONDS", default=0.5)
IMPORT_STUCK_SECONDS = env.float("IMPORT_STUCK_SECONDS", default=1800.0)
IMPORT_LOST_SECONDS = env.float("IMPORT_LOST_SECONDS", default=120.0)
# So long everything is kept of the people of a disconnected store, lest it be connected again.
DISCONNECTED_KEPT_DAYS = env.int("DISCONNECTED_KEPT_DAYS", default=30)
TEXT_FIELD_LIMIT = env.int("TEXT_FIELD_LIMIT", default=1000)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "auditlog",
    "django_htmx",
    "django_q",
    "integrationhub",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "integrationhub.web.security.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "integrationhub.web.actor.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "integrationhub.web.missing.MissingPageMiddleware",
]
# Who has changed what. Nothing that a client tells of itself is kept: no address, no header.
AUDITLOG_LOGENTRY_MODEL = "integrationhub.ActivityEntry"
AUDITLOG_CID_HEADER = None
AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_MASK_CALLABLE = "integrationhub.models.activity.masked"

ROOT_URLCONF = "integrationhub.urls"
WSGI_APPLICATION = "integrationhub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'hub.sqlite3'}")}
_database = DATABASES["default"]
_is_sqlite = _database["ENGINE"].endswith("sqlite3")
if _is_sqlite:
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA wal_autocheckpoint=8000;",
    }
_database["CONN_MAX_AGE"] = 60
_database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis_url = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis_url}
        if _redis_url
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
        }
    )
}

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")

# The queue is a doorbell: what is due stands in the database, a message only says "look".
JOB_TIMEOUT = env.int("JOB_TIMEOUT", default=120)
Q_CLUSTER = {
    "name": "integrationhub",
    "orm": "default",
    "cache": "default",
    # A worker mostly waits for a vendor: more of them than processors, so that one whose store
    # does not answer at all holds up nobody.
    "workers": env.int("JOB_WORKERS", default=4),
    "queue_limit": 1,
    "bulk": 1,
    "timeout": JOB_TIMEOUT,
    "retry": 3 * JOB_TIMEOUT + 60,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": -1,
    "recycle": 500,
    "max_rss": 300_000,
    "poll": env.float("JOB_POLL_SECONDS", default=0.3 if _is_sqlite else 1.0),
    "guard_cycle": 1,
    "scheduler": True,
    "label": "Background jobs",
    "log_level": LOG_LEVEL,
    "ALT_CLUSTERS": {},
}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "integrationhub.web.sign_in.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"connect_store": "10/10m/user"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10


def _site_url() -> str:
    """Return the address given, or that of the first host; a pattern of hosts is no address."""
    given: str = env.str("SITE_URL", default="")
    if given or DEBUG:
        return (given or "http://127.0.0.1:8000").rstrip("/")
    for host in ALLOWED_HOSTS:
        if not host.startswith(("*", ".")):
            return f"https://{host}"
    raise ImproperlyConfigured(
        "SITE_URL is not set, and ALLOWED_HOSTS names no single host to take it from: "
        "set it to the address of the pages, such as https://hub.example.com. Links in mails "
        "lead there."
    )


# Where the pages are, for links in mails: never taken from a request.
SITE_URL = _site_url()
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="integration-hub@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Under the name that Django 6 gives it.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # At DEBUG it writes down addresses, and people's e-mail addresses stand in those.
    "loggers": {"urllib3": {"level": "WARNING"}},
}
