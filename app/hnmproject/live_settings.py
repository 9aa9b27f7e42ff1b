"""The live role's settings: the shop's, without its pages. That saves 10 MB."""

from hnmproject.settings import *  # noqa: F403

ROOT_URLCONF = "hnmproject.live_urls"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # without it allauth does not start
