"""Production on this engine: docker-compose.prod.yml with ports, secrets, volumes and a certificate authority of its
own.

The authority is Pebble, Let's Encrypt's own for tests: certificates are asked for and renewed as on a real server.
"""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from tests.environment import free_port, outside
from tests.stack.stack import REPOSITORY, container_of, execute_in

DOMAIN = "shop.test"
RANDOM = ("secret_key", "mysql_password", "mysql_migration_password", "mysql_root_password")
# Whatever other secrets the Compose file names are there and empty, which is: not set.
EMAIL_URL = "smtp://mail.invalid:25"


def make_authority(folder: Path, *, valid_for: int, http_port: int = 8080) -> str:
    """What Pebble needs, in ``folder``; its service, for a Compose file in which nginx bears the domain's name."""
    folder.mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "30", "-subj", "/CN=pebble", "-addext", "subjectAltName=DNS:pebble",
         "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    configuration = {
        "listenAddress": "0.0.0.0:14000",
        "managementListenAddress": "0.0.0.0:15000",
        "certificate": "/pebble/cert.pem",
        "privateKey": "/pebble/key.pem",
        "httpPort": http_port,
        "tlsPort": 8443,
        "profiles": {"default": {"description": "as long as the tests want", "validityPeriod": valid_for}},
    }
    (folder / "config.json").write_text(json.dumps({"pebble": configuration}))
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    return f"""\
services:
  pebble:
    image: letsencrypt/pebble:2.10
    command: [-config, /pebble/config.json, -dnsserver, "127.0.0.11:53"]
    environment: {{PEBBLE_VA_NOSLEEP: "1"}}
    volumes: ["{folder}:/pebble:ro"]
    networks: [edge]
    ports: ["127.0.0.1:${{PEBBLE_PORT}}:15000"]
  certbot:
    environment: {{PYTHONWARNINGS: ignore}}
  nginx:
    networks:
      edge: {{aliases: [{DOMAIN}, www.{DOMAIN}]}}
"""


