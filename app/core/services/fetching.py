"""Fetch a file from a server elsewhere, and from nowhere within: a file that is imported may name any address.

The name is resolved once, every address it has must be public, and the connection goes to just that address: a name
that means another server a moment later does not help. Redirects go through the same again.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext as _

LARGEST_BYTES = 20_000_000
SECONDS_OF_SILENCE = 5.0
SECONDS_IN_ALL = 30.0
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_PIECE = 65_536
_WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}


class FetchError(Exception):
    """Its text is a sentence. ``passing``: a second try may help."""

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


@dataclass(frozen=True)
class Target:
    parts: SplitResult
    host: str
    port: int
    address: str  # the one of the host's that we connect to


def fetch(url: str) -> bytes:
    """The file's content, of at most LARGEST_BYTES, within SECONDS_IN_ALL. Raises FetchError."""
    deadline = time.monotonic() + SECONDS_IN_ALL
    for _redirect in range(MOST_REDIRECTS + 1):
        content, url = _ask(_target(url), url, deadline)
        if content is not None:
            return content
    raise FetchError(_("its server redirects too often"))


def fetch_with_second_try(url: str) -> bytes:
    """As ``fetch``, and once more where the fault may pass. Raises FetchError."""
    try:
        return fetch(url)
    except FetchError as error:
        if not error.passing:
            raise
    return fetch(url)


def public_addresses(host: str, port: int) -> list[str]:
    """Raises FetchError unless every address of the host is one of the public internet."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(_("its server is not known"), passing=True) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(is_public(address) for address in addresses):
        raise FetchError(_("its address is not one of the public internet"))
    return addresses


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in _TRANSLATED:  # an IPv4 address in the clothes of IPv6
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def _target(url: str) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise FetchError(_("its address is not valid")) from error
    if parts.scheme not in PORTS:
        raise FetchError(_("its address does not begin with https:// or http://"))
    if not parts.hostname or parts.username or parts.password:
        raise FetchError(_("its address is not valid"))
    if not allowed_port(port):
        raise FetchError(_("its address names an unusual port"))
    return Target(parts, parts.hostname, port, public_addresses(parts.hostname, port)[0])


def allowed_port(port: int) -> bool:
    return port in PORTS.values()


class _PinnedConnection(http.client.HTTPConnection):
    """To the address that was looked at, whatever the name means by now."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target

    def connect(self) -> None:
        plain = socket.create_connection((self._target.address, self._target.port), self.timeout)
        if self._target.parts.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)
        else:
            self.sock = plain


def _ask(target: Target, url: str, deadline: float) -> tuple[bytes | None, str]:
    """The content, or None and where it is instead."""
    connection = _PinnedConnection(target, SECONDS_OF_SILENCE)
    try:
        connection.request("GET", _path(target.parts), headers={"User-Agent": "import", "Accept": "*/*"})
        response = connection.getresponse()
        if response.status in _REDIRECTS and (location := response.getheader("Location")):
            return None, urljoin(url, location)
        if response.status != HTTPStatus.OK:
            raise FetchError(
                _("its server answered %(status)s") % {"status": response.status},
                passing=response.status in _WORTH_ANOTHER_TRY,
            )
        return _read(response, deadline), url
    except ssl.SSLCertVerificationError as error:
        raise FetchError(_("its server has no valid certificate")) from error
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise FetchError(_("its server cannot be reached"), passing=True) from error
    finally:
        connection.close()


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    content = bytearray()
    while piece := response.read1(_PIECE):
        content += piece
        if len(content) > LARGEST_BYTES:
            raise FetchError(_("it is larger than %(limit)s MB") % {"limit": LARGEST_BYTES // 1_000_000})
        if time.monotonic() > deadline:
            raise FetchError(_("its server is too slow"), passing=True)
    return bytes(content)
