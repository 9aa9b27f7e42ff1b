"""A server to deploy to: Debian with SSH and an engine of its own, a test authority for certificates beside it, and a
clone of the project to deploy from. What a person would type is typed here: ``make deploy HOST=…``."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.environment import free_port, outside, wait_until

REPOSITORY = Path(__file__).resolve().parents[2]
DOMAIN = "shop.example.com"
# What a server pulls from a registry the first time. Here none can be reached, so these are brought.
IMAGES = ("mysql:9.7", "redis:8.0", "nginx:1.30", "certbot/certbot:v5.5.0")
PEBBLE = {
    "pebble": {
        "listenAddress": "0.0.0.0:14000",
        "managementListenAddress": "0.0.0.0:15000",
        "certificate": "/etc/pebble/cert.pem",
        "privateKey": "/etc/pebble/key.pem",
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }
}
COPIED = "git ls-files -z --cached --others --exclude-standard"


def docker(*arguments: str, check: bool = True, seconds: int = 600, text: str | None = None) -> str:
    result = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=seconds, check=False, input=text
    )
    assert not check or result.returncode == 0, f"docker {arguments} failed:\n{result.stdout}{result.stderr}"
    return result.stdout.strip()


def machine_image() -> str:
    """MACHINE_IMAGE; or the testbed's, where there is one; else ours, which takes a minute to build."""
    ready = os.environ.get("MACHINE_IMAGE", "testbed/vps:latest")
    if docker("image", "ls", "--quiet", ready):
        return ready
    docker("build", "--quiet", "--tag", "hnm-machine", str(REPOSITORY / "tests/stack/machine"))
    return "hnm-machine"


@dataclass
class Made:
    """What ``make`` said, and whether it was content."""

    code: int
    output: str

    def __contains__(self, words: str) -> bool:
        return words in self.output


