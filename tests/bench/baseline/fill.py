"""Make the baseline's database and its rows, the same number as the shop's products: python fill.py COUNT."""

import datetime
import os
import sys

import MySQLdb
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")


def make_database() -> None:
    options = settings.DATABASES["default"]
    connection = MySQLdb.connect(
        host=options["HOST"], port=options["PORT"], user=options["USER"], password=options["PASSWORD"]
    )
    connection.cursor().execute(f"CREATE DATABASE IF NOT EXISTS {options['NAME']} CHARACTER SET utf8mb4")
    connection.close()


def main(count: int) -> None:
    make_database()
    import django

    django.setup()
    from django.core.management import call_command
    from shelf.models import Item

    call_command("migrate", run_syncdb=True, verbosity=0)
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    missing = range(Item.objects.count(), count)
    Item.objects.bulk_create(
        [Item(title=f"Item {n}", price=n % 90 + 1, created=start + datetime.timedelta(minutes=n)) for n in missing],
        batch_size=2000,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
