"""Pans, knives, boards and jars."""

from __future__ import annotations

import math

from .canvas import Mask, Pen, dice, mesh
from .geometry import Points, arc, bezier, moved, rounded, through
from .materials import Profile, edges, matt, metal, occlude, opening, rewrap, slope, speckles, streak, turned, wood
from .palette import BRASS, CHARCOAL, COPPER, CREAM, INK, IRON, OAK, SHADOW, STEEL, WALNUT, WARM_WHITE, Colour, lit, mix

TILT = 0.22


def lay(pen: Pen, shape: Mask, *, lift: float = 1.0) -> None:
    """The shadow of something that lies flat."""
    pen.drop(shape, 16 * lift, 22 * lift, blur=16 * lift, opacity=0.36)
    pen.drop(shape, 5 * lift, 7 * lift, blur=5 * lift, opacity=0.40)


def skillet(pen: Pen, *, food: bool = False) -> None:
    """A cast-iron pan from above, its handle towards the lower right."""
    arm = pen.at(0, 0, angle=40)
    handle = arm.polygon(
        [*through([(240, -54), (330, -34), (440, -34), (560, -46), (606, -34)], steps=8),
         *arc(604, 0, 34, 34, -80, 80, steps=16),
         *through([(606, 34), (560, 46), (440, 34), (330, 34), (240, 54)], steps=8)]
    )  # fmt: skip
    eye = arm.polygon(arc(588, 0, 26, 15))
    lips = pen.polygons(
        [
            bezier((-232, 172), (-262, 226), (-226, 262), (-172, 232)),
            bezier((232, -172), (262, -226), (226, -262), (172, -232)),
        ]
    )
    disc = pen.ellipse(0, 0, 290, 290)
    lay(pen, handle.without(eye))
    lay(pen, disc, lift=1.5)
    pen.paint(lips, lit(IRON, 0.95))
    pen.paint(handle.without(eye), slope(IRON, 1.22, 0.75))
    arm.shade(handle.without(eye), arm.stroke([(300, -14), (540, -20)], 9), WARM_WHITE, 0.20, 5)
    pen.paint(disc, slope(IRON, 1.30, 0.72))
    _pan_inside(pen, disc)
    if food:
        _eggs(pen)


def _pan_inside(pen: Pen, disc: Mask) -> None:
    pen.paint(pen.ellipse(0, 0, 278, 278), slope(IRON, 0.60, 1.16))
    floor = pen.ellipse(0, 0, 240, 240)
    pen.paint(floor, slope(IRON, 0.92, 1.10))
    speckles(pen, floor, lit(IRON, 1.5), seed="iron", count=500, size=2.2)
    pen.shade(floor, pen.stroke(arc(0, 0, 232, 232, 170, 290), 26), SHADOW, 0.55, 12)
    pen.shade(floor, pen.at(-40, -50, angle=-38).ellipse(0, 0, 150, 52), WARM_WHITE, 0.17, 34)
    pen.shade(disc, pen.stroke(arc(0, 0, 284, 284, 190, 260), 7), WARM_WHITE, 0.5, 4)


def _eggs(pen: Pen) -> None:
    for x, y, turn in ((-66, -56, 0), (70, 62, 40)):
        egg = pen.at(x, y, angle=turn)
        white = egg.polygon(
            through([(-120, -10), (-70, -90), (30, -100), (110, -50), (104, 50), (20, 96), (-84, 78)], closed=True)
        )
        pen.shadow(white, blur=6, opacity=0.4)
        pen.paint(white, slope((248, 244, 234), 1.1, 0.92))
        yolk = egg.ellipse(0, 0, 44, 44)
        egg.shadow(yolk, blur=7, opacity=0.3, colour=(190, 110, 20))
        pen.paint(yolk, slope((240, 168, 44), 1.25, 0.86))
        egg.shade(yolk, egg.ellipse(-14, -16, 13, 9), WARM_WHITE, 0.9, 4)


