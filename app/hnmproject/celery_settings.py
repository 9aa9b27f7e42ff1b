"""What Celery knows of the settings: those that are named CELERY_…, and nothing else.

Told to read Django's settings itself, Celery keeps all of them, whatever the namespace, and shows them to whoever
inspects a worker. It masks what has “password” or “key” in its name, but no password within an address.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

PREFIX = "CELERY_"

CONFIGURATION: dict[str, Any] = {
    name.removeprefix(PREFIX).lower(): getattr(settings, name) for name in dir(settings) if name.startswith(PREFIX)
}
