"""Pots and plants, tools, baskets and brooms."""

from __future__ import annotations

import math

from .canvas import Mask, Pen, dice, mesh
from .geometry import Points, arc, bezier, lerp, moved, through
from .kitchen import lay
from .materials import Profile, matt, metal, occlude, opening, rewrap, slope, speckles, streak, turned, wood
from .palette import (
    ASH,
    BRASS,
    CHARCOAL,
    IRON,
    JUTE,
    LEAF,
    OAK,
    SHADOW,
    STEEL,
    STRAW,
    TERRACOTTA,
    WARM_WHITE,
    WILLOW,
    ZINC,
    Colour,
    lit,
    mix,
)  # fmt: skip

TILT = 0.22
SOIL: Colour = (70, 50, 38)


def pot(pen: Pen, colour: Colour = TERRACOTTA, *, plant: str = "", saucer: bool = False, seed: str = "pot") -> None:
    """A clay flowerpot, 300 high, 300 wide; plants: bay, lavender, fern, herbs, succulent."""
    pen.ground(118, depth=TILT, height=330)
    if saucer:
        turned(pen, [(-34, 150), (-24, 152), (0, 138)], lit(colour, 0.95), tilt=TILT)
        opening(pen, -34, 150, colour, tilt=TILT, wall=10)
        pen = pen.at(0, -14)
    body: Profile = [(-230, 134), (0, 102)]
    clay = turned(pen, body, colour, tilt=TILT)
    speckles(pen, clay, colour, seed=seed, count=120, size=3)
    pen.shade(clay, pen.stroke(arc(0, -222, 136, 136 * TILT, 0, 180), 16), SHADOW, 0.45, 8)
    rim: Profile = [(-300, 152), (-290, 155), (-232, 148), (-226, 146)]
    turned(pen, rim, mix(colour, WARM_WHITE, 0.05), tilt=TILT)
    inside = opening(pen, -300, 152, colour, tilt=TILT, wall=14)
    earth = pen.ellipse(0, -288, 132, 132 * TILT).clip(inside)
    pen.paint(earth, slope(SOIL, 0.8, 1.1))
    speckles(pen, earth, lit(SOIL, 1.5), seed=f"{seed} soil", count=90, size=7)
    grow(pen.at(0, -296), plant, seed)


def planter(pen: Pen, colour: Colour, *, plant: str = "", seed: str = "planter") -> None:
    """A wide glazed pot on a low foot."""
    pen.ground(150, depth=TILT, height=300)
    profile: Profile = [(-270, 190), (-256, 196), (-170, 204), (-70, 180), (-16, 140), (0, 132)]
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.5)
    speckles(pen, body, colour, seed=f"planter {colour}", count=200)
    inside = opening(pen, -270, 190, colour, tilt=TILT, wall=14)
    earth = pen.ellipse(0, -258, 168, 168 * TILT).clip(inside)
    pen.paint(earth, slope(SOIL, 0.8, 1.1))
    grow(pen.at(0, -264, 1.15), plant, seed)


def leaf(pen: Pen, foot: tuple[float, float], angle: float, length: float, width: float, colour: Colour) -> None:
    """One leaf, its halves lit differently along the rib. The angle is in degrees from straight up."""
    blade = pen.at(foot[0], foot[1], angle=angle)
    left = bezier((0, 0), (-width, -length * 0.25), (-width * 0.8, -length * 0.75), (0, -length), steps=12)
    right = bezier((0, -length), (width * 0.8, -length * 0.75), (width, -length * 0.25), (0, 0), steps=12)
    blade.solid(left, lit(colour, 1.12))
    blade.solid(right, lit(colour, 0.84))
    if width > 11:
        rib = width * 0.05
        blade.solid([(-rib, 0), (0, -length * 0.9), (rib, 0)], lit(colour, 1.18))


def grow(pen: Pen, plant: str, seed: str) -> None:
    growers = {"bay": _bay, "lavender": _lavender, "fern": _fern, "herbs": _herbs, "succulent": _succulent}
    if plant:
        growers[plant](pen, seed)


