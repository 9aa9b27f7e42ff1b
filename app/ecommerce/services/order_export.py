"""Orders as a CSV file, one line each, for the bookkeeper's spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch

from ecommerce.models import Invoice, Order
from ecommerce.services import spreadsheets
from ecommerce.services.batches import batches

COLUMNS = [
    "number", "state", "ordered", "paid", "shipped", "email", "name", "country", "pieces",
    "goods", "discount", "coupon", "shipping", "tax", "total", "refunded", "currency", "prices_include_tax",
    "invoices", "carrier", "tracking_number",
]  # fmt: skip
BATCH = 200


def pieces(ids: Sequence[int] | None = None) -> Iterator[str]:
    """The file, oldest order first, in pieces of at most BATCH lines, after one of the headings: never all in memory.

    All orders, or those with these keys. Four queries for each piece. Times are UTC in ISO 8601, amounts have a point
    and two places, whatever the reader's language.
    """
    yield _text([COLUMNS])
    loaded = Order.objects.prefetch_related("lines", "addresses", Prefetch("invoices", Invoice.objects.order_by("pk")))
    for batch in batches(loaded, size=BATCH, ids=ids):
        yield _text(_row(order) for order in batch)


def _text(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _row(order: Order) -> list[str]:
    address = next((address for address in order.addresses.all() if address.kind == "shipping"), None)
    values = {
        "number": order.number,
        "state": order.state,
        "ordered": _moment(order.created),
        "paid": _moment(order.paid_at),
        "shipped": _moment(order.shipped_at),
        "email": order.email,
        "name": address.name if address else "",
        "country": str(address.country) if address else "",
        "pieces": sum(line.quantity for line in order.lines.all()),
        **{name: getattr(order, name) for name in ("goods", "discount", "shipping", "tax", "total", "refunded")},
        "coupon": order.coupon_code,
        "currency": order.currency,
        "prices_include_tax": "yes" if order.prices_include_tax else "no",
        "invoices": " ".join(paper.number for paper in order.invoices.all()),
        "carrier": order.carrier,
        "tracking_number": order.tracking_number,
    }
    return [spreadsheets.guarded(str(values[name])) for name in COLUMNS]


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
