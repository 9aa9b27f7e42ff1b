"""Texts that people see and that stand in the code without gettext.

Templates are read token by token, as Django reads them, and what is left of them as HTML. In Python the known places
of such texts are looked at: a form's labels, a model's names, messages, errors.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

SEEN_ATTRIBUTES = frozenset({"alt", "title", "placeholder", "aria-label", "aria-description", "label", "summary"})
# Content of these is for machines.
SILENT_ELEMENTS = frozenset({"script", "style", "svg"})
SEEN_META = frozenset({"description", "og:title", "og:description", "twitter:title", "twitter:description"})
BUTTONS = frozenset({"submit", "button", "reset"})
WORD = re.compile(r"[^\W\d_]{2,}")
ENTITY = re.compile(r"&#?\w+;")
# Stands for what a tag or a variable puts out.
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"

LITERAL = re.compile(r"""(?<!_\()(?P<quote>["'])(?P<text>(?:(?!(?P=quote)).)*)(?P=quote)""")
# Tags whose text literals reach the page by way of a variable, and only if they look like words for people.
PASSING_TAGS = frozenset({"include", "with", "element", "firstof", "filter", "cycle"})
SENTENCE = re.compile(r"^[A-Z][a-z]+(?: |$)|[a-z]{2,} [a-z]{2,}")

KEYWORDS = frozenset(
    {"help_text", "verbose_name", "verbose_name_plural", "label", "short_description", "description", "empty_label"}
)
MESSAGES = frozenset({"debug", "info", "success", "warning", "error"})
CHOICES = frozenset({"TextChoices", "IntegerChoices"})


@dataclass(frozen=True, order=True)
class Literal:
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def in_template(source: str, *, path: str = "") -> list[Literal]:
    """The texts of a template that nothing translates."""
    tokens = list(Lexer(source).tokenize())
    in_tags = [Literal(path, token.lineno, text) for token in tokens for text in _passed(token)]
    pieces = list(_outside_translations(tokens))
    seen = _seen_as_text(pieces) if path.endswith(".txt") else _seen_as_html(pieces)
    return sorted([*in_tags, *(Literal(path, line, text) for line, text in seen)])


def in_python(source: str, *, path: str = "") -> list[Literal]:
    """Bare text in a place of which people read what stands there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        found += [Literal(path, value.lineno, _shown(value)) for value in _sinks(node) if _is_bare(value)]
    return sorted(set(found))


def _passed(token: Token) -> Iterator[str]:
    """Text literals in a tag or a filter's argument."""
    if token.token_type == TokenType.BLOCK:
        name = token.contents.split(None, 1)[0]
        literals = LITERAL.finditer(token.contents) if name in PASSING_TAGS else ()
    elif token.token_type == TokenType.VAR:
        literals = LITERAL.finditer(token.contents)
    else:
        return
    for literal in literals:
        text = literal["text"]
        if SENTENCE.search(text) and "/" not in text and not _is_date_format(token.contents, literal.start()):
            yield text


def _is_date_format(contents: str, place: int) -> bool:
    return re.search(r"\|(date|time):$", contents[:place]) is not None


def _outside_translations(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    inside = ""
    for token in tokens:
        name = token.contents.split(None, 1)[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if inside:
            inside = "" if name == f"end{inside}" else inside
        elif name in {"blocktranslate", "comment"}:
            inside = name
            yield token.lineno, HOLE
        elif token.token_type == TokenType.TEXT:
            yield token.lineno, token.contents
        elif token.token_type != TokenType.COMMENT:
            yield token.lineno, HOLE


def _seen_as_text(pieces: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for line, text in pieces:
        for number, part in enumerate(text.split("\n")):
            if _has_words(part):
                yield line + number, part.strip()


def _seen_as_html(pieces: list[tuple[int, str]]) -> list[tuple[int, str]]:
    reader = _Reader()
    for line, text in pieces:
        reader.template_line = line - reader.getpos()[0]
        reader.feed(text)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects what a person would see or hear of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []
        self.template_line = 0
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.strip(HOLE)
        self.handle_startendtag(tag, attrs)
        if tag in SILENT_ELEMENTS:
            self._silent.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        seen = [value for name, value in values.items() if name in SEEN_ATTRIBUTES]
        if tag == "input" and values.get("type") in BUTTONS:
            seen.append(values.get("value", ""))
        if tag == "meta" and (values.get("name") or values.get("property")) in SEEN_META:
            seen.append(values.get("content", ""))
        for text in seen:
            self._add(text)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._add(data)

    def _add(self, text: str) -> None:
        if _has_words(text):
            self.found.append((self.template_line + self.getpos()[0], " ".join(text.replace(HOLE, "…").split())))


def _has_words(text: str) -> bool:
    return WORD.search(ENTITY.sub("", text)) is not None


def _sinks(node: ast.AST) -> Iterator[ast.expr]:
    """The values that stand where people's texts belong."""
    match node:
        case ast.Call():
            yield from _of_call(node)
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value) if name in KEYWORDS:
            yield value
        case ast.ClassDef() if any(_name(base) in CHOICES for base in node.bases):
            yield from _of_choices(node)


def _of_call(call: ast.Call) -> Iterator[ast.expr]:
    name = _name(call.func)
    # Arguments of a command are read by who types it, in a terminal.
    if name not in {"add_argument", "handler"}:
        yield from (keyword.value for keyword in call.keywords if keyword.arg in KEYWORDS)
    if name == "ValidationError" and call.args:
        yield from _first_texts(call.args[0])
    if isinstance(call.func, ast.Attribute) and _name(call.func.value) == "messages" and name in MESSAGES:
        yield from call.args[1:2]
    if name.endswith("Field") and isinstance(call.func, ast.Attribute) and _name(call.func.value) == "models":
        yield from call.args[:1]


def _first_texts(value: ast.expr) -> Iterator[ast.expr]:
    """A text, a list of them, or a dict from fields to them."""
    match value:
        case ast.List(elts=values) | ast.Tuple(elts=values) | ast.Dict(values=values):
            for part in values:
                yield from _first_texts(part)
        case _:
            yield value


def _of_choices(node: ast.ClassDef) -> Iterator[ast.expr]:
    for statement in node.body:
        match statement:
            case ast.Assign(value=ast.Tuple(elts=[_, label])):
                yield label
            case ast.Assign(value=ast.Constant() as only):
                yield only


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_bare(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=str(text)):
            return _has_words(text)
        case ast.JoinedStr(values=parts):
            return any(_is_bare(part) for part in parts if isinstance(part, ast.Constant))
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add(), right=right):
            return _is_bare(left) or (isinstance(value.op, ast.Add) and _is_bare(right))
        case ast.IfExp(body=body, orelse=other):
            return _is_bare(body) or _is_bare(other)
        case ast.Call(func=ast.Attribute(value=text, attr="format")):
            return _is_bare(text)
    return False


def _shown(value: ast.expr) -> str:
    return ast.unparse(value)


def templates(folder: Path) -> list[Path]:
    return sorted(path for ending in ("html", "txt") for path in folder.glob(f"*/templates/**/*.{ending}"))


def modules(folder: Path) -> list[Path]:
    """Those whose texts people may see: no tests, migrations, commands."""
    hidden = {"tests", "migrations", "commands", "demo"}
    return sorted(path for path in folder.glob("*/**/*.py") if not hidden & set(path.relative_to(folder).parts))


def strange_aliases(source: str) -> list[str]:
    """Names under which a module imports a function of gettext and `xgettext` would not know it."""
    return [
        alias.asname
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and (alias.asname != "_" or alias.name not in {"gettext", "gettext_lazy"})
    ]
