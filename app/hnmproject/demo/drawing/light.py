"""Lamps, candles and lanterns, and the light they give."""

from __future__ import annotations

import functools

from PIL import Image

from .canvas import Mask, Pen, enlarged, mesh
from .geometry import arc, bezier, through
from .kitchen import glass_body, glass_rim
from .materials import Profile, glowing, matt, metal, opening, slope, speckles, streak, turned
from .palette import BEESWAX, BRASS, CHARCOAL, CREAM, JUTE, OAT, SHADOW, WARM_WHITE, Colour, lit

TILT = 0.2
GLOW: Colour = (255, 226, 170)


def glow(pen: Pen, x: float, y: float, radius: float, *, strength: float = 0.6) -> None:
    """Light in the air and on the wall behind."""
    box = pen.box(x - radius, y - radius, x + radius, y + radius)
    cover = enlarged(_halo(), box.size)
    pen.paint(Mask(cover, box.left, box.top), GLOW, strength)


@functools.lru_cache(maxsize=1)
def _halo() -> Image.Image:
    """Coverage that falls off from the middle like light in hazy air."""
    return Image.radial_gradient("L").point([round(255 * max(0.0, 1 - v / 182) ** 2.4) for v in range(256)])


def pool(pen: Pen, x: float, y: float, radius: float, *, strength: float = 0.4) -> None:
    """Light on the table."""
    pen.shadow(pen.ellipse(x, y, radius, radius * 0.26), blur=radius * 0.22, opacity=strength, colour=GLOW)


def table_lamp(pen: Pen, colour: Colour, *, shade: Colour = CREAM) -> None:
    """A stoneware foot and a linen shade, lit. 760 units high."""
    glow(pen, 0, -600, 560, strength=0.62)
    pool(pen, 0, 0, 420, strength=0.42)
    pen.ground(120, depth=TILT, height=200, strength=0.8)
    pen.turn([(-440, 13), (-300, 13)], metal(BRASS), tilt=TILT)
    foot: Profile = [(-350, 26), (-335, 40), (-280, 62), (-200, 128), (-110, 150), (-40, 132), (-8, 112), (0, 112)]
    body = turned(pen, foot, colour, tilt=TILT, gloss=0.45)
    speckles(pen, body, colour, seed=f"lamp {colour}", count=180)
    pen.shade(body, pen.ellipse(0, -345, 120, 60), GLOW, 0.5, 40)
    _shade(pen, shade, top=-760, bottom=-430, narrow=150, wide=262)


def _shade(pen: Pen, colour: Colour, *, top: float, bottom: float, narrow: float, wide: float) -> None:
    profile: Profile = [(top, narrow), (bottom, wide)]
    inside = pen.ellipse(0, top, narrow, narrow * TILT)
    body = pen.turn(profile, glowing(colour), tilt=TILT)
    pen.paint(inside, lit(GLOW, 1.5))
    pen.shade(body, pen.ellipse(0, (top + bottom) / 2 + 30, wide * 0.62, (bottom - top) * 0.34), WARM_WHITE, 0.75, 46)
    for y, radius in ((top, narrow), (bottom, wide)):
        pen.paint(pen.stroke(arc(0, y, radius, radius * TILT, 0, 180), 5), lit(colour, 0.72), 0.6)
    pen.paint(pen.stroke(arc(0, top, narrow, narrow * TILT, 180, 360), 4), lit(colour, 0.8), 0.6)


