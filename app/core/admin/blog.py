from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import model_ngettext
from django.contrib.auth import get_user_model
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.generics import AnyModelAdmin
from core.models import BlogPost, Tag

from .pictures import thumbnail
from .publishing import PUBLICATION, PublicationFilter, PublishableAdmin
from .richtext import RichTextAdmin


@admin.register(BlogPost)
class BlogPostAdmin(RichTextAdmin, PublishableAdmin):
    list_display = ["cover_preview", "title", "publication", "author", "modified"]
    list_display_links = ["cover_preview", "title"]
    list_filter = [PublicationFilter, ("author", admin.RelatedOnlyFieldListFilter), "tags"]
    list_select_related = ["author"]
    list_per_page = 50
    date_hierarchy = "activate_date"
    search_fields = ["title", "summary", "body"]
    search_help_text = _("Words of the title, the summary or the text.")
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["tags"]
    readonly_fields = ["large_cover_preview"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "body"]}),
        (_("Cover"), {"fields": ["large_cover_preview", "cover", "cover_alt"]}),
        (_("Filed under"), {"fields": ["author", "tags"]}),
        PUBLICATION,
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "summary":
            field.widget.attrs["rows"] = 3
        return field

    @admin.display(description=_("cover"))
    def cover_preview(self, post: BlogPost) -> SafeString:
        return thumbnail(post.cover)

    @admin.display(description=_("preview"))
    def large_cover_preview(self, post: BlogPost) -> SafeString | None:
        return thumbnail(post.cover, alt=post.cover_alt) if post.cover else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "author":
            kwargs["queryset"] = _possible_authors(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _possible_authors(request: HttpRequest) -> QuerySet[Any]:
    """Staff, and whoever wrote this post while they still were."""
    match = request.resolver_match
    post_pk = str(match.kwargs.get("object_id")) if match else ""
    written = Q(pk__in=BlogPost.objects.filter(pk=post_pk).values("author")) if post_pk.isdecimal() else Q()
    return get_user_model().objects.filter(Q(is_staff=True, is_active=True) | written).order_by("first_name", "email")


@admin.register(Tag)
class TagAdmin(AnyModelAdmin):
    list_display = ["name", "slug", "usage"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        tags: QuerySet[Tag] = super().get_queryset(request)
        return tags.annotate(**{f"number_of_{name}": count for name, _, count in _usages()})

    @admin.display(description=_("used by"))
    def usage(self, tag: Tag) -> str:
        numbers = ((getattr(tag, f"number_of_{name}"), model) for name, model, _ in _usages())
        return ", ".join(f"{number} {model_ngettext(model, number)}" for number, model in numbers if number) or "–"


def _usages() -> list[tuple[str, Any, Coalesce]]:
    """Whatever is tagged, in this app and in those that this one does not know: its name, model and count."""
    relations = [relation for relation in Tag._meta.related_objects if relation.many_to_many]  # noqa: SLF001  # public
    return [(str(relation.get_accessor_name()), relation.related_model, _count(relation)) for relation in relations]


def _count(relation: Any) -> Coalesce:
    """A subquery for each relation, as two joins would multiply each other's rows."""
    tag_id = relation.field.m2m_reverse_field_name()
    rows = relation.through.objects.filter(**{tag_id: OuterRef("pk")}).order_by().values(tag_id)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))
