"""Payments at once take numbers without a gap and without a double; one order paid twice at once is paid once."""

from __future__ import annotations

import pytest
from django.db import transaction

from ecommerce.models import Invoice, InvoiceSequence, Order, Refund
from ecommerce.services import orders
from ecommerce.tests.orders import a_paid_order, an_order, pay, pay_and_fail, settle, variants
from ecommerce.tests.test_stock_race import AT_ONCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def numbers() -> list[int]:
    return sorted(Invoice.objects.filter(kind=Invoice.Kind.INVOICE).values_list("sequence", flat=True))


def test_payments_at_once_leave_no_gap_though_some_are_undone():
    sold = variants(stock=100)
    pay(an_order(*sold))  # the year's row is there
    waiting = [an_order(*sold) for _order in range(AT_ONCE * 2)]
    at_once(lambda number: (pay_and_fail if number % 3 == 0 else pay)(waiting[number]), times=len(waiting))
    paid = 1 + sum(number % 3 != 0 for number in range(len(waiting)))
    assert numbers() == list(range(1, paid + 1))
    assert InvoiceSequence.objects.get(series="INV").last == paid


def test_one_order_confirmed_many_times_at_once_is_paid_once():
    order = an_order()

    def confirm(number: int) -> bool:
        with transaction.atomic():
            return orders.mark_paid(order=Order.objects.select_for_update().get(pk=order.pk))

    assert at_once(confirm, times=AT_ONCE).count(True) == 1
    assert numbers() == [1]
    assert order.events.count() == 1


def test_one_refund_settled_many_times_at_once_has_one_credit_note():
    order = a_paid_order()
    refund = Refund.objects.create(order=order, amount=5)
    at_once(lambda number: settle(Refund.objects.get(pk=refund.pk)), times=AT_ONCE)
    order.refresh_from_db()
    assert order.refunded == 5
    assert order.invoices.filter(kind=Invoice.Kind.CREDIT_NOTE).count() == 1
