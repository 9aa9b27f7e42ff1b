"""``manage.py render_invoices [NUMBER …]``: draw the PDFs of invoices and credit notes anew, in the background."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.site_address import absolute
from ecommerce.models import Invoice
from ecommerce.services import invoices
from tasks.services import jobs


class Command(BaseCommand):
    help = "Draws the PDFs of invoices and credit notes anew: the named ones, or all. What they say does not change."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("numbers", nargs="*", metavar="NUMBER", help="such as INV-2026-00001; none: all")

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = options["numbers"]
        known = set(Invoice.objects.filter(number__in=numbers).values_list("number", flat=True))
        if unknown := [number for number in numbers if number not in known]:
            raise CommandError(f"There is no invoice or credit note {unknown[0]}. Nothing was changed.")
        job = jobs.enqueue(invoices.RENDER_AGAIN, numbers=numbers)
        number = len(known) if numbers else Invoice.objects.count()
        page = absolute(job.get_absolute_url())
        self.stdout.write(f"A worker draws {number} PDFs anew. Staff see how far it is at {page}")
