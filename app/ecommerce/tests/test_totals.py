from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecommerce.services.totals import Discount, Item, Shipping, compute

CENT = Decimal("0.01")
cents = st.integers(min_value=0, max_value=500_000).map(lambda number: Decimal(number) * CENT)
percents = st.sampled_from([Decimal(0), Decimal(7), Decimal("5.5"), Decimal(19), Decimal(20), Decimal(100)])


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    number = draw(st.integers(min_value=0, max_value=6))
    return [
        Item(
            key=key,
            price=draw(cents),
            quantity=draw(st.integers(min_value=1, max_value=99)),
            tax_percent=draw(percents),
            tax_name=draw(st.sampled_from(["Standard", "Reduced"])),
        )
        for key in range(number)
    ]


discounts = st.none() | st.one_of(
    st.builds(
        Discount, value=st.integers(1, 10_000).map(lambda number: Decimal(number) * CENT), is_percent=st.just(True)
    ),
    st.builds(Discount, value=cents, is_percent=st.just(False)),
)
shippings = st.none() | st.builds(Shipping, price=cents, tax_percent=percents, free_from=st.none() | cents)


@settings(max_examples=300, deadline=None)
@given(items=items(), discount=discounts, shipping=shippings, included=st.booleans(), places=st.sampled_from([0, 2]))
def test_the_parts_always_add_up_and_none_is_negative(items, discount, shipping, included, places):
    totals = compute(items=items, discount=discount, shipping=shipping, prices_include_tax=included, places=places)
    assert sum(line.goods for line in totals.lines) == totals.goods
    assert sum(line.discount for line in totals.lines) == totals.discount
    assert sum(line.total for line in totals.lines) == totals.goods - totals.discount
    assert sum(line.tax for line in totals.lines) + totals.shipping_tax == totals.tax
    assert sum(rate.tax for rate in totals.taxes) == totals.tax
    net = totals.goods - totals.discount + totals.shipping
    assert totals.total == (net if included else net + totals.tax)
    assert sum(rate.base + rate.tax for rate in totals.taxes) == totals.total
    amounts = [totals.goods, totals.discount, totals.shipping, totals.shipping_tax, totals.tax, totals.total]
    amounts += [value for line in totals.lines for value in (line.goods, line.discount, line.total, line.tax)]
    amounts += [value for rate in totals.taxes for value in (rate.base, rate.tax)]
    assert min(amounts) >= 0
    unit = Decimal(1).scaleb(-places)
    assert all(amount == amount.quantize(unit) for amount in amounts)
    if included:
        assert all(line.tax <= line.total for line in totals.lines)


@settings(max_examples=150, deadline=None)
@given(items=items(), discount=discounts, shipping=shippings, included=st.booleans(), data=st.data())
def test_the_order_of_the_lines_changes_nothing(items, discount, shipping, included, data):
    shuffled = data.draw(st.permutations(items))
    one = compute(items=items, discount=discount, shipping=shipping, prices_include_tax=included)
    other = compute(items=shuffled, discount=discount, shipping=shipping, prices_include_tax=included)
    assert sorted(one.lines, key=lambda line: line.item.key) == sorted(other.lines, key=lambda line: line.item.key)
    assert (one.taxes, one.total, one.shipping_tax) == (other.taxes, other.total, other.shipping_tax)


def item(key: int, price: str, quantity: int = 1, percent: str = "20") -> Item:
    return Item(key=key, price=Decimal(price), quantity=quantity, tax_percent=Decimal(percent))


def test_tax_is_taken_out_of_prices_that_include_it():
    totals = compute(items=[item(1, "24.00", 2)], prices_include_tax=True)
    assert (totals.total, totals.tax, totals.taxes[0].base) == (Decimal(48), Decimal(8), Decimal(40))


def test_tax_comes_on_top_of_prices_that_do_not():
    shipping = Shipping(price=Decimal(5), tax_percent=Decimal(20))
    totals = compute(items=[item(1, "24.00", 2)], shipping=shipping, prices_include_tax=False)
    assert (totals.tax, totals.total) == (Decimal("10.60"), Decimal("63.60"))


def test_tax_is_rounded_half_up_once_for_each_rate():
    # Three times 0.10 with 5 %: 0.005 each would be three cents, of the sum it is two (0.015, rounded half up).
    totals = compute(items=[item(key, "0.10", percent="5") for key in range(3)], prices_include_tax=False)
    assert totals.tax == Decimal("0.02")
    assert [line.tax for line in totals.lines] == [CENT, CENT, Decimal(0)]


def test_a_fixed_discount_is_split_to_the_cent_by_largest_remainder():
    goods = [item(1, "10.00"), item(2, "10.00"), item(3, "10.00")]
    discount = Discount(value=Decimal("10.00"), is_percent=False)
    for order in permutations(goods):
        lines = compute(items=order, discount=discount, prices_include_tax=True).lines
        by_key = {line.item.key: line.discount for line in lines}
        assert by_key == {1: Decimal("3.34"), 2: Decimal("3.33"), 3: Decimal("3.33")}


def test_a_fixed_discount_never_costs_more_than_the_goods():
    shipping = Shipping(price=Decimal("4.90"), tax_percent=Decimal(20))
    discount = Discount(value=Decimal(500), is_percent=False)
    totals = compute(items=[item(1, "24.00")], discount=discount, shipping=shipping, prices_include_tax=True)
    assert (totals.discount, totals.total) == (Decimal(24), Decimal("4.90"))


@pytest.mark.parametrize(("off", "costs"), [("0.01", "0"), ("10.00", "0"), ("10.01", "4.90")])
def test_shipping_is_free_from_an_amount_that_counts_after_the_discount(off, costs):
    shipping = Shipping(price=Decimal("4.90"), tax_percent=Decimal(20), free_from=Decimal(90))
    discount = Discount(value=Decimal(off), is_percent=False)
    totals = compute(items=[item(1, "100.00")], discount=discount, shipping=shipping, prices_include_tax=True)
    assert totals.shipping == Decimal(costs)


def test_each_rate_of_tax_is_a_line_with_its_shipping():
    shipping = Shipping(price=Decimal("6.00"), tax_percent=Decimal(20))
    totals = compute(
        items=[item(1, "24.00"), item(2, "10.70", percent="7")], shipping=shipping, prices_include_tax=True
    )
    assert [(rate.percent, rate.base, rate.tax) for rate in totals.taxes] == [
        (Decimal(20), Decimal("25.00"), Decimal("5.00")),
        (Decimal(7), Decimal("10.00"), Decimal("0.70")),
    ]
    assert totals.shipping_tax == Decimal(1)


def test_an_empty_order_costs_nothing():
    totals = compute(items=[], prices_include_tax=True)
    assert (totals.total, totals.taxes, totals.lines) == (Decimal(0), (), ())
