"""What is deleted by itself, and what waits for somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from core.models import ContactMessage, NewsletterSubscription
from core.services import retention
from ecommerce.models import ProductImport

pytestmark = pytest.mark.django_db


def test_handled_messages_go_and_open_ones_wait(settings):
    settings.MESSAGE_RETENTION_DAYS = 365
    for subject, days in (("old", 366), ("young", 364), ("open", None)):
        handled = None if days is None else timezone.now() - timedelta(days=days)
        ContactMessage.objects.create(name="A", email="a@example.com", subject=subject, message="", handled_at=handled)
    assert retention.delete_old()["messages"] == 1
    assert set(ContactMessage.objects.values_list("subject", flat=True)) == {"young", "open"}


def test_sign_ups_that_nobody_confirmed_go():
    for state in NewsletterSubscription.State:
        NewsletterSubscription.objects.create(email=f"{state}@example.com", state=state)
    NewsletterSubscription.objects.update(modified=timezone.now() - timedelta(days=31))
    assert retention.delete_old()["sign_ups"] == 1
    assert not NewsletterSubscription.objects.filter(state="pending").exists()


def test_uploads_lose_their_files_and_keep_their_reports(settings):
    settings.UPLOAD_RETENTION_DAYS = 90
    record = ProductImport.objects.create(file_name="a.csv", import_report={"created": 3})
    record.file.save("a.csv", ContentFile(b"Handle"))
    name, storage = record.file.name, record.file.storage
    assert retention.delete_old()["uploads"] == 0
    ProductImport.objects.update(created=timezone.now() - timedelta(days=91))
    assert retention.delete_old()["uploads"] == 1
    record.refresh_from_db()
    assert (str(record.file), record.import_report) == ("", {"created": 3})
    assert not storage.exists(name)
