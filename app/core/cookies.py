"""Every cookie that the site sets, for the page that tells visitors.

Each app says which are its own, in the module that sets them. The tests in the browser hold the list against the
cookies that they were given.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

WEEK = 7 * 24 * 3600
Text = str | Promise


@dataclass(frozen=True)
class Cookie:
    name: str
    purpose: Text
    set_when: Text
    gone: Text
    contents: Text


_contributed: list[Cookie] = []


def contribute(*cookies: Cookie) -> None:
    _contributed.extend(cookies)


def all_cookies() -> list[Cookie]:
    """Those of Django, and then the apps' own."""
    return [
        Cookie(
            name=settings.SESSION_COOKIE_NAME,
            purpose=_("Knowing that it is you, once you have logged in."),
            set_when=_("When you sign up, log in or ask for a new password."),
            gone=format_lazy(
                _(
                    "When you log out; else after {weeks} weeks, or with the browser if you did not ask "
                    "to stay logged in."
                ),
                weeks=settings.SESSION_COOKIE_AGE // WEEK,
            ),
            contents=_("A random number, nothing about you."),
        ),
        Cookie(
            name=settings.CSRF_COOKIE_NAME,
            purpose=_("Making sure that a form was really sent from this site."),
            set_when=_("On pages whose purpose is a form, such as the contact page, the checkout and the login."),
            gone=_("After a year."),
            contents=_("A random number, nothing about you."),
        ),
        Cookie(
            name="messages",
            purpose=_("Showing a note, such as that you have logged out, on the page that follows."),
            set_when=_("When there is such a note."),
            gone=_("As soon as you have seen it."),
            contents=_("The note, signed."),
        ),
        Cookie(
            name=settings.LANGUAGE_COOKIE_NAME,
            purpose=_("Remembering in which language you want to read."),
            set_when=_("When you choose a language at the foot of a page."),
            gone=_("After a year."),
            contents=_("The short name of the language."),
        ),
        *_contributed,
    ]
