# ruff: noqa: E501
"""WordPress's texts, with all that stands in them, as ours."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.models import BlogPost
from core.services.wordpress_import import markup, parsing, reading
from core.services.wordpress_import.parsing import Content

SITE = "https://old.example"


def _content(text: str, overview: reading.Overview | None = None) -> Content:
    item = reading.Item(
        3, {"title": "T", "guid": "g", "content:encoded": text, "wp:status": "draft", "wp:post_id": "7"}
    )
    return parsing.content(item, overview or reading.Overview(site=SITE))


def _body(text: str) -> str:
    field: Any = BlogPost._meta.get_field("body")
    return str(field.sanitize(_content(text).body))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo\nlines\r\n\r\nThree", "<p>One</p><p>Two<br>lines</p><p>Three</p>"),
        ("<strong>A</strong> b\n\n<ul>\n<li>c</li>\n</ul>\nd", "<p><strong>A</strong> b</p><ul> <li>c</li> </ul><p>d</p>"),
        ("<div>A\n\nB</div>C", "<p>A</p><p>B</p><p>C</p>"),
        ("<blockquote>A\n\nB</blockquote>", "<blockquote><p>A</p><p>B</p></blockquote>"),
        (
            "<!-- wp:paragraph {\"a\":1} -->\n<p>A</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:more -->\n<!--more-->\n<p>B</p>",
            "<p>A</p><p>B</p>",
        ),
        ("A<!--nextpage-->B", "<p>AB</p>"),
        ("<p>&nbsp;</p><p>A &amp; B &lt;3 &eacute;</p>", "<p>A &amp; B &lt;3 é</p>"),
        ("1 < 2", "<p>1 &lt; 2</p>"),
        ("<h1>A</h1><h5>B</h5><b>C</b> <i>D</i> <del>E</del>", "<h2>A</h2><h4>B</h4><p><strong>C</strong> <em>D</em> <s>E</s></p>"),
        ("<dl><dt>A</dt><dd>B</dd></dl>", "<p><strong>A</strong></p><p>B</p>"),
        ("<pre>  a\n    b &lt; c</pre>", "<pre><code>a\n  b &lt; c</code></pre>"),
        ("<pre><code>a <b>b</b></code></pre>", "<pre><code>a b</code></pre>"),
        ("<script>alert(1)</script><style>p{}</style>A", "<p>A</p>"),
        ('<p onclick="x()" style="color:red" class="c">A</p>', "<p>A</p>"),
        ('<a href="javascript:alert(1)">A</a> <a href="#top">B</a>', "<p>A B</p>"),
        ('<a href="/about/">A</a>', '<p><a href="https://old.example/about/">A</a></p>'),
        ('<a href="mailto:a@b.example">A</a>', '<p><a href="mailto:a@b.example">A</a></p>'),
        (
            '<iframe src="https://www.youtube.com/embed/abc_1?x=1"></iframe>',
            '<p><a href="https://www.youtube.com/watch?v=abc_1">https://www.youtube.com/watch?v=abc_1</a></p>',
        ),
        ("https://film.example/1", '<p><a href="https://film.example/1">https://film.example/1</a></p>'),
        ("<table><tr><td colspan=2>A</td></tr></table>", '<table><tbody><tr><td colspan="2">A</td></tr></tbody></table>'),
        ("A<form>B<input></form>C", "<p>AC</p>"),
        ("A<form>B", "<p>A</p><p>B</p>"),
        ("A[/i] [b] [x] [1] a[0]", "<p>A [b] [x] [1] a[0]</p>"),
        ("[[gallery]] is a shortcode", "<p>[gallery] is a shortcode</p>"),
        ('[vc_row el="1"]A[/vc_row] [contact-form-7 id="4"]', "<p>A</p>"),
        ("[code]a < b\n\n[gallery][/code]", "<pre><code>a &lt; b\n\n[gallery]</code></pre>"),
        ("[embed]https://film.example/1[/embed]", '<p><a href="https://film.example/1">https://film.example/1</a></p>'),
        ('[video mp4="https://film.example/1.mp4"][/video]', '<p><a href="https://film.example/1.mp4">https://film.example/1.mp4</a></p>'),
        ('<img src="/b.jpg">', '<figure><img src="https://old.example/b.jpg" alt=""></figure>'),
        ("", ""),
    ],
)  # fmt: skip
def test_text_becomes(text, html) -> None:
    assert _body(text).strip() == html.strip()


def test_captions_become_figures() -> None:
    old = '[caption id="a1" width="300"]<a href="/b.jpg"><img src="/b-300x200.jpg" alt="B" /></a> A <em>boat</em>[/caption]'
    figure = '<figure><img src="https://old.example/b.jpg" alt="B"><figcaption>A <em>boat</em></figcaption></figure>'
    assert _body(f"Before {old} after") == f"<p>Before</p>{figure}<p>after</p>"
    older = '[caption caption="A boat"]<img src="/b.jpg">[/caption]'
    assert "<figcaption>A boat</figcaption>" in _body(older)
    assert _body("[caption]only words[/caption]") == "<p>only words</p>"


def test_galleries_show_the_attachments_they_name_or_those_of_the_post() -> None:
    overview = reading.Overview(site=SITE)
    for number, parent in ((1, ""), (2, "7"), (3, "7")):
        overview.attachments[str(number)] = reading.Attachment(f"{SITE}/{number}.jpg", f"No. {number}", parent)
    overview.attachments["4"] = reading.Attachment(f"{SITE}/4.pdf", "", "7")
    overview.pictures_of = {"7": ["2", "3", "4"]}
    assert _content('[gallery ids="1,3,9"]', overview).pictures == [f"{SITE}/1.jpg", f"{SITE}/3.jpg"]
    assert _content("[gallery]", overview).pictures == [f"{SITE}/2.jpg", f"{SITE}/3.jpg"]
    assert 'alt="No. 2"' in _content("[gallery]", overview).body


def test_pictures_and_documents_are_found_and_the_full_size_is_preferred() -> None:
    found = _content(
        '<a href="/up/b.jpg"><img class="x" src="/up/b-300x200.jpg"></a><img data-src="/late.png" src="data:image/gif;base64,R0">'
        '<a href="/wp-content/uploads/list.pdf">PDF</a><a href="https://else.example/x.pdf">not ours</a>'
        '<a href="https://shop.example/"><img src="https://cdn.example/c.webp?w=3"></a>'
    )
    assert found.pictures == [f"{SITE}/up/b.jpg", f"{SITE}/late.png", "https://cdn.example/c.webp?w=3"]
    assert found.documents == [f"{SITE}/wp-content/uploads/list.pdf"]
    assert 'href="https://old.example/up/b.jpg"' not in found.body
    assert 'href="https://shop.example/"' in found.body


def test_what_is_lost_is_said() -> None:
    words = "\n".join(problem.message for problem in _content('[su_box a="1"]x[/su_box]<form>y</form>').problems)
    assert "[su_box]" in words
    assert "A form was left out" in words


@pytest.mark.parametrize(
    "text",
    ["[caption]" * 20_000, "[" * 100_000, "<" * 50_000, "<a href=x>" * 20_000, "<blockquote>" * 5_000, "\n\n" * 50_000,
     "<p>" * 20_000, '[code]' * 20_000, "<!--" * 20_000, "[/x]" * 20_000, "&" * 100_000, " " * 500_000 + "x", "<br>" * 50_000 + "x", "[a " + "b" * 500_000 + "]"],
)  # fmt: skip
def test_strange_text_takes_no_strange_time(text) -> None:
    started = time.process_time()
    parsing_result = _content(text)
    assert time.process_time() - started < 5
    assert not parsing_result.has_errors


def test_endings_are_those_of_the_path() -> None:
    assert markup.ending("https://a.example/b.JPG?c=d.png") == ".jpg"
    assert markup.ending("https://[bad") == ""
