"""Draw a picture by its name, and put it where the site's pictures are kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .drawing.canvas import encode
from .drawing.products import PRODUCTS
from .drawing.recipes import Recipe
from .drawing.scenes import COVERS

PIXELS = 1200  # how wide a product's picture is drawn; covers are wider in proportion


@dataclass(frozen=True)
class Stored:
    name: str
    width: int
    height: int


def recipe(name: str) -> Recipe:
    return COVERS[name] if name in COVERS else PRODUCTS[name]


def size(name: str, *, pixels: int) -> tuple[int, int]:
    """How large the picture comes out where a product's is that many pixels wide."""
    width, height = recipe(name).size
    wide = round(pixels * width / PIXELS)
    return wide, round(wide * height / width)


def draw(name: str, *, pixels: int) -> bytes:
    return encode(recipe(name).draw(size(name, pixels=pixels)[0]))


def store(name: str, path: str, *, pixels: int) -> Stored:
    """Draw and save it under exactly that path, over what an interrupted run may have left there."""
    content = ContentFile(draw(name, pixels=pixels))
    if default_storage.exists(path):
        default_storage.delete(path)
    width, height = size(name, pixels=pixels)
    return Stored(default_storage.save(path, content), width, height)


def exists(path: str) -> bool:
    return bool(path) and default_storage.exists(path)
