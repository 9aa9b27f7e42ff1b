"""How light falls on clay, metal, glass, wood and cloth.

The light always comes from the upper left, as from a window.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from .canvas import BICUBIC, BILINEAR, Mask, Pen, dice, enlarged, mesh
from .geometry import Point, smoothstep
from .palette import SHADOW, WARM_WHITE, Colour, lit, mix

Profile = list[Point]
STEPS = 192


def _strip(colour_at: Callable[[float], Colour]) -> Image.Image:
    """One row of colours from the left edge of a round body (-1) to its right edge (1)."""
    row = Image.new("RGB", (STEPS, 1))
    row.putdata([colour_at(-1 + 2 * (step + 0.5) / STEPS) for step in range(STEPS)])
    return row


def _light(u: float) -> float:
    """How bright a matt round body is at u: fullest on the left, turning away on the right, with light off the wall."""
    towards = max(0.0, -0.62 * u + 0.78 * math.sqrt(max(0.0, 1 - u * u)))
    edge = smoothstep(0.80, 1.0, abs(u))
    bounce = 0.16 * smoothstep(0.72, 0.97, u)
    return 0.36 + 0.76 * towards + bounce - 0.16 * edge


@functools.lru_cache(maxsize=256)
def matt(colour: Colour, contrast: float = 1.0) -> Image.Image:
    return _strip(lambda u: lit(colour, 1 + (_light(u) - 1) * contrast))


@functools.lru_cache(maxsize=64)
def metal(colour: Colour, contrast: float = 1.0) -> Image.Image:
    """Polished: it mirrors a bright window, a darker room, and the wall on the right."""

    def at(u: float) -> Colour:
        window = math.exp(-(((u + 0.48) / 0.15) ** 2)) * 0.62
        wall = math.exp(-(((u - 0.62) / 0.20) ** 2)) * 0.34
        room = -0.30 * math.exp(-(((u - 0.16) / 0.26) ** 2)) - 0.30 * smoothstep(0.86, 1, abs(u))
        return lit(colour, 0.84 + (window + wall + room) * contrast)

    return _strip(at)


@functools.lru_cache(maxsize=64)
def glowing(colour: Colour) -> Image.Image:
    """A shade with a lamp behind it: brightest in the middle."""
    return _strip(lambda u: mix(lit(colour, 0.80), WARM_WHITE, 0.92 * (1 - abs(u) ** 1.7)))


@functools.lru_cache(maxsize=64)
def band(at: float, width: float, softness: float = 0.35) -> Image.Image:
    """A bright streak at one place of a round body, as coverage."""
    row = Image.new("L", (STEPS, 1))
    half = width / 2

    def cover(u: float) -> int:
        away = abs(u - at)
        return round(255 * (1 - smoothstep(half * (1 - softness), half * (1 + softness), away)))

    row.putdata([cover(-1 + 2 * (step + 0.5) / STEPS) for step in range(STEPS)])
    return row


@functools.lru_cache(maxsize=8)
def edges(inner: float = 0.72, strength: int = 255) -> Image.Image:
    """The two sides of a hollow body, where one looks through most of its wall, as coverage."""
    row = Image.new("L", (STEPS, 1))
    row.putdata(
        [round(strength * smoothstep(inner, 1.0, abs(-1 + 2 * (step + 0.5) / STEPS)) ** 1.6) for step in range(STEPS)]
    )
    return row


def streak(
    pen: Pen, body: Mask, profile: Profile, *, at: float = -0.52, width: float = 0.12, opacity: float = 0.6
) -> None:
    """The window's reflection on a glazed or glass body: follows its form, fades towards both ends."""
    top, bottom = profile[0][0], profile[-1][0]
    part = (top + (bottom - top) * 0.06, top + (bottom - top) * 0.80)
    reach = max(radius for _, radius in profile) * (abs(at) + width)
    nearest, farthest = sorted((at * reach * 0.1, at / abs(at) * reach))
    frame = pen.box(nearest - 4, part[0], farthest + 4, part[1])
    wrapped = Mask(pen.wrap(profile, band(at, width), frame), frame.left, frame.top)
    shine = wrapped.clip(body)
    pen.paint(shine if pen.angle else shine.clip(_fade(frame)), WARM_WHITE, opacity)


def _fade(frame: Mask) -> Mask:
    """Nothing at both ends, full a little below the upper one."""
    steps = 40
    column = Image.new("L", (1, steps))
    shares = [(step + 0.5) / steps for step in range(steps)]
    column.putdata([round(255 * smoothstep(0, 0.18, v) * (1 - smoothstep(0.35, 1.0, v))) for v in shares])
    return Mask(enlarged(column, frame.size), frame.left, frame.top)


def slope(colour: Colour, near: float, far: float) -> Image.Image:
    """A flat thing's fall of light, from its upper left to its lower right."""
    middle = (near + far) / 2
    return mesh([lit(colour, near), lit(colour, middle)], [lit(colour, middle), lit(colour, far)])


def turned(pen: Pen, profile: Profile, colour: Colour, *, tilt: float = 0.2, gloss: float = 0.0) -> Mask:
    """A matt or glazed body, darker towards its foot."""
    body = pen.turn(profile, matt(colour), tilt=tilt)
    occlude(pen, body, profile)
    if gloss:
        streak(pen, body, profile, opacity=gloss)
        streak(pen, body, profile, at=0.74, width=0.07, opacity=gloss * 0.35)
    return body


def rewrap(pen: Pen, part: Mask, profile: Profile, strip: Image.Image) -> None:
    """Paint only that part of a round body, with another strip."""
    pen.paint(part, pen.wrap(profile, strip, part))


