"""What stands before every WebSocket: whether it comes from a page of this site.

Browsers let any page open a socket to any site, cookies included. What protects forms does not protect it: the
handshake carries no token, and no other site is asked whether it allows this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from channels.security.websocket import WebsocketDenier
from django.conf import settings
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
