"""The catalogues of translations, read without gettext's tools, which not every machine has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STATEMENT = re.compile(r'(?P<name>msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (?P<text>".*")$')
# %s, %(name)d and %% of Python, {name} of str.format; “20 %” in a sentence is none of them.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")


@dataclass
class Message:
    flags: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return self.parts["msgid"]

    @property
    def plural(self) -> str:
        return self.parts.get("msgid_plural", self.source)

    @property
    def translations(self) -> list[str]:
        return [text for name, text in sorted(self.parts.items()) if name.startswith("msgstr")]

    @property
    def key(self) -> str:
        """As a compiled catalogue has it."""
        context = self.parts.get("msgctxt")
        return self.source if context is None else f"{context}\x04{self.source}"

    @property
    def problem(self) -> str:
        """What is wrong with the translation; nothing where it is complete."""
        if not self.source:
            return ""  # the head
        if "fuzzy" in self.flags:
            return "is only a guess (fuzzy)"
        if not all(self.translations):
            return "is not translated"
        *singular, last = self.translations
        if _fixed(last) != _fixed(self.plural) or any(not _may_stand_for(text, self) for text in singular):
            return "has other placeholders or tags than its source"
        if self.source.endswith("\n") != last.endswith("\n") or self.source.startswith("\n") != last.startswith("\n"):
            return "begins or ends with another line break than its source"
        return ""


def _may_stand_for(singular: str, message: Message) -> bool:
    """The singular may leave the number out, as “one more” does, but must not ask for what is not given."""
    return set(_fixed(singular)) <= set(_fixed(message.source)) | set(_fixed(message.plural))


def _fixed(text: str) -> list[str]:
    return sorted([*PLACEHOLDER.findall(text), *TAG.findall(text)])


def read(path: Path) -> list[Message]:
    """The messages, and as the first of them the head, whose source is empty."""
    return [message for block in path.read_text(encoding="utf-8").split("\n\n") if (message := _message(block)).parts]


def _message(block: str) -> Message:
    message, name = Message(), ""
    for line in block.splitlines():
        if line.startswith("#,"):
            message.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif statement := STATEMENT.match(line):
            name = statement["name"]
            message.parts[name] = ast.literal_eval(statement["text"])
        elif line.startswith('"'):
            message.parts[name] += ast.literal_eval(line)
    return message


def compiled(messages: list[Message]) -> Iterator[tuple[str | tuple[str, int], str]]:
    """What the standard library reads from the compiled file, of all but the head."""
    for message in messages:
        if not message.source or "fuzzy" in message.flags:
            continue
        if "msgid_plural" in message.parts:
            yield from (((message.key, number), text) for number, text in enumerate(message.translations))
        else:
            yield message.key, message.translations[0]
