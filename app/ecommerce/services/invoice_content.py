"""All that an invoice or a credit note says, worked out from an order or a refund at the moment of issuing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from core import languages
from core.models import PostalAddress
from core.services import addresses
from core.templatetags.money import decimal_places, money, percent
from ecommerce.models import Invoice, Order, OrderAddress, OrderLine, Refund, RefundLine
from ecommerce.services import refund_amounts


@dataclass(frozen=True)
class Row:
    """One thing that money was paid, or given back, for. Amounts as the buyer saw them."""

    title: str
    sku: str
    quantity: int
    unit_price: Decimal
    tax_percent: Decimal | None  # none where it is several
    amount: Decimal


@dataclass(frozen=True)
class TaxRow:
    """All that is taxed by one rate: net + tax = gross."""

    name: str
    percent: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True)
class Content:
    seller: list[str]
    seller_tax_number: str
    seller_email: str
    buyer: list[str]
    delivery: list[str]
    order_number: str
    ordered: str
    paid: str
    rows: list[Row]
    # What stands between the rows and the total: the discount, the shipping, the tax where it comes on top.
    steps: list[tuple[str, Decimal]]
    taxes: list[TaxRow]
    prices_include_tax: bool
    net: Decimal
    tax: Decimal
    total: Decimal
    notes: list[str] = field(default_factory=list)
    # Of all these words, and of those that the PDF puts around them. Empty in documents from before it was recorded.
    language: str = ""

    def as_json(self) -> dict[str, Any]:
        """Amounts as text: JSON's numbers are not exact."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


@dataclass(frozen=True)
class _Taxed:
    """A gross amount, and the tax within it."""

    name: str
    percent: Decimal
    gross: Decimal
    tax: Decimal


def of_order(order: Order) -> Content:
    lines = list(order.lines.all())
    rows = [
        Row(line.title, line.sku, line.quantity, line.unit_price, line.tax_percent, line.unit_price * line.quantity)
        for line in lines
    ]
    discount = _("Discount (%s)") % order.coupon_code if order.coupon_code else _("Discount")
    steps = [(discount, -order.discount)] if order.discount else []
    steps.append((_("Shipping: %s") % order.shipping_name if order.shipping_name else _("Shipping"), order.shipping))
    taxed = list(_order_taxed(order))
    return _content(order, rows=rows, steps=steps, taxed=taxed, total=order.total, notes=[_paid_note(order)])


def of_refund(refund: Refund, invoice: Invoice) -> Content:
    """Its pieces and shipping, where they explain the whole amount; otherwise the amount itself, shared among rates."""
    order, lines = refund.order, list(refund.lines.select_related("line").order_by("line"))
    explained = sum((line.amount for line in lines), refund.shipping) == refund.amount
    if explained:
        taxed = [*_taxed_lines(refund, lines), _taxed_refunded_shipping(refund)]
        rows = [_credited_row(line) for line in lines]
        steps = [(_("Shipping"), refund.shipping)] if refund.shipping else []
    else:
        taxed = list(_shared(refund))
        rows = [Row(_("Part of the price"), "", 1, refund.amount, _only_percent(taxed), refund.amount)]
        steps = []
    notes = [
        _("This credit note corrects invoice %(number)s of %(date)s.")
        % {"number": invoice.number, "date": _date(invoice.issued)},
        _("The amount is paid back by the way in which the order was paid."),
    ]
    if refund.reason:
        notes.append(_("Reason: %s") % refund.reason)
    return _content(
        order, rows=rows, steps=steps, taxed=taxed, total=refund.amount, notes=notes, prices_include_tax=True
    )


def address_lines(address: PostalAddress | None) -> list[str]:
    """As on an envelope of its country, the country last."""
    if address is None:
        return []
    names = (field.name for field in fields(addresses.Address))
    return addresses.lines(addresses.Address(**{name: str(getattr(address, name)) for name in names}))


def _content(  # what differs between an invoice and a credit note
    order: Order,
    *,
    rows: list[Row],
    steps: list[tuple[str, Decimal]],
    taxed: list[_Taxed],
    total: Decimal,
    notes: list[str],
    prices_include_tax: bool | None = None,
) -> Content:
    taxes = _tax_table(taxed)
    tax = sum((row.tax for row in taxes), Decimal(0))
    include = order.prices_include_tax if prices_include_tax is None else prices_include_tax
    if not include:
        steps = [
            *steps,
            *(
                (_("%(name)s on %(net)s") % {"name": _rate(row), "net": money(row.net, order.currency)}, row.tax)
                for row in taxes
            ),
        ]
    by_kind = {address.kind: address for address in order.addresses.all()}
    delivery = by_kind.get(OrderAddress.Kind.SHIPPING)
    return Content(
        seller=_seller(),
        seller_tax_number=settings.SELLER_TAX_NUMBER,
        seller_email=settings.SUPPORT_EMAIL,
        buyer=address_lines(by_kind.get(OrderAddress.Kind.BILLING, delivery)) or [order.email],
        delivery=address_lines(delivery),
        order_number=order.number,
        ordered=_date(order.created),
        paid=_date(order.paid_at) if order.paid_at else "",
        rows=rows,
        steps=steps,
        taxes=taxes,
        prices_include_tax=include,
        net=total - tax,
        tax=tax,
        total=total,
        notes=notes,
        language=languages.current(),
    )


