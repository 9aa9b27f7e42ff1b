"""Usage: python -m tests.bench.throughput [--number 1000] [--rounds 5] [--json FILE]

How many durable jobs that do nothing the workers do in a second, beside plain Celery tasks that do nothing: on a
container stack of its own, in turn, round by round. Prints medians and their ratio, and writes them as JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path

from tests.stack.stack import Stack

GOAL = 0.6


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="hnm-bench-") as folder:
        Path(folder).chmod(0o755)
        stack = Stack(folder=Path(folder), extra={"LOG_LEVEL": "WARNING"})
        stack.copy_repository()
        try:
            report(measure(stack, options), options.json)
        finally:
            stack.destroy()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, default=Path("var/bench-jobs.json"))
    return parser.parse_args()


def measure(stack: Stack, options: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    shutil.copytree(Path(__file__).with_name("yardstick"), stack.folder / "app/yardstick", dirs_exist_ok=True)
    settings = stack.folder / "app/hnmproject/settings.py"
    settings.write_text(settings.read_text() + '\nINSTALLED_APPS += ["yardstick"]\n')
    stack.serve_the_image()
    stack.make("up")
    # What is measured is one pool: without the threads that help it, and without what beat asks for meanwhile.
    stack.compose("stop", "beat", "flower", "worker-io")
    arguments = [f"--number={options.number}", f"--rounds={options.rounds}"]
    said = stack.execute("web", "python", "manage.py", "yardstick", *arguments, seconds=1800)
    rounds: dict[str, list[dict[str, float]]] = json.loads(said.splitlines()[-1])
    return rounds


def report(rounds: dict[str, list[dict[str, float]]], file: Path) -> None:
    medians = {
        f"{what}s {doing}": statistics.median(found[doing] for found in rounds[what])
        for what in ("task", "job")
        for doing in ("asked", "done")
    }
    ratio = medians["jobs done"] / medians["tasks done"]
    for name, rate in medians.items():
        print(f"{name:<12} {rate:8.0f} a second")
    print(f"jobs done / tasks done {ratio:.2f} (goal {GOAL})")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"medians": medians, "ratio": ratio, "goal": GOAL, "rounds": rounds}, indent=2))


if __name__ == "__main__":
    main()
