"""Chapters of the handbook, read into the steps that a reader would take.

The syntax stands in docs/handbook-runner.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

RUN_LANGUAGES = {"console", "shell"}
OTHER_SHELLS = {"sh", "bash", "zsh", "shell-session", "terminal"}
# Blocks in these languages show something and claim nothing about a file.
FREE_LANGUAGES = {"text", "markdown"}

DEFAULT_DEADLINE = 60.0

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^`]*)$")
_COMMENT = re.compile(r"^\s*<!--\s*(?P<verb>not run|not checked|run):\s*(?P<rest>.*?)\s*-->\s*$")
_TITLE = re.compile(r'\btitle="([^"]+)"')


class ChapterError(Exception):
    """The chapter is written wrongly: the message says where and how to put it right."""


@dataclass(frozen=True)
class Command:
    """One command, and the output that is shown beneath it (None: none is shown, so none is compared)."""

    line: int
    text: str
    shown: str | None = None
    background: bool = False
    exit_code: int = 0
    deadline: float = DEFAULT_DEADLINE


@dataclass(frozen=True)
class Interrupt:
    """Ctrl-C in the terminal where the last background command runs."""

    line: int
    deadline: float = DEFAULT_DEADLINE


@dataclass(frozen=True)
class Edit:
    """A change that the reader makes to a file, shown as a diff."""

    line: int
    file: str
    diff: str


@dataclass(frozen=True)
class Write:
    """A file that the reader makes."""

    line: int
    file: str
    text: str


@dataclass(frozen=True)
class Snippet:
    """Lines that are claimed to stand in a file of the repository."""

    line: int
    file: str
    text: str


Step = Command | Interrupt | Edit | Write


@dataclass
class Chapter:
    path: Path
    setting: str | None
    steps: list[Step] = field(default_factory=list)
    snippets: list[Snippet] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True)
class _Options:
    """What the comment above a block says."""

    line: int
    verb: str
    rest: str

    @property
    def words(self) -> list[str]:
        return [word.strip() for word in self.rest.split(",")]


@dataclass(frozen=True)
class _Block:
    line: int
    language: str
    title: str | None
    text: str
    options: _Options | None


def read_all(folder: Path = DOCS) -> list[Chapter]:
    return [read(path) for path in sorted(folder.rglob("*.md"))]


def read(path: Path) -> Chapter:
    """Raise ChapterError for a block that is neither run, nor compared, nor excused."""
    chapter = Chapter(path=path, setting=_setting(path.read_text()))
    for part in _parts(path):
        try:
            _add(chapter, part)
        except ChapterError as problem:
            raise ChapterError(f"{path}:{part.line}: {problem}") from None
    return chapter


def _setting(text: str) -> str | None:
    front_matter = _FRONT_MATTER.match(text)
    for line in front_matter.group(1).splitlines() if front_matter else []:
        key, _, value = line.partition(":")
        if key.strip() == "setting":
            return value.strip()
    return None


def _parts(path: Path) -> list[_Block | _Options]:
    """The fenced blocks, each with the comment above it, and the comments that stand alone, in order."""
    parts: list[_Block | _Options] = []
    waiting: _Options | None = None
    lines = iter(enumerate(path.read_text().splitlines(), start=1))
    for number, line in lines:
        comment, fence = _COMMENT.match(line), _FENCE.match(line)
        if waiting and (line.strip() and not fence):
            parts.append(waiting)
            waiting = None
        if comment:
            waiting = _Options(line=number, verb=comment["verb"], rest=comment["rest"])
        elif fence:
            text = _until_closed(lines, fence)
            language, title = _language_and_title(fence["info"])
            parts.append(_Block(line=number, language=language, title=title, text=text, options=waiting))
            waiting = None
    return [*parts, waiting] if waiting else parts


def _until_closed(lines: enumerate[str], fence: re.Match[str]) -> str:
    indent, ticks = len(fence["indent"]), fence["ticks"]
    inside: list[str] = []
    for _number, line in lines:
        if line.strip().startswith(ticks) and not line.strip().strip("`"):
            break
        inside.append(line[indent:] if not line[:indent].strip() else line)
    return "\n".join(inside)


def _language_and_title(info: str) -> tuple[str, str | None]:
    title = _TITLE.search(info)
    words = info.split()
    return (words[0].lower() if words else ""), (title.group(1) if title else None)


def _add(chapter: Chapter, part: _Block | _Options) -> None:
    if isinstance(part, _Options):
        chapter.steps.append(_standing_alone(part))
    elif part.language in RUN_LANGUAGES:
        _add_commands(chapter, part)
    elif part.language in OTHER_SHELLS:
        raise ChapterError(f"write ```console or ```shell instead of ```{part.language}")
    else:
        _add_code(chapter, part)


def _standing_alone(options: _Options) -> Interrupt:
    if options.verb == "run" and options.words[0] == "ctrl-c":
        return Interrupt(line=options.line, deadline=_deadline(options))
    raise ChapterError("this comment belongs directly above a block (only “run: ctrl-c” stands alone)")


def _add_commands(chapter: Chapter, block: _Block) -> None:
    if block.options and block.options.verb == "not run":
        _require_reason(block.options)
        return
    if not chapter.setting:
        raise ChapterError(
            "a shell block in a page without a “setting:” in its front matter is run nowhere:"
            " name the setting, or say above the block why it is not run (<!-- not run: … -->)"
        )
    chapter.steps += _script(block) if block.language == "shell" else _dialogue(block)


def _script(block: _Block) -> list[Step]:
    return [_command(block, line=block.line + 1, text=block.text, shown=None)]


def _dialogue(block: _Block) -> list[Step]:
    """``$ command`` lines, ``> `` lines that continue them, and the output beneath."""
    commands: list[tuple[int, list[str], list[str]]] = []
    for number, line in enumerate(block.text.splitlines(), start=block.line + 1):
        if line.startswith("$ "):
            commands.append((number, [line[2:]], []))
        elif not commands:
            raise ChapterError("a console block starts with a line “$ command”")
        elif (line == ">" or line.startswith("> ")) and not commands[-1][2]:
            commands[-1][1].append(line[2:])
        else:
            commands[-1][2].append(line)
    if not commands:
        raise ChapterError("a console block needs a line “$ command”")
    return [
        _command(block, line=number, text="\n".join(text), shown="\n".join(shown) if any(shown) else None)
        for number, text, shown in commands
    ]


def _command(block: _Block, *, line: int, text: str, shown: str | None) -> Command:
    options = block.options
    words = options.words if options else []
    for word in words:
        if not re.fullmatch(r"background|exit \d+|within \d+ s", word):
            raise ChapterError(f"unknown option “{word}”: there are “background”, “exit N” and “within N s”")
    if "background" in words and shown is None:
        raise ChapterError("a background command needs the output that says it is ready")
    codes = [int(word.split()[1]) for word in words if word.startswith("exit")]
    return Command(
        line=line,
        text=text,
        shown=shown,
        background="background" in words,
        exit_code=codes[0] if codes else 0,
        deadline=_deadline(options),
    )


def _deadline(options: _Options | None) -> float:
    times = [float(word.split()[1]) for word in (options.words if options else []) if word.startswith("within")]
    return times[0] if times else DEFAULT_DEADLINE


def _add_code(chapter: Chapter, block: _Block) -> None:
    options = block.options
    if options and options.verb == "not checked":
        _require_reason(options)
    elif block.language in FREE_LANGUAGES and not block.title:
        return
    elif not block.title:
        raise ChapterError(
            'a code block names its file (```python title="app/…"), or has a comment above that says why it has none'
            " (<!-- not checked: … -->); plain text is ```text"
        )
    elif block.language == "diff":
        chapter.steps.append(Edit(line=block.line, file=block.title, diff=block.text))
    elif options and options.verb == "run" and options.words == ["write"]:
        chapter.steps.append(Write(line=block.line, file=block.title, text=block.text + "\n"))
    else:
        chapter.snippets.append(Snippet(line=block.line, file=block.title, text=block.text))


def _require_reason(options: _Options) -> None:
    if not options.rest:
        raise ChapterError(f"“{options.verb}:” needs a reason")