def reading_lamp(pen: Pen, colour: Colour = BRASS) -> None:
    """A round foot, a jointed arm, a small bell. 700 units high, leaning to the right."""
    glow(pen, 232, -470, 330, strength=0.5)
    pool(pen, 270, 10, 300, strength=0.6)
    pen.ground(130, depth=TILT, height=160)
    base: Profile = [(-34, 118), (-24, 130), (-6, 132), (0, 128)]
    pen.turn(base, metal(colour), tilt=TILT)
    pen.paint(pen.ellipse(0, -34, 118, 118 * TILT), slope(colour, 1.3, 0.9))
    pen.tube([(0, -36), (-60, -470)], 18, colour)
    pen.tube([(-60, -470), (200, -640)], 16, colour)
    for x, y in ((-60, -470), (200, -640)):
        pen.paint(pen.ellipse(x, y, 20, 20), slope(colour, 1.35, 0.6))
    head = pen.at(204, -636, angle=-28)
    bell: Profile = [(0, 26), (14, 40), (60, 62), (110, 104), (138, 116)]
    body = head.turn(bell, metal(colour), tilt=0.3)
    head.paint(head.ellipse(0, 138, 112, 34), mesh([lit(GLOW, 1.1), lit(GLOW, 1.4)]))
    head.shade(body, head.ellipse(-40, 70, 10, 34), WARM_WHITE, 0.6, 9)
    head.shadow(head.ellipse(0, 142, 40, 14), blur=16, opacity=0.9, colour=WARM_WHITE)


def cord(pen: Pen, y: float) -> None:
    pen.paint(pen.stroke([(0, y), (0, y - 2400)], 6), CHARCOAL)


def pendant(pen: Pen, colour: Colour, *, inner: Colour = CREAM, lit_up: bool = True) -> None:
    """An enamelled dome on a cord. The origin is the middle of its lower rim; it is 250 high, 520 wide."""
    if lit_up:
        glow(pen, 0, 110, 430, strength=0.42)
    cord(pen, -300)
    pen.turn([(-330, 22), (-300, 30), (-250, 34)], metal(BRASS), tilt=TILT)
    profile: Profile = [(-256, 40), (-246, 78), (-210, 140), (-140, 204), (-60, 242), (-10, 258), (0, 260)]
    body = turned(pen, profile, colour, tilt=TILT)
    streak(pen, body, profile, at=-0.5, width=0.16, opacity=0.55)
    rim = pen.ellipse(0, 0, 260, 260 * TILT)
    pen.paint(rim, lit(colour, 0.8))
    mouth = pen.ellipse(0, 0, 250, 250 * TILT)
    pen.paint(mouth, mesh([lit(inner, 0.92), lit(GLOW, 1.3), lit(inner, 1.0)]) if lit_up else slope(inner, 0.6, 1.0))
    if lit_up:
        pen.shade(mouth, pen.ellipse(0, -6, 96, 26), WARM_WHITE, 1, 22)


def globe(pen: Pen, *, radius: float = 170) -> None:
    """An opal glass ball on a brass cap. The origin is its lowest point."""
    middle = -radius
    glow(pen, 0, middle, radius * 2.5, strength=0.55)
    cord(pen, -2 * radius - 60)
    pen.turn([(-2 * radius - 74, 20), (-2 * radius - 56, 40), (-2 * radius + 8, 46)], metal(BRASS), tilt=TILT)
    ball = pen.ellipse(0, middle, radius, radius)
    pen.paint(ball, mesh([(255, 248, 232), (252, 238, 212), (238, 214, 178)]))
    pen.shade(
        ball,
        pen.ellipse(-radius * 0.12, middle - radius * 0.06, radius * 0.62, radius * 0.62),
        (255, 253, 246),
        1,
        radius * 0.3,
    )
    pen.shade(
        ball, pen.stroke(arc(0, middle, radius, radius, 0, 360), radius * 0.05), (206, 172, 128), 0.6, radius * 0.06
    )
    pen.shade(
        ball,
        pen.ellipse(-radius * 0.42, middle - radius * 0.46, radius * 0.13, radius * 0.20),
        WARM_WHITE,
        0.9,
        radius * 0.05,
    )


