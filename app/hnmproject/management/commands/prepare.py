"""Make a database ready to serve: migrated, with its schedule, its demo content and someone who can log in."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from core.models import BlogPost
from ecommerce.models import Product
from tasks import schedules
from tasks.services import schedule_mirror
from users.models import CustomUser

STAFF_EMAIL = "admin@example.com"


class Command(BaseCommand):
    help = "Migrate, load the demo into an empty database once, and make a staff login (where DEBUG is on)."

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self._migrate()
        schedule_mirror.mirror(schedules.SCHEDULES)
        if settings.DEBUG:
            self._load_demo_once()
            self._make_staff_login_once()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Migrating the database …")
            call_command("migrate", verbosity=0)

    def _load_demo_once(self) -> None:
        """The mark outlives the content: someone who deletes the demo does not get it again."""
        mark: Path = settings.VAR_DIR / "demo"
        state = mark.read_text() if mark.exists() else ""
        if state == "loaded" or (not state and _has_content()):
            return
        self.stdout.write("Loading the demo …")
        mark.write_text("loading")  # interrupted here, the next start goes on: the command is idempotent
        call_command("demo", stdout=self.stdout)
        mark.write_text("loaded")

    def _make_staff_login_once(self) -> None:
        if CustomUser.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            CustomUser.objects.create_superuser(STAFF_EMAIL, password)
            path = settings.VAR_DIR / "staff-login"
            _write_private(path, f"{STAFF_EMAIL}\n{password}\n")
        self.stdout.write(f"Made the staff login {STAFF_EMAIL}; its password is in {path}.")


def _has_content() -> bool:
    return Product.objects.exists() or BlogPost.objects.exists()


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
