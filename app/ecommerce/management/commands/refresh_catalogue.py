"""After an import or a change by hand: compute prices and stock of every product again, and the search index too."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ecommerce.models import Product
from ecommerce.services import catalogue, categories, search


class Command(BaseCommand):
    help = "Compute the prices and the stock that products store of their variants again. Safe at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--index", action="store_true", help="bring the search index up to date as well")

    def handle(self, *args: Any, index: bool, **options: Any) -> None:
        number = catalogue.refresh_all()
        if index:
            search.index(Product.objects.values_list("pk", flat=True))
        categories.forget()
        categories.forget_counts()
        self.stdout.write(f"Refreshed {number} products.")