@dataclass
class Production:
    """The working tree's production, for the server's folder ``folder``."""

    folder: Path
    project: str = field(default_factory=lambda: f"hnm-prod-{secrets.token_hex(3)}")
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)
    pebble: int = field(default_factory=free_port)
    # What differs from config/env for one call.
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> str:
        return f"https://{DOMAIN}:{self.https}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **outside(),
            "SHOP_DIR": str(self.folder),
            "IMAGE": f"{self.project}:one",
            "PEBBLE_PORT": str(self.pebble),
            "COMPOSE_EXTRA_FILE": str(self.folder / "extra.yml"),
            **self.extra,
        }

    def prepare(self, *, valid_for: int) -> None:
        """The folders of a server: settings and secrets, and the authority beside them."""
        for name in ("config", "secrets", "state", "backups"):
            (self.folder / name).mkdir()
        (self.folder / "secrets").chmod(0o700)
        for name in self.secret_names():
            value = secrets.token_urlsafe(40) if name in RANDOM else EMAIL_URL if name == "email_url" else ""
            (self.folder / "secrets" / name).write_text(f"{value}\n" if value else "")
            (self.folder / "secrets" / name).chmod(0o644)
        settings = {
            "COMPOSE_PROJECT_NAME": self.project,
            "DOMAIN": DOMAIN,
            "REDIRECT_DOMAINS": f"www.{DOMAIN}",
            "SITE_URL": self.site,
            "ACME_SERVER": "https://pebble:14000/dir",
            "CERTBOT_OPTIONS": "--no-verify-ssl",
            "CERTIFICATE_CHECK_SECONDS": "10",
            "PUBLISH_ON": "127.0.0.1",
            "HTTP_PORT": str(self.http),
            "HTTPS_PORT": str(self.https),
        }
        (self.folder / "config" / "env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        (self.folder / "extra.yml").write_text(make_authority(self.folder / "authority", valid_for=valid_for))

    @staticmethod
    def secret_names() -> list[str]:
        """As the Compose file lists them."""
        lines = (REPOSITORY / "docker-compose.prod.yml").read_text().partition("\nsecrets:\n")[2].splitlines()
        return [line.split(":")[0].strip() for line in lines if "/secrets/" in line]

    def build(self) -> None:
        """Two releases of the same code, which differ in their name alone."""
        for release in ("one", "two"):
            self._run(
                "docker", "build", "--quiet", "--target", "runtime", "--build-arg", f"RELEASE={release}",
                "--tag", f"{self.project}:{release}", ".", seconds=900,
            )  # fmt: skip

    def start(self) -> None:
        """As a first deployment does it."""
        self.script("proxy", "install")
        self.compose("up", "--detach", "--wait", "db", "redis", "cache", "nginx", "pebble")
        self.compose("run", "--rm", "migrate")
        self.compose("up", "--detach", "--wait", "pebble", *self.services())

    def services(self) -> list[str]:
        """Those of the profiles that are on."""
        return self.compose("config", "--services").split()

    def script(self, name: str, *arguments: str, check: bool = True, seconds: int = 300) -> str:
        return self._run(str(REPOSITORY / "scripts/server" / name), *arguments, check=check, seconds=seconds)

    def compose(self, *arguments: str, check: bool = True, seconds: int = 300) -> str:
        return self.script("compose", *arguments, check=check, seconds=seconds)

    def execute(self, service: str, *command: str, check: bool = True, seconds: int = 300) -> str:
        """What it printed to stdout; with ``check=False`` also what it printed to stderr."""
        result = execute_in(container_of(self.project, service), *command, check=check, seconds=seconds)
        return result.stdout if check else result.stdout + result.stderr

    def python(self, code: str, *, service: str = "web-blue") -> str:
        return self.execute(service, "python", "manage.py", "shell", "-v", "0", "-c", code).strip()

    def _run(self, *command: str, check: bool = True, seconds: int = 300) -> str:
        """What it printed to stdout; with ``check=False`` also what it printed to stderr."""
        result = subprocess.run(
            command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, timeout=seconds,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or result.returncode == 0, f"{command} failed:\n{result.stdout}{result.stderr}"
        return result.stdout if check else result.stdout + result.stderr

    def containers(self) -> list[dict[str, Any]]:
        """What the engine says of each container that runs, Pebble's aside."""
        ids = self.compose("ps", "--quiet").split()
        described: list[dict[str, Any]] = json.loads(self._run("docker", "inspect", *ids))
        return [one for one in described if service_of(one) != "pebble"]

    def memory(self) -> dict[str, float]:
        """What docker stats says, in MiB, by service."""
        names = {one["Name"].lstrip("/"): service_of(one) for one in self.containers()}
        listed = self._run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *names)
        return {names[line.split()[0]]: _mebibytes(line.split()[1]) for line in listed.splitlines()}

    def file_cache(self) -> dict[str, float]:
        """What docker stats counts although the kernel takes it back at need: files read more than once. MiB."""
        look = "cat /sys/fs/cgroup/memory.stat /sys/fs/cgroup/memory/memory.stat 2>/dev/null"
        cached = {}
        for one in self.containers():
            told = self._run("docker", "exec", one["Id"], "sh", "-c", look, check=False)
            values = dict(line.split() for line in told.splitlines())
            cached[service_of(one)] = int(values.get("total_active_file") or values["active_file"]) / 2**20
        return cached

    def authority(self) -> str:
        """The root of Pebble's certificates. Another one at each of its starts."""
        its_own = ssl.create_default_context(cafile=str(self.folder / "authority/cert.pem"))
        pool = urllib3.HTTPSConnectionPool(
            "127.0.0.1", self.pebble, ssl_context=its_own, server_hostname="pebble", assert_hostname="pebble"
        )
        return pool.request("GET", "/roots/0").data.decode()

    def tls(self) -> ssl.SSLContext:
        """A visitor's, who believes Pebble and nobody else."""
        return ssl.create_default_context(cadata=self.authority())

    def visitor(self, **options: Any) -> urllib3.HTTPSConnectionPool:
        """Asks under the domain's name, and insists on a certificate for it. Follows no redirect, and tries
        nothing twice."""
        return urllib3.HTTPSConnectionPool(
            "127.0.0.1", self.https, ssl_context=self.tls(), server_hostname=DOMAIN, assert_hostname=DOMAIN,
            headers={"Host": f"{DOMAIN}:{self.https}"}, retries=False, timeout=60, **options,
        )  # fmt: skip

    def serial(self) -> str:
        """Of the certificate that is served now."""
        with connected(self.https, believes_everyone()) as connection:
            der = connection.getpeercert(binary_form=True)
        assert der
        return subprocess.run(
            ["openssl", "x509", "-inform", "DER", "-noout", "-serial"], input=der, capture_output=True, check=True
        ).stdout.decode()

    def destroy(self) -> None:
        self.extra |= {"COMPOSE_PROFILES": "*"}
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5", check=False)
        for release in ("one", "two"):
            subprocess.run(
                ["docker", "image", "rm", "--force", f"{self.project}:{release}"], capture_output=True, check=False
            )
        shutil.rmtree(self.folder, ignore_errors=True)


def service_of(container: dict[str, Any]) -> str:
    return str(container["Config"]["Labels"]["com.docker.compose.service"])


def _mebibytes(text: str) -> float:
    units = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}
    return float(text[:-3]) * units[text[-3:]]


def believes_everyone() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def connected(port: int, context: ssl.SSLContext, *, name: str = DOMAIN) -> ssl.SSLSocket:
    """A TLS connection to this machine's port, for the host of that name."""
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=10), server_hostname=name)
