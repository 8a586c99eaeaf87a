"""Django settings, worked out from the district folder and a few environment variables.

ONESYSTEM_DISTRICT   the district folder; its store is `store.sqlite3` unless DATABASE_URL is set
DATABASE_URL         postgresql://user:password@host:port/name
ONESYSTEM_SECRET     the signing key; otherwise `secret` in the district folder, made at `new`
ONESYSTEM_DEBUG      1 shows Django's error pages; never on a served district
ONESYSTEM_HOSTS      host names to answer to, separated by commas (default: this machine)
ONESYSTEM_LEAN       1 for small caches in each of many processes: `serve` sets it
ONESYSTEM_HTTPS      1 when a proxy in front speaks https: secure cookies and HSTS
ONESYSTEM_LOG        json for a log of JSON objects, one an event
ONESYSTEM_LOG_PAGES  1 for a line a page: its route, how it ended, how long it took
ONESYSTEM_METRICS_TOKEN  lets whoever sends it as a bearer read /metrics/ from elsewhere
"""

import os
from pathlib import Path

from onesystem.web import logs
from onesystem.web.database import database_from

PACKAGE = Path(__file__).resolve().parent.parent
DISTRICT = Path(os.environ.get("ONESYSTEM_DISTRICT", "."))

DEBUG = os.environ.get("ONESYSTEM_DEBUG") == "1"
HTTPS = os.environ.get("ONESYSTEM_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("ONESYSTEM_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS]


def _secret() -> str:
    if key := os.environ.get("ONESYSTEM_SECRET"):
        return key
    kept = DISTRICT / "secret"
    if kept.exists():
        return kept.read_text(encoding="ascii").strip()
    # Without a district nothing is served, so nothing that this signs outlives the process.
    return os.urandom(32).hex()


SECRET_KEY = _secret()

ROOMS = [
    "access", "people", "contacts", "feeds", "record", "care", "budget", "flow", "evidence", "twin",
    "plan", "alliance", "web",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "rules",
    *(f"onesystem.{room}" for room in ROOMS),
]

MIDDLEWARE = [
    "onesystem.web.probes.Probes",
    "onesystem.web.counted.Counted",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "onesystem.web.language.choosing.Languages",
    "onesystem.web.storable.Storable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "onesystem.web.errors.Troubles",
]

ROOT_URLCONF = "onesystem.web.urls"
WSGI_APPLICATION = "onesystem.web.wsgi.application"
MESSAGE_STORAGE = "onesystem.web.language.notices.Notices"
LEAN = os.environ.get("ONESYSTEM_LEAN") == "1"
DATABASES = {"default": database_from(os.environ.get("DATABASE_URL", ""), DISTRICT, lean=LEAN)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.User"

TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "onesystem.web.language.backend.Pages",
        "DIRS": [PACKAGE / room / "templates" for room in ROOMS],
        "OPTIONS": {
            "environment": "onesystem.web.templating.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "onesystem.web.frame.frame",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "onesystem.access.adapter.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # for a shift: see SESSION_COOKIE_AGE
# E-mails say that something waits, never what: `onesystem doctor` shows where they go.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("ONESYSTEM_SMTP_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("ONESYSTEM_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("ONESYSTEM_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("ONESYSTEM_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ONESYSTEM_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("ONESYSTEM_SMTP_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("ONESYSTEM_SMTP_FROM", "onesystem@localhost")
ADDRESS = os.environ.get("ONESYSTEM_ADDRESS", "")  # of the pages, as users write it

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "onesystem"

# Five wrong passwords for one name, or twenty from one address, close the door for a while.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/5m/ip,5/5m/key"}
CSRF_FAILURE_VIEW = "onesystem.web.errors.csrf"
# The counts of wrong passwords must be the same for every worker, and no cache server is needed.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DISTRICT / "cache",
    }
    if (DISTRICT / "district.toml").exists()
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

SESSION_ENGINE = "onesystem.access.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # a shift
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],  # and the live stream's own port: see web.headers
    }
}

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # stored in UTC; pages show the district's zone

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True  # nothing has to be collected before the first page
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a pathway of 40 steps on one page
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
logs.configure()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_ids": {"()": "onesystem.web.logs.WithoutIds"}},
    "formatters": {"ours": {"()": "onesystem.web.logs.formatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["without_ids"],
            "formatter": "ours",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