def flame(pen: Pen, *, size: float = 1.0, halo: float = 190) -> None:
    """On a wick whose foot is the origin."""
    glow(pen, 0, -46 * size, halo * size, strength=0.75)
    pen.paint(pen.stroke([(0, 4), (2, -18 * size)], 4), CHARCOAL)
    drop = [*bezier((0, -112 * size), (10 * size, -70 * size), (30 * size, -40 * size), (17 * size, -16 * size)),
            *bezier((17 * size, -16 * size), (8 * size, 0), (-8 * size, 0), (-17 * size, -16 * size)),
            *bezier((-17 * size, -16 * size), (-30 * size, -40 * size), (-8 * size, -70 * size), (0, -112 * size)),
    ]  # fmt: skip
    body = pen.polygon(drop)
    pen.shadow(body, blur=9 * size, opacity=0.7, colour=(255, 176, 70))
    pen.paint(body, mesh([(255, 190, 84)] * 2, [(255, 224, 130)] * 2, [(255, 246, 206)] * 2, [(246, 190, 110)] * 2))
    pen.shade(body, pen.ellipse(0, -40 * size, 8 * size, 24 * size), (255, 255, 246), 1, 6 * size)


def pillar(
    pen: Pen, colour: Colour = BEESWAX, *, height: float = 300, radius: float = 86, burning: bool = True
) -> None:
    """A thick candle."""
    pen.ground(radius, depth=TILT, height=height * 0.8)
    profile: Profile = [(-height, radius * 0.98), (-height + 14, radius), (-8, radius), (0, radius * 0.97)]
    body = turned(pen, profile, colour, tilt=TILT)
    top = pen.ellipse(0, -height, radius * 0.98, radius * 0.98 * TILT)
    pen.paint(top, slope(colour, 1.34, 1.06))
    pen.shade(top, pen.ellipse(0, -height + 3, radius * 0.66, radius * 0.60 * TILT), lit(colour, 0.72), 0.6, 5)
    if not burning:
        pen.paint(pen.stroke([(0, -height + 3), (3, -height - 24)], 5), OAT)
        return
    pen.shade(body, pen.ellipse(0, -height + 10, radius * 1.1, 90), GLOW, 0.66, 36)
    flame(pen.at(0, -height + 2), size=0.92, halo=230)


def honeycomb(pen: Pen, *, height: float = 300, radius: float = 86) -> None:
    """A candle rolled from a sheet of beeswax: the pattern of cells on a pillar."""
    pillar(pen, height=height, radius=radius, burning=False)
    profile: Profile = [(-height, radius), (0, radius)]
    body = pen.polygon(pen.outline(profile, tilt=TILT))
    cells = []
    for row in range(round(height / 22) + 1):
        for column in range(-6, 7):
            share = (column + (0.5 if row % 2 else 0)) / 6.5
            x = radius * 0.99 * share
            squeeze = max(0.12, (1 - share * share) ** 0.5)
            y = -height + 14 + row * 22 + radius * TILT * squeeze
            cells.append(arc(x, y, 9 * squeeze, 11, 30, 390, steps=6))
    pen.paint(
        body.clip(pen.polygons(cells)).without(pen.ellipse(0, -height, radius, radius * TILT)), lit(BEESWAX, 0.62), 0.55
    )


def taper(pen: Pen, colour: Colour, *, height: float = 420, burning: bool = True) -> None:
    """A dinner candle, without shadow: it stands in something."""
    profile: Profile = [(-height, 11), (-height + 20, 16), (0, 21)]
    body = turned(pen, profile, colour, tilt=TILT)
    if burning:
        pen.shade(body, pen.ellipse(0, -height, 30, 70), GLOW, 0.6, 26)
        flame(pen.at(0, -height - 2), size=0.72, halo=220)
    else:
        pen.paint(pen.stroke([(0, -height + 2), (3, -height - 26)], 4), OAT)


def candlestick(pen: Pen, colour: Colour = BRASS, *, candle: Colour | None = CREAM, burning: bool = True) -> None:
    """Turned brass, 300 high, and its candle."""
    pen.ground(110, depth=TILT, height=240)
    if candle:
        taper(pen.at(0, -290), candle, burning=burning)
    profile: Profile = [
        (-306, 40), (-298, 44), (-284, 30), (-250, 26), (-236, 40), (-222, 24), (-160, 16), (-110, 18), (-80, 36),
        (-66, 20), (-44, 34), (-22, 100), (-8, 112), (0, 110),
    ]  # fmt: skip
    pen.turn(profile, metal(colour), tilt=TILT)
    pen.paint(pen.stroke(arc(0, -306, 38, 38 * TILT, 0, 180), 4), lit(colour, 1.35))
    pen.paint(pen.stroke(arc(0, -12, 110, 110 * TILT, 20, 160), 3), lit(colour, 1.4), 0.7)


