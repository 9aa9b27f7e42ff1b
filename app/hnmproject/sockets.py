"""What stands before every WebSocket: whether it comes from a page of this site, and whose it is.

Browsers let any page open a socket to any site, cookies included. What protects forms does not protect it: the
handshake carries no token, and no other site is asked whether it allows this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import structlog
from channels.auth import AuthMiddleware
from channels.db import database_sync_to_async
from channels.security.websocket import WebsocketDenier
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.conf import settings
from django.contrib import auth
from django.http.request import split_domain_port, validate_host

log = structlog.get_logger(__name__)

Scope = dict[str, Any]
Application = Callable[..., Awaitable[None]]


class SameOriginOnly:
    """Refuse (403) a handshake from a page of another site, and one that does not say where it comes from."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, *channel: Any) -> None:
        if is_same_origin(scope):
            await self.application(scope, *channel)
        else:
            log.warning("foreign_socket_refused", path=scope["path"])
            await WebsocketDenier()(scope, *channel)


def is_same_origin(scope: Scope) -> bool:
    """Whether the page is at the address that is asked, by the header that a page cannot forge."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    scheme = "https" if settings.HTTPS else "http"
    return origin in {f"{scheme}://{host}", *settings.CSRF_TRUSTED_ORIGINS}


class WhoseItIs(AuthMiddleware):
    """The user of the session in ``scope["user"]``, by the rules of Django's pages.

    Channels' own rules know no SECRET_KEY_FALLBACKS, and end a session that they do not understand: after a change of
    the key, whoever watched a job would be logged out of the whole shop.
    """

    async def resolve_scope(self, scope: Scope) -> None:
        scope["user"]._wrapped = await user_of(scope["session"])  # noqa: SLF001  # as the class itself does it


class _Copy(dict[str, Any]):
    """A session that is looked at: a socket can set no cookie, so nothing may end the real one or rename it."""

    def cycle_key(self) -> None: ...

    def flush(self) -> None: ...


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def user_of(session: Any) -> Any:
    return auth.get_user(SimpleNamespace(session=_Copy(session.items())))  # type: ignore[arg-type]


def with_user(application: Application) -> Application:
    """The application behind everything that finds out whose a socket is."""
    stack: Application = CookieMiddleware(SessionMiddleware(WhoseItIs(application)))
    return stack
