"""The process manager of embedded mode: starts the shop's processes in order, reloads them, and leaves none behind.

Why not a ready-made one: it must start in stages (nothing is served before the database is ready), restart on a
change without losing the port, survive code that does not load, and take everything with it even when killed outright.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from watchfiles import Change, PythonFilter, awatch

from . import checks, stripe, valkey
from .output import Output
from .place import EmbeddedError, Place
from .service import Service

SECONDS_TO_PREPARE_WEB = 60
# A process that ends this soon after a change of the code ended because of it.
SECONDS_TO_BLAME_A_CHANGE = 30
QUEUES = "io,default,bulk"  # the first that holds something comes first


def supervise(place: Place) -> int:
    checks.preflight(place, [])
    with place.held():
        return asyncio.run(_run(place))


async def _run(place: Place) -> int:
    return await Supervisor(place).run()


class Supervisor:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._output = Output(place.log)
        self._valkey_port = valkey.free_port()
        self._stripe = stripe.simulator(place)
        self._prepared = place.var / "prepared"
        self._environment = self._environment_of_processes()
        self._services = self._make_services()
        self._failure: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._changed_at = float("-inf")

    def _environment_of_processes(self) -> dict[str, str]:
        host, port = self._place.host, self._place.port
        return os.environ | {
            **self._shop_environment(),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(self._place.app),
            "HNM_BIND": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "HNM_PREPARED": str(self._prepared),
        }

    def _shop_environment(self) -> dict[str, str]:
        return self._place.environment(self._valkey_port) | (self._stripe.shop_environment if self._stripe else {})

    def _make_services(self) -> dict[str, Service]:
        python = sys.executable
        # As root in a container of one's own this is no news; the production image is not root.
        no_news = "ignore:You're running the worker with superuser privileges"
        celery = [python, "-W", no_news, "-m", "hnmproject.celery_process"]
        configuration = Path(__file__).with_name("gunicorn_conf.py")
        commands = {
            "valkey": valkey.command(self._place, self._valkey_port),
            "prepare": [python, "manage.py", "prepare"],
            "web": [python, "-m", "gunicorn", "--config", str(configuration), "hnmproject.asgi:application"],
            "worker": [
                *celery, "worker", "--queues", QUEUES, "--pool", "threads", "--concurrency", "4",
                "--hostname", "worker@embedded", "--without-gossip", "--without-mingle",
            ],
            "beat": [*celery, "beat", "--pidfile", "", "--schedule", str(self._place.var / "beat")],
        }  # fmt: skip
        services = {
            name: Service(name, command, cwd=self._place.app, environment=self._environment, output=self._output)
            for name, command in commands.items()
        }
        if self._stripe:
            environment = self._environment | self._stripe.environment(self._place)
            services["stripe"] = Service(
                "stripe", self._stripe.command, cwd=self._place.root, environment=environment, output=self._output
            )
        return services

    async def run(self) -> int:
        try:
            problem = await self._serve_until_over()
        finally:
            await self._stop_all()
        if problem:
            print(f"Error: {problem}", file=sys.stderr)
            return 1
        self._output.say("Stopped.")
        return 0

    async def _serve_until_over(self) -> str:
        """Serve until a signal, or until a process ends: then say why."""
        over = asyncio.Event()
        self._set_at_signals(over)
        self._failure.add_done_callback(lambda _: over.set())
        serving = asyncio.create_task(self._serve())
        serving.add_done_callback(lambda _: over.set())
        await over.wait()
        serving.cancel()
        return await self._problem_of(serving)

    @staticmethod
    def _set_at_signals(over: asyncio.Event) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, over.set)

    async def _problem_of(self, serving: asyncio.Task[None]) -> str:
        try:
            await serving
        except asyncio.CancelledError:
            return self._failure.result() if self._failure.done() else ""
        except EmbeddedError as problem:
            return str(problem)
        return ""

    # --- Starting ----------------------------------------------------------------------------------------------------

    async def _serve(self) -> None:
        is_first = not self._place.login.exists()
        self._prepared.unlink(missing_ok=True)
        await self._start("valkey")
        if self._stripe:
            await self._start("stripe")
        await asyncio.to_thread(valkey.wait_until_it_answers, self._valkey_port)
        await self._services["prepare"].start()
        # It loads its code meanwhile, and waits for the preparation before it answers.
        await self._start("web")
        await self._finish_preparing()
        await self._wait_until_ready()
        # Last, so that work that has waited for a worker does not take the processor from the first page.
        await self._start("worker")
        await self._start("beat")
        self._write_record()
        self._output.say(self._banner(is_first=is_first))
        await self._reload_on_change()

    async def _start(self, name: str) -> None:
        await self._services[name].start(self._on_end)

    async def _finish_preparing(self) -> None:
        code = await self._services["prepare"].ended()
        if code != 0:
            raise EmbeddedError("the database could not be prepared: see the lines above.")
        self._prepared.touch()

    def _write_record(self) -> None:
        processes = {name: service.pid for name, service in self._services.items() if service.is_running}
        record = {
            "pid": os.getpid(),
            "address": self._place.address,
            "environment": self._shop_environment(),
            "processes": processes,
        }
        unfinished = self._place.record.with_suffix(".new")
        unfinished.write_text(json.dumps(record, indent=2))
        unfinished.replace(self._place.record)

    async def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_PREPARE_WEB
        while (answer := await self._ask_whether_ready()) != HTTPStatus.OK:
            if time.monotonic() > deadline:
                raise EmbeddedError(f"not ready after {SECONDS_TO_PREPARE_WEB} s: /health/ready says {answer}.")
            await asyncio.sleep(0.05)

    async def _ask_whether_ready(self) -> int:
        """The status of /health/ready, or 0 where nothing answers."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._place.host, self._place.host)  # noqa: S104  # compared
        try:
            reader, writer = await asyncio.open_connection(host, self._place.port)
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            status_line = await asyncio.wait_for(reader.readline(), 5)
            writer.close()
            return int(status_line.split()[1])
        except (OSError, TimeoutError, IndexError, ValueError):
            return 0

    def _banner(self, *, is_first: bool) -> str:
        started = float(os.environ.get("HNM_STARTED") or time.time())
        address = self._place.address
        lines = [
            f"Ready after {max(time.time() - started, 0):.0f} s",
            f"  Shop      {address}/",
            f"  Admin     {address}/admin/",
            f"  Login     {self._login(is_first=is_first)}",
            f"  Mail      {address}/dev/mail/   (nothing leaves this machine)",
            f"  Payments  {self._payments()}",
            f"  Data      {self._place.var}",
            "  Stop      Ctrl-C",
        ]
        return "\n" + "\n".join(lines) + "\n"

    def _payments(self) -> str:
        return f"{self._stripe.address}/   (simulated: no money moves)" if self._stripe else "by Stripe, as configured"

    def _login(self, *, is_first: bool) -> str:
        if not self._place.login.exists():
            return "“make superuser” makes one"
        if is_first:
            return " · ".join(self._place.login.read_text().split())
        return f"in {self._place.login}"

    # --- Reloading ---------------------------------------------------------------------------------------------------

    async def _reload_on_change(self) -> None:
        async for changes in awatch(self._place.app, watch_filter=CodeFilter(), step=20):
            self._output.say(f"Changed: {_names(changes, self._place.app)}")
            await self._reload()

    async def _reload(self) -> None:
        self._changed_at = time.monotonic()
        web, worker = self._services["web"], self._services["worker"]
        if web.is_running:
            # gunicorn keeps the port while it changes its code: a request waits instead of failing.
            web.signal(signal.SIGHUP)
        else:
            await self._start("web")
        await worker.stop()
        await self._start("worker")
        self._write_record()

    def _on_end(self, service: Service, code: int) -> None:
        if time.monotonic() - self._changed_at < SECONDS_TO_BLAME_A_CHANGE:
            self._output.say(f"{service.name} could not load the changed code: it starts again at the next change.")
            return
        if not self._failure.done():
            self._failure.set_result(self._describe_end(service, code))

    def _describe_end(self, service: Service, code: int) -> str:
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        last = "".join(f"\n  {line}" for line in self._output.last_lines(service.name))
        return f"{service.name} {how}, so everything was stopped. Its last lines:{last}"

    # --- Stopping ----------------------------------------------------------------------------------------------------

    async def _stop_all(self) -> None:
        self._output.say("\nStopping …")
        users = [service.stop() for name, service in self._services.items() if name != "valkey"]
        await asyncio.gather(*users)
        await self._services["valkey"].stop()
        self._prepared.unlink(missing_ok=True)


class CodeFilter(PythonFilter):
    """Python files that the running processes load: tests are not among them, and templates are read anew anyway."""

    def __call__(self, change: Change, path: str) -> bool:
        return "/tests/" not in path and super().__call__(change, path)


def _names(changes: Iterable[tuple[Change, str]], folder: Path) -> str:
    return ", ".join(sorted({str(Path(path).relative_to(folder)) for _, path in changes}))