def _crown(
    pen: Pen,
    centre: tuple[float, float],
    rx: float,
    ry: float,
    *,
    count: int,
    length: float,
    width: float,
    colour: Colour,
    seed: str,
) -> None:
    """A round head of leaves, from the dark ones behind to the bright ones in front."""
    chance = dice(seed)
    pen.shadow(
        pen.ellipse(centre[0] + 10, centre[1] + 8, rx * 0.86, ry * 0.86), blur=12, opacity=1, colour=lit(colour, 0.35)
    )
    for index in range(count):
        depth = index / count
        angle, reach = chance.uniform(0, 360), (1 - depth) ** 0.7 * chance.uniform(0.75, 1.0)
        x = centre[0] + rx * reach * math.cos(math.radians(angle))
        y = centre[1] + ry * reach * math.sin(math.radians(angle))
        outwards = math.degrees(math.atan2(x - centre[0], centre[1] - y))
        light = lerp(0.62, 1.08, depth) + 0.12 * (-(x - centre[0]) / rx - (y - centre[1]) / ry) * 0.7
        leaf(
            pen,
            (x, y),
            outwards + chance.uniform(-40, 40),
            length * chance.uniform(0.8, 1.15),
            width,
            lit(colour, light),
        )


def _bay(pen: Pen, seed: str) -> None:
    pen.tube([(0, 10), (4, -120), (0, -230)], 17, (122, 92, 66))
    _crown(pen, (0, -330), 150, 146, count=150, length=56, width=15, colour=(92, 122, 76), seed=seed)


def _herbs(pen: Pen, seed: str) -> None:
    chance = dice(seed)
    for index in range(26):
        lean = chance.uniform(-46, 46)
        height = chance.uniform(150, 290)
        top = (height * math.sin(math.radians(lean)), -height * math.cos(math.radians(lean)))
        foot = (chance.uniform(-70, 70), chance.uniform(-4, 8))
        stem = bezier(
            foot,
            (foot[0] + top[0] * 0.1, -height * 0.4),
            (foot[0] + top[0] * 0.5, -height * 0.7),
            (foot[0] + top[0], top[1]),
            steps=16,
        )
        light = lerp(0.66, 1.05, index / 26)
        pen.paint(pen.stroke(stem, 6, 3), lit(LEAF, light * 0.75))
        for at in range(3, len(stem), 2):
            for side in (-1, 1):
                leaf(
                    pen,
                    stem[at],
                    lean + side * chance.uniform(40, 75),
                    42,
                    13,
                    lit(LEAF, light + chance.uniform(-0.06, 0.10)),
                )
        leaf(pen, stem[-1], lean, 40, 13, lit(LEAF, light + 0.12))


def _lavender(pen: Pen, seed: str) -> None:
    chance = dice(seed)
    green, violet = (132, 146, 112), (128, 108, 162)
    for index in range(46):
        lean = chance.uniform(-36, 36)
        height = chance.uniform(210, 360)
        foot = (chance.uniform(-80, 80), chance.uniform(-6, 10))
        tip = (foot[0] + height * math.sin(math.radians(lean)), -height * math.cos(math.radians(lean)))
        stem = bezier(foot, (foot[0], -height * 0.4), (lerp(foot[0], tip[0], 0.5), -height * 0.7), tip, steps=14)
        light = lerp(0.66, 1.05, index / 46)
        pen.paint(pen.stroke(stem, 5, 3), lit(green, light * 0.85))
        leaf(pen, stem[3], lean + chance.choice([-30, 30]), 84, 8, lit(green, light))
        buds = [arc(x + side * 6, y, 8.5, 8.5, steps=8) for x, y in stem[9:] for side in (-1, 1)]
        pen.paint(pen.polygons(buds), lit(violet, light))
        bright = [arc(x - 5, y - 3, 4, 4, steps=6) for x, y in stem[9::2]]
        pen.paint(pen.polygons(bright), lit(violet, light + 0.35), 0.8)


