"""The WebSocket of a job: its state at once, each later state as it is told, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import path
from redis.exceptions import RedisError

from tasks import access
from tasks.services import telling

log = structlog.get_logger(__name__)

ENDED = 1000
UNAVAILABLE = 1013  # “try again later”
# Redis forgets whom it failed to reach, so the row is read anew this often. It also keeps proxies from hanging up.
SECONDS_BETWEEN_LOOKS = 15.0

Message = dict[str, Any]


class JobConsumer(AsyncWebsocketConsumer):
    """Says and does nothing of what the browser sends. Who may not see the job is refused before the handshake."""

    _looking: asyncio.Task[None] | None = None

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        self.group = telling.group_of(scope["url_route"]["kwargs"]["job_id"])
        try:
            await super().__call__(scope, receive, send)
        except (RedisError, OSError) as error:
            # Without Redis nothing can be told. The browser asks by itself until it can connect again.
            log.warning("socket_without_redis", error=repr(error))
            with contextlib.suppress(RuntimeError, OSError):
                await send({"type": "websocket.close", "code": UNAVAILABLE})
        finally:
            await self._leave()

    async def connect(self) -> None:
        # First the subscription, then the look: what is told in between is not missed.
        await self.channel_layer.group_add(self.group, self.channel_name)
        state = await self._look()
        if state is None:
            await self.close()
            return
        await self.accept()
        await self._say(state)
        self._looking = asyncio.create_task(self._keep_looking())

    async def disconnect(self, code: int) -> None:
        await self._leave()

    async def dispatch(self, message: Message) -> None:
        """Channels tidies database connections before each message, in its one thread for such things.

        What is told needs no database, and without the detour hundreds of watchers hear it several times sooner.
        """
        if message["type"] == "job.told":
            await self._say(message["state"])
        else:
            await super().dispatch(message)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                state = await self._look()
            except Exception as error:  # the database may be back at the next turn
                log.warning("socket_without_database", error=repr(error))
                continue
            if state is None:
                await self.close(ENDED)
                return
            await self._say(state)

    async def _look(self) -> Message | None:
        state: Message | None = await database_sync_to_async(self._state)()
        return state

    def _state(self) -> Message | None:
        job = access.visible_job(user=self.scope["user"], job_id=self.scope["url_route"]["kwargs"]["job_id"])
        return telling.describe(job) if job is not None else None

    async def _say(self, state: Message) -> None:
        await self.send(text_data=json.dumps(state))
        if state["finished"]:
            await self.close(ENDED)

    async def _leave(self) -> None:
        if self._looking is not None and self._looking is not asyncio.current_task():
            self._looking.cancel()
        layer = getattr(self, "channel_layer", None)
        if layer is not None and hasattr(self, "channel_name"):
            with contextlib.suppress(RedisError, OSError):
                await layer.group_discard(self.group, self.channel_name)


websocket_urlpatterns = [path("ws/jobs/<int:job_id>/", JobConsumer.as_asgi())]
