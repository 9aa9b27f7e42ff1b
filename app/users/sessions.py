"""When each login was last seen, for the list of one's sessions, and when logins end that should.

allauth's own middleware writes with every request. Here it is once in five minutes, which is all that a reader of the
list needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

SECONDS_BETWEEN = 300


class LastSeenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A page that did not ask who is there is not made to: it would vary by cookie.
        if request.session.accessed and request.user.is_authenticated and request.session.session_key:
            _see(request, request.session.session_key)
        return response


def _see(request: HttpRequest, session_key: str) -> None:
    # Nobody who reads the names in the cache can take over the session.
    seen = f"session-seen:{salted_hmac('users.sessions', session_key).hexdigest()}"
    if not cache.add(seen, 1, SECONDS_BETWEEN):
        return
    changed = UserSession.objects.filter(session_key=session_key, user_id=request.user.pk).update(
        last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request)
    )
    if not changed:  # logged in before there was a list
        UserSession.objects.create_from_request(request)


def end_others_at_first_factor(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Log the user out everywhere else once there is a second factor: those logins have shown a password only."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if factors.count() > 1:
        return
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