def _fern(pen: Pen, seed: str) -> None:
    chance = dice(seed)
    green = (98, 132, 80)
    for index in range(17):
        lean = (-86 + 172 * index / 16) if index % 2 else chance.uniform(-50, 50)
        reach = chance.uniform(190, 270)
        tip = (reach * math.sin(math.radians(lean)), -reach * math.cos(math.radians(lean)) * 0.9 - 40)
        rib = bezier((0, 0), (tip[0] * 0.15, -reach * 0.55), (tip[0] * 0.6, tip[1] - 70), tip, steps=24)
        light = lerp(0.66, 1.08, index / 16)
        pen.paint(pen.stroke(rib, 6, 2), lit(green, light * 0.8))
        for at in range(4, len(rib)):
            size = 58 * math.sin(math.pi * (at / len(rib)) ** 0.8) + 12
            heading = math.degrees(math.atan2(rib[at][0] - rib[at - 1][0], rib[at - 1][1] - rib[at][1]))
            for side in (-1, 1):
                leaf(pen, rib[at], heading + side * 62, size, 9, lit(green, light + (0.06 if side < 0 else -0.06)))


def _succulent(pen: Pen, seed: str) -> None:
    green = (134, 162, 138)
    for ring, (count, length) in enumerate(((11, 150), (9, 118), (7, 84), (5, 50))):
        for index in range(count):
            spread = -96 + 192 * (index + 0.5) / count
            leaf(
                pen,
                (0, -8 - ring * 14),
                spread * (1 - ring * 0.1),
                length,
                36 - ring * 5,
                lit(green, 0.78 + ring * 0.12),
            )


def watering_can(pen: Pen, colour: Colour = ZINC) -> None:
    """Galvanised, spout to the right. 420 units high."""
    pen.ground(190, depth=TILT, height=330)
    pen.tube([(150, -70), (300, -210), (424, -370)], 62, colour, end=30)
    brace = [(150, -318), (330, -262)]
    pen.tube(brace, 10, colour)
    rose = pen.at(432, -384, angle=40)
    rose.turn([(-46, 62), (-34, 64), (0, 26), (20, 20)], metal(colour), tilt=0.4)
    rose.paint(rose.ellipse(0, -46, 62, 25), slope(colour, 1.2, 0.9))
    holes = [
        arc(x, -46 + y, 3.2, 1.8, steps=8)
        for x in range(-44, 45, 15)
        for y in (-12, -3, 6, 15)
        if (x / 56) ** 2 + (y / 20) ** 2 < 0.9
    ]
    rose.paint(rose.polygons(holes), CHARCOAL, 0.8)
    pen.tube(bezier((-170, -110), (-350, -170), (-320, -430), (-120, -356)), 22, colour)
    profile: Profile = [(-340, 176), (-320, 182), (-300, 180), (-40, 200), (-22, 206), (0, 204)]
    body = pen.turn(profile, metal(colour, 0.75), tilt=TILT)
    for y, radius in ((-300, 181), (-200, 188), (-40, 201)):
        pen.shade(body, pen.stroke(arc(0, y, radius, radius * TILT, 0, 180), 6), SHADOW, 0.42, 3)
        pen.shade(body, pen.stroke(arc(0, y - 7, radius, radius * TILT, 0, 180), 5), WARM_WHITE, 0.5, 3)
    occlude(pen, body, profile, 0.3)
    opening(pen, -340, 176, colour, tilt=TILT, wall=9)
    cover = pen.polygon(
        [*arc(0, -340, 176, 176 * TILT, 180, 360), *bezier((176, -340), (80, -318), (-80, -318), (-176, -340))]
    )
    pen.paint(cover, slope(colour, 1.2, 0.84))
    pen.tube(bezier((-96, -352), (-70, -500), (90, -500), (120, -350)), 22, colour)


