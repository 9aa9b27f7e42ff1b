"""Pictures in the formats and widths that the browser can choose from."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def responsive_picture(
    picture: Any,
    *,
    alt: str = "",
    ratio: str | None = None,
    sizes: str = "100vw",
    loading: str = "lazy",
    css_class: str = "",
    priority: bool = False,
) -> SafeString:
    """A <picture> with AVIF and WebP once the renditions are made, and until then an <img> of the original.

    The ratio must be one of the field's. Width and height are always set, so that nothing moves while it loads.
    ``priority`` is for the one picture that is most of what the visitor first sees.
    """
    if not picture:
        return mark_safe("")
    sources = _sources(picture, ratio)
    width, height = _shown_size(picture, ratio, sources)
    image = format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" class="{}" loading="{}" decoding="async"{}>',
        _fallback_url(picture, sources),
        alt,
        width,
        height,
        " ".join(filter(None, ("picture", _ratio_class(ratio), css_class))),
        "eager" if priority else loading,
        mark_safe(' fetchpriority="high"') if priority else "",
    )
    if not sources:
        return image
    return format_html("<picture>{}{}</picture>", _source_elements(sources, sizes), image)


@register.simple_tag
def picture_url(picture: Any, *, ratio: str | None = None) -> str:
    """The address of one large version that every reader of pages understands, as Open Graph needs."""
    return _fallback_url(picture, _sources(picture, ratio)) if picture else ""


def _sources(picture: Any, ratio: str | None) -> dict[str, dict[int, Any]]:
    """The renditions by format and width; none before they are made, or where the original is too small for any."""
    if not getattr(picture.instance, f"{picture.field.name}_ready", False):
        return {}
    return {kind: dict(sorted(widths.items())) for kind, widths in picture.aspect_ratios[ratio].items() if widths}


def _source_elements(sources: dict[str, dict[int, Any]], sizes: str) -> SafeString:
    return format_html_join(
        "",
        '<source type="image/{}" srcset="{}" sizes="{}">',
        (
            (kind.lower(), ", ".join(f"{rendition.url} {width}w" for width, rendition in widths.items()), sizes)
            for kind, widths in sources.items()
        ),
    )


def _fallback_url(picture: Any, sources: dict[str, dict[int, Any]]) -> str:
    widths = sources.get("WEBP")
    return str(widths[max(widths)].url if widths else picture.url)


def _shown_size(picture: Any, ratio: str | None, sources: dict[str, dict[int, Any]]) -> tuple[int, int]:
    """Width and height of what is shown: the largest rendition, or what the ratio leaves of the original."""
    width, height = int(picture.width), int(picture.height)
    if ratio is None:
        return width, height
    wanted = Fraction(ratio)
    widest = max((max(widths) for widths in sources.values()), default=min(width, int(height * wanted)))
    return widest, int(widest / wanted)


def _ratio_class(ratio: str | None) -> str:
    return f"picture--{ratio.replace('/', 'x')}" if ratio else ""
