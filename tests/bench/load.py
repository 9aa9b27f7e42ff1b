"""Bounded load on an address of this machine, by wrk where it is installed, else by a small client of our own."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 16
CLIENT = "wrk" if shutil.which("wrk") else "python"


def requests_per_second(url: str, *, seconds: float, cookie: str = "") -> float:
    """Drive ``url`` with 16 keep-alive connections. Any answer but 200 is an error: it would be a fast one."""
    if CLIENT == "wrk":
        return _wrk(url, seconds=seconds, cookie=cookie)
    return _python(url, seconds=seconds, cookie=cookie)


def _wrk(url: str, *, seconds: float, cookie: str) -> float:
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds:.0f}s"]
    if cookie:
        command += ["--header", f"Cookie: {cookie}"]
    output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if failed := re.search(r"(Non-2xx.*|Socket errors.*)", output):
        raise RuntimeError(f"{url}: {failed[1]}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if not found:
        raise RuntimeError(f"{url}: wrk printed no rate:\n{output}")
    return float(found[1])


def _python(url: str, *, seconds: float, cookie: str) -> float:
    deadline = time.monotonic() + seconds
    counts = [0] * CONNECTIONS
    failures: list[str] = []

    def drive(index: int) -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        while time.monotonic() < deadline and not failures:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                failures.append(f"{url} answered {response.status}")
            counts[index] += 1
        connection.close()

    threads = [threading.Thread(target=drive, args=(index,)) for index in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return sum(counts) / seconds