def secateurs(pen: Pen, colour: Colour) -> None:
    """Bypass secateurs flat under the eye, blades up; the origin is their pivot."""
    handles = [
        through(
            [
                (-20, 10),
                (-46, 90),
                (-92, 190),
                (-116, 300),
                (-104, 400),
                (-78, 426),
                (-62, 396),
                (-70, 300),
                (-48, 200),
                (2, 100),
                (22, 30),
            ],
            steps=8,
        ),
        through(
            [
                (20, 10),
                (50, 90),
                (84, 190),
                (98, 300),
                (90, 392),
                (68, 416),
                (48, 384),
                (54, 300),
                (34, 204),
                (-10, 100),
                (-24, 30),
            ],
            steps=8,
        ),
    ]
    blade = through(
        [(-34, 30), (-52, -60), (-40, -150), (6, -240), (26, -262), (30, -200), (34, -100), (30, 20)], steps=8
    )
    hook = through(
        [(30, 34), (66, -30), (84, -110), (70, -190), (34, -236), (44, -180), (44, -120), (16, -50), (-20, 20)], steps=8
    )
    shapes = [pen.polygon(points) for points in (hook, blade)]
    for shape in (*shapes, *(pen.polygon(points) for points in handles)):
        lay(pen, shape, lift=1.2)
    pen.paint(shapes[0], slope(STEEL, 0.86, 0.50))
    pen.paint(shapes[1], slope(STEEL, 1.34, 0.88))
    pen.shade(shapes[1], pen.stroke([(-36, -20), (-32, -140), (8, -220)], 12), WARM_WHITE, 0.8, 7)
    pen.paint(pen.strokes([[(-8, 90), (16, 110), (-10, 130), (18, 150), (-6, 170), (14, 190)]], 7), lit(STEEL, 0.9))
    for points in handles:
        grip = pen.polygon(points)
        pen.paint(grip, slope(colour, 1.16, 0.66))
        pen.shade(grip, pen.stroke([(x - 8, y) for x, y in points[12:40]], 9), WARM_WHITE, 0.42, 6)
    pen.paint(pen.ellipse(0, 26, 25, 25), slope(STEEL, 1.3, 0.66))
    pen.paint(pen.ellipse(0, 26, 12, 12), slope(BRASS, 1.2, 0.7))


def hand_tool(pen: Pen, kind: str, *, handle: Colour = ASH) -> None:
    """A trowel or a hand fork, flat, head at the top, 720 long; the origin is the end of its handle."""
    head = _tines() if kind == "fork" else [_trowel()]
    steel = pen.polygons(head)
    lay(pen, steel, lift=1.2)
    neck = through([(0, -300), (0, -350), (0, -410)])
    pen.paint(
        steel,
        mesh(
            [lit(STEEL, 1.16), lit(STEEL, 0.80), lit(STEEL, 1.0)],
            [lit(STEEL, 1.26), lit(STEEL, 0.86), lit(STEEL, 1.06)],
        ),
    )
    if kind == "trowel":
        pen.shade(steel, pen.ellipse(-30, -560, 16, 100), WARM_WHITE, 0.75, 14)
        pen.shade(steel, pen.stroke([(0, -420), (0, -640)], 10), SHADOW, 0.30, 8)
    pen.tube(neck, 26, STEEL)
    profile: Profile = [(-310, 24), (-300, 27), (-220, 34), (-110, 30), (-40, 36), (-8, 30), (0, 14)]
    shape = pen.polygon(pen.outline(profile, tilt=0.1))
    lay(pen, shape, lift=1.2)
    body = pen.turn(profile, matt(handle, 1.1), tilt=0.1)
    wood(pen, body, handle, seed=f"tool {kind}", upright=True, opacity=0.4)
    streak(pen, body, profile, width=0.24, opacity=0.3)
    rewrap(pen, body.clip(pen.box(-40, -340, 40, -270)), profile, metal(BRASS))


def _trowel() -> Points:
    return through(
        [
            (-18, -400),
            (-70, -430),
            (-88, -520),
            (-74, -620),
            (-36, -700),
            (0, -724),
            (36, -700),
            (74, -620),
            (88, -520),
            (70, -430),
            (18, -400),
        ],
        steps=8,
    )


def _tines() -> list[Points]:
    base = through([(-20, -400), (-84, -430), (-92, -470), (0, -462), (92, -470), (84, -430), (20, -400)], steps=6)
    prongs: list[Points] = [
        [(x - 13.0, -450), (x - 12, -640), (x, -716), (x + 12, -640), (x + 13, -450)] for x in (-76, 0, 76)
    ]
    return [base, *prongs]