def casserole(pen: Pen, colour: Colour, *, lid: bool = True) -> None:
    """Enamelled iron, two handles, a lid with a brass knob."""
    pen.ground(270, depth=TILT, height=280)
    for side in (-1, 1):
        pen.tube(bezier((side * 276, -206), (side * 366, -226), (side * 366, -140), (side * 278, -150)), 30, colour)
    profile: Profile = [(-250, 290), (-236, 286), (-120, 284), (-40, 270), (-10, 246), (0, 236)]
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.55)
    pen.shade(body, pen.stroke(arc(0, -244, 290, 290 * TILT, 0, 180), 12), SHADOW, 0.4, 6)
    if not lid:
        opening(pen, -250, 290, CREAM, tilt=TILT, wall=14)
        return
    cover: Profile = [(-350, 46), (-346, 110), (-334, 170), (-312, 232), (-286, 276), (-266, 296), (-254, 299)]
    turned(pen, cover, mix(colour, WARM_WHITE, 0.04), tilt=TILT, gloss=0.40)
    rim = pen.stroke(arc(0, -256, 298, 298 * TILT, 0, 180), 5)
    pen.paint(rim, lit(colour, 0.6), 0.7)
    knob: Profile = [(-412, 40), (-398, 48), (-384, 42), (-372, 22), (-350, 26)]
    pen.turn(knob, metal(BRASS), tilt=0.3)
    pen.paint(pen.ellipse(0, -412, 40, 12), lit(BRASS, 1.25))


def saucepan(pen: Pen, *, lid: bool = False) -> None:
    """Brushed steel on a copper base, with a long handle."""
    pen.ground(210, depth=TILT, height=260)
    pen.tube(bezier((200, -236), (330, -262), (470, -312), (590, -330)), 30, STEEL, end=40)
    pen.paint(pen.at(572, -326, angle=-8).ellipse(0, 0, 13, 7), lit(STEEL, 0.25))
    profile: Profile = [(-270, 222), (-256, 216), (-40, 216), (-10, 204), (0, 196)]
    body = pen.turn(profile, metal(STEEL), tilt=TILT)
    base = pen.polygon([*arc(0, -52, 260, 260 * TILT, 180, 0), (260, 200), (-260, 200)])
    rewrap(pen, body.clip(base), profile, metal(COPPER))
    occlude(pen, body, profile, 0.25)
    for x in (176, 196):
        pen.paint(pen.ellipse(x, -232, 6, 7), lit(STEEL, 1.3))
    opening(pen, -270, 222, STEEL, tilt=TILT, wall=9)
    if lid:
        cover: Profile = [(-318, 40), (-308, 130), (-286, 206), (-272, 226)]
        pen.turn(cover, metal(STEEL), tilt=TILT)
        pen.tube(bezier((-44, -312), (-34, -372), (34, -372), (44, -312)), 16, STEEL)


def knife(pen: Pen, *, length: float = 520, depth: float = 104, saw: bool = False, handle: Colour = WALNUT) -> None:
    """Lying flat, point to the right; the origin is where blade and handle meet."""
    blade = _bread_blade(length, depth) if saw else _cooks_blade(length, depth)
    grip = through(
        [(-8, -30), (-120, -34), (-240, -26), (-318, -30), (-338, 2), (-306, 34), (-230, 22), (-120, 26), (-8, 32)]
    )
    steel, wooden = pen.polygon(blade), pen.polygon(grip)
    lay(pen, steel)
    lay(pen, wooden)
    pen.paint(
        steel,
        mesh(
            [lit(STEEL, 1.06), lit(STEEL, 0.86), lit(STEEL, 1.22)],
            [lit(STEEL, 1.24), lit(STEEL, 1.02), lit(STEEL, 1.36)],
        ),
    )
    edge = pen.polygon(moved(blade, 0, depth * 0.78))
    pen.paint(steel.clip(edge), lit(STEEL, 1.42), 0.75)
    pen.shade(steel, pen.stroke([(0, -26), (length * 0.9, -24)], 8), WARM_WHITE, 0.7, 5)
    pen.paint(wooden, slope(handle, 1.18, 0.72))
    wood(pen, wooden, handle, seed="handle", opacity=0.55)
    pen.shade(wooden, pen.stroke([(-30, -18), (-300, -16)], 12), WARM_WHITE, 0.25, 8)
    pen.paint(pen.box(-16, -32, 14, 34, 6), slope(STEEL, 1.25, 0.7))
    for x in (-60, -160, -260):
        pen.paint(pen.ellipse(x, 0, 9, 9), slope(BRASS, 1.3, 0.8))