def dipped(pen: Pen, colours: list[Colour]) -> None:
    """Dinner candles side by side, flat under the eye, tied with twine. The origin is their middle."""
    step = 58
    start = -step * (len(colours) - 1) / 2
    outlines = [
        [
            (start + i * step - 20, -330),
            (start + i * step + 20, -330),
            (start + i * step + 25, 340),
            (start + i * step - 25, 340),
        ]
        for i in range(len(colours))
    ]
    whole = pen.polygons(outlines)
    pen.drop(whole, 18, 22, blur=16, opacity=0.4)
    for index, colour in enumerate(colours):
        candle = pen.at(start + index * step, 340)
        candle.paint(candle.stroke([(0, -690), (3, -735)], 5), OAT)
        profile: Profile = [(-700, 14), (-676, 20), (-20, 26), (0, 25)]
        body = candle.turn(profile, matt(colour, 1.1), tilt=0.12)
        streak(candle, body, profile, at=-0.4, width=0.24, opacity=0.4)
    width = step * len(colours) / 2 + 6
    band = pen.box(-width, 20, width, 150, 4)
    pen.shade(band, pen.box(-width, 20, width, 150), SHADOW, 0.3, 3)
    pen.paint(band, slope(OAT, 1.16, 0.92))
    pen.tube(through([(-width, 84), (-width / 2, 86), (0, 83), (width / 2, 87), (width, 84)]), 7, JUTE)
    for side in (-1, 1):
        pen.tube(bezier((0, 84), (side * 70, 30), (side * 90, 100), (0, 86)), 6, JUTE)
        pen.tube(bezier((0, 86), (side * 20, 120), (side * 34, 140), (side * 52, 176)), 6, JUTE)


def lantern(pen: Pen, colour: Colour = CHARCOAL, *, burning: bool = True) -> None:
    """A storm lantern: tin foot and roof, a glass chimney, a wire to carry it by. 640 units high."""
    if burning:
        glow(pen, 0, -240, 460, strength=0.45)
        pool(pen, 0, 8, 400, strength=0.4)
    pen.ground(150, depth=TILT, height=360)
    pen.tube(bezier((-124, -470), (-190, -720), (190, -720), (124, -470)), 10, colour)
    pen.turn([(-60, 132), (-52, 150), (-10, 152), (0, 146)], metal(colour, 0.7), tilt=TILT)
    pen.paint(pen.ellipse(0, -60, 132, 132 * TILT), slope(colour, 1.2, 0.8))
    candle = pen.at(0, -62)
    body = turned(candle, [(-150, 60), (0, 61)], CREAM, tilt=TILT)
    candle.paint(candle.ellipse(0, -150, 60, 60 * TILT), slope(CREAM, 1.2, 1.0))
    if burning:
        candle.shade(body, candle.ellipse(0, -150, 70, 60), GLOW, 0.6, 26)
        flame(candle.at(0, -150), size=0.85, halo=200)
    chimney: Profile = [(-452, 92), (-400, 112), (-280, 136), (-160, 132), (-70, 116)]
    glass_body(pen, chimney, tint=(96, 104, 100), tilt=TILT)
    glass_rim(pen, -452, 92, tilt=TILT)
    for side in (-1, 1):
        pen.tube([(side * 142, -40), (side * 142, -440), (side * 118, -472)], 9, colour)
    roof: Profile = [(-560, 36), (-550, 44), (-520, 50), (-512, 100), (-474, 138), (-462, 138)]
    pen.turn(roof, metal(colour, 0.8), tilt=TILT)
    opening(pen, -560, 36, colour, tilt=TILT, wall=6)
