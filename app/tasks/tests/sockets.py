"""A browser's WebSocket, for tests: it speaks to the ASGI application without a server in between.

Channels' own is not used: it wants another web server to be installed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

SECONDS = 5
SITE = "http://testserver"


def session_of(person: Any) -> str:
    """The cookie of somebody who is logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Socket(ApplicationCommunicator):
    def __init__(self, path: str, *, cookie: str = "", origin: str | None = SITE, host: str = "testserver") -> None:
        from hnmproject.asgi import application

        headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        super().__init__(
            application,
            {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []},
        )

    async def open(self) -> bool:
        """Whether it was accepted."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(SECONDS)
        return bool(answer["type"] == "websocket.accept")

    async def next_state(self) -> dict[str, Any]:
        message = await self.receive_output(SECONDS)
        assert message["type"] == "websocket.send", message
        state: dict[str, Any] = json.loads(message["text"])
        return state

    async def closed(self) -> int:
        message = await self.receive_output(SECONDS)
        assert message["type"] == "websocket.close", message
        return int(message.get("code") or 1000)

    async def leave(self) -> None:
        if not self.future.done():
            await self.send_input({"type": "websocket.disconnect", "code": 1001})
            await self.wait(SECONDS)


@contextlib.asynccontextmanager
async def socket(path: str, **options: Any) -> AsyncIterator[Socket]:
    """An accepted one, which is left at the end."""
    opened = Socket(path, **options)
    try:
        assert await opened.open()
        yield opened
    finally:
        await opened.leave()
