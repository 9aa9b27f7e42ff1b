"""The two cookies of a guest's cart. Both are set when something is first put into it, and never before.

``cart`` says which cart it is, signed, and no script can read it. ``cart_hint`` only says that there is one, so that a
page that everyone shares asks for the number beside “Cart” where there is a number, and else asks nothing.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponseBase
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core import cookies
from ecommerce.models import Cart

NAME = "cart"
HINT = "cart_hint"
SALT = "ecommerce.cart"
KEPT = timedelta(days=60)

cookies.contribute(
    cookies.Cookie(
        name=NAME,
        purpose=_("Finding your cart again, without an account."),
        set_when=_("When you first put something into your cart."),
        gone=format_lazy(
            _("When you log in, for the cart is then in your account; else {days} days after you last looked at it."),
            days=KEPT.days,
        ),
        contents=_("The random number of your cart, signed so that nobody can guess another one."),
    ),
    cookies.Cookie(
        name=HINT,
        purpose=_("Showing how much is in your cart on pages that are the same for everybody."),
        set_when=_("Together with the cookie of the cart."),
        gone=_("Together with the cookie of the cart."),
        contents=_("The digit 1."),
    ),
)


def read(request: HttpRequest) -> uuid.UUID | None:
    """The token of the guest's cart, or None where there is no cookie of ours."""
    try:
        value = request.get_signed_cookie(NAME, salt=SALT, max_age=KEPT)
        return uuid.UUID(value)
    except (KeyError, BadSignature, ValueError):
        return None


def write(response: HttpResponseBase, cart: Cart) -> None:
    """Let the browser find its way back. A user's cart needs no cookie: it is found by the user."""
    if cart.user_id is not None:
        return
    lifetime = int(KEPT.total_seconds())
    secure = settings.SESSION_COOKIE_SECURE
    response.set_signed_cookie(
        NAME, str(cart.token), salt=SALT, max_age=lifetime, secure=secure, httponly=True, samesite="Lax"
    )
    response.set_cookie(HINT, "1", max_age=lifetime, secure=secure, httponly=False, samesite="Lax")


def forget(response: HttpResponseBase) -> None:
    for name in (NAME, HINT):
        response.delete_cookie(name, samesite="Lax")
