"""Orders for the bookkeeper."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ecommerce.models import Order
from ecommerce.services import exports, order_export
from ecommerce.tests.orders import a_paid_order, an_order
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db
LIST = reverse("admin:ecommerce_order_changelist")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def export(client, *orders: Order):
    form = {"action": "export", "_selected_action": [order.pk for order in orders]}
    return client.post(LIST, form)


def test_an_order_is_one_line_with_its_invoice_and_its_amounts():
    order = a_paid_order()
    [row] = rows("".join(order_export.pieces()))
    assert row["number"] == order.number
    assert row["total"] == f"{order.total}"
    assert row["invoices"] == order.invoices.get().number
    assert row["country"] == "DE"
    assert row["paid"].endswith("Z")
    assert int(row["pieces"]) == sum(order.lines.values_list("quantity", flat=True))


def test_what_a_spreadsheet_would_compute_is_text():
    Order.objects.filter(pk=an_order().pk).update(tracking_number="=1+1")
    [row] = rows("".join(order_export.pieces()))
    assert row["tracking_number"] == "'=1+1"


def test_many_orders_cost_few_queries_and_come_in_order(monkeypatch):
    monkeypatch.setattr(order_export, "BATCH", 2)
    made = [an_order() for _number in range(5)]
    with CaptureQueriesContext(connection) as queries:
        found = rows("".join(order_export.pieces()))
    assert [row["number"] for row in found] == [order.number for order in made]
    assert len(queries) <= 13


def test_staff_export_what_they_chose(client, bob):
    first, _second = a_paid_order(), a_paid_order()
    client.force_login(bob)
    page = export(client, first)["Location"]
    job = Job.objects.get(kind=exports.ORDERS)
    assert (page, job.owner) == (job.get_absolute_url(), bob)
    jobs.run(job_id=job.pk)
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    assert answer["Content-Disposition"].startswith('attachment; filename="orders-')
    assert [row["number"] for row in rows(answer.getvalue().decode())] == [first.number]


def test_nobody_else_does(client, erin, charlie):
    order = a_paid_order()
    for person in (erin, charlie):
        client.force_login(person)
        assert export(client, order).status_code in {302, 403}
    assert not Job.objects.filter(kind=exports.ORDERS).exists()
