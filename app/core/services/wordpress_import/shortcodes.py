"""What stands in square brackets in WordPress's texts: what we know becomes HTML, plugins' tags go, words stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

# [name key="value"], [/name], [name /], and [[name]] where the brackets themselves are meant.
LONGEST_TAG = 2_000
LONGEST_CAPTION = 20_000
_TAG = re.compile(r"(\[?)\[(/?)([A-Za-z][\w-]*)((?:\s[^\[\]]*)?)(/?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_CAPTIONS = {"caption", "wp_caption"}
_FILMS = {"embed", "video", "audio", "youtube", "vimeo", "soundcloud"}
_CODES = {"code", "sourcecode"}
_SOURCES = ("src", "url", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav")
_URL = re.compile(r"https?://[^\s\"'<>\[\]]+")
_PICTURE = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)

# The HTML of a gallery: of the attachments with these numbers, or of the post's own where none are named.
Gallery = Callable[[list[str]], str]


@dataclass
class _Open:
    name: str
    attributes: dict[str, str]
    begins: int  # among the pieces


@dataclass
class Expanded:
    text: str
    removed: Counter[str] = field(default_factory=Counter)  # tags of plugins, whose content stays


def expand(text: str, gallery: Gallery) -> Expanded:
    """One pass over the text, whatever it holds."""
    return _Expansion(text, gallery).run()


class _Expansion:
    def __init__(self, text: str, gallery: Gallery) -> None:
        self.text = text
        self.gallery = gallery
        self.pieces: list[str] = []
        self.open: list[_Open] = []
        self.removed: Counter[str] = Counter()
        self.closed_names = {match[3].lower() for match in _TAG.finditer(text) if match[2]}

    def run(self) -> Expanded:
        position = 0
        while match := _TAG.search(self.text, position):
            self.pieces.append(self.text[position : match.start()])
            position = self._take(match)
        self.pieces.append(self.text[position:])
        return Expanded("".join(self.pieces), self.removed)

    def _take(self, match: re.Match[str]) -> int:
        """Where to go on."""
        if match[1] and match[6]:
            self.pieces.append(match[0][1:-1])
            return match.end()
        # A single bracket before or behind belongs to the text.
        self.pieces.append(match[1])
        name, end = match[3].lower(), match.end() - len(match[6])
        if match[2]:
            self._close(name)
        elif name in _CODES and name in self.closed_names:
            return self._code(name, end)
        else:
            self._begin(name, match)
        return end

    def _begin(self, name: str, match: re.Match[str]) -> None:
        attributes = _attributes(match[4])
        if name == "gallery":
            ids = re.findall(r"\d+", attributes.get("ids") or attributes.get("include") or "")
            self.pieces.append(f"\n\n{self.gallery(ids)}\n\n")
        elif name in _CAPTIONS or (name in _FILMS and not match[5] and name in self.closed_names):
            self.open.append(_Open(name, attributes, len(self.pieces)))
        elif name in _FILMS:
            self._film(attributes, match[4])
        elif attributes or name in self.closed_names or match[5]:
            self.removed[name] += 1
        else:
            self.pieces.append(match[0][len(match[1]) : len(match[0]) - len(match[6])])

    def _close(self, name: str) -> None:
        if not any(opened.name == name for opened in self.open):
            self.removed[name] += name not in self.removed
            return
        while (opened := self.open.pop()).name != name:
            pass
        inner = "".join(self.pieces[opened.begins :])
        del self.pieces[opened.begins :]
        if name in _CAPTIONS:
            self.pieces.append(_figure(inner, opened.attributes.get("caption", "")))
        else:
            self._film(opened.attributes, inner)

    def _film(self, attributes: dict[str, str], text: str) -> None:
        named = next((attributes[name] for name in _SOURCES if attributes.get(name)), "")
        if found := _URL.search(named) or _URL.search(text):
            url = escape(found[0])
            self.pieces.append(f'\n\n<p><a href="{url}">{url}</a></p>\n\n')

    def _code(self, name: str, begins: int) -> int:
        ends = self.text.find(f"[/{name}]", begins)
        if ends < 0:
            return begins
        self.pieces.append(f"\n\n<pre>{escape(self.text[begins:ends].strip())}</pre>\n\n")
        return ends + len(name) + 3


def _attributes(text: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(text[:LONGEST_TAG])
    return {match[1].lower(): match[2] or match[3] or match[4] or "" for match in found}


def _figure(inner: str, caption: str) -> str:
    picture = _PICTURE.search(inner) if len(inner) <= LONGEST_CAPTION else None
    if picture is None:
        return inner
    words = (inner[: picture.start()] + inner[picture.end() :]).strip() or escape(caption)
    below = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{picture[0]}{below}</figure>\n\n"
