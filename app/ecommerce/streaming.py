"""Answers that are longer than memory should hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse


def csv_download(request: HttpRequest, pieces: Iterator[str], *, name: str) -> StreamingHttpResponse:
    """A file to save, sent while it is made. Under ASGI Django would otherwise first gather all of it."""
    content = _in_thread(pieces) if isinstance(request, ASGIRequest) else pieces
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)


async def _in_thread(pieces: Iterator[str]) -> AsyncIterator[str]:
    def following() -> str | None:
        return next(pieces, None)

    while (piece := await sync_to_async(following)()) is not None:
        yield piece
