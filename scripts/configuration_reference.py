"""docs/configuration.md, made from the two places that know the variables.

Usage: python scripts/configuration_reference.py --write | --check
  --write   write the page anew
  --check   fail where it is not what would be written

`settings.py` holds type and default of each variable, read here from its source without running it; `.env.template`
holds the purpose and the production value, and what make run puts into `.env`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "app" / "hnmproject" / "settings.py"
TEMPLATE = ROOT / ".env.template"
PAGE = ROOT / "docs" / "configuration.md"

TYPES = {"bool": "`on` or `off`", "str": "text", "int": "a whole number", "list": "a list, with commas between"}

INTRODUCTION = """\
<!-- Made by scripts/configuration_reference.py from app/hnmproject/settings.py and .env.template: change those, then
run `make docs`. -->

# Configuration

The project is configured by environment variables, all read in `app/hnmproject/settings.py`
([why](adr/0003-one-settings-file.md)). On your machine they stand in the file `.env`, which git ignores and which
`make run` and `make up` make from `.env.template`: the lines below that have a *local value*, and random characters
for the secrets. To set another variable, add a line `NAME=value`. A variable of the environment wins over the file.

**Secrets as files.** Every variable that Django reads can also come as `NAME_FILE`, the path of a file that holds
the value: `SECRET_KEY_FILE=/run/secrets/secret_key` instead of `SECRET_KEY=…`. A secret then stands in no list of
processes and in no output of `docker inspect`.

**Mistakes are found at the start.** A variable that is missing, or half of what an integration needs, stops the
start with a message that says what to set. `make manage ARGS="check --deploy"` says the same at any time, and warns
of more.

A default below is what holds where the variable is not set at all. The defaults are those of a server: with nothing
set, `DEBUG` is off and https is required.
"""

_SECTION = re.compile(r"# --- (.+?) -*$")
_VARIABLE = re.compile(r"(?P<optional># )?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)$")


@dataclass(frozen=True)
class Setting:
    """What the source of settings.py says of a variable."""

    type: str
    default: str


@dataclass(frozen=True)
class Entry:
    """What .env.template says of a variable. ``local`` is None where the line is only an example."""

    name: str
    section: str
    purpose: str
    production: str
    local: str | None


def read_settings(source: str) -> dict[str, Setting]:
    """Every ``env.type("NAME", default=…)`` of the source, by name."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {name: setting for call in calls for name, setting in _setting(call)}


def _setting(call: ast.Call) -> Iterator[tuple[str, Setting]]:
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="env"), attr=kind), args=[ast.Constant(value=str(name)), *_]
        ) if kind in TYPES:
            defaults = [keyword.value for keyword in call.keywords if keyword.arg == "default"]
            yield name, Setting(type=kind, default=_default(defaults[0]) if defaults else "none: it must be set")


def _default(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=bool(value)):
            return "`on`" if value else "`off`"
        case ast.Constant(value=value):
            return "`" + str(value) + "`" if value != "" else "empty"
        case ast.List(elts=[]):
            return "empty"
        case ast.List(elts=parts):
            return ", ".join(_default(part) for part in parts)
        case ast.JoinedStr(values=parts):
            return f"`{''.join(map(_template, parts))}`"
        case ast.Name(id=name):
            return f"the value of `{name}`"
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            return f"`{_path(inner)}`"
    return f"`{ast.unparse(node)}`"


def _template(part: ast.expr) -> str:
    """A part of an f-string: its text, or the name or path between the braces."""
    if isinstance(part, ast.FormattedValue):
        return _path(part.value) if isinstance(part.value, ast.BinOp) else f"{{{ast.unparse(part.value)}}}"
    return str(part.value) if isinstance(part, ast.Constant) else ast.unparse(part)


def _path(node: ast.expr) -> str:
    """``BASE_DIR / "var"`` as var, ``VAR_DIR / "media"`` as {VAR_DIR}/media."""
    match node:
        case ast.BinOp(left=ast.Name(id="BASE_DIR"), right=ast.Constant(value=name)):
            return str(name)
        case ast.BinOp(left=left, right=ast.Constant(value=name)):
            return _path(left) + "/" + str(name)
        case ast.Name(id=name):
            return f"{{{name}}}"
    return ast.unparse(node)


def read_template(text: str) -> list[Entry]:
    """A variable is described by the comment above it, which several lines beneath it may share."""
    entries: list[Entry] = []
    section, words, described = "", "", False
    for line in text.splitlines():
        if heading := _SECTION.match(line):
            section, words = heading.group(1), ""
        elif variable := _VARIABLE.match(line):
            entries.append(_entry(variable, section, words))
            described = True
        elif line.startswith("#"):
            words = line.lstrip("# ") if described else f"{words} {line.lstrip('# ')}".strip()
            described = False
        elif not line.strip():
            words, described = "", False
    return entries


def _entry(variable: re.Match[str], section: str, words: str) -> Entry:
    purpose, _, production = words.partition("Production:")
    return Entry(
        name=variable["name"],
        section=section,
        purpose=purpose.strip(),
        production=production.strip(),
        local=None if variable["optional"] else variable["value"],
    )


def page(settings: dict[str, Setting], entries: list[Entry]) -> str:
    parts = [INTRODUCTION]
    for section in dict.fromkeys(entry.section for entry in entries):
        parts.append(f"## {section}\n")
        parts += [_described(entry, settings.get(entry.name)) for entry in entries if entry.section == section]
    return "\n".join(parts)


def _described(entry: Entry, setting: Setting | None) -> str:
    facts = [f"- Production: {entry.production}"]
    if setting:
        facts.insert(0, f"- Type: {TYPES[setting.type]}. Default: {setting.default}.")
    else:
        facts.insert(0, "- Read by the Compose files and scripts, not by Django.")
    if entry.local is not None:
        facts.append(f"- Local value: {f'`{entry.local}`' if entry.local else 'random characters'}.")
    return "\n".join([f"### {entry.name}", "", entry.purpose, "", *facts, ""])


def generate() -> str:
    return page(read_settings(SETTINGS.read_text()), read_template(TEMPLATE.read_text()))


def main(arguments: list[str]) -> int:
    if arguments == ["--write"]:
        PAGE.write_text(generate())
        return 0
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text() == generate():
            return 0
        print("docs/configuration.md is not what settings.py and .env.template say: run “make docs”.", file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
