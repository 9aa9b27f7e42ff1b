"""System checks that stop a start which would go wrong later, each saying what to set."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host


@register(Tags.security)
def secret_key_is_set(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        settings.SECRET_KEY  # noqa: B018  # Django raises when it is empty
    except ImproperlyConfigured:
        hint = "Set SECRET_KEY, or SECRET_KEY_FILE, to 50 or more random characters. `make run` makes one by itself."
        return [Error("SECRET_KEY is not set.", hint=hint, id="hnmproject.E001")]
    return []


@register(Tags.urls)
def site_url_is_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every absolute link, in mails, feeds and the sitemap, begins with SITE_URL."""
    url = urlsplit(settings.SITE_URL)
    if url.scheme not in {"http", "https"} or not url.hostname or url.path:
        hint = "Set it to the scheme and host that visitors type, such as https://shop.example.com, with no path."
        return [Error(f"SITE_URL is not an address: {settings.SITE_URL!r}.", hint=hint, id="hnmproject.E002")]
    if not validate_host(url.hostname, settings.ALLOWED_HOSTS):
        hint = f"Add {url.hostname} to ALLOWED_HOSTS; without it every request is refused."
        return [Error("The host of SITE_URL is not in ALLOWED_HOSTS.", hint=hint, id="hnmproject.E003")]
    if settings.HTTPS and url.scheme != "https" and url.hostname not in {"localhost", "127.0.0.1"}:
        hint = "Set SITE_URL to an https:// address, or HTTPS=off where TLS is really not in front."
        return [Error("HTTPS is on, but SITE_URL begins with http://.", hint=hint, id="hnmproject.E004")]
    return []


@register(Tags.database)
def database_driver_is_installed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.mysql" or find_spec("MySQLdb"):
        return []
    hint = "Run in the image, which has it, or install the project's extra: pip install '.[mysql]'."
    return [Error("DATABASE_URL names MySQL, but mysqlclient is not installed.", hint=hint, id="hnmproject.E005")]


@register(Tags.translation)
def languages_are_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    unknown = [code for code, _name in settings.LANGUAGES if code not in settings.LANGUAGE_NAMES]
    if not unknown:
        return []
    hint = f"Take it out of LANGUAGES, or add a translation: docs/languages.md. There are {[*settings.LANGUAGE_NAMES]}."
    return [Error(f"LANGUAGES names {', '.join(unknown)}.", hint=hint, id="hnmproject.E031")]


@register("integrations")
def sentry_is_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.SENTRY_DSN:
        return []
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(settings.SENTRY_DSN)
    except BadDsn as error:
        hint = "Copy the DSN from the project's settings in Sentry, or leave SENTRY_DSN empty to turn Sentry off."
        return [Error(f"SENTRY_DSN is not a DSN: {error}.", hint=hint, id="hnmproject.E006")]
    return []


@register("integrations")
def stripe_is_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Both settings or neither, of a kind that can work here."""
    key, secret = settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET
    if not key and not secret:
        return []
    found: list[CheckMessage] = []
    if not key or not secret:
        missing = "STRIPE_WEBHOOK_SECRET" if key else "STRIPE_API_KEY"
        hint = f"Set {missing} too, from Stripe's dashboard, or neither: then the shop takes no payments."
        found.append(Error(f"Stripe is half set up: {missing} is not set.", hint=hint, id="hnmproject.E010"))
    if key and not key.startswith(("sk_", "rk_")):
        hint = "Take the secret key (sk_…) or a restricted one (rk_…), not the publishable one."
        found.append(Error("STRIPE_API_KEY is not a secret key.", hint=hint, id="hnmproject.E011"))
    if secret and not secret.startswith("whsec_"):
        hint = "Take the signing secret of the webhook (whsec_…) from its page in Stripe's dashboard."
        found.append(Error("STRIPE_WEBHOOK_SECRET is not a signing secret.", hint=hint, id="hnmproject.E012"))
    if key.startswith(("sk_live_", "rk_live_")) and (settings.DEBUG or settings.STRIPE_API_BASE):
        hint = "Take a test key (sk_test_…) for development; with a live key, leave DEBUG and STRIPE_API_BASE alone."
        found.append(
            Error("STRIPE_API_KEY moves real money, and this is development.", hint=hint, id="hnmproject.E013")
        )
    return found


@register("integrations")
def mail_is_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without EMAIL_URL mail is kept in files, which is right in development only."""
    if not settings.EMAIL_URL:
        if settings.DEBUG or not settings.HTTPS:
            return []
        hint = "Set EMAIL_URL, for example smtp+tls://user:password@smtp.example.com:587."
        return [Error("EMAIL_URL is not set: mail would be kept in files.", hint=hint, id="hnmproject.E007")]
    url = urlsplit(settings.EMAIL_URL)
    if url.hostname:
        return []
    hint = "It looks like smtp+tls://user:password@host:587; special characters of the password are percent-encoded."
    return [Error("EMAIL_URL names no host.", hint=hint, id="hnmproject.E008")]


@register("integrations")
def log_format_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.LOG_FORMAT in {"json", "console"}:
        return []
    return [
        Error(
            f"LOG_FORMAT is {settings.LOG_FORMAT!r}.",
            hint="Set it to json (production) or console (development).",
            id="hnmproject.E009",
        )
    ]


@register("integrations")
def preview_links_end(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Some day, and not before they are opened."""
    if 1 <= settings.PREVIEW_LINK_DAYS <= 365:
        return []
    hint = "Set it to the days that somebody may take to look at a draft, from 1 to 365; 7 unless you know better."
    return [Error(f"PREVIEW_LINK_DAYS is {settings.PREVIEW_LINK_DAYS}.", hint=hint, id="hnmproject.E030")]


@register("integrations")
def time_limits_are_in_order(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A job is first asked to end, then killed, and only then may its message be given to another worker."""
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    visible = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    found: list[CheckMessage] = []
    if not 0 < soft < hard:
        hint = "Leave a minute or more between the two, in which the job can tidy up."
        message = f"JOB_SOFT_TIME_LIMIT_SECONDS ({soft}) is not below JOB_TIME_LIMIT_SECONDS ({hard})."
        found.append(Error(message, hint=hint, id="hnmproject.E014"))
    if visible <= hard:
        hint = "Set CELERY_VISIBILITY_TIMEOUT higher, or the time limit lower: else long jobs are delivered twice."
        message = f"CELERY_VISIBILITY_TIMEOUT ({visible}) is not above JOB_TIME_LIMIT_SECONDS ({hard})."
        found.append(Error(message, hint=hint, id="hnmproject.E015"))
    return found
