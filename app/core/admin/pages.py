from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.models import Page, Testimonial

from .publishing import PUBLICATION, PublicationFilter, PublishableAdmin
from .richtext import RichTextAdmin


@admin.register(Page)
class PageAdmin(RichTextAdmin, PublishableAdmin):
    list_display = ["title", "publication", "in_footer", "position", "modified"]
    list_editable = ["in_footer", "position"]
    list_filter = [PublicationFilter, "in_footer"]
    search_fields = ["title", "body"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "slug", "description", "body"]}),
        (_("Footer"), {"fields": [("in_footer", "position")]}),
        PUBLICATION,
    ]


@admin.register(Testimonial)
class TestimonialAdmin(PublishableAdmin):
    list_display = ["author_name", "author_role", "stars", "publication", "position"]
    list_editable = ["position"]
    list_filter = [PublicationFilter, "rating"]
    search_fields = ["author_name", "author_role", "quote"]
    view_on_site = False  # type: ignore[assignment]  # it has no page of its own
    has_page = False
    fieldsets = [
        (None, {"fields": [("author_name", "author_role"), "quote", ("rating", "position")]}),
        PUBLICATION,
    ]

    @admin.display(description=_("rating"), ordering="rating")
    def stars(self, testimonial: Testimonial) -> str:
        return "★" * testimonial.rating