def _seller() -> list[str]:
    lines = [settings.SELLER_NAME, *(line.strip() for line in settings.SELLER_ADDRESS.split("|"))]
    return [line for line in (*lines, str(countries.name(settings.SELLER_COUNTRY))) if line]


def _tax_table(taxed: Iterable[_Taxed]) -> list[TaxRow]:
    """One row for each rate, the highest first. Amounts are added up, never worked out again from a sum."""
    by_percent: dict[Decimal, list[_Taxed]] = defaultdict(list)
    for part in taxed:
        if part.gross or part.tax:
            by_percent[part.percent].append(part)
    rows = []
    for rate, parts in sorted(by_percent.items(), reverse=True):
        gross = sum((part.gross for part in parts), Decimal(0))
        tax = sum((part.tax for part in parts), Decimal(0))
        name = next((part.name for part in parts if part.name), "")
        rows.append(TaxRow(name, rate, gross - tax, tax, gross))
    return rows


def _taxed_shipping(order: Order, gross: Decimal, tax: Decimal) -> _Taxed:
    return _Taxed("", order.shipping_tax_percent, gross, tax)


def _taxed_lines(refund: Refund, lines: list[RefundLine]) -> Iterator[_Taxed]:
    for part in lines:
        line = part.line
        gross = refund_amounts.gross(line, refund.order)
        before = sum((earlier.amount for earlier in _credited(refund, line)), Decimal(0))
        tax = _slice(line.tax, of=gross, start=before, amount=part.amount)
        yield _Taxed(line.tax_name, line.tax_percent, part.amount, tax)


def _taxed_refunded_shipping(refund: Refund) -> _Taxed:
    order = refund.order
    earlier = order.refunds.filter(credit_note__isnull=False).exclude(pk=refund.pk)
    before = sum((other.shipping for other in earlier), Decimal(0))
    whole, tax = refund_amounts.gross_shipping(order), refund_amounts.shipping_tax(order)
    return _taxed_shipping(order, refund.shipping, _slice(tax, of=whole, start=before, amount=refund.shipping))


def _credited(refund: Refund, line: OrderLine) -> Iterable[RefundLine]:
    return line.refund_lines.filter(refund__credit_note__isnull=False).exclude(refund=refund)


def _slice(tax: Decimal, *, of: Decimal, start: Decimal, amount: Decimal) -> Decimal:
    """The tax in an amount that follows on others: with the last of them, the taxes add up to the whole."""
    if not of:
        return Decimal(0)
    return _cents(tax * (start + amount) / of) - _cents(tax * start / of)


def _shared(refund: Refund) -> Iterator[_Taxed]:
    """An amount without pieces, shared among the order's rates by what was paid at each."""
    order = refund.order
    rates = _tax_table(_order_taxed(order))
    left, left_of_total = refund.amount, sum((row.gross for row in rates), Decimal(0))
    for row in rates:
        gross = _cents(left * row.gross / left_of_total)
        left, left_of_total = left - gross, left_of_total - row.gross
        yield _Taxed(row.name, row.percent, gross, _cents(row.tax * gross / row.gross))


def _order_taxed(order: Order) -> Iterator[_Taxed]:
    for line in order.lines.all():
        yield _Taxed(line.tax_name, line.tax_percent, refund_amounts.gross(line, order), line.tax)
    yield _taxed_shipping(order, refund_amounts.gross_shipping(order), refund_amounts.shipping_tax(order))


def _credited_row(part: RefundLine) -> Row:
    each = _cents(part.amount / part.quantity)
    return Row(part.line.title, part.line.sku, part.quantity, each, part.line.tax_percent, part.amount)


def _only_percent(taxed: list[_Taxed]) -> Decimal | None:
    percents = {part.percent for part in taxed}
    return percents.pop() if len(percents) == 1 else None


def _rate(row: TaxRow) -> str:
    return f"{row.name or _('Tax')} {percent(row.percent)}"


def _paid_note(order: Order) -> str:
    return _("Paid on %s. Nothing is left to pay.") % _date(order.paid_at)


def _date(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _cents(amount: Decimal) -> Decimal:
    """To the smallest coin of the shop's currency."""
    return amount.quantize(Decimal(1).scaleb(-decimal_places(settings.CURRENCY)), rounding=ROUND_HALF_UP)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
