"""A blog in: upload WordPress's export, see what it would do, import it, watch it; and the files that came with it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from core.models import BlogPost, ImportedFile, WordPressImport
from core.services.wordpress_import import runs
from core.services.wordpress_import.report import Report

from .file_import import Figure, FileImportAdmin, UploadForm, file_input
from .pictures import EMPTY

PERMISSIONS = ("core.add_blogpost", "core.change_blogpost", "core.add_page", "core.change_page", "core.add_tag")


class WordPressUploadForm(UploadForm):
    importer = runs.IMPORTER

    class Meta:
        model = WordPressImport
        fields = ["file"]
        labels = {"file": _("XML file")}
        help_texts = {"file": _("As WordPress exports it: Tools, Export, “All content”.")}
        widgets = {"file": file_input(".xml,application/xml,text/xml")}


@admin.register(WordPressImport)
class WordPressImportAdmin(FileImportAdmin):
    form = WordPressUploadForm
    importer = runs.IMPORTER
    permissions = PERMISSIONS
    upload_title = _("Import from WordPress")
    upload_help = [
        _(
            "Posts and pages come from the XML file that WordPress exports. First the file is only checked: you see "
            "what would happen, and nothing is changed until you say so."
        ),
        _(
            "What was imported before is brought up to date, unless somebody has edited it here since: then it is left "
            "as it is. So the same file can be imported again. Pictures are fetched from the old site, so keep it "
            "running until they are here."
        ),
    ]
    thing_word = _("Title")
    content_type = "application/xml"
    result_model = BlogPost
    result_word = _("To the posts")

    def figures(self, report: Report, *, done: bool) -> list[Figure]:
        return [
            Figure(report.created, pgettext("in an import", "created") if done else gettext("to create")),
            Figure(report.updated, gettext("updated") if done else gettext("to update")),
            Figure(report.kept, gettext("edited here, left as they are")),
            Figure(report.skipped, gettext("left out"), is_bad=True),
            Figure(report.files, gettext("files to fetch")),
        ]

    def notes(self, report: Report, *, done: bool) -> list[str]:
        notes = []
        if report.taken:
            notes.append(
                gettext("Posts: %(posts)d. Pages: %(pages)d. Drafts among them: %(drafts)d.")
                % {"posts": report.posts, "pages": report.pages, "drafts": report.drafts}
            )
        if report.new_tags:
            words = gettext("New tags:") if done else gettext("Tags to create:")
            notes.append(f"{words} {', '.join(report.new_tags)}")
        if report.new_authors:
            notes.append(
                gettext("Authors without an account of staff here, who get one that nobody can log in with: %s")
                % ", ".join(report.new_authors)
            )
        if left := left_behind(report):
            notes.append(gettext("Not imported, as there is no place for it here: %s") % left)
        return notes

    def start_word(self, report: Report) -> str:
        return ngettext("Import %d post or page", "Import %d posts and pages", report.taken) % report.taken


def left_behind(report: Report) -> str:
    counted = [
        ngettext("%d comment", "%d comments", report.comments) % report.comments if report.comments else "",
        gettext("%d from the bin") % report.in_the_bin if report.in_the_bin else "",
        *(f"{number} × {kind}" for kind, number in report.others.items()),
    ]
    return ", ".join(words for words in counted if words)


@admin.register(ImportedFile)
class ImportedFileAdmin(AnyModelAdmin):
    """For whoever goes on writing with the pictures of old: what there is, and its address."""

    list_display = ["preview", "title", "address", "created"]
    list_display_links = ["preview", "title"]
    fields = ["preview", "title", "address", "source_url", "width", "height", "created"]
    readonly_fields = ("preview", "title", "address", "source_url", "width", "height", "created")
    search_fields = ["title", "source_url"]
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: ImportedFile | None = None) -> bool:
        return request.user.has_perm("core.view_importedfile") or request.user.has_perm("core.change_blogpost")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImportedFile | None = None) -> bool:
        return False

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for file in queryset:  # one by one, for their files
            file.delete()

    @admin.display(description=_("picture"))
    def preview(self, file: ImportedFile) -> SafeString:
        if not file.is_picture:
            return EMPTY
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', file.file.url)

    @admin.display(description=_("address"))
    def address(self, file: ImportedFile) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', file.file.url)
