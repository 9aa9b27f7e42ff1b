"""Log lines are JSON objects that carry the id of their request."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
import structlog

from hnmproject import logs


@pytest.fixture
def json_lines():
    """What the root logger writes in production's format, parsed."""
    configuration = logs.configuration(level="INFO", output="json")
    handler = logging.StreamHandler(io.StringIO())
    formatter = configuration["formatters"]["structured"].copy()
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_request_is_one_json_line_with_its_id(client, json_lines):
    response = client.get("/health/live")
    lines = [line for line in json_lines() if line["event"] == "request_finished"]
    assert len(lines) == 1
    assert lines[0]["request"] == "GET /health/live"
    assert lines[0]["code"] == 200
    assert lines[0]["request_id"] == response["X-Request-ID"]


def test_the_id_of_a_trusted_proxy_is_kept(client, settings):
    settings.DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
    assert client.get("/health/live", headers={"x-request-id": "from-nginx"})["X-Request-ID"] == "from-nginx"


def test_a_visitor_cannot_choose_the_id(client):
    assert client.get("/health/live", headers={"x-request-id": "mine"})["X-Request-ID"] != "mine"


def test_an_exception_stays_on_its_line(json_lines):
    try:
        raise RuntimeError("out of paper")
    except RuntimeError:
        structlog.get_logger("printer").exception("print_failed", page=3)
    (line,) = json_lines()
    assert (line["event"], line["page"], line["level"]) == ("print_failed", 3, "error")
    assert "RuntimeError: out of paper" in line["exception"]
