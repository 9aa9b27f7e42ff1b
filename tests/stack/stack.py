"""A container stack of its own for the tests: its own Compose project, ports, secrets and volumes."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.environment import free_port, outside, wait_until

REPOSITORY = Path(__file__).resolve().parents[2]
SERVICES = ("nginx", "web", "live", "worker", "worker-io", "beat", "flower", "db", "redis", "cache", "mail", "stripe")


@dataclass
class Answer:
    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Stack:
    """The repository's copy in ``folder``, run as containers under a project name of its own."""

    folder: Path
    project: str = field(default_factory=lambda: f"hnm-test-{secrets.token_hex(3)}")
    port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    stripe_port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    up_output: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {
            **outside(),
            "COMPOSE_PROJECT_NAME": self.project,
            "PORT": str(self.port),
            "MAIL_PORT": str(self.mail_port),
            "STRIPE_PORT": str(self.stripe_port),
            "IMAGE": f"{self.project}:dev",
            **self.extra,
        }

    def copy_repository(self) -> None:
        """Copy what a commit of the working tree would hold: the tests edit it."""
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY, capture_output=True, check=True,
        )  # fmt: skip
        for name in listing.stdout.decode().split("\0"):
            if name and (REPOSITORY / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, self.folder / name)
        # The containers' user reads it, whoever runs the tests.
        subprocess.run(["chmod", "-R", "a+rX", str(self.folder)], check=True)
        self.folder.chmod(0o755)

    def serve_the_image(self) -> None:
        """From the next ``make up`` on, run what production does: the image's code, no reloader, no DEBUG."""
        self.extra |= {"TARGET": "runtime", "DEBUG": "off", "RELOAD": "off", "PAGE_CACHE": "pages"}
        compose = self.folder / "docker-compose.yml"
        text = compose.read_text().replace("      - ./app:/srv/app\n", "")
        text = re.sub(r'command: \[watchfiles, --filter, python, (".*"), /srv/app\]', r"command: \1", text)
        assert "watchfiles" not in text
        compose.write_text(text)

    def make(self, target: str, *, check: bool = True, seconds: int = 900, **variables: str) -> str:
        """Run a target of the Makefile as a person would; return what it printed."""
        result = subprocess.run(
            ["make", "--no-print-directory", target, *(f"{key}={value}" for key, value in variables.items())],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=seconds,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        output = result.stdout + result.stderr
        assert not check or result.returncode == 0, f"make {target} failed:\n{output}"
        return output

    def compose(self, *arguments: str, check: bool = True, seconds: int = 300) -> str:
        result = subprocess.run(
            ["docker", "compose", "--project-name", self.project, *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=seconds,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or result.returncode == 0, f"{arguments} failed:\n{result.stdout}{result.stderr}"
        return result.stdout

    def execute(self, service: str, *command: str, check: bool = True, seconds: int = 300) -> str:
        return execute_in(self.container(service), *command, check=check, seconds=seconds).stdout

    def query(self, sql: str) -> str:
        """What MySQL says, without Django: nothing where it is away."""
        console = f'MYSQL_PWD="$MYSQL_PASSWORD" mysql -N -B -u hnm hnm -e "{sql}"'
        return self.execute("db", "sh", "-c", console, check=False).strip()

    def kill(self, service: str) -> None:
        """SIGKILL to the service's own process, below the container's init; the engine starts the container again."""
        main = "int(pathlib.Path('/proc/1/task/1/children').read_text().split()[0])"
        # The command ends together with its container.
        self.execute(service, "python", "-c", f"import os, pathlib; os.kill({main}, 9)", check=False)

    def pause(self, service: str) -> None:
        """Freeze the service's processes. Under load the engine sometimes gives up (“unable to freeze”)."""
        container = self.container(service)

        def is_paused() -> bool:
            return subprocess.run(["docker", "pause", container], capture_output=True, check=False).returncode == 0

        wait_until(is_paused, seconds=60, what=f"{service} frozen")

    def unpause(self, service: str) -> None:
        subprocess.run(["docker", "unpause", self.container(service)], capture_output=True, check=True)

    def container(self, service: str) -> str:
        return container_of(self.project, service)

    def health(self, service: str) -> str:
        state = subprocess.run(
            ["docker", "inspect", "--format", "{{json .State}}", self.container(service)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        described: dict[str, Any] = json.loads(state.stdout)
        return str(described["Health"]["Status"]) if described.get("Health") else str(described["Status"])

    def wait_for_health(self, service: str, wanted: str = "healthy", *, seconds: float = 120) -> None:
        wait_until(lambda: self.health(service) == wanted, seconds=seconds, what=f"{service} {wanted}")

    def get(self, path: str, *, port: int | None = None, **headers: str) -> Answer:
        """GET a path through nginx. Every status is an answer; no redirect is followed."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{port or self.port}{path}",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        return self.send(request)

    def send(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=30) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def answers(self, path: str = "/health/ready") -> bool:
        try:
            return self.get(path).status == 200
        except OSError:
            return False

    def destroy(self) -> None:
        """Remove containers, volumes, networks and the image, by the project's name."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5", check=False)
        subprocess.run(["docker", "image", "rm", "--force", f"{self.project}:dev"], capture_output=True, check=False)


def container_of(project: str, service: str) -> str:
    """The id of the service's container. Asked of the engine: Compose takes half a second, and tests ask often."""
    labels = {"project": project, "service": service, "oneoff": "False"}
    filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
    listed = subprocess.run(
        ["docker", "ps", "--all", "--quiet", "--no-trunc", *filters], capture_output=True, text=True, check=True
    ).stdout.split()
    assert listed, f"there is no container of {service}"
    return listed[0]


def execute_in(
    container: str, *command: str, check: bool = True, seconds: int = 300
) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        ["docker", "exec", container, *command], capture_output=True, text=True, timeout=seconds,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert not check or result.returncode == 0, f"{command} failed:\n{result.stdout}{result.stderr}"
    return result


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None
