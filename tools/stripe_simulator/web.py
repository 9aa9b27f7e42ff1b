"""Requests and answers, between the server and what answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: Message
    body: str

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form, each name's last value."""
        return {name: values[-1] for name, values in parse_qs(self.body, keep_blank_values=True).items()}


@dataclass
class Answer:
    status: int
    body: str = ""
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class CutOff(Exception):  # noqa: N818  # what happens, and no error of ours
    """Close the connection without an answer."""


def json_answer(body: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(body, indent=2) + "\n", "application/json", headers)


def redirect(address: str) -> Answer:
    return Answer(303, "", headers={"Location": address})
