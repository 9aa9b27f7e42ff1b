"""WordPress's HTML as ours: paragraphs where it only has blank lines, headings below the title, no forms, no frames.

What comes out is cleaned once more, to just what the editor knows, when it is saved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import PurePosixPath
from textwrap import dedent
from urllib.parse import unquote, urljoin, urlsplit

_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "del": "s", "strike": "s"}
# They end a paragraph, and what stands in them is text like any other.
_TRANSPARENT = frozenset(
    {
        "div", "section", "article", "aside", "header", "footer", "main", "center", "address", "fieldset", "form",
        "details", "summary", "dl", "nav", "body", "html",
    }
)  # fmt: skip
_CONTAINERS = frozenset({"blockquote"})
_BLOCKS = frozenset(
    {
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td",
        "figure", "figcaption", "dt", "dd",
    }
)  # fmt: skip
_INLINE = frozenset({"strong", "em", "s", "b", "i", "del", "strike", "code", "br", "a"})
_FRAMES = frozenset({"iframe", "embed", "video", "audio", "object"})
_SILENT = frozenset({"script", "style", "select", "textarea", "button", "noscript", "template", "svg"})
_PARAGRAPH = "\x00"
_SPACE = re.compile(r"\s+")
_EMPTY = re.compile(r"<p>(?:\s|<br>|&nbsp;)*</p>")
_LONE_PICTURE = re.compile(r"<p>\s*(<img [^<>]*>)\s*</p>")
_EDGE = re.compile(r"(?:<br>|\s)+")
_EDGE_BACKWARDS = re.compile(r"(?:>rb<|\s)+")
_ALONE = re.compile(r"https?://[^\s<>\"]+")
_SIZE = re.compile(r"-\d+x\d+$")
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"}
DOCUMENTS = {".pdf"}


@dataclass
class Markup:
    html: str
    pictures: list[str] = field(default_factory=list)  # where they are
    documents: list[str] = field(default_factory=list)
    forms: int = 0


def convert(text: str, *, base: str) -> Markup:
    """``base`` is the address of the old site: its own addresses may be written without it."""
    converter = _Converter(base, drops_forms=_forms_are_closed(text))
    converter.feed(text)
    converter.close()
    return converter.result()


def ending(url: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
    except ValueError:
        return ""


def _forms_are_closed(text: str) -> bool:
    """Or else everything behind a form that is never closed would go with it."""
    lower = text.lower()
    return lower.count("<form") == lower.count("</form")


class _Converter(HTMLParser):
    def __init__(self, base: str, *, drops_forms: bool) -> None:
        super().__init__(convert_charrefs=False)
        self._base = base
        self._drops_forms = drops_forms
        self._out: list[str] = []
        self._loose: list[str] = []  # inline things outside of every block: paragraphs to be
        self._blocks: list[str] = []
        self._silent: list[str] = []
        self._pre = 0
        self._code_begins = 0
        self._links: list[_Link] = []
        self._found = Markup("")

    def result(self) -> Markup:
        self._flush()
        # The editor has pictures between paragraphs and not within them: alone in one, it would leave an empty one.
        html = _LONE_PICTURE.sub(r"<figure>\1</figure>", "".join(self._out))
        self._found.html = _EMPTY.sub("", html).strip()
        return self._found

    # --- What the parser calls ---

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
        elif tag in _SILENT or (tag == "form" and self._drops_forms):
            self._found.forms += tag == "form"
            self._silent.append(tag)
        elif self._pre:
            self._pre += tag == "pre"
            if tag == "br":
                self._put("\n")
        elif tag == "pre":
            self._flush()
            self._pre = 1
            self._code_begins = len(self._out)
        else:
            self._start(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif self._pre:
            if tag == "pre":
                self._pre -= 1
                if not self._pre:
                    self._end_code()
        else:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._pre or self._blocks:
            self._put(escape(data, quote=False) if self._pre else _SPACE.sub(" ", data).replace("<", "&lt;"))
            return
        self._loose.append(_broken(data.replace(_PARAGRAPH, "").replace("<", "&lt;")))

    def handle_entityref(self, name: str) -> None:
        self._put_if_heard(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._put_if_heard(f"&#{name};")

    def close(self) -> None:
        super().close()
        if self._pre:
            self._end_code()

    # --- What becomes of it ---

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "img":
            self._picture(attributes)
        elif tag == "a":
            self._link(attributes)
        elif tag in _FRAMES or (tag == "source" and attributes.get("src")):
            self._frame(attributes)
        elif tag in _CONTAINERS or tag == "hr":
            self._flush()
            self._out.append(f"<{tag}>")
        elif tag in _BLOCKS:
            self._open_block(tag, attributes)
        else:
            self._start_inline(tag)

    def _start_inline(self, tag: str) -> None:
        if tag in _TRANSPARENT:
            self._break()
        elif tag in _INLINE:
            self._put(f"<{_RENAMED.get(tag, tag)}>")

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag in _CONTAINERS:
            self._flush()
            self._out.append(f"</{tag}>")
        elif tag in _TRANSPARENT:
            self._break()
        elif tag in _BLOCKS:
            self._close_block(tag)
        elif tag in _INLINE and tag != "br":
            self._put(f"</{_RENAMED.get(tag, tag)}>")

    def _open_block(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        if tag in {"p", "dt", "dd"} and self._blocks and self._blocks[-1] == tag:
            self._close_block(tag)  # as HTML does where the end was left out
        self._blocks.append(tag)
        kept = "".join(
            f' {name}="{attributes[name]}"'
            for name in ("colspan", "rowspan", "start")
            if attributes.get(name, "").isdecimal()
        )
        match tag:
            case "dt":
                self._out.append("<p><strong>")
            case "dd":
                self._out.append("<p>")
            case _:
                self._out.append(f"<{_RENAMED.get(tag, tag)}{kept}>")

    def _close_block(self, tag: str) -> None:
        if tag not in self._blocks:
            self._flush()
            return
        while self._blocks:
            last = self._blocks.pop()
            self._out.append({"dt": "</strong></p>", "dd": "</p>"}.get(last, f"</{_RENAMED.get(last, last)}>"))
            if last == tag:
                return

    def _end_code(self) -> None:
        lines = dedent("".join(self._out[self._code_begins :])).strip("\n").rstrip()
        self._out[self._code_begins :] = [f"<pre><code>{lines}</code></pre>"]
        self._pre = 0

    def _break(self) -> None:
        if self._blocks:
            self._put(" ")
        else:
            self._flush()

    def _picture(self, attributes: dict[str, str]) -> None:
        source = attributes.get("src", "")
        if not source or source.startswith("data:"):  # a placeholder of a plugin that loads pictures late
            source = attributes.get("data-src") or attributes.get("data-lazy-src") or ""
        url = self._absolute(source)
        if url is None:
            return
        if self._links:
            url = self._links[-1].full_size_of(url)
            self._links[-1].has_picture = True
        self._found.pictures.append(url)
        self._put(f'<img src="{escape(url)}" alt="{escape(attributes.get("alt", "").strip())}">')

    def _link(self, attributes: dict[str, str]) -> None:
        written = attributes.get("href", "").strip()
        url = None if written.startswith("#") else self._absolute(written, schemes=("http", "https", "mailto"))
        link = _Link(url or "", self._target(), len(self._target()))
        self._links.append(link)
        self._put(f'<a href="{escape(url)}">' if url else "")

    def _end_link(self) -> None:
        if not self._links:
            return
        link = self._links.pop()
        if link.has_picture and ending(link.url) in PICTURES:
            # It led to the picture itself in full size, which is what we show.
            if link.place < len(link.pieces):
                link.pieces[link.place] = ""
        elif link.url:
            self._put("</a>")
            if ending(link.url) in PICTURES | DOCUMENTS:
                self._found.documents.append(link.url)

    def _frame(self, attributes: dict[str, str]) -> None:
        """A film or a player: a link to it, as our pages load nothing from elsewhere."""
        url = self._absolute(attributes.get("src") or attributes.get("data") or "")
        if url is None:
            return
        if video := re.match(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)", url):
            url = f"https://www.youtube.com/watch?v={video[1]}"
        self._put(f'{_PARAGRAPH if not self._blocks else ""}<a href="{escape(url)}">{escape(url)}</a>')

    def _absolute(self, written: str, schemes: tuple[str, ...] = ("http", "https")) -> str | None:
        try:
            url = urljoin(self._base, written.strip())
            parts = urlsplit(url)
        except ValueError:
            return None
        if not written or parts.scheme not in schemes or (parts.scheme != "mailto" and not parts.hostname):
            return None
        return url

    # --- Where it goes ---

    def _target(self) -> list[str]:
        return self._out if self._blocks or self._pre else self._loose

    def _put(self, piece: str) -> None:
        self._target().append(piece)

    def _put_if_heard(self, piece: str) -> None:
        if not self._silent:
            self._put(piece)

    def _flush(self) -> None:
        """Make paragraphs of what stood outside of the blocks."""
        if not self._loose:
            return
        for chunk in "".join(self._loose).split(_PARAGRAPH):
            words = _stripped(chunk)
            if words:
                self._out.append(f"<p>{_linked(words)}</p>")
        self._loose.clear()


@dataclass
class _Link:
    url: str
    pieces: list[str]
    place: int
    has_picture: bool = False

    def full_size_of(self, picture: str) -> str:
        """What the link leads to, where that is the same picture, larger."""
        return self.url if self.url and _stem(self.url) == _stem(picture) and ending(self.url) in PICTURES else picture


def _stem(url: str) -> str:
    path = PurePosixPath(unquote(urlsplit(url).path))
    return f"{path.parent}/{_SIZE.sub('', path.stem)}"


def _broken(text: str) -> str:
    """Blank lines part paragraphs, and single ones lines. No expression: these take long on strange texts."""
    lines = text.replace("\r\n", "\n").split("\n")
    last = len(lines) - 1
    for number, line in enumerate(lines):
        left = line.lstrip(" \t") if number else line
        lines[number] = left.rstrip(" \t") if number != last else left
    return re.sub("\n{2,}", _PARAGRAPH, "\n".join(lines)).replace("\n", "<br>")


def _stripped(text: str) -> str:
    begins = found.end() if (found := _EDGE.match(text)) else 0
    ends = len(text) - (found.end() if (found := _EDGE_BACKWARDS.match(text[::-1])) else 0)
    return text[begins:ends]


def _linked(words: str) -> str:
    """An address alone in a paragraph, which WordPress would show as a film or the like, is a link at least."""
    return f'<a href="{words}">{words}</a>' if _ALONE.fullmatch(words) else words