def _cooks_blade(length: float, depth: float) -> Points:
    spine = bezier((0, -30), (length * 0.5, -30), (length * 0.86, -24), (length, 26))
    belly = bezier((length, 26), (length * 0.78, depth * 0.72), (length * 0.44, depth * 0.80), (6, depth * 0.78))
    return [*spine, *belly, (0, 30)]


def _bread_blade(length: float, depth: float) -> Points:
    teeth = [(length - 12 - step * length / 44, depth * (0.50 if step % 2 else 0.43)) for step in range(43)]
    return [(0, -30), *bezier((0, -30), (length * 0.6, -30), (length * 0.9, -30), (length, 20)), *teeth, (0, 30)]


def board(pen: Pen, *, width: float = 420, height: float = 640, colour: Colour = OAK, seed: str = "board") -> None:
    """A chopping board with a hole to hang it by, flat under the eye. The origin is its middle."""
    shape = rounded(-width / 2, -height / 2, width / 2, height / 2, 46)
    hole = pen.ellipse(0, -height / 2 + 62, 24, 24)
    edge, top = pen.polygon(moved(shape, 6, 12)).without(hole), pen.polygon(shape).without(hole)
    lay(pen, edge, lift=1.4)
    pen.paint(edge, lit(colour, 0.55))
    pen.paint(top, slope(colour, 1.16, 0.88))
    wood(pen, top, colour, seed=seed, upright=True, opacity=0.45)
    for share in (-0.18, 0.20):
        glue = pen.stroke([(width * share, -height / 2), (width * share, height / 2)], 2)
        pen.paint(top.clip(glue), lit(colour, 0.5), 0.5)
    pen.shade(top, pen.stroke(moved(shape, 3, 3), 5), WARM_WHITE, 0.35, 3)
    pen.shade(top, pen.stroke(arc(0, -height / 2 + 62, 27, 27, 0, 100), 5), WARM_WHITE, 0.5, 2)


def spoon(pen: Pen, colour: Colour, *, kind: str = "spoon") -> None:
    """A wooden utensil, upright, head at the top, 700 units long; kinds: spoon, spatula, slotted."""
    shaft = pen.stroke([(0, -490), (0, -210), (0, 0)], 34, 46)
    head = pen.polygon(_head(kind))
    whole = pen.polygons([_head(kind), [(-17, -450), (17, -450), (22, -10), (-22, -10)]])
    lay(pen, whole)
    for part in (shaft, head):
        pen.paint(part, slope(colour, 1.18, 0.80))
        wood(pen, part, colour, seed=f"{kind} {colour}", upright=True, opacity=0.4)
    pen.shade(shaft, pen.stroke([(-8, -430), (-10, -20)], 10), WARM_WHITE, 0.4, 5)
    if kind == "spatula":
        pen.shade(head, pen.stroke([(-60, -690), (-52, -520)], 14), WARM_WHITE, 0.4, 8)
        return
    cup = pen.ellipse(0, -575, 66, 96)
    pen.paint(cup, slope(colour, 0.66, 1.14))
    wood(pen, cup, colour, seed="cup", upright=True, opacity=0.3)
    if kind == "slotted":
        slots = pen.strokes([[(x, -630 + abs(x)), (x, -520 - abs(x))] for x in (-30, 0, 30)], 14)
        pen.paint(slots, lit(colour, 0.16))


def _head(kind: str) -> Points:
    if kind == "spatula":
        return through(
            [
                (-20, -420),
                (-40, -500),
                (-76, -560),
                (-80, -690),
                (-60, -716),
                (60, -700),
                (80, -680),
                (76, -560),
                (40, -500),
                (20, -420),
            ]
        )
    return arc(0, -575, 84, 118)


def rolling_pin(pen: Pen, colour: Colour) -> None:
    """A tapered pin; turn the pen to lay it down. 820 units long, the origin at its lower end."""
    profile: Profile = [(-820, 16), (-800, 26), (-640, 44), (-410, 50), (-180, 44), (-20, 26), (0, 16)]
    lay(pen, pen.polygon(pen.outline(profile, tilt=0.1)), lift=2)
    body = pen.turn(profile, matt(colour, 1.15), tilt=0.1)
    wood(pen, body, colour, seed="pin", upright=True, opacity=0.4)
    streak(pen, body, profile, width=0.3, opacity=0.22)


