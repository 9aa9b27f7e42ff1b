"""The same stack as production serves it: the built image, DEBUG off, nginx's page cache on.

It comes last, for it makes another stack of the one before.
"""

from __future__ import annotations

import gzip
import re

import pytest
from tests.stack.stack import Stack


@pytest.fixture(scope="module")
def served(stack: Stack) -> Stack:
    stack.serve_the_image()
    stack.make("up")
    return stack


def test_static_files_come_from_disk_compressed_and_for_ever(served: Stack):
    stylesheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', served.get("/").text)
    assert stylesheet
    answer = served.get(stylesheet[1], accept_encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(answer.body)) == len(served.get(stylesheet[1]).body)
    assert "X-Request-ID" not in answer.headers, "Django was not asked"


def test_nginx_keeps_the_page_of_nobody(served: Stack):
    served.get("/blog/")
    answer = served.get("/blog/")
    assert answer.headers["X-Cache"] == "HIT"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text


def test_nginx_keeps_pages_by_language(served: Stack):
    german = {"Accept_Language": "fr;q=0.9,de-AT;q=0.8,en;q=0.5"}
    for _first_then_kept in range(2):
        assert '<html lang="en">' in served.get("/blog/").text
        assert '<html lang="de">' in served.get("/blog/", **german).text
        assert '<html lang="de">' in served.get("/blog/", cookie="theme=dark; language=de").text
        assert '<html lang="en">' in served.get("/blog/", cookie="language=en", **german).text
    kept = served.get("/blog/", cookie="language=de")
    assert kept.headers["X-Cache"] == "HIT"
    assert kept.headers["Content-Language"] == "de"
    # Two cookies that contradict each other: whatever is answered, nobody else gets it.
    served.get("/blog/?odd", cookie="language=en; language=de")
    assert '<html lang="en">' in served.get("/blog/?odd").text


@pytest.mark.parametrize("path", ["/contact/", "/accounts/login/", "/admin/", "/health/ready", "/no/such/page/"])
def test_nginx_keeps_nothing_else(served: Stack, path: str):
    served.get(path)
    assert served.get(path).headers["X-Cache"] in {"MISS", "BYPASS"}


def test_whoever_carries_a_session_gets_a_page_of_their_own(served: Stack):
    served.get("/shop/")
    answer = served.get("/shop/", cookie="theme=dark; sessionid=somebody")
    assert answer.headers["X-Cache"] == "BYPASS"
    assert served.get("/shop/", cookie="theme=dark").headers["X-Cache"] == "HIT"


def test_a_page_that_does_not_exist_is_ours(served: Stack):
    answer = served.get("/no/such/page/")
    assert answer.status == 404
    assert "site-main" in answer.text


def test_the_pages_are_served_by_the_image_alone(served: Stack):
    assert "richtext.py" in served.execute("web", "ls", "/srv/app/core")
    assert "uid=1000" in served.execute("web", "id")
