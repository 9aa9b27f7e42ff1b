"""Every setting of the project, read from the environment.

What each variable is for, and its value in production, stands in ``.env.template``; types and defaults stand here.
Every variable can also come as ``NAME_FILE``, the path of a file that holds its value.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF

from hnmproject import logs, sentry
from hnmproject.environment import Environment
from tasks import queues

APP_DIR = Path(__file__).resolve().parent.parent
BASE_DIR = APP_DIR.parent

env = Environment()
env.read_env(BASE_DIR / ".env")  # the environment wins over the file

# --- Essentials ------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_NAME = env.str("SITE_NAME", default="Hearth & Morrow")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CURRENCY = env.str("CURRENCY", default="EUR")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- Application -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "hnmproject.apps.ShopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_celery_beat",
    "django_countries",
    "django_extensions",
    "django_htmx",
    "django_prose_editor",
    "django_structlog",
    "modelsearch",
    "pictures",
    "core",
    "users",
    "ecommerce",
    "tasks",
    "hnmproject.apps.ProjectConfig",
]

MIDDLEWARE = [
    "hnmproject.metrics.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "users.languages.LanguageMiddleware",
    "users.time_zones.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "users.sessions.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.old_addresses.OldAddressMiddleware",
]

ROOT_URLCONF = "hnmproject.urls"
WSGI_APPLICATION = "hnmproject.wsgi.application"
ASGI_APPLICATION = "hnmproject.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

_TEMPLATE_LOADERS: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:  # while developing, an edited template shows at the next request
    _TEMPLATE_LOADERS = [("django.template.loaders.cached.Loader", _TEMPLATE_LOADERS)]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [APP_DIR / "hnmproject" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
                "ecommerce.context_processors.catalogue",
            ],
            "loaders": _TEMPLATE_LOADERS,
        },
    }
]

# --- Data ------------------------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers beside one writer, and writers that wait their turn instead of failing: web, worker and beat share it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, as in development: threads and other processes can open it too.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # allauth's own; its forms check what the constraints would, and CustomUser.email is unique besides.
    SILENCED_SYSTEM_CHECKS = ["models.W036"]
    # The password apart from the rest, so that it can be a file of its own and hold any character.
    if password := env.str("DATABASE_PASSWORD", default=""):
        DATABASES["default"]["PASSWORD"] = password
    DATABASES["default"]["OPTIONS"] = {"charset": "utf8mb4", "isolation_level": "read committed"}
    if env.bool("DATABASE_TLS", default=False):
        DATABASES["default"]["OPTIONS"]["ssl_mode"] = "REQUIRED"
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHE_URL = env.str("CACHE_URL", default="redis://127.0.0.1:6379/1")
CACHES = {
    "default": {
        "BACKEND": "hnmproject.cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "hnm",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
# How long nginx keeps the page of an anonymous visitor (see core.public_pages).
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=10)
# How long a link to a preview works (see core.services.previews).
PREVIEW_LINK_DAYS = env.int("PREVIEW_LINK_DAYS", default=7)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [APP_DIR / "hnmproject" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "core.storage.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880

PICTURES = {
    "BREAKPOINTS": {"s": 600, "m": 900, "l": 1200},
    "GRID_COLUMNS": 3,
    "CONTAINER_WIDTH": 1200,
    "FILE_TYPES": ["AVIF", "WEBP"],
    "PIXEL_DENSITIES": [1],
    "USE_PLACEHOLDERS": False,
    "PICTURE_CLASS": "core.renditions.Rendition",
    "PROCESSOR": "core.services.pictures.enqueue_renditions",
}

# --- Selling ---------------------------------------------------------------------------------------------------------

PRICES_INCLUDE_TAX = env.bool("PRICES_INCLUDE_TAX", default=True)
# How long a buyer's pieces are held: Stripe lets no payment page live for less than 30 minutes.
RESERVATION_MINUTES = env.int("RESERVATION_MINUTES", default=31)
# Staff are told once each time a variant falls to so many pieces or fewer.
LOW_STOCK_THRESHOLD = env.int("LOW_STOCK_THRESHOLD", default=5)
# A mail to SUPPORT_EMAIL each morning: what yesterday brought, and what waits.
DAILY_SUMMARY = env.bool("DAILY_SUMMARY", default=True)
# A parcel that was sent so many days ago counts as delivered. 0: staff complete orders themselves.
COMPLETE_AFTER_DAYS = env.int("COMPLETE_AFTER_DAYS", default=14)
# What an invoice says of the seller. Lines of the address are separated by "|".
SELLER_NAME = env.str("SELLER_NAME", default=SITE_NAME)
SELLER_ADDRESS = env.str("SELLER_ADDRESS", default="")
SELLER_COUNTRY = env.str("SELLER_COUNTRY", default="DE")
SELLER_TAX_NUMBER = env.str("SELLER_TAX_NUMBER", default="")
INVOICE_PREFIX = env.str("INVOICE_PREFIX", default="INV")
CREDIT_NOTE_PREFIX = env.str("CREDIT_NOTE_PREFIX", default="CN")

# The largest file of products that is read. nginx lets 20 MB through; Shopify itself makes files of 15 MB at the most.
PRODUCT_IMPORT_MAX_MEGABYTES = env.int("PRODUCT_IMPORT_MAX_MEGABYTES", default=15)

# Both or neither. Without them the shop shows its goods and takes no payment.
STRIPE_API_KEY = env.str("STRIPE_API_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
# Only for the simulator of development: empty means Stripe itself.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="")
# Where the payment page may be. Browsers follow a form's redirect only to what the security policy names.
STRIPE_CHECKOUT_ORIGINS = env.list("STRIPE_CHECKOUT_ORIGINS", default=["https://checkout.stripe.com"])
if STRIPE_API_BASE:  # the simulator's page is on this machine, on whatever port
    STRIPE_CHECKOUT_ORIGINS += [STRIPE_API_BASE, "http://localhost:*", "http://127.0.0.1:*"]

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "users.CustomUser"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Staff without a second factor are led to set one up before they get to any page for staff.
STAFF_REQUIRE_MFA = env.bool("STAFF_REQUIRE_MFA", default=not DEBUG)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "users:profile"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_CHANGE_EMAIL = True  # one address at a time: the new one takes over once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # a mail may take minutes
# Counted in the cache, so for all processes together; unlike nginx's, these know the account. What guards an account is
# counted by its address ("key"), wherever the attempts come from. What guards the shop is counted by the visitor's
# network address, generously and over long: many people may share one, and log in at the same hour.
ACCOUNT_RATE_LIMITS = {
    "login": "300/10m/ip",
    "login_failed": "100/10m/ip,5/5m/key",
    "signup": "100/10m/ip",
    "signup_address": "5/h/key",  # our own, see users.forms: each sign-up sends a mail there
    "confirm_email": "1/3m/key",
    "reset_password": "100/10m/ip,5/h/key",
    "reset_password_from_key": "100/10m/ip",
    "request_login_code": "100/10m/ip,5/h/key",
    "confirm_login_code": "100/10m/ip,15/h/key",  # our own: three attempts for each code that may be asked for
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_FORMS = {
    "login": "users.forms.LoginForm",
    "signup": "users.forms.SignupForm",
    "add_email": "users.forms.ChangeEmailForm",
    "change_password": "users.forms.ChangePasswordForm",
    "set_password": "users.forms.SetPasswordForm",
    "reset_password": "users.forms.ResetPasswordForm",
    "reset_password_from_key": "users.forms.ResetPasswordKeyForm",
    "request_login_code": "users.forms.RequestLoginCodeForm",
    "confirm_login_code": "users.forms.ConfirmLoginCodeForm",
    "reauthenticate": "users.forms.ReauthenticateForm",
}
ACCOUNT_ADAPTER = "users.adapter.AccountAdapter"
MFA_ADAPTER = "users.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "100/10m/ip"}
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # the code of half a minute ago still counts: nobody types it the moment that they read it
# Nobody is logged in without a confirmed address, and a new address takes over only once it is confirmed. Otherwise
# whoever has a second factor could not change their address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "users.forms.SecondFactorForm",
    "reauthenticate": "users.forms.SecondFactorAgainForm",
    "activate_totp": "users.forms.ActivateAppForm",
    "authenticate_webauthn": "users.forms.PasskeyStepForm",
    "reauthenticate_webauthn": "users.forms.PasskeyAgainForm",
    "login_webauthn": "users.forms.PasskeyLoginForm",
    "add_webauthn": "users.forms.AddPasskeyForm",
    "edit_webauthn": "users.forms.RenamePasskeyForm",
}
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# --- Language and time -----------------------------------------------------------------------------------------------

# The shop's own: of what is sold and written here, of staff's mails, and of visitors whose browser names none of those
# on offer. How to add another: docs/languages.md.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}
LANGUAGES = [(code, LANGUAGE_NAMES.get(code, code)) for code in env.list("LANGUAGES", default=[*LANGUAGE_NAMES])]
LANGUAGE_COOKIE_NAME = "language"  # nginx looks at it too (nginx/templates/languages.conf.template)
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_HTTPONLY = True
# One catalogue for all apps. It wins over those of Django and of the libraries, so a word reads the same everywhere.
LOCALE_PATHS = [APP_DIR / "locale"]
USE_I18N = True
# Numbers in sentences stay below a thousand, or go through templatetags.money and intcomma; keys, years and widths,
# which are numbers too, must not be grouped.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["hnmproject.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- Security --------------------------------------------------------------------------------------------------------

# One switch for everything that needs TLS in front. Only development turns it off.
HTTPS = env.bool("HTTPS", default=True)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow passkeys on localhost and with TLS only
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *STRIPE_CHECKOUT_ORIGINS],
        "base-uri": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "usb")
}

# --- Mail ------------------------------------------------------------------------------------------------------------

# Whatever sends mail writes a durable job; the job's handler uses MAIL_TRANSPORT (see tasks.mail).
EMAIL_BACKEND = "tasks.mail.QueuedEmailBackend"
MAIL_OUTBOX = VAR_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    _smtp = environ.Env.email_url_config(EMAIL_URL)
    EMAIL_HOST = _smtp["EMAIL_HOST"]
    EMAIL_PORT = _smtp["EMAIL_PORT"]
    EMAIL_HOST_USER = _smtp["EMAIL_HOST_USER"] or ""
    EMAIL_HOST_PASSWORD = _smtp["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS = _smtp.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _smtp.get("EMAIL_USE_SSL", False)
else:
    MAIL_TRANSPORT = "tasks.mail.OutboxEmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <shop@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="support@localhost")

# --- Background work -------------------------------------------------------------------------------------------------

JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", default=10)
JOB_RETENTION_DAYS = env.int("JOB_RETENTION_DAYS", default=30)
JOB_FAILED_RETENTION_DAYS = env.int("JOB_FAILED_RETENTION_DAYS", default=90)
ACCOUNT_DELETION_DAYS = env.int("ACCOUNT_DELETION_DAYS", default=14)
BUYER_RETENTION_YEARS = env.int("BUYER_RETENTION_YEARS", default=10)
MESSAGE_RETENTION_DAYS = env.int("MESSAGE_RETENTION_DAYS", default=365)
UPLOAD_RETENTION_DAYS = env.int("UPLOAD_RETENTION_DAYS", default=90)
JOB_FILE_RETENTION_DAYS = env.int("JOB_FILE_RETENTION_DAYS", default=7)
HEARTBEAT_FILE = env.str("HEARTBEAT_FILE", default="")

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for as long as it takes
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest job; a message delivered again before its job has ended finds the job's lease and goes.
    "visibility_timeout": env.int("CELERY_VISIBILITY_TIMEOUT", default=3600),
    # Whoever sends gives up soon, for the sweep sends again; a worker's own reconnecting is not limited by these.
    "socket_connect_timeout": 1,
    "socket_timeout": 3,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "health_check_interval": 25,
    # A worker takes from the first of its queues that holds something, as tasks.queues.POOLS says.
    "queue_order_strategy": "priority",
}
CELERY_RESULT_BACKEND = None  # results are columns of the job
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = queues.QUEUES
CELERY_TASK_ROUTES = queues.ROUTES
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a misspelt queue is an error and not a place where jobs wait for ever
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=0) or None  # None: one for each core
CELERY_WORKER_PREFETCH_MULTIPLIER = env.int("WORKER_PREFETCH", default=1)
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60  # seconds: after its own four, Celery kills children that a busy server starts
CELERY_WORKER_MAX_TASKS_PER_CHILD = env.int("WORKER_MAX_JOBS_PER_CHILD", default=1000)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MAX_MEGABYTES_PER_CHILD", default=300) * 1024  # in KiB
CELERY_TASK_SOFT_TIME_LIMIT = env.int("JOB_SOFT_TIME_LIMIT_SECONDS", default=1500)
CELERY_TASK_TIME_LIMIT = env.int("JOB_TIME_LIMIT_SECONDS", default=1800)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_TASK_SEND_SENT_EVENT = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "tasks.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SYNC_EVERY = 1  # what was sent is written at once, for a beat that takes over
DJANGO_CELERY_BEAT_TZ_AWARE = True

# How far a job is reaches the sockets through Redis's publish and subscribe, which keeps nothing: the job's row is the
# truth, and each socket looks at it now and then.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 1, "socket_timeout": 3}],
            "prefix": "live",
        },
    }
}

# --- Backups ---------------------------------------------------------------------------------------------------------

# Where backups lie. Empty: nobody looks whether there are any, as in development.
BACKUP_DIR = Path(_backup_dir) if (_backup_dir := env.str("BACKUP_DIR", default="")) else None
BACKUP_KEEP_DAILY = env.int("BACKUP_KEEP_DAILY", default=7)
BACKUP_KEEP_WEEKLY = env.int("BACKUP_KEEP_WEEKLY", default=4)
BACKUP_KEEP_MONTHLY = env.int("BACKUP_KEEP_MONTHLY", default=6)
BACKUP_MAX_AGE_HOURS = env.int("BACKUP_MAX_AGE_HOURS", default=26)
BACKUP_VERIFY_MAX_AGE_DAYS = env.int("BACKUP_VERIFY_MAX_AGE_DAYS", default=8)
# Encryption: public keys of age, else a passphrase, else none. The private key is for restoring alone.
BACKUP_AGE_RECIPIENTS = env.list("BACKUP_AGE_RECIPIENTS", default=[])
BACKUP_AGE_IDENTITY = env.str("BACKUP_AGE_IDENTITY", default="")
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", default="")
BACKUP_S3_BUCKET = env.str("BACKUP_S3_BUCKET", default="")
BACKUP_S3_PREFIX = env.str("BACKUP_S3_PREFIX", default="")
BACKUP_S3_ENDPOINT = env.str("BACKUP_S3_ENDPOINT", default="")
BACKUP_S3_REGION = env.str("BACKUP_S3_REGION", default="us-east-1")
BACKUP_S3_ACCESS_KEY = env.str("BACKUP_S3_ACCESS_KEY", default="")
BACKUP_S3_SECRET_KEY = env.str("BACKUP_S3_SECRET_KEY", default="")

# --- Watching --------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING = logs.configuration(level=LOG_LEVEL, output=LOG_FORMAT)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG  # the lines about a task's job say more than these
DJANGO_STRUCTLOG_CELERY_TASK_RETRY_LOG_LEVEL = logging.DEBUG  # also: sweeps that waited too long and were dropped
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # nginx's access log has it, with its own retention
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request: the one that says how it ended
# Behind our nginx the id is nginx's; without a proxy a visitor could choose it, so it is made here.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = TRUSTED_PROXY_COUNT > 0

# Where staff find Flower, for links to it: there is none in embedded mode.
FLOWER_URL = env.str("FLOWER_URL", default="")

SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
RELEASE = env.str("RELEASE", default="development")
if SENTRY_DSN:
    sentry.start(dsn=SENTRY_DSN, environment=SENTRY_ENVIRONMENT, release=RELEASE)