def basket(pen: Pen, colour: Colour = WILLOW, *, radius: float = 250, height: float = 230, handle: bool = True) -> None:
    """Woven willow with a hoop handle."""
    pen.ground(radius * 0.84, depth=TILT, height=height)
    if handle:
        hoop = arc(0, -height, radius * 0.94, height * 1.5, 180, 360)
        pen.tube(hoop, 22, colour)
    inside = opening(pen, -height, radius, lit(colour, 0.7), tilt=TILT, wall=16)
    pen.shade(inside, pen.ellipse(0, -height + 26, radius * 0.8, radius * TILT * 0.8), SHADOW, 0.55, 18)
    profile: Profile = [(-height, radius), (-height * 0.5, radius * 0.97), (0, radius * 0.80)]
    body = pen.polygon(pen.outline(profile, tilt=TILT)).without(pen.ellipse(0, -height, radius, radius * TILT))
    pen.paint(body, pen.wrap(profile, matt(lit(colour, 0.55)), body))
    _withies(pen, body, colour, radius, height)
    occlude(pen, body, profile, 0.3)
    for y, r, width in ((-height, radius, 24), (-2, radius * 0.80, 22)):
        pen.tube(arc(0, y, r, r * TILT, 0, 180), width, colour)
        twist = [
            [
                (r * math.cos(a) - 6, y + r * TILT * math.sin(a) + 10),
                (r * math.cos(a) + 8, y + r * TILT * math.sin(a) - 10),
            ]
            for a in (math.pi * i / 36 for i in range(37))
        ]
        pen.paint(pen.strokes(twist, 4), lit(colour, 0.45), 0.7)
    if handle:
        pen.tube(arc(0, -height, radius * 0.94, height * 1.5, 300, 360), 22, colour)


def _withies(pen: Pen, body: Mask, colour: Colour, radius: float, height: float) -> None:
    """Rows of osiers, over one stake and under the next."""
    rows, stakes = max(5, round(height / 22)), 15
    bands: dict[int, list[Points]] = {}
    for row in range(rows):
        y = -height + (row + 0.6) * height / rows
        r = radius * lerp(1.0, 0.81, (row + 0.6) / rows)
        for stake in range(stakes):
            middle = math.pi * (stake + (0.5 if row % 2 else 0.0)) / stakes
            half = math.pi / stakes * 0.47
            piece = [
                (r * math.cos(a), y + r * TILT * math.sin(a))
                for a in (middle - half, middle - half / 2, middle, middle + half / 2, middle + half)
            ]
            bands.setdefault(round(stake / stakes * 8), []).append(piece)
    for band, pieces in bands.items():
        light = 0.70 + 0.40 * math.sin(math.pi * (0.10 + 0.78 * band / 8))
        pen.paint(body.clip(pen.strokes(pieces, height / rows * 0.74)), lit(colour, light))
        shine = [moved(piece[1:4], 0, -3) for piece in pieces]
        pen.paint(body.clip(pen.strokes(shine, height / rows * 0.22)), lit(colour, light + 0.28), 0.75)


def broom(pen: Pen, *, handle: Colour = ASH) -> None:
    """A corn broom, bristles down, 1000 units high; the origin is the middle of its foot."""
    stick: Profile = [(-1000, 14), (-990, 19), (-360, 20), (-300, 22)]
    pen.shadow(pen.polygon([(30, -1000), (62, -1000), (180, 0), (-120, 0)]), blur=26, opacity=0.22)
    body = pen.turn(stick, matt(handle, 1.1), tilt=0.2)
    wood(pen, body, handle, seed="broomstick", upright=True, opacity=0.35)
    pen.tube(bezier((-6, -984), (-40, -1040), (40, -1040), (8, -984)), 7, JUTE)
    _straw(pen)
    for y, half in ((-268, 74), (-232, 92), (-196, 110)):
        pen.tube(through([(-half, y), (-half / 2, y + 9), (0, y + 12), (half / 2, y + 9), (half, y)]), 9, (150, 70, 52))


def _straw(pen: Pen) -> None:
    head = pen.polygon(
        through(
            [(-30, -350), (-64, -280), (-120, -170), (-168, 0), (0, 12), (168, 0), (120, -170), (64, -280), (30, -350)]
        )
    )
    pen.ground(150, depth=0.1, height=60)
    pen.paint(head, mesh([lit(STRAW, 1.02), lit(STRAW, 0.7)], [lit(STRAW, 1.1), lit(STRAW, 0.62)]))
    chance = dice("broom")
    for tone, count, width in ((0.55, 120, 3.4), (1.0, 150, 3.0), (1.28, 90, 2.4)):
        lines = []
        for _ in range(count):
            share = chance.uniform(-1, 1)
            foot = (168 * share + chance.uniform(-6, 6), chance.uniform(-16, 14))
            lines.append(bezier((26 * share, -346), (60 * share, -270), (120 * share, -150), foot, steps=7))
        pen.paint(pen.strokes(lines, width), lit(STRAW, tone), 0.8)


