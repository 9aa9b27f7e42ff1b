"""Plain text to the HTML that the rich-text editor would have written, so that the content reads well in the source.

Blocks are separated by an empty line: ``## Heading``, lists of ``- item`` or ``1. item``, ``> quotation``, else a
paragraph. Within a line: ``**bold**``, ``*italic*`` and ``[text](address)``. Everything else is escaped.
"""

from __future__ import annotations

import html
import re

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ITALIC = re.compile(r"\*([^*]+)\*")
_NUMBER = re.compile(r"\d+\. ")


def to_html(text: str) -> str:
    return "".join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    if lines[0].startswith("## "):
        return f"<h2>{_inline(lines[0][3:])}</h2>"
    if lines[0].startswith("### "):
        return f"<h3>{_inline(lines[0][4:])}</h3>"
    if lines[0].startswith("> "):
        return f"<blockquote><p>{_inline(' '.join(line.removeprefix('> ') for line in lines))}</p></blockquote>"
    if lines[0].startswith("- "):
        return _list("ul", _items(lines, re.compile("- ")))
    if _NUMBER.match(lines[0]):
        return _list("ol", _items(lines, _NUMBER))
    return f"<p>{_inline(' '.join(lines))}</p>"


def _items(lines: list[str], mark: re.Pattern[str]) -> list[str]:
    """A line without the mark goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if found := mark.match(line):
            items.append(line[found.end() :])
        else:
            items[-1] += f" {line}"
    return items


def _list(tag: str, items: list[str]) -> str:
    return f"<{tag}>{''.join(f'<li><p>{_inline(item)}</p></li>' for item in items)}</{tag}>"


def _inline(text: str) -> str:
    text = html.escape(text, quote=False)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    text = _BOLD.sub(r"<strong>\1</strong>", text)
    return _ITALIC.sub(r"<em>\1</em>", text)
