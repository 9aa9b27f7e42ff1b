"""The runner itself: what it accepts, and above all what it does not."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path

import pytest

from . import chapters, compare, files, runner, sessions, workplaces

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path


@pytest.fixture
def chapter(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Write a chapter, for a setting that is an empty folder, and read it."""

    def empty(folder: Path) -> workplaces.Workplace:
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        return workplaces.Workplace(folder=folder / "shop", environment=environment, port=4711)

    monkeypatch.setitem(workplaces.SETTINGS, "empty", empty)

    def write(text: str, *, front_matter: str = "---\nsetting: empty\n---\n") -> chapters.Chapter:
        path = folder / "chapter.md"
        path.write_text(front_matter + textwrap.dedent(text))
        return chapters.read(path)

    return write


def running() -> set[int]:
    """Those that are more than a zombie, which has no command line any more."""
    return {int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if path.read_bytes()}


def refusal(chapter: chapters.Chapter, folder: Path) -> str:
    with pytest.raises(runner.StepError) as failure:
        runner.run(chapter, folder)
    return str(failure.value)


def test_runs_commands_in_one_shell(chapter, folder):
    text = """
        ```console
        $ mkdir here && cd here
        $ name=alice
        ```

        Prose in between.

        ```console
        $ echo "$name in ${PWD##*/}"
        alice in here
        ```
    """
    runner.run(chapter(text), folder)


def test_runs_a_command_of_several_lines(chapter, folder):
    text = """
        ```console
        $ cat <<END
        > one
        > two
        > END
        one
        two
        ```
    """
    runner.run(chapter(text), folder)


def test_refuses_another_output_and_shows_where_and_what(chapter, folder):
    text = """
        ```console
        $ echo good evening
        good morning
        ```
    """
    message = refusal(chapter(text), folder)
    assert "chapter.md:6: the output is not what is shown" in message
    assert "$ echo good evening" in message
    assert "-good morning" in message
    assert "+good evening" in message


def test_refuses_output_that_goes_on(chapter, folder):
    assert "+two" in refusal(chapter("```console\n$ printf 'one\\ntwo\\n'\none\n```\n"), folder)


def test_refuses_a_failing_command_and_shows_what_it_said(chapter, folder):
    message = refusal(chapter("```shell\necho so far >&2\nfalse\n```\n"), folder)
    assert "exit code 1, not 0" in message
    assert "so far" in message


def test_accepts_the_exit_code_that_is_announced(chapter, folder):
    runner.run(chapter("<!-- run: exit 3 -->\n```console\n$ (echo no; exit 3)\nno\n```\n"), folder)


def test_refuses_success_where_failure_is_announced(chapter, folder):
    assert "exit code 0, not 1" in refusal(chapter("<!-- run: exit 1 -->\n```console\n$ true\n```\n"), folder)


def test_a_command_has_a_deadline(chapter, folder):
    message = refusal(chapter("<!-- run: within 1 s -->\n```console\n$ echo begun; sleep 60\n```\n"), folder)
    assert "not done within 1 s" in message
    assert "begun" in message


def test_a_command_may_end_the_shell(chapter, folder):
    assert "exit code 7" in refusal(chapter("```console\n$ exit 7\n```\n"), folder)


def test_does_not_hand_the_terminal_to_a_command(chapter, folder):
    runner.run(chapter("```console\n$ cat\n$ echo next\nnext\n```\n"), folder)


def test_the_port_of_the_reader_becomes_one_that_is_free(chapter, folder):
    runner.run(chapter("```console\n$ echo http://localhost:8000/ | grep -c 4711\n1\n```\n"), folder)
    runner.run(chapter("```console\n$ echo http://web:8000/ | grep -c 4711 || true\n0\n```\n"), folder)


BACKGROUND = """
    <!-- run: background -->
    ```console
    $ trap 'echo bye; exit' INT; echo warming up; echo ready; while true; do sleep 0.05; done
    ...
    ready
    ```
"""


def test_waits_until_a_background_command_is_ready_and_stops_it(chapter, folder):
    text = BACKGROUND + "\n    <!-- run: ctrl-c, within 5 s -->\n"
    runner.run(chapter(text), folder)