def mill(pen: Pen, colour: Colour) -> None:
    """A pepper mill."""
    pen.ground(92, depth=TILT, height=520)
    profile: Profile = [
        (-400, 54), (-392, 66), (-340, 74), (-290, 52), (-230, 46), (-160, 60), (-80, 84), (-40, 92),
        (-30, 94), (0, 94),
    ]  # fmt: skip
    body = turned(pen, profile, colour, tilt=TILT)
    wood(pen, body, colour, seed="mill", upright=True, opacity=0.40)
    for y, r in ((-396, 62), (-36, 93)):
        pen.paint(pen.stroke(arc(0, y, r, r * TILT, 0, 180), 5), lit(colour, 0.45), 0.8)
    streak(pen, body, profile, opacity=0.35)
    head: Profile = [(-536, 22), (-526, 50), (-484, 74), (-440, 68), (-412, 50), (-402, 46)]
    cap = turned(pen, head, colour, tilt=TILT)
    wood(pen, cap, colour, seed="mill head", upright=True, opacity=0.40)
    streak(pen, cap, head, opacity=0.4)
    pen.turn([(-560, 16), (-550, 20), (-536, 12)], metal(STEEL), tilt=0.3)


def glass_body(pen: Pen, profile: Profile, *, tint: Colour = (120, 142, 140), tilt: float = TILT) -> Mask:
    """Clear glass: dark where its wall is seen edge on, bright where it mirrors the window."""
    body = pen.polygon(pen.outline(profile, tilt=tilt))
    pen.paint(body, WARM_WHITE, 0.10)
    pen.paint(Mask(pen.wrap(profile, edges(0.74), body), body.left, body.top).clip(body), tint, 0.62)
    streak(pen, body, profile, at=-0.62, width=0.14, opacity=0.75)
    streak(pen, body, profile, at=0.66, width=0.08, opacity=0.45)
    bottom, foot = profile[-1]
    pen.paint(body.clip(pen.stroke(arc(0, bottom, foot - 3, foot * tilt, 0, 180), 7)), tint, 0.55)
    return body


def glass_rim(pen: Pen, y: float, radius: float, *, tint: Colour = (120, 142, 140), tilt: float = TILT) -> None:
    pen.paint(pen.stroke(arc(0, y, radius, radius * tilt), 4), tint, 0.6)
    pen.paint(pen.stroke(arc(0, y, radius, radius * tilt, 150, 330), 3), WARM_WHITE, 0.85)


def filling(
    pen: Pen, profile: Profile, colour: Colour, *, tilt: float = TILT, opacity: float = 1.0, seed: str = ""
) -> None:
    """What stands inside a glass, up to the profile's top; with a seed, it is grainy (beans, oats)."""
    body = pen.polygon(pen.outline(profile, tilt=tilt))
    pen.paint(body, pen.wrap(profile, matt(colour, 0.7), body), opacity)
    top, radius = profile[0]
    surface = pen.ellipse(0, top, radius, radius * tilt)
    pen.paint(surface, slope(colour, 0.98, 1.2), opacity)
    if seed:
        speckles(pen, body, colour, seed=seed, count=700, size=11)
        speckles(pen, body, lit(colour, 1.9), seed=f"{seed} light", count=500, size=9)


def jar(
    pen: Pen, *, holds: Colour = (214, 188, 146), height: float = 360, radius: float = 130, seed: str = "oats"
) -> None:
    """A glass storage jar with an oak lid."""
    pen.ground(radius, depth=TILT, height=height * 0.8, strength=0.8)
    top = -height
    inner: Profile = [(top * 0.72, radius - 10), (-40, radius - 10), (-12, radius - 18)]
    filling(pen, inner, holds, seed=seed)
    body: Profile = [
        (top, radius * 0.94),
        (top * 0.95, radius * 0.98),
        (top * 0.90, radius),
        (-20, radius),
        (0, radius * 0.94),
    ]
    glass_body(pen, body)
    lid: Profile = [
        (top - 44, radius * 0.98),
        (top - 36, radius * 1.02),
        (top - 2, radius * 1.02),
        (top + 4, radius * 0.96),
    ]
    wooden = turned(pen, lid, OAK, tilt=TILT)
    wood(pen, wooden, OAK, seed="lid", opacity=0.35)
    cover = pen.ellipse(0, top - 44, radius * 0.98, radius * 0.98 * TILT)
    pen.paint(cover, slope(OAK, 1.24, 0.96))
    wood(pen, cover, OAK, seed="lid top", opacity=0.3)