def occlude(pen: Pen, body: Mask, profile: Profile, strength: float = 0.34) -> None:
    """Less light reaches what is close to the floor."""
    top, bottom = profile[0][0], profile[-1][0]
    widest = max(radius for _, radius in profile)
    foot = pen.polygon(
        [(-widest * 1.2, bottom - (bottom - top) * 0.10), (widest * 1.2, bottom - (bottom - top) * 0.16),
         (widest * 1.2, bottom + widest), (-widest * 1.2, bottom + widest)]
    )  # fmt: skip
    pen.shade(body, foot, SHADOW, strength, (bottom - top) * 0.10)


def opening(pen: Pen, y: float, radius: float, colour: Colour, *, tilt: float = 0.2, wall: float = 8) -> Mask:
    """The mouth of a hollow body: its rim, and the inner wall, which is brightest on the right where light falls in.

    Returns the inside, for what it may hold.
    """
    rim = pen.ellipse(0, y, radius, radius * tilt)
    pen.paint(rim, _rim_paint(colour))
    inner_radius = radius - wall
    inside = pen.ellipse(0, y + wall * tilt * 0.4, inner_radius, inner_radius * tilt)
    pen.paint(inside, _inside_paint(colour))
    lip = pen.ellipse(0, y - radius * tilt * 0.55, inner_radius * 1.05, inner_radius * tilt)
    pen.shade(inside, lip, SHADOW, 0.28, radius * tilt * 0.28)
    return inside


def _rim_paint(colour: Colour) -> Image.Image:
    row = [lit(colour, 1.30), lit(colour, 1.16), lit(colour, 1.0), lit(colour, 0.84)]
    image = Image.new("RGB", (4, 1))
    image.putdata(row)
    return image


def _inside_paint(colour: Colour) -> Image.Image:
    image = Image.new("RGB", (4, 2))
    image.putdata([lit(colour, light) for light in (0.42, 0.58, 0.80, 0.98, 0.55, 0.72, 0.92, 1.08)])
    return image


def liquid(pen: Pen, inside: Mask, y: float, radius: float, colour: Colour, *, tilt: float = 0.2) -> None:
    """What a cup holds, up to that height."""
    surface = pen.ellipse(0, y, radius, radius * tilt).clip(inside)
    pen.paint(surface, _rim_paint(lit(colour, 0.9)))
    shine = pen.ellipse(-radius * 0.34, y + radius * tilt * 0.16, radius * 0.30, radius * tilt * 0.20)
    pen.shade(surface, shine, WARM_WHITE, 0.42, radius * 0.06)


@functools.lru_cache(maxsize=24)
def _noise(seed: str, width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), dice(seed).randbytes(width * height))


def _contrast(image: Image.Image, gain: float) -> Image.Image:
    return image.point([max(0, min(255, round((v - 128) * gain + 128))) for v in range(256)])


@functools.lru_cache(maxsize=12)
def grain(seed: str, upright: bool = False) -> Image.Image:
    """Streaks as in planed wood, as coverage."""
    coarse = _noise(f"{seed} coarse", 3, 46).resize((512, 512), BICUBIC)
    fine = _noise(f"{seed} fine", 5, 190).resize((512, 512), BICUBIC)
    streaks = _contrast(Image.blend(coarse, fine, 0.55), 1.6)
    return streaks.transpose(Image.Transpose.ROTATE_90) if upright else streaks


@functools.lru_cache(maxsize=4)
def weave(seed: str) -> Image.Image:
    """Threads over and under, as coverage, for a square of 512 pixels."""
    across = _noise(f"{seed} weft", 60, 256).resize((512, 512), BILINEAR)
    down = _noise(f"{seed} warp", 256, 60).resize((512, 512), BILINEAR)
    return _contrast(Image.blend(across, down, 0.5), 1.8).filter(ImageFilter.GaussianBlur(0.6))


def _tiled(tile: Image.Image, mask: Mask) -> Mask:
    sheet = Image.new("L", mask.size)
    for x in range(0, mask.size[0], tile.width):
        for y in range(0, mask.size[1], tile.height):
            sheet.paste(tile, (x, y))
    return Mask(sheet, mask.left, mask.top)


def cloth(pen: Pen, mask: Mask, opacity: float = 0.22, seed: str = "linen") -> None:
    """The weave on whatever is already painted there."""
    size = max(64, round(512 * min(1.0, pen.unit / 2)))
    tile = weave(seed).resize((size, size), BILINEAR)
    pen.paint(mask.clip(_tiled(tile, mask)), SHADOW, opacity)


def wood(pen: Pen, mask: Mask, colour: Colour, *, seed: str, upright: bool = False, opacity: float = 0.5) -> None:
    """Grain over the whole mask, in the wood's own darker shade."""
    tile = grain(seed, upright)
    if pen.angle:
        tile = tile.rotate(-pen.angle, BICUBIC).crop((90, 90, 422, 422))
    streaks = enlarged(tile, mask.size)
    pen.paint(mask.clip(Mask(streaks, mask.left, mask.top)), lit(colour, 0.52), opacity)


def speckles(pen: Pen, body: Mask, colour: Colour, *, seed: str, count: int = 160, size: float = 2.4) -> None:
    """The iron spots of stoneware."""
    chance = dice(seed)
    width, height = body.size
    spots = Image.new("L", body.size, 0)
    sheet = Mask(spots, body.left, body.top)
    draw = ImageDraw.Draw(spots)
    for _ in range(count):
        x, y = chance.random() * width, chance.random() * height
        radius = size * pen.unit / 2 * (0.4 + 0.8 * chance.random() ** 2)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=90 + round(120 * chance.random()))
    pen.paint(body.clip(sheet), lit(colour, 0.34), 0.62)