@LINUX
def test_stops_what_still_runs_at_the_end(chapter, folder):
    text = """
        <!-- run: background -->
        ```console
        $ sleep 300 & echo $! > pid; echo ready; wait
        ready
        ```
    """
    runner.run(chapter(text), folder)
    pid = int((folder / "shop" / "pid").read_text())
    assert pid not in running()


def test_refuses_a_background_command_that_ends_early(chapter, folder):
    text = "<!-- run: background -->\n```console\n$ echo port taken\n...\nready\n```\n"
    message = refusal(chapter(text), folder)
    assert "it ended before it was ready" in message
    assert "+port taken" in message


def test_refuses_a_background_command_that_is_never_ready(chapter, folder):
    text = "<!-- run: background, within 1 s -->\n```console\n$ echo hm; sleep 60\nready\n```\n"
    assert "not ready within 1 s" in refusal(chapter(text), folder)


@LINUX
def test_refuses_what_stays_after_ctrl_c(chapter, folder, monkeypatch):
    monkeypatch.setattr(sessions, "GRACE", 0.2)
    text = """
        <!-- run: background -->
        ```console
        $ setsid bash -c 'echo ready; sleep 300; true' & wait
        ready
        ```

        <!-- run: ctrl-c -->
    """
    message = refusal(chapter(text), folder)
    assert "left processes running" in message
    assert "sleep 300" in message


@pytest.mark.parametrize("language", ["console", "shell"])
def test_refuses_a_shell_block_where_there_is_no_setting(chapter, language):
    with pytest.raises(chapters.ChapterError, match=r"chapter.md:1: .*run nowhere"):
        chapter(f"```{language}\n$ ls\n```\n", front_matter="")


def test_accepts_a_reason_for_not_running_a_block(chapter):
    written = chapter("<!-- not run: it needs a server of your own -->\n\n```console\n$ ssh you\n```\n")
    assert written.steps == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<!-- not run: -->\n```console\n$ ls\n```\n", "needs a reason"),
        ("```bash\nls\n```\n", "write ```console or ```shell"),
        ("```\n$ ls\n```\n", "names its file"),
        ("```python\nprint()\n```\n", "names its file"),
        ("```console\nls\n```\n", "starts with a line"),
        ("```console\n```\n", "needs a line"),
        ("<!-- run: backwards -->\n```console\n$ ls\n```\n", "unknown option “backwards”"),
        ("<!-- run: background -->\n```console\n$ make run\n```\n", "needs the output"),
        ("<!-- run: background -->\n\nProse.\n", "belongs directly above a block"),
    ],
)
def test_refuses_what_would_be_overlooked(chapter, text, problem):
    with pytest.raises(chapters.ChapterError, match=problem):
        chapter(text)


def test_reads_a_block_within_a_list(chapter, folder):
    runner.run(chapter("1. First:\n\n    ```console\n    $ echo one\n    one\n    ```\n"), folder)


@pytest.mark.parametrize(
    ("shown", "got"),
    [
        ("Started 2026-11-20 at 10:00:00", "Started 2031-01-02 at 23:59:59.123"),
        ("at 2026-11-20T10:00:00Z", "at 2031-01-02T23:59:59.123456+00:00"),
        ("http://localhost:8000/shop/", "http://localhost:49152/shop/"),
        ("Port 8000 is taken", "Port 49152 is taken"),
        ("7 passed in 0.31s", "7 passed in 12.04s"),
        ("job #12", "job #40312"),
        ("commit 893a0f2", "commit 1f0ace99"),
        ("django 5.2.19 on Python 3.11", "django 5.2.20 on Python 3.13"),
        ('{"id": 3}', '{"id": 17}'),
        ("request 0b2f8a52-5f0e-4c3a-9a68-0a7f9f3f0f11", "request 9b2f8a52-5f0e-4c3a-9a68-0a7f9f3f0f12"),
        ("ok", "\x1b[32mok\x1b[0m  \n\n"),
        ("first\n...\nlast", "first\n1\n2\n3\nlast"),
        ("first\n...\nlast", "first\nlast"),
        ("...\nlast", "1\nlast"),
        ("first\n...", "first\n2"),
        ("a\n...\nb\n...\nc", "a\n-\nb\n-\nb\n-\nc"),
        ("pass... done", "pass 1 and 2 done"),
    ],
)
def test_masks_and_wildcards(shown, got):
    assert compare.matches(shown, got)


