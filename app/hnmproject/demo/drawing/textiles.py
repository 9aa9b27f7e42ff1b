"""Linen, cotton and wool: folded, hung and plumped."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from PIL import Image

from .canvas import BILINEAR, Mask, Pen, dice, enlarged, mesh
from .geometry import Points, arc, bezier, rounded, smoothstep, through
from .materials import cloth, matt, slope, wood
from .palette import JUTE, OAK, SHADOW, WARM_WHITE, Colour, lit


def fold_line(pen: Pen, body: Mask, points: Points, width: float = 8) -> None:
    """A crease: a dark line and the light edge beside it."""
    pen.shade(body, pen.stroke(points, width), SHADOW, 0.5, width * 0.5)
    pen.shade(body, pen.stroke([(x, y - width * 0.9) for x, y in points], width * 0.6), WARM_WHITE, 0.35, width * 0.4)


def folded(
    pen: Pen, colours: Sequence[Colour], *, width: float = 560, thick: float = 92, depth: float = 120, plies: int = 3,
    stripe: Colour | None = None, waffle: bool = False,
) -> float:  # fmt: skip
    """A pile of folded pieces, the first at the bottom. Returns the height of the pile."""
    pen.shadow(pen.ellipse(width * 0.14, 6, width * 0.60, 44), blur=26, opacity=0.40)
    pen.shadow(pen.box(-width / 2 + 8, -14, width / 2 - 4, 10, 10), blur=7, opacity=0.55)
    height = 0.0
    for index, colour in enumerate(colours):
        last = index == len(colours) - 1
        chance = dice(f"fold {index} {colour}")
        layer = pen.at(chance.uniform(-7, 7), -height)
        _layer(layer, colour, width + chance.uniform(-10, 10), thick, plies, stripe, waffle)
        if last:
            _top(layer, colour, width, thick, depth, stripe, waffle)
        height += thick * 0.97
    return height


def _layer(
    pen: Pen, colour: Colour, width: float, thick: float, plies: int, stripe: Colour | None, waffle: bool
) -> None:
    front = pen.box(-width / 2, -thick, width / 2, 0, thick * 0.30)
    pen.paint(
        front,
        mesh(
            [lit(colour, 1.18), lit(colour, 1.08)],
            [lit(colour, 1.0), lit(colour, 0.84)],
            [lit(colour, 0.62), lit(colour, 0.50)],
        ),
    )
    for ply in range(1, plies):
        y = -thick + thick * ply / plies
        bend = [(-width / 2, y + 2), (-width / 4, y - 2), (0, y + 1), (width / 4, y - 1), (width / 2, y + 2)]
        fold_line(pen, front, through(bend), thick * 0.055)
    if stripe:
        for x in (-width * 0.34, -width * 0.29, -width * 0.24):
            pen.paint(front.clip(pen.box(x, -thick, x + width * 0.022, 0)), lit(stripe, 0.9), 0.85)
    _texture(pen, front, waffle)
    pen.shade(front, pen.box(-width, -thick * 0.12, width, 40), SHADOW, 0.42, thick * 0.12)


def _top(
    pen: Pen, colour: Colour, width: float, thick: float, depth: float, stripe: Colour | None, waffle: bool
) -> None:
    inset = depth * 0.42
    near, far = -thick + thick * 0.10, -thick - depth * 0.55
    corners = [(-width / 2 + 10, near), (-width / 2 + inset, far), (width / 2 - inset, far), (width / 2 - 10, near)]
    top = pen.polygon(_blunted(corners, 16))
    pen.paint(top, mesh([lit(colour, 1.14), lit(colour, 0.98)], [lit(colour, 1.30), lit(colour, 1.12)]))
    if stripe:
        for share in (-0.34, -0.29, -0.24):
            x, back = width * share, (width - 2 * inset + 20) * share
            line = pen.polygon([(x, near), (back, far), (back + width * 0.018, far), (x + width * 0.022, near)])
            pen.paint(top.clip(line), stripe, 0.85)
    _texture(pen, top, waffle)
    pen.shade(top, pen.stroke([(-width / 2 + 20, near), (width / 2 - 20, near)], 10), WARM_WHITE, 0.45, 8)


def _blunted(corners: Points, radius: float) -> Points:
    """The polygon with its corners rounded off."""
    outline: Points = []
    count = len(corners)
    for index, (x, y) in enumerate(corners):
        before, after = corners[index - 1], corners[(index + 1) % count]
        first, last = _towards((x, y), before, radius), _towards((x, y), after, radius)
        outline += bezier(first, (x, y), (x, y), last, steps=8)
    return outline


def _towards(start: tuple[float, float], goal: tuple[float, float], distance: float) -> tuple[float, float]:
    length = math.dist(start, goal) or 1.0
    return start[0] + (goal[0] - start[0]) * distance / length, start[1] + (goal[1] - start[1]) * distance / length


def _texture(pen: Pen, mask: Mask, waffle: bool) -> None:
    cloth(pen, mask, 0.20)
    if waffle:
        pen.paint(mask.clip(_grid(pen, mask, 17)), SHADOW, 0.26)


def _grid(pen: Pen, like: Mask, pitch: float) -> Mask:
    """Little hollow squares, as coverage."""
    side = max(4, round(pitch * pen.unit))
    tile = _hollow().resize((side, side), BILINEAR)
    sheet = Image.new("L", like.size)
    for x in range(0, like.size[0], side):
        for y in range(0, like.size[1], side):
            sheet.paste(tile, (x, y))
    return Mask(sheet, like.left, like.top)


@functools.lru_cache(maxsize=1)
def _hollow() -> Image.Image:
    tile = Image.new("L", (24, 24))
    for x in range(24):
        for y in range(24):
            edge = min(x, y, 23 - x, 23 - y)
            tile.putpixel((x, y), round(210 * smoothstep(1, 9, edge) * (0.55 + 0.45 * (1 - (x + y) / 46))))
    return tile


def twine_around(pen: Pen, width: float, height: float, depth: float = 60) -> None:
    """A string tied round a pile, with a bow on top."""
    pen.tube([(0, 0), (2, -height * 0.5), (0, -height), (-2, -height - depth)], 7, JUTE)
    for side in (-1, 1):
        loop = bezier((0, -height - 6), (side * 90, -height - 80), (side * 120, -height + 20), (0, -height - 2))
        pen.tube(loop, 6, JUTE)
        pen.tube(
            bezier((0, -height), (side * 30, -height + 30), (side * 60, -height + 34), (side * 78, -height + 78)),
            6,
            JUTE,
        )
    pen.paint(pen.ellipse(0, -height - 4, 10, 8), lit(JUTE, 0.9))


def _waves(x: float, width: float, seed: str) -> float:
    chance = dice(seed)
    total = 0.0
    for strength, count in ((1.0, 2.2), (0.7, 4.1), (0.35, 7.3)):
        total += strength * math.sin(2 * math.pi * (x / width * count + chance.random()))
    return total / 2


@functools.lru_cache(maxsize=32)
def _drape(seed: str, dark: bool) -> Image.Image:
    """The light (or the shadow) of upright folds, as a strip of coverage."""
    row = Image.new("L", (200, 1))
    values = []
    for step in range(200):
        slope_here = _waves(step + 2, 200, seed) - _waves(step - 2, 200, seed)
        value = slope_here * 3.4 if dark else -slope_here * 3.0
        values.append(round(255 * min(1.0, max(0.0, value))))
    row.putdata(values)
    return row


def hem(width: float, y: float, seed: str, sway: float = 12) -> Points:
    steps = 60
    return [
        (-width / 2 + width * i / steps, y + sway * _waves(width * i / steps, width, seed)) for i in range(steps + 1)
    ]


def hung(
    pen: Pen, colour: Colour, *, width: float = 400, height: float = 620, seed: str = "hung",
    bands: Sequence[tuple[float, float, Colour]] = (), checks: Colour | None = None, fringe: bool = False,
    waffle: bool = False, strength: float = 1.0,
) -> Mask:  # fmt: skip
    """Cloth that hangs from y = 0. ``bands`` are stripes: where (share of the height), how high (units), colour."""
    foot = hem(width * 1.02, height, seed)
    outline = [(-width / 2, 0), (width / 2, 0), *reversed(foot)]
    shape = pen.polygon(outline)
    pen.drop(shape, 26, 20, blur=22, opacity=0.34)
    if fringe:
        _fringe(pen, colour, foot)
    pen.paint(shape, mesh([lit(colour, 1.08), lit(colour, 0.98)], [lit(colour, 1.02), lit(colour, 0.88)]))
    if checks:
        _checks(pen, shape, width, height, checks, seed)
    for share, high, tone in bands:
        line = hem(width * 1.02, height * share, seed, 12 * share)
        strip = pen.polygon([*line, *[(x, y + high) for x, y in reversed(line)]])
        pen.paint(shape.clip(strip), tone, 0.92)
    _texture(pen, shape, waffle)
    for dark in (True, False):
        cover = enlarged(_drape(seed, dark), shape.size)
        tone, opacity = (SHADOW, 0.46) if dark else (WARM_WHITE, 0.40)
        pen.paint(shape.clip(Mask(cover, shape.left, shape.top)), tone, opacity * strength)
    fold_line(pen, shape, [(x, y - 10) for x, y in foot], 3)
    return shape


def _checks(pen: Pen, shape: Mask, width: float, height: float, tone: Colour, seed: str) -> None:
    pitch = width / 5
    for index in range(6):
        x = -width / 2 + pitch * (index + 0.3)
        pen.paint(shape.clip(pen.box(x, -10, x + pitch * 0.34, height + 40)), tone, 0.5)
    rows = round(height / pitch)
    for index in range(rows):
        y = pitch * (index + 0.3)
        line = hem(width * 1.1, y, seed, 12 * y / height)
        strip = pen.polygon([*line, *[(px, py + pitch * 0.34) for px, py in reversed(line)]])
        pen.paint(shape.clip(strip), tone, 0.5)


def _fringe(pen: Pen, colour: Colour, foot: Points) -> None:
    lines = []
    chance = dice(f"fringe {colour}")
    for x, y in through(foot[::2], steps=2):
        lines.append([(x, y - 4), (x + chance.uniform(-5, 5), y + chance.uniform(34, 48))])
    mask = pen.strokes(lines, 7, 4)
    pen.drop(mask, 14, 10, blur=7, opacity=0.3)
    pen.paint(mask, lit(colour, 0.72))
    bright = pen.strokes([[(x - 1.6, y) for x, y in line] for line in lines], 3, 2)
    pen.paint(bright, lit(colour, 1.12), 0.8)


def rail(pen: Pen, *, width: float = 900, pegs: Sequence[float] = (), y: float = 0, colour: Colour = OAK) -> None:
    """A peg rail on the wall. The origin is the middle of its lower edge."""
    plank = pen.box(-width / 2, y - 70, width / 2, y, 8)
    pen.drop(plank, 8, 16, blur=12, opacity=0.35)
    pen.paint(plank, slope(colour, 1.18, 0.86))
    wood(pen, plank, colour, seed="rail", opacity=0.45)
    for x in pegs:
        pen.shadow(pen.ellipse(x + 16, y - 14, 22, 22), blur=9, opacity=0.4)
        pen.tube([(x, y - 36), (x + 4, y - 28)], 30, colour)
        pen.paint(pen.ellipse(x + 4, y - 26, 20, 20), slope(colour, 1.32, 0.78))


def bar(pen: Pen, *, width: float = 620, colour: Colour = OAK) -> None:
    """A round rail to lay cloth over, its underside at y = 0."""
    pen.tube([(-width / 2, -10), (width / 2, -10)], 26, colour)


def over_bar(pen: Pen, colour: Colour, **options: object) -> None:
    """Cloth laid over a bar: the roll at its top and what hangs in front."""
    width = float(options.get("width", 400))  # type: ignore[arg-type]
    bar(pen, width=width + 240)
    hung(pen.at(0, -26), colour, **options)  # type: ignore[arg-type]
    roll = pen.box(-width / 2, -30, width / 2, 10, 14)
    pen.shade(roll, pen.box(-width / 2, -28, width / 2, -14), WARM_WHITE, 0.45, 6)
    pen.shade(roll, pen.box(-width / 2, 2, width / 2, 14), SHADOW, 0.28, 7)


def cushion(
    pen: Pen,
    colour: Colour,
    *,
    side: float = 480,
    stripe: Colour | None = None,
    long: float = 1.0,
    grounded: bool = True,
) -> None:
    """A filled cover standing on its edge: pinched corners, a full middle, piping. The origin is its foot."""
    w, h = side * long / 2, side
    if grounded:
        pen.shadow(pen.ellipse(w * 0.32, 0, w * 1.15, 54), blur=26, opacity=0.42)
        pen.shadow(pen.ellipse(0, -4, w * 0.86, 22), blur=8, opacity=0.5)
    outline = through(
        [(-w, -h), (-w * 0.5, -h * 0.965), (0, -h * 0.955), (w * 0.5, -h * 0.965), (w, -h), (w * 0.95, -h * 0.72),
         (w * 0.935, -h * 0.5), (w * 0.95, -h * 0.26), (w, 0), (w * 0.5, -h * 0.03), (0, -h * 0.035),
         (-w * 0.5, -h * 0.03), (-w, 0), (-w * 0.95, -h * 0.26), (-w * 0.935, -h * 0.5), (-w * 0.95, -h * 0.72)],
        closed=True, steps=6,
    )  # fmt: skip
    body = pen.polygon(outline)
    pen.paint(body, mesh(
        [lit(colour, 0.98), lit(colour, 1.06), lit(colour, 0.80)],
        [lit(colour, 1.10), lit(colour, 1.22), lit(colour, 0.86)],
        [lit(colour, 0.84), lit(colour, 0.86), lit(colour, 0.58)],
    ))  # fmt: skip
    if stripe:
        for share in (-0.62, -0.50, -0.38, 0.38, 0.50, 0.62):
            line = bezier((w * share, -h), (w * share * 1.10, -h * 0.7), (w * share * 1.10, -h * 0.3), (w * share, 0))
            pen.paint(body.clip(pen.stroke(line, side * 0.036)), lit(stripe, 0.95), 0.85)
    cloth(pen, body, 0.26)
    pen.shade(body, pen.ellipse(-w * 0.25, -h * 0.62, w * 0.46, h * 0.26), WARM_WHITE, 0.26, side * 0.10)
    for x, y in ((-1, -1), (1, -1), (1, 0), (-1, 0)):
        corner = (w * x, h * y)
        inner = (w * x * 0.62, -h * (0.5 + (0.5 + y) * -0.62))
        crease = pen.stroke(
            [_towards(corner, inner, side * 0.05), _towards(corner, inner, side * 0.20)], side * 0.03, 2
        )
        pen.shade(body, crease, SHADOW, 0.34, side * 0.018)
    pen.shade(body, pen.stroke([*outline, outline[0]], side * 0.03), SHADOW, 0.32, side * 0.02)
    pen.paint(pen.stroke([*outline, outline[0]], side * 0.013), lit(stripe or colour, 0.78))


def apron(pen: Pen, colour: Colour) -> None:
    """Hanging from a peg at the origin by its neck strap."""
    strap = through([(-92, 150), (-60, 50), (0, 8), (60, 50), (92, 150)])
    pen.shadow(pen.stroke([(x + 14, y + 12) for x, y in strap], 14), blur=8, opacity=0.3)
    pen.tube(strap, 15, lit(colour, 0.85))
    outline = [
        *through([(-104, 140), (-60, 134), (0, 138), (60, 134), (104, 140)], steps=6),
        *bezier((104, 140), (116, 250), (150, 330), (236, 360)),
        (246, 420), *reversed(hem(500, 840, "apron", 10)), (-246, 420),
        *bezier((-236, 360), (-150, 330), (-116, 250), (-104, 140)),
    ]  # fmt: skip
    shape = pen.polygon(outline)
    pen.drop(shape, 26, 22, blur=22, opacity=0.36)
    for side in (-1, 1):
        tie = bezier((side * 236, 372), (side * 300, 440), (side * 262, 560), (side * 290, 690))
        pen.tube(tie, 12, lit(colour, 0.82))
    pen.paint(shape, mesh([lit(colour, 1.12), lit(colour, 1.0)], [lit(colour, 1.04), lit(colour, 0.82)]))
    cloth(pen, shape, 0.26)
    for dark, tone, opacity in ((True, SHADOW, 0.34), (False, WARM_WHITE, 0.13)):
        cover = enlarged(_drape("apron", dark), shape.size)
        pen.paint(shape.clip(Mask(cover, shape.left, shape.top)), tone, opacity)
    pocket = rounded(-140, 460, 140, 640, 14)
    pen.shade(shape, pen.polygon([(x + 4, y + 6) for x, y in pocket]), SHADOW, 0.30, 6)
    pen.paint(pen.polygon(pocket), slope(colour, 1.12, 0.92))
    cloth(pen, pen.polygon(pocket), 0.26)
    pen.paint(pen.strokes([[(-140, 482), (140, 482)], [(0, 484), (0, 640)]], 2.4), lit(colour, 0.5), 0.7)


def tablecloth(
    pen: Pen, colour: Colour, *, radius: float = 360, height: float = 380, border: Colour | None = None
) -> None:
    """A cloth over a round table; things can stand at (0, -height)."""
    pen.ground(radius * 0.95, depth=0.24, height=height * 0.8)
    wide = radius * 1.13
    foot = [(x, _scallop(x, wide)) for x in (wide * (1 - step / 60) for step in range(121))]
    profile = [(-height, radius), (-height * 0.94, radius * 1.02), (0, wide)]
    shape = pen.polygon([*arc(0, -height, radius, radius * 0.24, 180, 360), *foot])
    pen.paint(shape, pen.wrap(profile, _pleats(colour), shape))
    if border:
        pen.paint(shape.clip(pen.stroke([(x, y - 34) for x, y in foot], 12)), lit(border, 0.9), 0.85)
    cloth(pen, shape, 0.10)
    top = pen.ellipse(0, -height, radius, radius * 0.24)
    pen.paint(top, slope(colour, 1.26, 1.02))
    cloth(pen, top, 0.10)
    pen.shade(
        top,
        pen.stroke(bezier((-radius, -height), (-60, -height + 60), (60, -height - 40), (radius, -height)), 3),
        SHADOW,
        0.2,
        3,
    )


def _scallop(x: float, wide: float) -> float:
    """How low a hanging cloth reaches: round with the table, and in and out with its folds."""
    return 74 * math.sqrt(max(0.0, 1 - (x / wide) ** 2)) + 13 * math.cos(x / 26)


@functools.lru_cache(maxsize=8)
def _pleats(colour: Colour) -> Image.Image:
    strip = matt(colour, 0.8).copy()
    for step in range(strip.width):
        angle = math.asin(max(-1.0, min(1.0, -1 + 2 * (step + 0.5) / strip.width)))
        wave = math.sin(angle * 9 + 0.6) * 0.17 + math.sin(angle * 15) * 0.07
        pixel = strip.getpixel((step, 0))
        strip.putpixel((step, 0), lit((pixel[0], pixel[1], pixel[2]), 1 + wave))  # type: ignore[index]
    return strip
