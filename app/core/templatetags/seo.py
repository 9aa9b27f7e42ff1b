"""Addresses and structured data for search engines."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe

from core import site_address

register = template.Library()


@register.filter
def absolute_url(path: object) -> str:
    return site_address.absolute(str(path))


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """The data as a script element of JSON-LD, with <, > and & escaped so that no text can end the element.

    It needs no nonce: a browser does not run a data block, so the content security policy does not concern it.
    Without one the page stays the same for everyone, byte by byte, and can be cached.
    """
    element = json_script({"@context": "https://schema.org", **data}, encoder=DjangoJSONEncoder)
    return mark_safe(element.replace('type="application/json"', 'type="application/ld+json"', 1))  # noqa: S308  # json_script escaped it
