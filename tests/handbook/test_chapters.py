"""The handbook is true: its commands are run, its code is compared with the files that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import chapters, files, runner, workplaces


def _chapters() -> list[chapters.Chapter]:
    return [chapter for path in sorted(chapters.DOCS.rglob("*.md")) if (chapter := _read(path)) is not None]


def _read(path: Path) -> chapters.Chapter | None:
    """None for a chapter that is written wrongly: test_is_well_written says so, and the others are collected."""
    try:
        return chapters.read(path)
    except chapters.ChapterError:
        return None


CHAPTERS = _chapters()
RUN_HERE = [chapter for chapter in CHAPTERS if chapter.steps and chapter.setting in workplaces.chosen()]
SNIPPETS = [(chapter, snippet) for chapter in CHAPTERS for snippet in chapter.snippets]


@pytest.mark.parametrize("path", sorted(chapters.DOCS.rglob("*.md")), ids=lambda path: path.stem)
def test_is_well_written(path: Path) -> None:
    chapter = chapters.read(path)
    assert chapter.setting is None or chapter.setting in workplaces.SETTINGS, f"unknown setting {chapter.setting}"


@pytest.mark.parametrize(
    ("chapter", "snippet"),
    SNIPPETS,
    ids=[f"{chapter.name}:{snippet.line}" for chapter, snippet in SNIPPETS],
)
def test_code_shown_is_the_code(chapter: chapters.Chapter, snippet: chapters.Snippet) -> None:
    problem = files.snippet_problem(snippet, chapters.ROOT)
    if problem:
        pytest.fail(f"{chapter.path.relative_to(chapters.ROOT)}:{snippet.line}: {problem}", pytrace=False)


needs_git = pytest.mark.skipif(
    not (chapters.ROOT / ".git").exists(), reason="a chapter runs in a clone, and this copy is no repository"
)


# One after the other even in a parallel run: each starts the whole project.
@pytest.mark.xdist_group("handbook")
@needs_git
@pytest.mark.parametrize("chapter", RUN_HERE, ids=[chapter.name for chapter in RUN_HERE])
def test_commands_do_what_is_shown(chapter: chapters.Chapter, tmp_path: Path) -> None:
    problem = ""
    try:
        runner.run(chapter, tmp_path)
    except runner.StepError as error:
        problem = str(error)
    if problem:
        pytest.fail(problem, pytrace=False)
