"""Usage: python -m tests.bench.bench [--products 100000] [--seconds 3] [--rounds 5] [--json FILE]

Starts the container stack as production serves it (built image, DEBUG off, nginx's page cache on), and baselines
beside it with the same server settings; drives all of them in turn, round by round, with 16 connections; prints
medians and the ratios that matter, and writes them as JSON. Only ratios within one run say anything: the machine is
shared, and both sides of a ratio saw the same of it. Takes about ten minutes, most of it making products.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import load, sockets
from tests.environment import wait_until
from tests.stack.stack import Stack

SMALL = 100


@dataclass(frozen=True)
class Target:
    name: str
    url: str
    cookie: str = ""


@dataclass(frozen=True)
class Goal:
    """``of / to``; where the two were measured at different times, each as a share of a yardstick of its time."""

    name: str
    of: str
    to: str
    at_least: float
    yardsticks: tuple[str, str] | None = None

    def ratio(self, medians: dict[str, float]) -> float:
        if self.yardsticks is None:
            return medians[self.of] / medians[self.to]
        now, then = self.yardsticks
        return (medians[self.of] / medians[now]) / (medians[self.to] / medians[then])


THEN_AND_NOW = ("honest minimum", "honest minimum, few")


GOALS = [
    Goal("anonymous page from nginx's cache / static file", "home, nginx's cache", "static file, nginx", 0.5),
    Goal("logged-in list / honest minimum", "list, logged in", "honest minimum", 0.6),
    Goal("list: many products / few", "list, logged in", "list, logged in, few", 1 / 1.2, THEN_AND_NOW),
    Goal("detail: many products / few", "detail, logged in", "detail, logged in, few", 1 / 1.2, THEN_AND_NOW),
]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="hnm-bench-") as folder:
        Path(folder).chmod(0o755)
        stack = Stack(folder=Path(folder), extra={"LOG_LEVEL": "WARNING"})
        stack.copy_repository()
        stack.serve_the_image()
        try:
            rates = _measure(stack, options)
        finally:
            stack.compose("--file", "docker-compose.yml", *_BENCH_FILE, "kill", check=False)
            stack.destroy()
    _report(rates, options)


_BENCH_FILE = ("--file", "tests/bench/docker-compose.bench.yml")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=3, help="of load for each target in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"))
    return parser.parse_args()


def _measure(stack: Stack, options: argparse.Namespace) -> dict[str, list[float]]:
    say = _clock()
    say("building the image and starting the stack")
    stack.make("up")
    stack.compose("--file", "docker-compose.yml", *_BENCH_FILE, "up", "--detach", "--wait", "baseline", "web")
    # Pictures would be rendered beside what is measured, and MailDev is not part of it.
    stack.compose("stop", "worker", "worker-io", "beat", "flower", "mail")
    baseline = f"http://{_address(stack, 'baseline')}:8000"
    wait_until(lambda: _answers(f"{baseline}/page"), seconds=60, what="the baseline")

    stack.make("manage", ARGS=f"demo --force --products {SMALL}")
    cookie = _log_in(stack)
    say("opening 500 sockets to the live service")
    print(asyncio.run(_hold_sockets(stack, cookie)).report(), flush=True)
    few = [
        Target(f"{target.name}, few", target.url, target.cookie)
        for target in _pages(stack, cookie)
        if target.name in {"list, logged in", "detail, logged in"}
    ]
    say(f"measuring with {SMALL} products")
    rates = _drive([Target("honest minimum, few", f"{baseline}/page"), *few], options)

    say(f"making {options.products} products")
    stack.make("manage", ARGS=f"demo --force --products {options.products}", seconds=3600)
    _analyse(stack)
    say(f"measuring {options.rounds} rounds")
    rates |= _drive(
        [
            Target("constant view", f"{baseline}/constant"),
            Target("honest minimum", f"{baseline}/page"),
            Target("static file, nginx", _static_file(stack)),
            *_pages(stack, cookie),
        ],
        options,
    )
    return rates


def _drive(targets: list[Target], options: argparse.Namespace) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {target.name: [] for target in targets}
    for target in targets:  # warm connections, templates and caches
        load.requests_per_second(target.url, seconds=1, cookie=target.cookie)
    for _ in range(options.rounds):
        for target in targets:
            rate = load.requests_per_second(target.url, seconds=options.seconds, cookie=target.cookie)
            rates[target.name].append(rate)
    return rates


def _pages(stack: Stack, cookie: str) -> list[Target]:
    """Our pages: from nginx's cache, straight from Django, and for a visitor who is logged in."""
    nginx = f"http://127.0.0.1:{stack.port}"
    web = f"http://{_address(stack, 'web')}:8000"
    product = re.search(r'href="(/shop/products/[^"?#]+)"', stack.get("/shop/").text)
    if product is None:
        raise RuntimeError("/shop/ shows no product to measure.")
    return [
        Target("home, nginx's cache", f"{nginx}/"),
        Target("list, anonymous, Django", f"{web}/shop/"),
        Target("list, logged in", f"{web}/shop/", cookie),
        Target("detail, logged in", f"{web}{product[1]}", cookie),
        Target("home, logged in", f"{web}/", cookie),
    ]


