"""All settings, read from XIAOCHENG_* environment variables; the README lists them."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from xiaocheng.config import sqlite

PACKAGE = Path(__file__).resolve().parent.parent
WEB = PACKAGE / "interface" / "web"


# numpy's small matrices are computed sooner by one thread than by several that wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# --- environment helpers


def env(name: str, default: str = "") -> str:
    """Return the variable XIAOCHENG_<name>, stripped, or the default."""
    return os.environ.get(f"XIAOCHENG_{name}", "").strip() or default


def env_flag(name: str, default: str = "no") -> bool:
    """Return whether the variable says yes; an unknown word is an error, not a no."""
    word = env(name, default).lower()
    if word not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise SystemExit(f"XIAOCHENG_{name} is {word!r}; write yes or no.")
    return word in {"1", "true", "yes", "on"}


def env_number(name: str, default: int) -> int:
    """Return the variable as a whole number."""
    word = env(name, str(default))
    if not word.isdigit():
        raise SystemExit(f"XIAOCHENG_{name} is {word!r}; write a whole number.")
    return int(word)


def env_list(name: str) -> list[str]:
    """Return the comma-separated parts of the variable."""
    return [part.strip() for part in env(name).split(",") if part.strip()]


def secret_key() -> str:
    """Return the key from the environment, or the one kept in the data folder, made at first use."""
    if given := env("SECRET_KEY"):
        return given
    file = DATA_DIR / "secret_key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as fresh:
            fresh.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return file.read_text().strip()


def database(url: str) -> dict[str, Any]:
    """Translate sqlite:///path or postgres://user:password@host:port/name into Django's settings."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return sqlite_database(rest.removeprefix("/"))
    if scheme in {"postgres", "postgresql"}:
        return postgres_database(url)
    raise SystemExit(f"XIAOCHENG_DATABASE_URL begins with {scheme!r}; write sqlite:///path or postgres://…")


def sqlite_database(path: str) -> dict[str, Any]:
    """Return SQLite settings that lose no acknowledged write and never deadlock on an upgrade of a read lock."""
    sqlite.install()
    sqlite.refuse_unsafe_version()
    return {
        "ENGINE": "xiaocheng.config.sqlite_in_turn",
        "NAME": path if path == ":memory:" else str(Path(path).absolute()),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 25,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
            "PRAGMA cache_size=-4000",
        },
    }


def postgres_database(url: str) -> dict[str, Any]:
    """Return PostgreSQL settings with a pool and time limits, so one bad statement cannot hold up the others."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": given.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
        "OPTIONS": {
            **given,
            "pool": {"min_size": 1, "max_size": env_number("DATABASE_POOL", 8), "timeout": 10},
            "options": "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
        },
    }


def email(url: str) -> dict[str, Any]:
    """Translate console:, smtp://user:password@host:port (STARTTLS) or smtps:// into Django's settings."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtps"}:
        raise SystemExit(f"XIAOCHENG_EMAIL_URL begins with {parts.scheme!r}; write smtp://… or smtps://…")
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 5,
    }


# --- where, and what is on

DATA_DIR = Path(env("DATA_DIR", "data")).absolute()
DEBUG = env_flag("DEBUG")
SECRET_KEY = secret_key()
PUBLIC_URL = env("URL")  # as people type it, e.g. https://sales.example.com
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *env_list("ALLOWED_HOSTS"),
    *([urlsplit(PUBLIC_URL).hostname or ""] if PUBLIC_URL else []),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL.rstrip("/")] if PUBLIC_URL else []
WEB_HOST = env("HOST", "127.0.0.1")
WEB_PORT = env_number("PORT", 8000)
WEB_PROCESSES = env_number("WEB_PROCESSES", 2)
LOAD_DEMO = env_flag("DEMO", "yes")  # `run` fills an empty database with the demo company

# --- what it is made of: to add a module, add its line (lower modules first)

MODULES = [
    "xiaocheng.foundation.kernel",
    "xiaocheng.foundation.org",
    "xiaocheng.foundation.fields",
    "xiaocheng.foundation.files",
    "xiaocheng.foundation.approvals",
    "xiaocheng.foundation.channels",
    "xiaocheng.foundation.import_export",
    "xiaocheng.selling.catalogue",
    "xiaocheng.selling.customers",
    "xiaocheng.selling.tasks",
    "xiaocheng.selling.pipeline",
    "xiaocheng.selling.fieldwork",
    "xiaocheng.selling.trade",
    "xiaocheng.selling.expenses",
    "xiaocheng.selling.service",
    "xiaocheng.insight",
    "xiaocheng.control.targets",
    "xiaocheng.control.reports",
    "xiaocheng.interface.notifications",
    "xiaocheng.interface.web.shell",
    "xiaocheng.interface.api",
    "xiaocheng.interface.cli",
]

INSTALLED_APPS = [
    *MODULES,
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xiaocheng.interface.web.shell.middleware.LanguageMiddleware",
    "xiaocheng.interface.web.shell.middleware.ActorMiddleware",
    "xiaocheng.interface.web.shell.middleware.SizeMiddleware",
    "xiaocheng.interface.web.shell.middleware.AccessMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "xiaocheng.config.urls"
WSGI_APPLICATION = "xiaocheng.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- data

DATABASES = {"default": database(env("DATABASE_URL", f"sqlite:///{DATA_DIR}/xiaocheng.sqlite3"))}
# Shared by all processes: the login's rate limits count in it. `migrate` makes its table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
SESSION_ENGINE = "xiaocheng.interface.web.shell.sessions"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
MEDIA_ROOT = DATA_DIR / "files"
LARGEST_UPLOAD_MB = 64  # neither a table nor an attachment may be larger, whatever the rules say
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a bulk action names up to 2,000 rows

# --- people

AUTH_USER_MODEL = "org.Person"
AUTHENTICATION_BACKENDS = ["xiaocheng.interface.web.shell.adapters.Backend"]
PASSWORD_HASHERS = ["xiaocheng.config.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 14 * 24 * 3600
ACCOUNT_ADAPTER = "xiaocheng.interface.web.shell.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "xiaocheng.interface.web.shell.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ALLAUTH_TRUSTED_PROXY_COUNT = env_number("TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "xiaocheng.interface.web.shell.passkeys.AddPasskey",
    "edit_webauthn": "xiaocheng.interface.web.shell.passkeys.EditPasskey",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = "Xiaocheng"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": env("OIDC_NAME", "OpenID Connect"),
                "client_id": env("OIDC_CLIENT_ID"),
                "secret": env("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env("OIDC_ISSUER")},
            }
        ]
        if env("OIDC_ISSUER")
        else [],
    }
}

# --- pages

TEMPLATE_LOADERS: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    TEMPLATE_LOADERS = [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", TEMPLATE_LOADERS)],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "xiaocheng.interface.web.shell.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "xiaocheng.interface.web.shell.forms.Renderer"
FILTERS_EMPTY_CHOICE_LABEL = _("全部")
CSRF_FAILURE_VIEW = "xiaocheng.interface.web.shell.errors.csrf_failure"
STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "xiaocheng.config.staticfiles.HashedQueryStorage"},
}

# --- languages and time

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]

# --- safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "geolocation": ["self"],
    "camera": ["self"],
    "microphone": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- messages out

_email = email(env("EMAIL_URL", "console:"))
globals().update(_email)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "xiaocheng@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "INFO").upper()},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
