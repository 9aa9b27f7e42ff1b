"""What an order costs. Pure arithmetic in whole cents: nothing is read or kept, and the parts always add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Item:
    """So many pieces at a price. ``key`` is the variant's: no two items of one order share it."""

    key: int
    price: Decimal
    quantity: int
    tax_percent: Decimal
    tax_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Discount:
    """A percentage of the goods, or a fixed amount of them."""

    value: Decimal
    is_percent: bool


@dataclass(frozen=True, kw_only=True)
class Shipping:
    """``free_from`` is the amount of goods, after the discount, from which it costs nothing."""

    price: Decimal
    tax_percent: Decimal
    free_from: Decimal | None = None
    tax_name: str = ""


@dataclass(frozen=True, kw_only=True)
class LineTotal:
    """One item's share. ``total`` is after the discount; ``tax`` is in it or comes on top, as prices do."""

    item: Item
    goods: Decimal
    discount: Decimal
    total: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class TaxTotal:
    """One rate over the whole order, shipping included. ``base`` is without the tax."""

    name: str
    percent: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class Totals:
    lines: tuple[LineTotal, ...]
    goods: Decimal
    discount: Decimal
    shipping: Decimal
    shipping_tax: Decimal
    taxes: tuple[TaxTotal, ...]
    tax: Decimal
    total: Decimal


def compute(
    *,
    items: Sequence[Item],
    discount: Discount | None = None,
    shipping: Shipping | None = None,
    prices_include_tax: bool,
    places: int = 2,
) -> Totals:
    """total = goods - discount + shipping, + tax where prices come without it.

    Tax is rounded half up once for each rate over the whole order, and then split over lines and shipping by largest
    remainder, so that it adds up. The order of the items changes nothing but the order of the lines.
    """
    unit = Decimal(1).scaleb(-places)
    goods = [_rounded(item.price * item.quantity, unit) for item in items]
    goods_total = sum(goods, NOTHING)
    off = _discount(goods_total, discount, unit)
    keys = [(item.key,) for item in items]
    shares = allocate(off, goods, keys=keys, unit=unit)
    totals = [amount - share for amount, share in zip(goods, shares, strict=True)]
    delivery = _delivery(shipping, goods_total - off, unit)
    taxes, parts = _taxes(items, totals, shipping, delivery, prices_include_tax=prices_include_tax, unit=unit)
    tax = sum((rate.tax for rate in taxes), NOTHING)
    return Totals(
        lines=tuple(
            LineTotal(item=item, goods=amount, discount=share, total=total, tax=part)
            for item, amount, share, total, part in zip(items, goods, shares, totals, parts[1:], strict=True)
        ),
        goods=goods_total,
        discount=off,
        shipping=delivery,
        shipping_tax=parts[0],
        taxes=taxes,
        tax=tax,
        total=goods_total - off + delivery + (NOTHING if prices_include_tax else tax),
    )


def allocate(
    amount: Decimal, weights: Sequence[Decimal], *, keys: Sequence[tuple[int, ...]], unit: Decimal
) -> list[Decimal]:
    """The amount split by the weights into whole units, the left-over ones to the largest remainders, then by key.

    The amount is not above the sum of the weights; then no share is above its weight.
    """
    whole = sum(weights, NOTHING)
    if not whole:
        return [NOTHING for _weight in weights]
    units, total = int(amount / unit), int(whole / unit)
    # In whole numbers: a division of Decimals would be rounded.
    exact = [divmod(units * int(weight / unit), total) for weight in weights]
    left = units - sum(share for share, _rest in exact)
    by_remainder = sorted(range(len(weights)), key=lambda place: (-exact[place][1], keys[place]))
    extra = set(by_remainder[:left])
    return [(share + (place in extra)) * unit for place, (share, _rest) in enumerate(exact)]


def shipping_price(shipping: Shipping, *, goods: Decimal) -> Decimal:
    """What it costs for goods of that amount, after the discount."""
    is_free = shipping.free_from is not None and goods >= shipping.free_from
    return NOTHING if is_free else shipping.price


def _discount(goods: Decimal, discount: Discount | None, unit: Decimal) -> Decimal:
    if discount is None:
        return NOTHING
    if discount.is_percent:
        return min(goods, _rounded(goods * discount.value / HUNDRED, unit))
    return min(goods, _rounded(discount.value, unit))


def _delivery(shipping: Shipping | None, goods: Decimal, unit: Decimal) -> Decimal:
    return _rounded(shipping_price(shipping, goods=goods), unit) if shipping else NOTHING


def _taxes(
    items: Sequence[Item],
    totals: Sequence[Decimal],
    shipping: Shipping | None,
    delivery: Decimal,
    *,
    prices_include_tax: bool,
    unit: Decimal,
) -> tuple[tuple[TaxTotal, ...], list[Decimal]]:
    """Each rate's tax, and the part of shipping (first) and of each item in it."""
    percents = [shipping.tax_percent if shipping else NOTHING, *(item.tax_percent for item in items)]
    names = [shipping.tax_name if shipping else "", *(item.tax_name for item in items)]
    amounts = [delivery, *totals]
    keys = [(1, 0), *((0, item.key) for item in items)]
    places: dict[Decimal, list[int]] = defaultdict(list)
    for place, percent in enumerate(percents):
        if place or shipping:
            places[percent].append(place)
    parts = [NOTHING] * len(amounts)
    rates = []
    for percent in sorted(places, reverse=True):
        here = places[percent]
        amount = sum((amounts[place] for place in here), NOTHING)
        tax = _tax(amount, percent, prices_include_tax=prices_include_tax, unit=unit)
        shares = allocate(tax, [amounts[place] for place in here], keys=[keys[place] for place in here], unit=unit)
        for place, share in zip(here, shares, strict=True):
            parts[place] = share
        # Two rates of one percentage are one line of the table: an item's name rather than shipping's, whatever order.
        name = min((names[place] for place in here if place), default=names[here[0]])
        base = amount - tax if prices_include_tax else amount
        rates.append(TaxTotal(name=name, percent=percent, base=base, tax=tax))
    return tuple(rates), parts


def _tax(amount: Decimal, percent: Decimal, *, prices_include_tax: bool, unit: Decimal) -> Decimal:
    divisor = HUNDRED + percent if prices_include_tax else HUNDRED
    return _rounded(amount * percent / divisor, unit)


def _rounded(amount: Decimal, unit: Decimal) -> Decimal:
    return amount.quantize(unit, rounding=ROUND_HALF_UP)
