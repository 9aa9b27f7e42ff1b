from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core import error_pages


class Command(BaseCommand):
    help = "Write the error pages that nginx shows, from their one template."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in error_pages.write_files():
            self.stdout.write(str(path))
