"""What appears or ends by its date does so by itself, for every query asks for the date. Copies in the cache do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core import selectors
from core.models import BlogPost, Page
from core.services import caching, navigation

# Longer than the schedule's interval: a turn that comes late, or is left out, is made good by the next.
WINDOW = timedelta(minutes=5)


def just_changed(model: Any) -> bool:
    """Whether anything of the model appeared or ended by its date within the last minutes. One query."""
    now = timezone.now()
    lately = (now - WINDOW, now)
    dates = Q(activate_date__range=lately) | Q(deactivate_date__range=lately)
    return bool(model.objects.filter(dates, status=model.ACTIVE_STATUS).exists())


def outdate() -> list[str]:
    """Forget the cached copies that what just appeared or ended belongs in; the models that it was."""
    changed = []
    if just_changed(BlogPost):
        caching.forget_on_commit(selectors.TAGS_KEY, selectors.YEARS_KEY)
        changed.append("posts")
    if just_changed(Page):
        navigation.forget()
        changed.append("pages")
    return changed
