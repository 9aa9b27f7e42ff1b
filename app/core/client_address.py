"""Who is calling, seen through the proxies in front of us."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's address, or "" where it is unknown.

    Each proxy appends to X-Forwarded-For the address that called it. Only the last TRUSTED_PROXY_COUNT entries were
    written by our own proxies; what stands before them is whatever the caller claims.
    """
    count = settings.TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if count and len(hops) >= count:
        return _normal(hops[-count])
    return _normal(request.META.get("REMOTE_ADDR") or "")


def client_network(request: HttpRequest) -> str:
    """What to count a caller by: an IPv4 address, or the /64 that one IPv6 customer usually has to themselves."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(IPv6Network((IPv6Address(address), 64), strict=False))


def _normal(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed)))
    return str(parsed)
