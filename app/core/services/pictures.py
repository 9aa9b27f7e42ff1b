"""Renditions: the smaller AVIF and WebP versions of a picture, made by a job after the picture is stored.

It concerns every model with a PictureField ``x`` that has a boolean ``x_ready`` beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import Storage
from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save
from pictures.models import Picture, PictureField, PillowPicture
from PIL import Image

from tasks.services import jobs

RENDER = "core.render_pictures"
DELETE = "core.delete_pictures"
STORED_BEFORE = "_pictures_stored_before"

Progress = Callable[[int, int], None]


def enqueue_renditions(**kwargs: Any) -> None:
    """What django-pictures calls when a file is stored or removed. Nothing happens here.

    It calls before the row is saved, so a job asked for here could run without finding the row. The signals below see
    the row before and after it is saved, whichever way its picture was set.
    """


def connect(all_models: Iterable[type[models.Model]]) -> None:
    """Watch the models that have pictures. Called once, when the apps are ready."""
    for model in all_models:
        if not picture_fields(model):
            continue
        name = model._meta.label  # noqa: SLF001  # Django documents it as public
        pre_save.connect(_before_save, sender=model, dispatch_uid=f"pictures-before-save-{name}")
        post_save.connect(_after_save, sender=model, dispatch_uid=f"pictures-after-save-{name}")
        post_delete.connect(_after_delete, sender=model, dispatch_uid=f"pictures-after-delete-{name}")


def picture_fields(model: type[models.Model]) -> list[PictureField]:
    fields = model._meta.get_fields()  # noqa: SLF001
    return [field for field in fields if isinstance(field, PictureField) and hasattr(model, ready_name(field))]


def ready_name(field: PictureField) -> str:
    return f"{field.name}_ready"


def request(row: models.Model, field: PictureField) -> None:
    """Ask for the renditions of the row's picture."""
    meta = row._meta  # noqa: SLF001
    jobs.enqueue(RENDER, model=meta.label_lower, field=field.name, pk=row.pk, file_name=getattr(row, field.name).name)


def render(*, model: type[models.Model], field_name: str, pk: Any, file_name: str, progress: Progress) -> bool:
    """Make every rendition and mark the row ready. False where the row has another picture by now, or is gone.

    Repeating it overwrites the same files with the same pictures.
    """
    manager = model._default_manager  # noqa: SLF001
    row = manager.filter(**{"pk": pk, field_name: file_name}).first()
    if row is None:
        return False
    picture = getattr(row, field_name)
    _write_all(picture.storage, file_name, _in_order(picture.get_picture_files_list()), progress)
    updated = manager.filter(**{"pk": pk, field_name: file_name}).update(**{ready_name(picture.field): True})
    return bool(updated)


def delete(*, model: type[models.Model], field_name: str, file_name: str) -> int:
    """Delete a file that no row uses any more, with its renditions. Return how many files are gone."""
    if model._default_manager.filter(**{field_name: file_name}).exists():  # noqa: SLF001
        return 0
    storage: Storage = model._meta.get_field(field_name).storage  # type: ignore[union-attr]  # noqa: SLF001
    names = [file_name, *_files_under(storage, str(PurePosixPath(file_name).with_suffix("")))]
    for name in names:
        storage.delete(name)
    return len(names)


def _write_all(storage: Storage, file_name: str, renditions: list[Picture], progress: Progress) -> None:
    with storage.open(file_name) as file, Image.open(file) as original:
        prepared = PillowPicture.pre_process(original)
        for number, rendition in enumerate(renditions, start=1):
            rendition.save(prepared)
            progress(number, len(renditions))


def _in_order(renditions: Iterable[Picture]) -> list[Picture]:
    return sorted(renditions, key=lambda rendition: (rendition.file_type, rendition.width))


def _files_under(storage: Storage, folder: str) -> list[str]:
    try:
        folders, files = storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    names = [f"{folder}/{name}" for name in files]
    for name in folders:
        names += _files_under(storage, f"{folder}/{name}")
    return names


def _before_save(sender: type[models.Model], instance: models.Model, raw: bool, **kwargs: Any) -> None:
    """Note which pictures this save replaces, and mark those as not ready."""
    if raw:
        return
    before = _stored_names(instance)
    setattr(instance, STORED_BEFORE, before)
    for field in picture_fields(sender):
        if _is_new(getattr(instance, field.name), before.get(field.name, "")):
            setattr(instance, ready_name(field), False)


def _after_save(
    sender: type[models.Model], instance: models.Model, raw: bool, update_fields: Any = None, **kwargs: Any
) -> None:
    if raw:
        return
    before: dict[str, str] = instance.__dict__.pop(STORED_BEFORE, {})
    for field in picture_fields(sender):
        if update_fields is None or field.name in update_fields:
            _after_picture(instance, field, before.get(field.name, ""))


def _after_picture(row: models.Model, field: PictureField, name_before: str) -> None:
    name = getattr(row, field.name).name or ""
    if name == name_before:
        return
    # The save may have been told to write only some of the columns.
    ready = ready_name(field)
    type(row)._default_manager.filter(pk=row.pk, **{ready: True}).update(**{ready: False})  # noqa: SLF001
    if name:
        request(row, field)
    if name_before:
        _request_deletion(type(row), field, name_before)


def _after_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    for field in picture_fields(sender):
        if name := getattr(instance, field.name).name:
            _request_deletion(sender, field, name)


def _request_deletion(model: type[models.Model], field: PictureField, name: str) -> None:
    label = model._meta.label_lower  # noqa: SLF001
    jobs.enqueue(DELETE, model=label, field=field.name, file_name=name)


def _stored_names(row: models.Model) -> dict[str, str]:
    if row.pk is None:
        return {}
    names = [field.name for field in picture_fields(type(row))]
    return type(row)._default_manager.filter(pk=row.pk).values(*names).first() or {}  # noqa: SLF001


def _is_new(picture: Any, name_before: str) -> bool:
    return bool(picture) and (not picture._committed or picture.name != name_before)  # noqa: SLF001  # FileField's own flag
