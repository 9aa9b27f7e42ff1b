"""An invoice or credit note as a PDF of A4 pages, drawn from what was recorded when it was issued.

The same record gives the same bytes: nothing is read from the order, and the document's date is that of issuing.
Imported only when there is something to draw (ecommerce.services.invoice_pdf).
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, TableHeadingsDisplay
from fpdf.fonts import FontFace

from core.templatetags.money import money, percent
from ecommerce.models import Invoice

FONT = "Source Sans Pro"
_FILES = {"": "SourceSansPro-Regular.ttf", "B": "SourceSansPro-Semibold.ttf"}

INK, SOFT, ACCENT = (42, 36, 32), (101, 91, 82), (162, 69, 43)
LINE = (227, 217, 205)
MARGIN, BOTTOM = 20, 26
SMALL, NORMAL, LARGE = 8.5, 10, 21
ROW = 5.2  # the height of a line of text, in millimetres


def draw(invoice: Invoice) -> bytes:
    page = _Page(invoice)
    page.add_page()
    page.letterhead()
    page.parties()
    page.rows()
    page.totals()
    page.taxes()
    page.notes()
    return bytes(page.output())


class _Page(FPDF):
    """Draws one document from top to bottom; fpdf calls ``header`` and ``footer`` for each page."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(format="A4")
        self.invoice = invoice
        self.content: dict[str, Any] = invoice.content
        self.kind = _("Credit note") if invoice.kind == Invoice.Kind.CREDIT_NOTE else _("Invoice")
        self._describe()
        fonts = importlib.resources.files("font_source_sans_pro") / "files"
        for style, file in _FILES.items():
            with importlib.resources.as_file(fonts / file) as path:
                self.add_font(FONT, style, path)
        self.set_margins(MARGIN, 18, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.c_margin = 0  # text and lines begin at one edge

    def _describe(self) -> None:
        self.set_title(f"{self.kind} {self.invoice.number}")
        self.set_author(self.content["seller"][0])
        self.set_subject(_("Order %s") % self.content["order_number"])
        self.set_lang(get_language() or "en")
        self.set_creation_date(self.invoice.issued)
        self.set_producer("")
        self.set_display_mode("fullwidth", "continuous")

    def header(self) -> None:
        """From the second page on, what the page belongs to."""
        if self.page_no() == 1:
            return
        self._write(f"{self.kind} {self.invoice.number}", size=SMALL, color=SOFT)
        self.ln(9)

    def footer(self) -> None:
        self.set_y(-18)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(2.5)
        seller = self.content["seller"]
        number = self.content["seller_tax_number"]
        parts = [seller[0], self.content["seller_email"], _("Tax number %s") % number if number else ""]
        self._write(" · ".join(part for part in parts if part), size=SMALL, color=SOFT, line=False)
        # fpdf puts the number of pages in at the end, so the text is placed by the width that it will have.
        page = _("Page %(page)d of %(pages)s")
        self.set_x(self.w - MARGIN - self.get_string_width(page % {"page": self.page_no(), "pages": "0"}))
        self._write(page % {"page": self.page_no(), "pages": "{nb}"}, size=SMALL, color=SOFT, line=False)

    def letterhead(self) -> None:
        top = self.get_y()
        self._write(self.content["seller"][0], style="B", size=13, color=ACCENT, height=7, width=90)
        for line in self.content["seller"][1:]:
            self._write(line, size=SMALL, color=SOFT, height=4.2, width=90)
        bottom = self.get_y()
        self.set_xy(self.w / 2, top)
        self._write(self.kind, style="B", size=LARGE, height=9, align=Align.R)
        self.set_x(self.w / 2)
        self._write(self.invoice.number, size=12, color=SOFT, height=6.5, align=Align.R)
        self.set_y(max(bottom, self.get_y()) + 12)

    def parties(self) -> None:
        top, content = self.get_y(), self.content
        bottoms = [self._block(_("Bill to"), content["buyer"], x=MARGIN, y=top, width=56)]
        if content["delivery"] and content["delivery"] != content["buyer"]:
            bottoms.append(self._block(_("Deliver to"), content["delivery"], x=MARGIN + 60, y=top, width=52))
        bottoms.append(self._facts(top))
        self.set_y(max(bottoms) + 10)

    def _block(self, label: str, lines: Iterable[str], *, x: float, y: float, width: float) -> float:
        self.set_xy(x, y)
        self._write(label, size=SMALL, color=SOFT, width=width)
        for line in lines:
            self.set_x(x)
            self._write(line, width=width)
        return self.get_y()

    def _facts(self, top: float) -> float:
        issued = date_format(timezone.localtime(self.invoice.issued), "DATE_FORMAT")
        facts = [
            (_("Date"), issued),
            (_("Order"), self.content["order_number"]),
            (_("Ordered"), self.content["ordered"]),
            (_("Paid"), self.content["paid"]),
        ]
        self.set_y(top)
        for label, value in facts:
            if value:
                self.set_x(self.w - MARGIN - 58)
                self._write(label, color=SOFT, width=22, line=False)
                self._write(value, width=36, align=Align.R)
        return self.get_y()

    def rows(self) -> None:
        titles = (_("Description"), _("Pieces"), _("Price"), _("Tax"), _("Amount"))
        with self._table((92, 16, 23, 14, 25), titles) as table:
            for row in self.content["rows"]:
                cells = table.row()
                cells.cell(f"{row['title']}\n{row['sku']}" if row["sku"] else row["title"])
                cells.cell(number_format(row["quantity"], force_grouping=True))
                cells.cell(self._money(row["unit_price"]))
                cells.cell(_percent(row["tax_percent"]))
                cells.cell(self._money(row["amount"]))

    def totals(self) -> None:
        """Never alone at the head of a page without its sum: they stay together."""
        steps = [(label, amount) for label, amount in self.content["steps"]]
        self._keep_together(ROW * (len(steps) + 2) + 6)
        self.ln(3)
        for label, amount in steps:
            self._sum(label, amount)
        self.line(self.w - MARGIN - 82, self.get_y() + 1, self.w - MARGIN, self.get_y() + 1)
        self.ln(2)
        total = _("Total credited") if self.invoice.kind == Invoice.Kind.CREDIT_NOTE else _("Total")
        self._sum(total, self.content["total"], style="B", size=12)
        self.ln(8)

    def _sum(self, label: str, amount: str, *, style: str = "", size: float = NORMAL) -> None:
        height = ROW if not style else ROW + 1.5
        self.set_x(self.w - MARGIN - 82)
        top = self.get_y()
        self._write(label, style=style, size=size, width=52, height=height)
        bottom = self.get_y()
        self.set_xy(self.w - MARGIN - 30, top)
        self._write(self._money(amount), style=style, size=size, width=30, height=height, align=Align.R)
        self.set_y(max(bottom, self.get_y()))

    def taxes(self) -> None:
        taxes = self.content["taxes"]
        if not taxes:
            return
        self._keep_together(ROW * 1.6 * (len(taxes) + 2) + 6)
        included = _("Tax included in the total") if self.content["prices_include_tax"] else _("Tax")
        titles = (included, _("Net"), _("Tax"), _("Gross"))
        with self._table((80, 30, 30, 30), titles) as table:
            for row in taxes:
                self._tax_row(table, f"{row['name'] or _('Tax')} {_percent(row['percent'])}", row)
            if len(taxes) > 1:
                self._tax_row(table, _("Together"), {**self.content, "gross": self.content["total"]})
        self.ln(8)

    def _tax_row(self, table: Any, label: str, row: dict[str, Any]) -> None:
        table.row([label, *(self._money(row[name]) for name in ("net", "tax", "gross"))])

    def notes(self) -> None:
        notes = self.content["notes"]
        self._keep_together(ROW * len(notes) + 4)
        for note in notes:
            self._write(note)

    def _table(self, widths: tuple[int, ...], titles: tuple[str, ...]) -> Any:
        """A table whose head is repeated on every page, with numbers to the right."""
        self._font()
        table = self.table(
            col_widths=widths,
            text_align=(Align.L, *(Align.R for _title in titles[1:])),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="", size_pt=SMALL, color=SOFT),
            repeat_headings=TableHeadingsDisplay.ON_TOP_OF_EVERY_PAGE,
            line_height=ROW,
            padding=(1.4, 0, 1.4, 0),
            v_align="TOP",
        )
        return _WithHead(table, titles)

    def _keep_together(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()

    def _money(self, amount: str) -> str:
        return money(Decimal(amount), self.invoice.currency)

    def _font(self, *, style: str = "", size: float = NORMAL, color: tuple[int, int, int] = INK) -> None:
        self.set_font(FONT, style, size)
        self.set_text_color(*color)

    def _write(  # how a piece of text looks
        self,
        text: str,
        *,
        style: str = "",
        size: float = NORMAL,
        color: tuple[int, int, int] = INK,
        width: float = 0,
        height: float = ROW,
        align: Align = Align.L,
        line: bool = True,
    ) -> None:
        """Text that wraps within its width; then on to the next line, or stay on this one."""
        self._font(style=style, size=size, color=color)
        if line:
            self.multi_cell(width, height, text, align=align, new_x="LMARGIN", new_y="NEXT")
        else:
            self.cell(width or None, height, text, align=align)


class _WithHead:
    """fpdf's table, its head row written on entering."""

    def __init__(self, table: Any, titles: tuple[str, ...]) -> None:
        self.table, self.titles = table, titles

    def __enter__(self) -> Any:
        entered = self.table.__enter__()
        entered.row(self.titles)
        return entered

    def __exit__(self, *error: object) -> None:
        self.table.__exit__(*error)


def _percent(number: str | None) -> str:
    return percent(Decimal(number)) if number is not None else ""
