"""A picture as a list of what stands where: a recipe that draws the same at any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from .backdrops import studio
from .palette import OAK, WALNUT, Colour

SQUARE = (1200, 1200)
WIDE = (1600, 900)


@dataclass(frozen=True)
class Item:
    """Something drawn with a pen at a place."""

    draw: Callable[..., Any]
    x: float
    y: float
    scale: float = 1.0
    angle: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """A backdrop and the items on it, from back to front."""

    wall: Colour
    items: tuple[Item, ...]
    size: tuple[int, int] = SQUARE
    backdrop: dict[str, Any] = field(default_factory=dict)

    def draw(self, pixels: int | None = None) -> Image.Image:
        """Draw it that many pixels wide (as wide as it is in units, unless told)."""
        width, height = self.size
        canvas = studio(self.wall, pixels=pixels or width, width=width, height=height, **self.backdrop)
        for item in self.items:
            item.draw(canvas.pen(item.x, item.y, item.scale, item.angle), **item.options)
        return canvas.finish()


def item(draw: Callable[..., Any], x: float, y: float, scale: float = 1.0, angle: float = 0.0, **options: Any) -> Item:
    return Item(draw, x, y, scale, angle, options)


KITCHEN: Colour = (228, 214, 194)
TABLE: Colour = (224, 208, 198)
TEXTILES: Colour = (210, 213, 202)
DUSK: Colour = (106, 86, 79)
NIGHT: Colour = (96, 104, 104)
GARDEN: Colour = (207, 213, 197)


def on_paper(wall: Colour, *items: Item) -> Recipe:
    """On a sweep of paper in one colour: standing there, or flat and seen from above."""
    return Recipe(wall, items)


def on_wood(wall: Colour, *items: Item, horizon: float = 0.60) -> Recipe:
    return Recipe(wall, items, backdrop={"floor": OAK, "surface": "wood", "horizon": horizon})


def on_stone(wall: Colour, *items: Item, horizon: float = 0.60) -> Recipe:
    return Recipe(wall, items, backdrop={"floor": (202, 196, 188), "surface": "stone", "horizon": horizon})


def on_linen(wall: Colour, *items: Item, horizon: float = 0.56) -> Recipe:
    return Recipe(wall, items, backdrop={"floor": (222, 213, 198), "surface": "linen", "horizon": horizon})


def at_dusk(*items: Item, horizon: float = 0.68) -> Recipe:
    """In a darkening room, on a walnut table, for what gives light."""
    return Recipe(DUSK, items, backdrop={"floor": WALNUT, "surface": "wood", "horizon": horizon, "dusk": True})


def in_the_air(*items: Item) -> Recipe:
    """Before a dark wall, for what hangs."""
    return Recipe(NIGHT, items, backdrop={"dusk": True, "horizon": 0.95})
