"""The way back in for who has lost their second factor and their recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from users.models import CustomUser
from users.services import second_factors


class Command(BaseCommand):
    help = "Take away somebody's second factors, so that they can log in with their password and set up new ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that they log in with")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = CustomUser.objects.get_by_natural_key(options["email"].strip())
        except CustomUser.DoesNotExist:
            raise CommandError(f"There is no account with the address {options['email']}.") from None
        removed = second_factors.remove(user=user)
        if not removed:
            self.stdout.write(f"{user.email} has no second factor; nothing was changed.")
            return
        self.stdout.write(f"{user.email} logs in without a second factor now, and has been told so by mail.")
