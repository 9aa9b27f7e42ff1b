"""Refunds to the cent: parts add up to the whole, and nothing goes back twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecommerce.models import Order, OrderLine, Refund, RefundLine
from ecommerce.services import orders, refund_amounts
from ecommerce.services.errors import ShopError, WrongOrderStateError
from ecommerce.tests.orders import a_paid_order, a_refund, an_order, settle, variants

pytestmark = pytest.mark.django_db


def under_way(order: Order, line: OrderLine, quantity: int, amount: Decimal) -> Refund:
    refund = Refund.objects.create(order=order, amount=amount)
    RefundLine.objects.create(refund=refund, line=line, quantity=quantity, amount=amount)
    return refund


def third_of(order: Order) -> refund_amounts.Quote:
    return refund_amounts.quote(order=order, lines={order.lines.get().pk: 1})


def discounted() -> Order:
    """Three pieces for 10.00 together."""
    [variant] = variants(price="5.00")
    order = an_order(variant, quantities=(3,), shipping="0.00")
    OrderLine.objects.filter(order=order).update(discount=Decimal(5), total=Decimal(10), tax=Decimal("1.67"))
    Order.objects.filter(pk=order.pk).update(discount=5, total=10, tax=Decimal("1.67"), paid_at="2026-11-21T00:00Z")
    Order.objects.filter(pk=order.pk).update(state=Order.State.PAID)
    return Order.objects.get(pk=order.pk)


def test_pieces_of_a_line_add_up_to_the_line_one_by_one():
    order = discounted()
    line, amounts = order.lines.get(), []
    for _piece in range(3):
        quote = third_of(order)
        amounts.append(quote.total)
        under_way(order, line, 1, quote.total)
    assert amounts == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert refund_amounts.available(order=order) == 0


def test_a_refund_under_way_counts_and_a_failed_one_does_not():
    order = discounted()
    refund = under_way(order, order.lines.get(), 3, Decimal(10))
    with pytest.raises(ShopError, match="0 can be given back"):
        third_of(order)
    Refund.objects.filter(pk=refund.pk).update(status=Refund.Status.FAILED)
    assert third_of(order).total == Decimal("3.33")


def test_tax_on_top_comes_back_with_the_pieces_and_the_shipping():
    order = a_paid_order(include_tax=False)
    line = order.lines.get()
    quote = refund_amounts.quote(order=order, lines={line.pk: 2}, shipping=True)
    assert quote.shipping == Decimal("5.88")
    assert quote.total == order.total


def test_the_rest_is_what_has_not_come_back():
    order = a_paid_order()
    line = order.lines.get()
    a_refund(order, amount="24.00", lines=[(line, 1, Decimal("24.00"))])
    order.refresh_from_db()
    rest = refund_amounts.rest(order=order)
    assert [(part.quantity, part.amount) for part in rest.parts] == [(1, Decimal("24.00"))]
    assert (rest.shipping, rest.total) == (Decimal("4.90"), Decimal("28.90"))


@pytest.mark.parametrize(("quantity", "shipping"), [(3, "0"), (-1, "0"), (0, "4.91"), (0, "-1")])
def test_more_than_there_was_is_refused(quantity, shipping):
    order = a_paid_order()
    with pytest.raises(ShopError):
        refund_amounts.quote(order=order, lines={order.lines.get().pk: quantity}, shipping=Decimal(shipping))


def test_lines_of_another_order_are_refused():
    order, other = a_paid_order(), a_paid_order()
    with pytest.raises(ShopError, match=order.number):
        refund_amounts.quote(order=order, lines={other.lines.get().pk: 1})


def test_pieces_after_a_bare_amount_are_not_more_than_what_is_left():
    order = a_paid_order()
    a_refund(order, amount="50.00")
    order.refresh_from_db()
    with pytest.raises(ShopError, match=r"only €2\.90"):
        refund_amounts.quote(order=order, lines={order.lines.get().pk: 1})
    assert refund_amounts.rest(order=order).total == Decimal("2.90")


def test_an_unpaid_order_gives_nothing_back(bob):
    order = an_order()
    assert refund_amounts.available(order=order) == 0
    with pytest.raises(WrongOrderStateError, match="has not been paid"):
        orders.refund(order=order, lines={order.lines.get().pk: 1}, reason="", actor=bob)


# Recording


def test_a_part_leaves_the_state_and_the_whole_ends_it():
    order = a_paid_order()
    line = order.lines.get()
    a_refund(order, amount="24.00", lines=[(line, 1, Decimal("24.00"))], reason="Broken")
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.state, order.refunded, line.refunded_quantity) == (Order.State.PAID, Decimal("24.00"), 1)
    a_refund(order, amount="28.90", lines=[(line, 1, Decimal("24.00"))], shipping=Decimal("4.90"))
    order.refresh_from_db()
    assert (order.state, order.refunded) == (Order.State.REFUNDED, order.total)
    assert [event.what for event in order.events.all()] == ["paid", "refunded in part", "refunded"]


def test_recording_twice_changes_nothing():
    order = a_paid_order()
    refund = a_refund(order, amount="5.00")
    settle(refund)
    order.refresh_from_db()
    assert order.refunded == Decimal("5.00")
    assert order.invoices.count() == 2