@pytest.mark.parametrize(
    ("shown", "got"),
    [
        ("24 products", "25 products"),
        ("0 errors", "1 errors"),
        ("first\n...\nlast", "first\nlast\nmore"),
        ("first\n...\nlast", "before\nfirst\nlast"),
        ("a\n...\nb\n...\nc", "a\nc\nb"),
        ("...\nb\n...\nb\n...", "a\nb\nc"),
        ("done", ""),
        ("http://localhost:8000/shop/", "http://localhost:8000/blog/"),
    ],
)
def test_everything_else_counts(shown, got):
    assert not compare.matches(shown, got)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "app.py"
    path.write_text("class A:\n    x = 1\n\n    def f(self):\n        return self.x\n\n\nclass B:\n    x = 1\n")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    x = 1",
        "def f(self):\n    return self.x",
        "class A:\n    ...\n    def f(self):\n        return self.x",
        "class A:\n# …\nclass B:\n    x = 1",
    ],
)
def test_accepts_lines_of_the_file(source, text):
    snippet = chapters.Snippet(line=1, file="app.py", text=text)
    assert files.snippet_problem(snippet, source.parent) is None


@pytest.mark.parametrize(
    "text",
    ["class A:\n    x = 2", "class A:\n    def f(self):", "class B:\n    ...\n    def f(self):", "class A:\nx = 1"],
)
def test_refuses_lines_that_are_not_those_of_the_file(source, text):
    snippet = chapters.Snippet(line=1, file="app.py", text=text)
    assert "these lines do not stand in app.py" in files.snippet_problem(snippet, source.parent)


def test_refuses_a_snippet_of_a_missing_file(tmp_path):
    snippet = chapters.Snippet(line=1, file="gone.py", text="x")
    assert files.snippet_problem(snippet, tmp_path) == "there is no file gone.py"


def test_a_titled_block_is_compared(chapter):
    (snippet,) = chapter('```python title="app/manage.py" hl_lines="1"\nimport os\n```\n').snippets
    assert (snippet.file, snippet.text) == ("app/manage.py", "import os")


def test_makes_the_edits_and_files_that_it_shows(chapter, folder):
    (folder / "shop" / "list").write_text("bread\nmilk\neggs\n")
    text = """
        ```diff title="list"
         bread
        -milk
        +oat milk
        +honey
         eggs
        ```

        <!-- run: write -->
        ```text title="notes/today"
        Buy it.
        ```

        ```console
        $ cat list notes/today
        bread
        oat milk
        honey
        eggs
        Buy it.
        ```
    """
    runner.run(chapter(text), folder)


@pytest.mark.parametrize(("content", "times"), [("bread\n", 0), ("milk\nbread\nmilk\n", 2)])
def test_refuses_an_edit_whose_old_lines_do_not_stand_there_once(chapter, folder, content, times):
    (folder / "shop" / "list").write_text(content)
    message = refusal(chapter('```diff title="list"\n-milk\n+oat milk\n```\n'), folder)
    assert f"stand {times} times in list, not once" in message


@pytest.mark.skipif(not (chapters.ROOT / ".git").exists(), reason="this copy is no repository")
def test_the_bare_machine_is_a_clone_with_an_empty_home(tmp_path):
    workplace = workplaces.bare(tmp_path)
    with_status = sessions.Session(folder=workplace.folder, environment=workplace.environment)
    try:
        assert with_status.run("git status --short && ls -A ~ && ls LICENSE", 30) == (0, "LICENSE\n")
        assert with_status.run("ls .venv/bin/python", 30)[0] == 0
    finally:
        with_status.close()
    assert not (workplace.folder / ".env").exists()
    assert not {"SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"} & workplace.environment.keys()
