"""The site's settings: from the environment, with a safe default each (README, Configuration)."""

from __future__ import annotations

import logging
import mimetypes
import os
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from delivery.admin_theme import UNFOLD as UNFOLD
from delivery.environment import locate_package, read_bool, read_int, read_list, read_secret
from delivery.logs import configure_logging

PACKAGE_DIR = Path(__file__).resolve().parent
# The templates and scripts of the `problem` block's inputs. Its Django app would be the customary
# way to them, but it makes every process load the block's scientific libraries: 150 MB and seconds.
CAPA_DIR = locate_package("xblocks_contrib") / "problem" / "capa"
DATA_DIR = Path(os.environ.get("LIBSCHOOL_DATA", "var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

PRODUCTION = read_bool("LIBSCHOOL_PRODUCTION")
DEBUG = read_bool("DEBUG")
SECRET_KEY = read_secret(DATA_DIR, PRODUCTION)
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS")
BEHIND_TLS = read_bool("BEHIND_TLS", PRODUCTION)
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS")
if PRODUCTION and (DEBUG or not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "A production site needs ALLOWED_HOSTS with its own names, and DEBUG off."
    )

SCHOOL_NAME = os.environ.get("SCHOOL_NAME", "Library School")
# Where links in mails lead: there is no request to take it from.
SITE_URL = os.environ.get(
    "SITE_URL", next(iter(CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")
).rstrip("/")

INSTALLED_APPS = [
    "delivery.apps.DeliveryConfig",
    "grading.apps.GradingConfig",
    "jobs.apps.JobsConfig",
    "practicum.apps.PracticumConfig",
    "delivery.apps.SubmissionsConfig",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_structlog",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "delivery.apps.SchoolAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "delivery.guards.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "delivery.guards.NulMiddleware",
    "delivery.access.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
    "delivery.guards.BusyDatabaseMiddleware",
]

ROOT_URLCONF = "delivery.urls"
WSGI_APPLICATION = "delivery.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "templates", CAPA_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "delivery.context.school",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA_DIR / 'libschool.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=False,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL with IMMEDIATE transactions: without them nearly every concurrent read-modify-write
    # fails with "database is locked". FULL keeps the last commit over a loss of power.
    DATABASES["default"] |= {
        "ENGINE": "delivery.sqlite",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": read_int("SQLITE_TIMEOUT", 5),
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA cache_size=-20000;PRAGMA journal_size_limit=67108864;"
            ),
        },
        # A file, so that several threads and processes of a test see one database.
        "TEST": {"NAME": os.environ.get("SQLITE_TEST_NAME", str(DATA_DIR / "test.sqlite3"))},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["CACHE_URL"],
    }
    if "CACHE_URL" in os.environ
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

GRADING_SCORE_HOST = "delivery.given.SiteScores"  # takes the scores of answers graded again

# --- Celery: only a production site with workers needs it (docs/decisions, durable jobs) ----------

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")

# --- People -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "delivery.accounts.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
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
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("EMAIL_VERIFICATION", "optional")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "delivery.forms.SignInForm",
    "signup": "delivery.forms.NewAccountForm",
    "add_email": "delivery.forms.NewAddressForm",
    "change_password": "delivery.forms.OtherPasswordForm",
    "set_password": "delivery.forms.FirstPasswordForm",
    "reset_password": "delivery.forms.LostPasswordForm",
    "reset_password_from_key": "delivery.forms.NewPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": None,  # axes counts these, for all processes together
    "login": "120/m/ip",  # a whole class may sit behind one address
    "signup": "60/m/ip",
}
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_IPWARE_PROXY_COUNT = read_int("PROXY_COUNT", 0)
AXES_VERBOSE = False

# --- Mail ---------------------------------------------------------------------------------------

EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_PORT = read_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = read_bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Library School <school@localhost>")

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE", "en")
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
# A language is offered once the site's own words are translated into it: pages half in one and
# half in another language help nobody.
LANGUAGES = [
    (code, name)
    for code, name in (
        ("bg", _("Bulgarian")),
        ("en", _("English")),
        ("hr", _("Croatian")),
        ("kk", _("Kazakh")),
        ("ru", _("Russian")),
        ("sl", _("Slovene")),
    )
    if code == "en" or (LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.mo").exists()
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")

# --- Files --------------------------------------------------------------------------------------

mimetypes.add_type("text/javascript", ".js")
STATIC_URL = os.environ.get("STATIC_URL", "/static/")
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", DATA_DIR / "static"))
STATICFILES_DIRS = [CAPA_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "delivery.resources.XBlockResourceFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "delivery.static_files.StaticFiles"},
}
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", DATA_DIR / "media"))
MEDIA_URL = "/media/"
MAX_COURSE_UPLOAD = read_int("MAX_COURSE_UPLOAD", 100 * 2**20)  # bytes
MAX_REQUEST_BODY = read_int("MAX_REQUEST_BODY", 20 * 2**20)  # bytes, but for courses
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o600

# --- XBlocks ------------------------------------------------------------------------------------

XBLOCK_SETTINGS: dict[str, dict[str, object]] = {}
# Handlers of other people's blocks, by block type and name, with who may call them: "learner" or
# "author". Only what is listed here, in delivery/handlers.py or on the handler itself is served.
XBLOCK_HANDLER_ACCESS: dict[str, dict[str, str]] = {}
# Block types whose frames may use `eval`, besides those in delivery/runtime/frames.py.
XBLOCK_EVAL_TYPES: list[str] = []

# --- Practicum ------------------------------------------------------------------------------------

PRACTICUM_MAIL_VERIFIED = "delivery.accounts.is_mail_verified"
PRACTICUM_KEEP_DAYS = read_int("PRACTICUM_KEEP_DAYS", 0)
PRACTICUM_ADDRESS_OF = "delivery.logs.visitor_address"

# --- Safety -------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_ENGINE = "delivery.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from a meta element
CSRF_FAILURE_VIEW = "delivery.views.errors.csrf_failure"
if BEHIND_TLS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/$", r"^ready/$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "object-src": [NONE],
    }
}

# --- Logs ---------------------------------------------------------------------------------------

LOGGING = configure_logging(
    level=os.environ.get("LOG_LEVEL", "INFO"),
    as_json=read_bool("LOG_JSON", PRODUCTION or not sys.stderr.isatty()),
)
LOGGING_CONFIG = "logging.config.dictConfig"
# One line a request, when it has been answered; the visitor's address is bound by delivery.logs.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
SILENCED_SYSTEM_CHECKS: list[str] = []