@dataclass
class Server:
    """A bare server under a name of its own. ``folder`` holds its keys, and the clone that is deployed from."""

    folder: Path
    # All that runs on it has this much memory together, and swap as server-setup would make it.
    memory: str = "2g"
    name: str = field(default_factory=lambda: f"hnm-server-{secrets.token_hex(3)}")
    extra: dict[str, str] = field(default_factory=dict)
    # Where this machine reaches its ports 22, 80 and 443.
    ports: dict[int, int] = field(default_factory=lambda: {port: free_port() for port in (22, 80, 443)})

    # --- The machine ---

    def start(self) -> None:
        """A machine that has just been rented: root comes in by key, an engine is there or not, nothing else."""
        self._make_keys()
        docker("network", "create", self.name)
        self._start_authority()
        docker(
            "run", "--detach", "--privileged", "--name", self.name, "--hostname", self.name,
            "--memory", self.memory, "--memory-swap", "4g",
            "--network", self.name, "--network-alias", DOMAIN, "--volume", f"{self.name}:/var/lib/docker",
            *(f"--publish=127.0.0.1:{here}:{there}" for there, here in self.ports.items()),
            "--env", f"DEPLOY_PUBLIC_KEY={self.public_key}", machine_image(),
        )  # fmt: skip
        # The key of whoever rented it is root's; the user who deploys is made by server-setup.
        self.root(
            "install -d -m 700 ~root/.ssh && printf '%s\\n' \"$DEPLOY_PUBLIC_KEY\" >~root/.ssh/authorized_keys"
            " && chmod 600 ~root/.ssh/authorized_keys && userdel --remove deploy 2>/dev/null || true"
        )
        wait_until(self._listens, seconds=60, what="the server answers SSH")
        wait_until(lambda: self.root("docker info >/dev/null 2>&1 && echo yes || true"), seconds=60, what="an engine")
        self._write_ssh_config()

    def _make_keys(self) -> None:
        key = self.folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        self.public_key = (self.folder / "key.pub").read_text().strip()

    def _write_ssh_config(self) -> None:
        (self.folder / "ssh_config").write_text(
            f"Host shop {DOMAIN}\n  HostName 127.0.0.1\n  Port {self.ports[22]}\n"
            f"  IdentityFile {self.folder}/key\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {self.folder}/known_hosts\n  LogLevel ERROR\n"
        )

    def _start_authority(self) -> None:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "30", "-subj", "/CN=pebble", "-addext", "subjectAltName=DNS:pebble",
             "-keyout", str(self.folder / "pebble.key"), "-out", str(self.folder / "pebble.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        (self.folder / "pebble.json").write_text(json.dumps(PEBBLE))
        name = f"{self.name}-pebble"
        docker(
            "create", "--name", name, "--network", self.name, "--network-alias", "pebble",
            "--env", "PEBBLE_VA_NOSLEEP=1", "letsencrypt/pebble:2.10",
            "-config", "/etc/pebble/config.json", "-dnsserver", "127.0.0.11:53",
        )  # fmt: skip
        files = self.folder / "pebble"
        files.mkdir()
        for source, target in (("pebble.json", "config.json"), ("pebble.pem", "cert.pem"), ("pebble.key", "key.pem")):
            shutil.copy(self.folder / source, files / target)
            (files / target).chmod(0o644)
        docker("cp", str(files), f"{name}:/etc/")
        docker("start", name)

    @property
    def authority(self) -> str:
        """The address of the test authority: containers on the server look up no names of the network outside."""
        return docker(
            "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", f"{self.name}-pebble"
        )

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.ports[22]), timeout=2) as connection:
                return connection.recv(3) == b"SSH"
        except OSError:
            return False

    def root(self, line: str, *, check: bool = True) -> str:
        """A line of shell as root, past SSH: what the machine's owner does at its console."""
        return docker("exec", self.name, "bash", "-c", line, check=check)

    def bring_images(self) -> None:
        """As if the server had pulled them."""
        subprocess.run(
            f"docker save {' '.join(IMAGES)} | docker exec -i {self.name} docker load",
            shell=True, check=True, capture_output=True, timeout=900,
        )  # fmt: skip

    def trust_authority(self) -> None:
        """The world trusts Let's Encrypt; this server is told to trust the test authority."""
        self.root(
            "curl -sk https://pebble:15000/roots/0 >/usr/local/share/ca-certificates/pebble.crt"
            " && update-ca-certificates >/dev/null 2>&1"
        )

    def watch_memory(self) -> None:
        """From now on every container that is short of memory, and every one if the machine is, leaves a line."""
        docker(
            "exec",
            "--detach",
            self.name,
            "sh",
            "-c",
            "docker events --filter event=oom >>/var/log/short-of-memory 2>&1",
        )

    def short_of_memory(self) -> str:
        return self.root("cat /var/log/short-of-memory")

    def memory_stats(self) -> str:
        """What its containers take, in a line."""
        said = self.root("docker stats --no-stream --format '{{.Name}} {{.MemUsage}}'")
        found = sorted((line.split()[0], line.split()[1]) for line in said.splitlines())
        return ", ".join(f"{name.removeprefix('shop-').removesuffix('-1')} {used}" for name, used in found)

    def reboot(self) -> None:
        docker("restart", "--time", "60", self.name)
        wait_until(self._listens, seconds=60, what="the server answers SSH again")

    def destroy(self) -> None:
        for name in (self.name, f"{self.name}-pebble"):
            docker("rm", "--force", "--volumes", name, check=False)
        docker("volume", "rm", "--force", self.name, check=False)
        docker("volume", "rm", "--force", f"{self.name}-shipping", check=False)
        docker("network", "rm", self.name, check=False)

    # --- The clone that is deployed from ---

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    def copy_repository(self) -> None:
        """What a commit of the working tree would hold, as a commit."""
        listed = subprocess.run(COPIED.split(), cwd=REPOSITORY, capture_output=True, check=True)
        for name in listed.stdout.decode().split("\0"):
            if name and (REPOSITORY / name).is_file():
                (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, self.clone / name)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("The shop")

    def git(self, *arguments: str) -> str:
        result = subprocess.run(
            ["git", "-c", "user.name=Alice", "-c", "user.email=alice@example.com", *arguments],
            cwd=self.clone, env=outside(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return result.stdout.strip()

    def commit(self, subject: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **outside(),
            "SSH_CONFIG": str(self.folder / "ssh_config"),
            "SHIPPING_VOLUME": f"{self.name}-shipping",
            "TMPDIR": str(self.folder),
            **self.extra,
        }

    def popen(self, target: str, **variables: str) -> subprocess.Popen[str]:
        words = [f"{key}={value}" for key, value in {"HOST": "shop", **variables}.items()]
        return subprocess.Popen(
            ["make", "--no-print-directory", target, *words],
            cwd=self.clone, env=self.environment, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def make(self, target: str, *, check: bool = True, seconds: int = 900, **variables: str) -> Made:
        """Run a target of the Makefile against this server, as a person would."""
        process = self.popen(target, **variables)
        output, _nothing = process.communicate(timeout=seconds)
        assert not check or process.returncode == 0, f"make {target} failed:\n{output}"
        return Made(process.returncode, output)

    def read_chapter(self, name: str, **variables: str) -> None:
        """A chapter of the handbook against this server, from its first command to its last."""
        result = subprocess.run(
            [sys.executable, "-m", "pytest", "tests/handbook/test_chapters.py", "-p", "no:cacheprovider",
             "-k", f"test_commands_do_what_is_shown and {name}"],
            cwd=REPOSITORY, capture_output=True, text=True, timeout=2400, check=False,
            env=self.environment | {"HANDBOOK_SETTINGS": "server", "HANDBOOK_CLONE": str(self.clone)} | variables,
        )  # fmt: skip
        assert result.returncode == 0, result.stdout + result.stderr

    # --- The shop on it ---

    def shell(self, line: str, *, check: bool = True) -> str:
        """A line of shell on the server, as the user who deploys."""
        result = subprocess.run(
            ["ssh", "-F", str(self.folder / "ssh_config"), "-o", "BatchMode=yes",
             "-o", "StrictHostKeyChecking=accept-new", "deploy@shop", line],
            capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or result.returncode == 0, f"{line} failed:\n{result.stdout}{result.stderr}"
        return result.stdout.strip()

    def compose(self, *arguments: str, check: bool = True) -> str:
        return self.shell(f"/srv/shop/current/scripts/server/compose {shlex.join(arguments)}", check=check)

    def query(self, sql: str) -> str:
        """What MySQL says. Asked of the engine there, for tests ask often, and Compose takes half a second."""
        console = "MYSQL_PWD=$(cat /run/secrets/mysql_password) exec mysql -N -B -u hnm hnm -e " + shlex.quote(sql)
        container = "$(docker ps --quiet --filter label=com.docker.compose.service=db)"
        return self.root(f"docker exec {container} sh -c {shlex.quote(console)}")

    def django(self, code: str) -> str:
        colour = self.shell("cat /srv/shop/state/colour")
        return self.compose(
            "exec", "-T", f"web-{colour}", "python", "manage.py", "shell", "--verbosity", "0", "-c", code
        )

    @property
    def release(self) -> str:
        """The one that serves."""
        return self.shell("basename $(readlink /srv/shop/current)")

    def get(self, path: str, *, https: bool = True, **headers: str) -> tuple[int, dict[str, str], str]:
        """GET through the public address; the name is looked up here, and the certificate is looked at elsewhere."""
        wanted = {"Host": DOMAIN, "Connection": "close", **headers}
        request = f"GET {path} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in wanted.items()) + "\r\n"
        with self.connection(https=https) as connection:
            connection.sendall(request.encode())
            answer = b""
            while part := connection.recv(65536):
                answer += part
        head, _blank, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        return (
            int(first.split()[1]),
            {name.lower(): value for name, _colon, value in pairs},
            body.decode(errors="replace"),
        )

    @contextmanager
    def connection(self, *, https: bool = True, context: ssl.SSLContext | None = None) -> Iterator[Any]:
        with socket.create_connection(("127.0.0.1", self.ports[443 if https else 80]), timeout=60) as plain:
            if not https:
                yield plain
                return
            if context is None:
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with context.wrap_socket(plain, server_hostname=DOMAIN) as wrapped:
                yield wrapped

    def certificate(self) -> dict[str, Any]:
        """What it shows to visitors, checked against the authority's root."""
        root = self.root("cat /usr/local/share/ca-certificates/pebble.crt")
        with self.connection(context=ssl.create_default_context(cadata=root)) as connection:
            shown: dict[str, Any] = connection.getpeercert()
            return shown

    def answers(self, path: str = "/health/ready") -> bool:
        try:
            return self.get(path)[0] == 200
        except OSError:
            return False


@contextmanager
def registry_of(server: Server) -> Iterator[str]:
    """A registry that this machine and the server both reach by the same name, as one in the internet is."""
    name, port = f"{server.name}-registry", free_port()
    docker("run", "--detach", "--name", name, "--publish", f"127.0.0.1:{port}:5000", "registry:2.8")
    forward = subprocess.Popen(
        ["ssh", "-F", str(server.folder / "ssh_config"), "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes",
         "-N", "-R", f"127.0.0.1:{port}:127.0.0.1:{port}", "deploy@shop"],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        asked = f"curl -s -o /dev/null 127.0.0.1:{port}/v2/ && echo yes || true"
        wait_until(lambda: server.shell(asked), seconds=30, what="the registry answers the server")
        yield f"127.0.0.1:{port}/team"
    finally:
        forward.terminate()
        forward.wait(timeout=10)
        docker("rm", "--force", "--volumes", name, check=False)


@contextmanager
def derived_image(server: Server, base: str, name: str, lines: str) -> Iterator[str]:
    """An image with some lines of a Dockerfile more: a release that differs where a test wants it to, in a second."""
    tag = f"{server.name}:{name}"
    with TemporaryDirectory(dir=server.folder) as folder:
        (Path(folder) / "Dockerfile").write_text(f"FROM {base}\n{lines}\nENV RELEASE={name}\n")
        docker("build", "--quiet", "--tag", tag, folder)
    try:
        yield tag
    finally:
        docker("image", "rm", "--force", tag, check=False)
