"""The studio: a wall, a table or floor, and the light of a window that is out of the picture."""

from __future__ import annotations

import functools

from PIL import Image, ImageDraw, ImageFilter

from .canvas import BICUBIC, BILINEAR, NEAREST, SUPERSAMPLE, Canvas
from .geometry import lerp, smoothstep
from .materials import grain, weave
from .palette import SHADOW, WARM_WHITE, Colour, lit, mix

CELLS = 24


def studio(
    wall: Colour,
    floor: Colour | None = None,
    *,
    pixels: int = 1200,
    width: int = 1200,
    height: int = 1200,
    horizon: float = 0.60,
    surface: str = "sweep",
    window: float = 0.5,
    dusk: bool = False,
) -> Canvas:
    """An empty canvas. ``surface`` is sweep (paper that curves up into the wall), wood, stone or linen."""
    image = _backdrop(wall, floor or lit(wall, 1.18), pixels, width, height, horizon, surface, window, dusk)
    doubled = (image.width * SUPERSAMPLE, image.height * SUPERSAMPLE)
    return Canvas(image.resize(doubled, NEAREST), width=width, height=height)


@functools.lru_cache(maxsize=8)
def _backdrop(
    wall: Colour, floor: Colour, pixels: int, width: int, height: int, horizon: float, surface: str, window: float,
    dusk: bool,
) -> Image.Image:  # fmt: skip
    """Drawn at the picture's own size: it is soft, so being finer would only cost time."""
    size = (pixels, round(pixels * height / width))
    image = _gradient(wall, floor, horizon, dusk, sweep=surface == "sweep", ratio=width / height).resize(size, BICUBIC)
    if window and not dusk:
        _window_light(image, window)
    if surface != "sweep":
        _table(image, floor, horizon, surface, dusk)
    return image


def _gradient(wall: Colour, floor: Colour, horizon: float, dusk: bool, *, sweep: bool, ratio: float) -> Image.Image:
    columns = round(CELLS * ratio)
    image = Image.new("RGB", (columns, CELLS))
    for row in range(CELLS):
        y = (row + 0.5) / CELLS
        colour = mix(wall, floor, smoothstep(horizon - 0.1, horizon + 0.1, y) if sweep else 0)
        for column in range(columns):
            image.putpixel((column, row), lit(colour, _falloff((column + 0.5) / columns, y, dusk)))
    return image


def _falloff(x: float, y: float, dusk: bool) -> float:
    """Light from the upper left, and corners that fall away."""
    away = ((x - 0.36) ** 2 + (y - 0.36) ** 2) ** 0.5
    if dusk:
        return lerp(0.98, 0.42, smoothstep(0.05, 0.95, ((x - 0.5) ** 2 + (y - 0.45) ** 2) ** 0.5))
    corner = smoothstep(0.45, 0.78, ((x - 0.5) ** 2 + (y - 0.5) ** 2) ** 0.5)
    return 1.13 - 0.34 * smoothstep(0.0, 0.95, away) - 0.10 * corner


def _window_light(image: Image.Image, strength: float) -> None:
    """Four slanting panes of light on the wall, soft as through a curtain."""
    small = Image.new("L", (160, round(160 * image.height / image.width)), 0)
    draw = ImageDraw.Draw(small)
    for column in range(2):
        for row in range(2):
            x, y = 66 + column * 44, -6 + row * 46
            draw.polygon([(x, y + 14), (x + 38, y), (x + 20, y + 42), (x - 18, y + 56)], fill=255)
    cover = small.filter(ImageFilter.GaussianBlur(6)).resize(image.size, BICUBIC)
    image.paste(WARM_WHITE, (0, 0), cover.point([round(v * 0.34 * strength) for v in range(256)]))


def _table(image: Image.Image, colour: Colour, horizon: float, surface: str, dusk: bool) -> None:
    edge = round(image.height * horizon)
    size = (image.width, image.height - edge)
    light = 0.62 if dusk else 1.0
    top = Image.new("RGB", (3, 3))
    top.putdata([lit(colour, light * v) for v in (1.16, 1.10, 0.98, 1.08, 1.02, 0.90, 0.94, 0.86, 0.74)])
    table = top.resize(size, BILINEAR)
    _texture(table, colour, surface)
    image.paste(table, (0, edge))
    line = Image.new("L", (1, 9), 0)
    line.putdata([0, 7, 20, 37, 47, 37, 20, 7, 0])
    image.paste(SHADOW, (0, edge - 4), line.resize((image.width, 9), BILINEAR))


def _texture(table: Image.Image, colour: Colour, surface: str) -> None:
    if surface == "wood":
        streaks = grain("table").resize(table.size, BICUBIC)
        table.paste(lit(colour, 0.55), (0, 0), streaks.point([round(v * 0.42) for v in range(256)]))
        _planks(table)
    elif surface == "linen":
        tile = weave("cloth").resize((256, 256), BILINEAR)
        for x in range(0, table.width, 256):
            for y in range(0, table.height, 256):
                table.paste(lit(colour, 0.6), (x, y), tile.point([round(v * 0.20) for v in range(256)]))
    else:
        cloud = weave("stone").resize((90, 40)).filter(ImageFilter.GaussianBlur(2)).resize(table.size, BICUBIC)
        table.paste(lit(colour, 0.7), (0, 0), cloud.point([round(max(0, v - 110) * 0.7) for v in range(256)]))


def _planks(table: Image.Image) -> None:
    """The gaps between boards, closer together the farther away they are."""
    draw = ImageDraw.Draw(table, "RGBA")
    for share in (0.22, 0.56):
        y = table.height * share
        draw.line((0, y, table.width, y), fill=(*SHADOW, 90), width=max(1, table.height // 480))
        draw.line((0, y + 2, table.width, y + 2), fill=(*WARM_WHITE, 50))
