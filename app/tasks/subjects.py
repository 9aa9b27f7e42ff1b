"""What a job is about, for a link in the admin: found by the names of its arguments, so that no app need say it.

`order_id` of a job of `ecommerce` is an Order of that app; `model` and `pk` name a row outright.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.urls import reverse

from tasks.models import Job


def subject_of(job: Job) -> Model | None:
    """The first row that an argument names, or None: there is none, or not any more. Costs one query at the most."""
    for model, pk in _named_rows(job):
        return model._default_manager.filter(pk=pk).first()  # noqa: SLF001  # documented by Django
    return None


def shown(subject: Model, *, site: AdminSite) -> Model:
    """Itself, or what it belongs to where only that has a page in the admin: of a picture, its product."""
    if site.is_registered(type(subject)):
        return subject
    for field in subject._meta.concrete_fields:  # noqa: SLF001  # documented by Django
        if isinstance(field, ForeignKey) and field.related_model in site._registry:  # noqa: SLF001
            return getattr(subject, field.name) or subject
    return subject


def described(subject: Model) -> str:
    return f"{subject._meta.verbose_name}: {subject}"  # noqa: SLF001  # documented by Django


def admin_address(subject: Model, *, site: AdminSite, request: HttpRequest) -> str:
    """Where the admin shows it, or nothing where this person may not see it there."""
    registered = site._registry.get(type(subject))  # noqa: SLF001  # is_registered tells less
    if registered is None or not registered.has_view_permission(request, subject):
        return ""
    options = subject._meta  # noqa: SLF001  # documented by Django
    return reverse(f"{site.name}:{options.app_label}_{options.model_name}_change", args=[subject.pk])


def _named_rows(job: Job) -> list[tuple[type[Model], int]]:
    arguments: dict[str, Any] = job.arguments if isinstance(job.arguments, dict) else {}
    app_label = job.kind.partition(".")[0]
    rows = [
        (model, value)
        for name, value in arguments.items()
        if name.endswith("_id") and isinstance(value, int) and (model := _model(app_label, name.removesuffix("_id")))
    ]
    return [*rows, *_row_named_outright(arguments)]


def _model(app_label: str, word: str) -> type[Model] | None:
    """The model of that name in the app, else the only one whose name ends with it: `import_id`, ProductImport."""
    word = word.replace("_", "")
    models = {model.__name__.lower(): model for model in _models(app_label)}
    endings = [model for name, model in models.items() if name.endswith(word)]
    return models.get(word) or (endings[0] if len(endings) == 1 else None)


def _models(app_label: str) -> list[type[Model]]:
    try:
        return list(apps.get_app_config(app_label).get_models())
    except LookupError:
        return []


def _row_named_outright(arguments: dict[str, Any]) -> list[tuple[type[Model], int]]:
    label, pk = arguments.get("model"), arguments.get("pk")
    if not isinstance(label, str) or not isinstance(pk, int):
        return []
    try:
        return [(apps.get_model(label), pk)]
    except (LookupError, ValueError):
        return []
