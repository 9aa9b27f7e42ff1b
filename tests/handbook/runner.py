"""Runs a chapter as a reader would: its steps in order, in one terminal, in the setting that it names."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from . import compare, files
from .chapters import ROOT, Chapter, Command, Edit, Interrupt, Step, Write
from .sessions import DeadlineError, LeftRunningError, Process, Session
from .workplaces import SETTINGS, Workplace


class StepError(Exception):
    """The message names the file and line, the command, what is shown and what came."""


def run(chapter: Chapter, folder: Path) -> None:
    """Raise StepError at the first step that does not do what the chapter says. Whatever was started is stopped."""
    assert chapter.setting
    workplace = SETTINGS[chapter.setting](folder)
    session = Session(folder=workplace.folder, environment=workplace.environment)
    try:
        for step in chapter.steps:
            problem = _take(step, session, workplace)
            if problem:
                raise StepError(f"{_where(chapter)}:{step.line}: {problem}")
    finally:
        session.close()


def _where(chapter: Chapter) -> Path:
    return chapter.path.relative_to(ROOT) if chapter.path.is_relative_to(ROOT) else chapter.path


def _take(step: Step, session: Session, workplace: Workplace) -> str | None:
    if isinstance(step, Edit):
        return files.apply(step, workplace.folder)
    if isinstance(step, Write):
        return _write(step, workplace.folder)
    if isinstance(step, Interrupt):
        return _interrupt(step, session)
    return _in_background(step, session, workplace) if step.background else _command(step, session, workplace)


def _write(step: Write, folder: Path) -> None:
    (folder / step.file).parent.mkdir(parents=True, exist_ok=True)
    (folder / step.file).write_text(step.text)


def _interrupt(step: Interrupt, session: Session) -> str | None:
    try:
        session.interrupt(step.deadline)
    except DeadlineError as error:
        return f"Ctrl-C did not stop it within {step.deadline:.0f} s. It printed:\n{_last(error.output)}"
    except LeftRunningError as error:
        return f"Ctrl-C left processes running:\n{error}"
    return None


def _command(step: Command, session: Session, workplace: Workplace) -> str | None:
    text = _here(step.text, workplace)
    try:
        code, output = session.run(text, step.deadline)
    except DeadlineError as error:
        return f"not done within {step.deadline:.0f} s\n{_said(text)}\nIt printed:\n{_last(error.output)}"
    if code != step.exit_code:
        return f"exit code {code}, not {step.exit_code}\n{_said(text)}\nIt printed:\n{_last(output)}"
    if step.shown is not None and not compare.matches(step.shown, output):
        return _differs(step, text, output)
    return None


def _in_background(step: Command, session: Session, workplace: Workplace) -> str | None:
    text, shown = _here(step.text, workplace), step.shown or ""
    process: Process = session.start(text)
    try:
        process.wait_until(lambda: compare.matches(shown, process.output, so_far=True), step.deadline)
    except DeadlineError:
        return f"not ready within {step.deadline:.0f} s\n{_differs(step, text, process.output)}"
    if not compare.matches(shown, process.output, so_far=True):
        return f"it ended before it was ready\n{_differs(step, text, process.output)}"
    return None


def _here(command: str, workplace: Workplace) -> str:
    """The reader's port is 8000; here it is one that is free. Within the containers' network it stays what it is."""
    return re.sub(r"(?<!web:)\b8000\b", str(workplace.port), command)


def _differs(step: Command, text: str, output: str) -> str:
    return f"the output is not what is shown\n{_said(text)}\n{compare.difference(step.shown or '', output)}"


def _said(text: str) -> str:
    return textwrap.indent(text, "  $ ")


def _last(output: str, lines: int = 60) -> str:
    return textwrap.indent("\n".join(output.strip().splitlines()[-lines:]), "  ")
