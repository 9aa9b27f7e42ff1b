from __future__ import annotations

from django import template

from users import browsers

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    return browsers.describe(user_agent)