def _static_file(stack: Stack) -> str:
    stylesheet = re.search(r'href="(/static/[^"]+\.css)"', stack.get("/").text)
    if stylesheet is None:
        raise RuntimeError("The home page names no stylesheet.")
    return f"http://127.0.0.1:{stack.port}{stylesheet[1]}"


def _log_in(stack: Stack) -> str:
    code = (
        "from django.test import Client; from users.models import CustomUser as U;"
        " u, _ = U.objects.get_or_create(email='bench@example.com'); c = Client(); c.force_login(u);"
        " print('session', c.cookies['sessionid'].value)"
    )
    output = stack.make("manage", ARGS=f'shell --verbosity 0 -c "{code}"')
    found = re.search(r"session (\w+)", output)
    if found is None:
        raise RuntimeError(f"No session was made:\n{output}")
    return f"sessionid={found[1]}"


_ROLLUPS = "cat /proc/[0-9]*/smaps_rollup 2>/dev/null"  # of all processes of the container


async def _hold_sockets(stack: Stack, cookie: str) -> sockets.Figures:
    """Through nginx, as visitors do it. The job is one that says it runs; no worker is there to do it."""
    begin = (
        "from tasks.models import Job; from users.models import CustomUser as U;"
        " u = U.objects.get(email='bench@example.com');"
        " print('job', Job.objects.create(kind='bench', queue='bulk', owner=u, state='running').pk)"
    )
    found = re.search(r"job (\d+)", stack.make("manage", ARGS=f'shell --verbosity 0 -c "{begin}"'))
    if found is None:
        raise RuntimeError("No job was made.")
    told = (
        "from tasks.models import Job; from tasks.services import telling;"
        f" Job.objects.filter(pk={found[1]}).update(progress_current={sockets.WORD}); telling.tell(job_id={found[1]})"
    )
    return await sockets.measure(
        f"http://127.0.0.1:{stack.port}",
        origin=f"http://localhost:{stack.port}",
        path=f"/ws/jobs/{found[1]}/",
        cookie=cookie,
        memory=lambda: sockets.kilobytes_in(stack.execute("live", "sh", "-c", _ROLLUPS, check=False)) / 1024,
        tell=lambda: asyncio.to_thread(stack.make, "manage", ARGS=f'shell --verbosity 0 -c "{told}"'),
    )


def _analyse(stack: Stack) -> None:
    """Let MySQL count anew, as it does by itself after a while, so that it plans for the rows there are."""
    tables = "ecommerce_product, ecommerce_variant, ecommerce_productimage"
    command = f'MYSQL_PWD="$MYSQL_PASSWORD" mysql -uhnm -h127.0.0.1 hnm -e "ANALYZE TABLE {tables}"'
    stack.execute("db", "sh", "-c", command)


def _address(stack: Stack, service: str) -> str:
    container = stack.compose("--file", "docker-compose.yml", *_BENCH_FILE, "ps", "--quiet", service).strip()
    template = '{{(index .NetworkSettings.Networks "' + stack.project + '_backend").IPAddress}}'
    inspected = subprocess.run(
        ["docker", "inspect", "--format", template, container], capture_output=True, text=True, check=True
    )
    return inspected.stdout.strip()


def _answers(url: str) -> bool:
    try:
        return load.requests_per_second(url, seconds=1) > 0
    except (RuntimeError, OSError, subprocess.CalledProcessError):
        return False


def _clock() -> Callable[[str], None]:
    started = time.monotonic()
    return lambda what: print(f"[{time.monotonic() - started:5.0f} s] {what}", flush=True)


def _report(rates: dict[str, list[float]], options: argparse.Namespace) -> None:
    medians = {name: statistics.median(values) for name, values in rates.items()}
    print(f"\n{'target':32} {'requests/s':>10}  {'min':>8} {'max':>8}    ({load.CLIENT}, {options.rounds} rounds)")
    for name, values in rates.items():
        print(f"{name:32} {medians[name]:10.0f}  {min(values):8.0f} {max(values):8.0f}")
    print(f"\n{'ratio':52} {'is':>6} {'goal':>6}")
    ratios = {goal.name: goal.ratio(medians) for goal in GOALS}
    for goal in GOALS:
        mark = "" if ratios[goal.name] >= goal.at_least else "  below the goal"
        print(f"{goal.name:52} {ratios[goal.name]:6.2f} {goal.at_least:6.2f}{mark}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"products": options.products, "rates": rates, "ratios": ratios}, indent=2))
    print(f"\nWritten to {options.json}")


if __name__ == "__main__":
    main()
