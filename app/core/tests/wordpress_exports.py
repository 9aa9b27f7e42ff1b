"""Exports of WordPress for tests."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path
from typing import Any

import pytest

from core.models import WordPressImport
from core.services.wordpress_import import runs
from core.services.wordpress_import.report import Report

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "wordpress-export.xml"
needs_real = pytest.mark.skipif(
    not REAL.exists(), reason="the sample of WordPress's export is not beside this repository"
)

SITE = "https://old.example"
HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Old</title>
<link>{SITE}</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>{SITE}</wp:base_site_url>
<wp:base_blog_url>{SITE}</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"
AUTHOR = (
    "<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[agnes]]></wp:author_login>"
    "<wp:author_email><![CDATA[agnes@old.example]]></wp:author_email>"
    "<wp:author_display_name><![CDATA[Agnes Marlow]]></wp:author_display_name></wp:author>"
)


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def item(number: int = 7, *, extra: str = "", terms: str = "", **changes: Any) -> str:
    """A published post; ``status="draft"`` changes a field of it, None leaves it out."""
    values: dict[str, str | None] = {
        "title": f"Post {number}",
        "link": f"{SITE}/2024/05/post-{number}/",
        "guid": f"{SITE}/?p={number}",
        "creator": "agnes",
        "content": "<p>Some words.</p>",
        "excerpt": "",
        "post_id": str(number),
        "post_date": "2024-05-01 12:00:00",
        "post_date_gmt": "2024-05-01 10:00:00",
        "post_name": f"post-{number}",
        "status": "publish",
        "post_type": "post",
    } | changes
    names = {"creator": "dc:creator", "content": "content:encoded", "excerpt": "excerpt:encoded"}
    plain = {"title", "link", "guid", "pubDate", "description"}
    fields = [
        (name if name in plain else names.get(name, f"wp:{name}"), value)
        for name, value in values.items()
        if value is not None
    ]
    body = "".join(f"\n<{tag}>{cdata(value)}</{tag}>" for tag, value in fields)
    return f"<item>{body}{terms}{extra}\n</item>\n"


def term(name: str, domain: str = "post_tag", nicename: str = "") -> str:
    return f'<category domain="{domain}" nicename="{nicename}">{cdata(name)}</category>'


def meta(key: str, value: str) -> str:
    pair = f"<wp:meta_key>{cdata(key)}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value>"
    return f"<wp:postmeta>{pair}</wp:postmeta>"


def attachment(number: int, url: str, *, alt: str = "", parent: int = 0) -> str:
    return item(
        number,
        post_type="attachment",
        status="inherit",
        content="",
        attachment_url=url,
        post_parent=str(parent),
        extra=meta("_wp_attachment_image_alt", alt) if alt else "",
    )


def export(*items: str, head: str = HEAD, authors: str = AUTHOR) -> str:
    return head + authors + "".join(items) + TAIL


def uploaded(content: str | bytes) -> WordPressImport:
    raw = content.encode() if isinstance(content, str) else content
    return runs.IMPORTER.upload(file=io.BytesIO(raw), name="wordpress.xml")


def imported(content: str | bytes, *, dry_run: bool = False) -> Report:
    """What the import reports. What it would fetch is left to its jobs."""
    record = uploaded(content)
    runs.perform(import_id=record.pk, dry_run=dry_run, progress=lambda *_: None)
    record.refresh_from_db()
    return Report.from_json((record.check_report if dry_run else record.import_report) or {})


def said(report: Report, level: str = "warning") -> str:
    return "\n".join(problem.message for problem in report.problems if problem.level == level)


def img(url: str, alt: str = "") -> str:
    return f'<img src="{escape(url)}" alt="{escape(alt)}">'
