"""Catalogue in: upload a file, see what it would do, import it, watch it."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin.file_import import Figure, FileImportAdmin, UploadForm, file_input
from ecommerce.models import Product, ProductImport
from ecommerce.services.product_import import runs
from ecommerce.services.product_import.report import Report

PERMISSIONS = ("ecommerce.add_product", "ecommerce.change_product")


def may_import(request: HttpRequest) -> bool:
    return request.user.has_perms(PERMISSIONS)


class ProductUploadForm(UploadForm):
    importer = runs.IMPORTER

    class Meta:
        model = ProductImport
        fields = ["file"]
        labels = {"file": _("CSV file")}
        help_texts = {"file": _("As Shopify exports it: Products, Export, “CSV for Excel, Numbers …”.")}
        widgets = {"file": file_input(".csv,text/csv")}


@admin.register(ProductImport)
class ProductImportAdmin(FileImportAdmin):
    form = ProductUploadForm
    importer = runs.IMPORTER
    permissions = PERMISSIONS
    upload_title = _("Import products")
    upload_help = [
        _(
            "Products come from the CSV file that Shopify exports. First the file is only checked: you see what would "
            "happen, line by line, and nothing is changed until you say so."
        ),
        _(
            "A product that the shop has already (its address is the handle of the file) is brought up to date. So "
            "the same file can be imported again."
        ),
    ]
    thing_word = _("Product")
    fetched_word = _("The pictures")
    content_type = "text/csv"
    result_model = Product
    result_word = _("To the products")

    def figures(self, report: Report, *, done: bool) -> list[Figure]:
        return [
            Figure(report.created, gettext("products created") if done else gettext("products to create")),
            Figure(report.updated, gettext("products updated") if done else gettext("products to update")),
            Figure(report.skipped, gettext("left out"), is_bad=True),
            Figure(report.variants, gettext("variants")),
            Figure(report.pictures, gettext("pictures to fetch")),
        ]

    def notes(self, report: Report, *, done: bool) -> list[str]:
        notes = []
        if report.new_categories:
            words = gettext("New categories:") if done else gettext("Categories to create:")
            notes.append(f"{words} {', '.join(report.new_categories)}")
        if report.unused_columns:
            notes.append(
                gettext("Columns that this shop has no place for: %s") % ", ".join(report.unused_columns),
            )
        if report.errors:
            notes.append(
                gettext(
                    "A product with an error on any of its lines is left out whole. Correct the lines and import the "
                    "file again."
                )
            )
        return notes

    def start_word(self, report: Report) -> str:
        return ngettext("Import %d product", "Import %d products", report.taken) % report.taken