def twine(pen: Pen, colour: Colour = JUTE, *, radius: float = 130) -> None:
    """A ball of twine with its loose end."""
    pen.ground(radius * 0.8, depth=0.2, height=radius * 1.4)
    pen.tube(bezier((radius * 0.7, -20), (radius * 1.5, 40), (radius * 1.6, -30), (radius * 2.2, 14)), 9, colour)
    middle = -radius * 0.96
    ball = pen.ellipse(0, middle, radius, radius)
    pen.paint(ball, mesh([lit(colour, 1.16), lit(colour, 0.92)], [lit(colour, 0.9), lit(colour, 0.5)]))
    for turn, tone in ((-62, 0.62), (34, 0.72), (78, 0.66), (-18, 0.78)):
        _winding(pen.at(0, middle, angle=turn), ball, radius, lit(colour, tone))
    pen.shade(
        ball,
        pen.ellipse(-radius * 0.36, middle - radius * 0.42, radius * 0.4, radius * 0.34),
        WARM_WHITE,
        0.32,
        radius * 0.2,
    )
    pen.shade(
        ball,
        pen.stroke(arc(0, middle, radius * 1.02, radius * 1.02, -30, 130), radius * 0.3),
        SHADOW,
        0.5,
        radius * 0.2,
    )


def _winding(pen: Pen, ball: Mask, radius: float, colour: Colour) -> None:
    lines = [
        arc(0, 0, radius * share, radius * 0.98, 250, 290 if share < 0.1 else 470, steps=30)
        for share in (0.2, 0.32, 0.44, 0.56)
    ]
    pen.paint(ball.clip(pen.strokes(lines, radius * 0.028)), colour, 0.8)
    bright = [moved(line, -radius * 0.03, -radius * 0.02) for line in lines]
    pen.paint(ball.clip(pen.strokes(bright, radius * 0.02)), lit(colour, 1.5), 0.5)


def nest_box(pen: Pen, colour: Colour = OAK) -> None:
    """A box for tits, seen from the front and the left, hanging on a wall. 520 high; the origin is its lower middle."""
    front = [(-150, 0), (-150, -380), (150, -380), (150, 0)]
    side = [(150, 0), (150, -380), (214, -414), (214, -36)]
    roof = [(-186, -372), (-126, -452), (246, -452), (190, -372)]
    whole = pen.polygons([front, side, roof])
    pen.drop(whole, 36, 34, blur=24, opacity=0.42)
    pen.paint(pen.polygon(side), slope(colour, 0.62, 0.46))
    face = pen.polygon(front)
    pen.paint(face, slope(colour, 1.14, 0.92))
    wood(pen, face, colour, seed="nest", upright=True, opacity=0.5)
    pen.paint(pen.strokes([[(-50, -372), (-50, 0)], [(52, -372), (52, 0)]], 3), lit(colour, 0.45), 0.7)
    pen.shade(face, pen.box(-150, -384, 150, -340), SHADOW, 0.5, 14)
    _entrance(pen)
    cover = pen.polygon(roof)
    pen.paint(cover, slope(IRON, 1.5, 0.95))
    pen.paint(pen.polygon([(-186, -372), (190, -372), (190, -352), (-186, -352)]), lit(IRON, 0.85))
    pen.shade(cover, pen.stroke([(-120, -446), (240, -446)], 6), WARM_WHITE, 0.4, 5)


def _entrance(pen: Pen) -> None:
    pen.paint(pen.ellipse(0, -250, 50, 50), slope(STEEL, 1.15, 0.75))
    pen.paint(pen.ellipse(0, -250, 37, 37), (34, 24, 20))
    pen.shade(pen.ellipse(0, -250, 37, 37), pen.stroke(arc(0, -250, 36, 36, 20, 110), 6), (150, 112, 76), 0.7, 4)
    pen.tube([(0, -150), (-8, -134)], 20, ASH)
