"""Everything that is stored about a person, for that person, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse

from core.models import ContactMessage, NewsletterSubscription
from ecommerce.tests.orders import a_paid_order
from tasks.models import Job
from tasks.services import jobs
from users.services import personal_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(client, alice):
    """What Alice downloads, by name."""

    def download() -> dict[str, bytes]:
        job = personal_data.ask(user=alice)
        jobs.run(job_id=job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
        client.force_login(alice)
        file = client.get(reverse("jobs:file", args=[job.pk]))
        assert file["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(file.getvalue())) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    return download


def test_it_holds_the_account_the_orders_and_their_invoices(archive, alice):
    order = a_paid_order(user=alice)
    other = a_paid_order()
    found = archive()
    assert json.loads(found["account.json"])["email"] == alice.email
    [said] = json.loads(found["orders.json"])
    invoice = order.invoices.get().number
    assert (said["number"], said["invoices"]) == (order.number, [invoice])
    assert said["amounts"]["total"] == f"{order.total}"
    assert said["addresses"][0]["name"]
    assert found[f"orders/{invoice}.pdf"].startswith(b"%PDF")
    assert other.number.encode() not in b"".join(found.values())
    for part in personal_data.parts():
        assert f"{part.name}.json" in found["README.txt"].decode()


def test_it_holds_what_came_from_proven_addresses_only(archive, alice):
    ContactMessage.objects.create(name="A", email=alice.email, subject="Mine", message="Hello")
    ContactMessage.objects.create(name="B", email="else@example.com", subject="Not mine", message="Hello")
    NewsletterSubscription.objects.create(email=alice.email)
    found = archive()
    assert [each["subject"] for each in json.loads(found["messages.json"])] == ["Mine"]
    assert [each["email"] for each in json.loads(found["newsletter.json"])] == [alice.email]


def test_asked_again_soon_it_is_the_same_copy(alice):
    first = personal_data.ask(user=alice)
    assert personal_data.ask(user=alice) == first
    jobs.run(job_id=first.pk)
    assert personal_data.ask(user=alice) == first
    Job.objects.update(state=Job.State.FAILED)
    assert personal_data.ask(user=alice) != first


def test_nobody_without_the_password_makes_one(client, alice):
    client.force_login(alice)  # long ago, or on a phone that lies about
    answer = client.post(reverse("users:copy"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Job.objects.filter(kind=personal_data.COPY).exists()
    client.logout()
    assert client.post(reverse("users:copy"))["Location"].startswith(reverse("account_login"))


def test_every_app_that_stores_something_of_people_contributes():
    assert [part.name for part in personal_data.parts()] == [
        "account", "addresses", "background-work", "cart", "messages", "newsletter", "orders",
    ]  # fmt: skip
