"""Load the demo content of “Hearth & Morrow”, or make many products for load tests."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.models import BlogPost
from ecommerce.models import Product
from hnmproject.demo import bulk, loader, pictures
from hnmproject.demo.run import Run
from tasks.models import Job
from tasks.services import jobs

JOBS_AT_ONCE = 20


class Command(BaseCommand):
    help = (
        "Load the demo: products, posts, pages and pictures. Run again, it adds what is missing and leaves the rest as "
        "it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--refresh", action="store_true", help="set the demo's own rows back to the original")
        parser.add_argument("--wait", action="store_true", help="also do the jobs that render the pictures, here")
        parser.add_argument("--force", action="store_true", help="run although DEBUG is off")
        parser.add_argument("--products", type=int, metavar="N", help="make generated products until there are N")
        parser.add_argument("--remove-products", action="store_true", help="delete the generated products")
        parser.add_argument("--yes", action="store_true", help="do not ask before deleting")
        parser.add_argument(
            "--pixels",
            type=int,
            default=pictures.PIXELS,
            metavar="N",
            help=f"how wide to draw a product's picture ({pictures.PIXELS}; fewer is quicker)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_production(force=options["force"])
        run = Run(self._say, refresh=options["refresh"], pixels=options["pixels"])
        if options["remove_products"]:
            self._remove_products(sure=options["yes"])
        elif options["products"] is not None:
            self._make_products(options["products"], run)
        else:
            self._load(run)
        if options["wait"]:
            self._do_jobs()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _refuse_production(self, *, force: bool) -> None:
        if not settings.DEBUG and not force:
            raise CommandError(
                "This adds invented products and posts to the database, and DEBUG is off, so it may be a real shop. "
                "If that is what you want, add --force."
            )

    def _load(self, run: Run) -> None:
        loader.load(run)
        self._say(_summary(run))
        waiting = _waiting_jobs()
        if waiting:
            self._say(
                f"A worker makes the smaller versions of {waiting} pictures; until then the pages show the large ones."
            )
        self._say(f"Look at {settings.SITE_URL}/shop/ and {settings.SITE_URL}/blog/.")

    def _make_products(self, total: int, run: Run) -> None:
        if total < 0:
            raise CommandError("--products takes a number from 0 up.")
        loader.load_shelves(run)
        made = bulk.make(total, say=self._say)
        self._say(f"Made {made} products; there are {bulk.count()} generated ones now.")
        if not made and bulk.count() > total:
            self._say("That is more than asked for: demo --remove-products deletes them all.")

    def _remove_products(self, *, sure: bool) -> None:
        there = bulk.count()
        if not there:
            self._say("There are no generated products.")
            return
        if not sure and input(f"Delete {there} generated products? [y/N] ").strip().lower() not in {"y", "yes"}:
            raise CommandError("Nothing was deleted.")
        self._say(f"Deleted {bulk.remove(say=self._say)} generated products.")

    def _do_jobs(self) -> None:
        total, done = _waiting_jobs(), 0
        while batch := jobs.run_due(limit=JOBS_AT_ONCE):
            done += batch
            self._say(f"Rendering pictures {min(done, total)}/{total}")


def _waiting_jobs() -> int:
    return Job.objects.filter(kind="core.render_pictures", state__in=Job.UNFINISHED).count()


def _summary(run: Run) -> str:
    lines = []
    if any(run.made.values()):
        lines.append(f"Made {_listed(run.made)}.")
    if run.restored:
        lines.append(f"Set back {_listed(run.restored)}.")
    if not lines:
        lines.append("The demo is already there; nothing was changed.")
    products, posts = Product.objects.published().count(), BlogPost.objects.published().count()
    lines.append(f"The shop shows {products} products, the blog {posts} posts.")
    return "\n".join(lines)


def _listed(counts: Counter[str]) -> str:
    parts = [f"{number} {what}" for what, number in counts.items() if number]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
