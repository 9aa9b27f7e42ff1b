"""What beat does with orders and stock: complete what has arrived, tell of what runs low."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ecommerce import tasks
from ecommerce.models import Order, Variant
from ecommerce.services import low_stock, orders
from ecommerce.tests.factories import ProductFactory
from ecommerce.tests.orders import a_paid_order

pytestmark = pytest.mark.django_db


def sent(days_ago: int) -> Order:
    order = orders.ship(order=a_paid_order(), carrier="DHL", actor=None)
    Order.objects.filter(pk=order.pk).update(shipped_at=timezone.now() - timedelta(days=days_ago))
    return order


def states(*found: Order) -> list[str]:
    return [Order.objects.get(pk=order.pk).state for order in found]


def test_orders_sent_long_ago_are_completed_by_the_shop(settings):
    settings.COMPLETE_AFTER_DAYS = 14
    old, recent, paid = sent(15), sent(13), a_paid_order()
    tasks.complete_orders()
    assert states(old, recent, paid) == ["completed", "shipped", "paid"]
    event = old.events.last()
    assert (event.what, event.actor, event.message) == ("completed", None, "Sent 14 days ago.")
    assert orders.complete_delivered() == 0


def test_none_are_completed_where_staff_do_it_themselves(settings):
    settings.COMPLETE_AFTER_DAYS = 0
    order = sent(400)
    assert orders.complete_delivered() == 0
    assert states(order) == ["shipped"]


def stock(variant: Variant, pieces: int) -> None:
    Variant.objects.filter(pk=variant.pk).update(stock=pieces)


def test_staff_are_told_once_of_each_fall(outbox, settings):
    settings.LOW_STOCK_THRESHOLD = 3
    settings.SUPPORT_EMAIL = "stock@shop.example"
    falling = ProductFactory(title="Bowl", stock=9).variants.get()
    ProductFactory(stock=9)
    tasks.tell_of_low_stock()
    assert outbox() == []
    stock(falling, 3)
    tasks.tell_of_low_stock()
    stock(falling, 1)
    tasks.tell_of_low_stock()
    [mail] = outbox()
    assert mail["To"] == "stock@shop.example"
    assert mail["Subject"] == "1 variant is running low"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert "Bowl" in body
        assert falling.sku in body
        assert reverse("admin:ecommerce_product_change", args=[falling.product_id]) in body
    stock(falling, 20)
    tasks.tell_of_low_stock()
    stock(falling, 0)
    tasks.tell_of_low_stock()
    assert len(outbox()) == 2


def test_one_mail_lists_them_all_the_scarcest_first(outbox, monkeypatch):
    monkeypatch.setattr(low_stock, "LISTED", 2)
    for pieces in (3, 0, 5, 1):
        ProductFactory(title=f"With {pieces}", stock=pieces)
    assert low_stock.tell() == 4
    [mail] = outbox()
    body = mail.get_body(("plain",)).get_content()
    assert body.index("With 0") < body.index("With 1")
    assert "With 3" not in body
    assert "2 more variants" in body


def test_nobody_is_told_of_what_is_not_for_sale(outbox):
    ProductFactory(stock=0, draft=True)
    assert low_stock.tell() == 0
    assert outbox() == []