def tin(pen: Pen, colour: Colour, *, label: Colour = CREAM, motif: str = "leaf") -> None:
    """A caddy for tea or seeds, with a paper label and no writing."""
    pen.ground(130, depth=TILT, height=340)
    profile: Profile = [(-330, 132), (-322, 134), (-8, 134), (0, 130)]
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.35)
    paper = pen.polygon([*arc(0, -240, 150, 150 * TILT, 180, 0), *arc(0, -80, 150, 150 * TILT, 0, 180)])
    rewrap(pen, body.clip(paper), profile, matt(label, 0.8))
    _motif(pen, body, motif, colour)
    lid: Profile = [(-400, 118), (-390, 136), (-336, 138), (-328, 136)]
    turned(pen, lid, colour, tilt=TILT, gloss=0.35)
    pen.paint(pen.ellipse(0, -398, 120, 120 * TILT), slope(colour, 1.28, 1.0))
    pen.paint(pen.ellipse(0, -398, 96, 96 * TILT), slope(colour, 1.0, 1.2))


def _motif(pen: Pen, body: Mask, motif: str, colour: Colour) -> None:
    if motif == "leaf":
        stem = pen.stroke([(-6, -96), (0, -150), (4, -206)], 4)
        leaves = pen.polygons(
            bezier((0, y), (side * 30, y - 36), (side * 62, y - 30), (side * 66, y - 26), steps=12)
            + bezier((side * 66, y - 26), (side * 50, y + 6), (side * 20, y + 8), (0, y), steps=12)
            for y in (-96, -134, -170)
            for side in (-1, 1)
        )
        pen.paint(body.clip(stem), lit(colour, 0.8))
        pen.paint(body.clip(leaves), lit(colour, 0.9))
        return
    chance = dice(motif)
    for _ in range(9):
        x, y = chance.uniform(-86, 86), chance.uniform(-176, -70)
        petals = [arc(x + dx, y + dy, 11, 11, steps=14) for dx, dy in ((12, 0), (-12, 0), (0, 12), (0, -12))]
        tone = chance.choice([(204, 92, 70), (222, 168, 70), (126, 108, 158)])
        pen.paint(body.clip(pen.polygons(petals)), tone, 0.9)
        pen.paint(body.clip(pen.ellipse(x, y, 7, 7)), CHARCOAL)


def colander(pen: Pen, colour: Colour) -> None:
    """An enamelled sieve on a ring foot, with a dark rim and two handles."""
    pen.ground(150, depth=TILT, height=220)
    for side in (-1, 1):
        pen.tube(bezier((side * 256, -214), (side * 350, -240), (side * 350, -150), (side * 250, -170)), 22, INK)
    pen.turn([(-60, 130), (-10, 150), (0, 150)], matt(lit(colour, 0.94)), tilt=TILT)
    profile: Profile = [(-240, 270), (-190, 258), (-120, 220), (-70, 170), (-40, 124)]
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.45)
    pen.paint(body.clip(pen.polygons(_holes())), lit(colour, 0.22), 0.92)
    inside = opening(pen, -240, 270, colour, tilt=TILT, wall=12)
    far = pen.polygons(
        arc(x * 1.2, -222 + abs(x) * 0.02 + row * 16, 9, 4, steps=12) for row in range(3) for x in range(-150, 151, 34)
    )
    pen.paint(inside.clip(far), lit(colour, 0.3), 0.8)
    pen.paint(pen.stroke(arc(0, -240, 268, 268 * TILT), 9), INK)
    pen.paint(pen.stroke(arc(0, -242, 268, 268 * TILT, 190, 260), 3), WARM_WHITE, 0.5)


def _holes() -> list[Points]:
    """Rows of holes that follow the roundness of the bowl."""
    holes: list[Points] = []
    for y, radius, count in ((-160, 250, 15), (-124, 228, 13), (-90, 196, 11)):
        for index in range(count):
            angle = math.pi * (index + 0.5) / count
            x, drop = radius * math.cos(angle), radius * TILT * math.sin(angle)
            holes.append(arc(x, y + drop, 10 * max(0.25, math.sin(angle)), 9, steps=14))
    return holes
