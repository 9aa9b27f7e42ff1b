"""Mugs, bowls, plates, pots: what is thrown on a wheel and glazed."""

from __future__ import annotations

from .canvas import Mask, Pen
from .geometry import arc, bezier
from .materials import Profile, liquid, matt, occlude, opening, rewrap, slope, speckles, streak, turned, wood
from .palette import OAT, SHADOW, TEA, WARM_WHITE, Colour, lit, mix

TILT = 0.22


def clay_foot(pen: Pen, body: Mask, profile: Profile, *, from_y: float, clay: Colour) -> None:
    """The unglazed foot: the body again in bare clay, below a dipped edge that follows its roundness."""
    radius = max(r for _, r in profile) * 1.2
    bare = pen.polygon([*arc(0, from_y, radius, radius * TILT, 180, 0, steps=40), (radius, 400), (-radius, 400)])
    rewrap(pen, body.clip(bare), profile, matt(clay))
    edge = pen.stroke(arc(0, from_y, radius, radius * TILT, 180, 0, steps=60), 3)
    pen.paint(body.clip(edge), SHADOW, 0.18)


def mug(
    pen: Pen,
    colour: Colour,
    *,
    clay: Colour = OAT,
    holds: Colour | None = TEA,
    left: bool = False,
    saucer: bool = False,
) -> None:
    """300 units high. The glaze stops short of the foot."""
    profile: Profile = [(-300, 128), (-285, 129), (-170, 134), (-60, 128), (-18, 112), (0, 98)]
    if saucer:
        plate(pen, colour, radius=210, height=26)
        pen = pen.at(0, -16)
    else:
        pen.ground(112, depth=TILT, height=300)
    side = -1 if left else 1
    handle = bezier((side * 118, -236), (side * 250, -262), (side * 232, -70), (side * 114, -72))
    pen.tube(handle, 34, colour)
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.55)
    speckles(pen, body, colour, seed=f"mug {colour}", count=170)
    clay_foot(pen, body, profile, from_y=-62, clay=clay)
    occlude(pen, body, profile, 0.22)
    inside = opening(pen, -300, 128, mix(colour, WARM_WHITE, 0.18), tilt=TILT)
    if holds:
        liquid(pen, inside, -282, 116, holds, tilt=TILT)


def plate(pen: Pen, colour: Colour, *, radius: float = 260, height: float = 34, grounded: bool = True) -> None:
    """A plate or saucer from the side and above."""
    if grounded:
        pen.ground(radius * 0.62, depth=TILT, height=60)
    profile: Profile = [
        (-height, radius),
        (-height * 0.72, radius * 0.97),
        (-height * 0.3, radius * 0.74),
        (0, radius * 0.55),
    ]
    turned(pen, profile, colour, tilt=TILT)
    rim = pen.ellipse(0, -height, radius, radius * TILT)
    pen.paint(rim, matt(lit(colour, 1.22), 0.45))
    well = pen.ellipse(0, -height + 5, radius * 0.78, radius * TILT * 0.76)
    pen.shade(rim, well, lit(colour, 0.72), 0.55, 5)
    pen.paint(pen.ellipse(0, -height + 8, radius * 0.74, radius * TILT * 0.72), matt(lit(colour, 1.02), 0.40))
    shine = pen.ellipse(-radius * 0.46, -height - radius * TILT * 0.28, radius * 0.26, radius * TILT * 0.16)
    pen.shade(rim, shine, WARM_WHITE, 0.5, radius * 0.05)


def plate_from_above(pen: Pen, colour: Colour, *, radius: float = 330, seed: str = "plate") -> None:
    """Lying flat under the eye."""
    pen.shadow(pen.ellipse(26, 34, radius, radius), blur=30, opacity=0.34)
    pen.shadow(pen.ellipse(8, 10, radius, radius), blur=9, opacity=0.34)
    disc = pen.ellipse(0, 0, radius, radius)
    pen.paint(disc, slope(colour, 1.14, 0.84))
    pen.paint(pen.ellipse(2, 3, radius * 0.975, radius * 0.975), slope(colour, 1.04, 0.94))
    well = pen.ellipse(0, 0, radius * 0.70, radius * 0.70)
    pen.shade(disc, pen.ellipse(-6, -8, radius * 0.72, radius * 0.72), lit(colour, 0.62), 0.62, 12)
    pen.paint(well, slope(colour, 0.92, 1.10))
    ring = pen.ellipse(0, 0, radius * 0.66, radius * 0.66)
    pen.paint(ring, slope(colour, 0.97, 1.05))
    speckles(pen, disc, colour, seed=seed, count=420, size=2.6)
    shine = pen.stroke(arc(0, 0, radius * 0.86, radius * 0.86, 196, 252), radius * 0.06)
    pen.shade(disc, shine, WARM_WHITE, 0.55, 9)


def bowl(
    pen: Pen, colour: Colour, *, radius: float = 270, height: float = 190, inner: Colour | None = None,
    grounded: bool = True,
) -> Mask:  # fmt: skip
    """A deep bowl on a small foot. Returns its inside."""
    if grounded:
        pen.ground(radius * 0.55, depth=0.24, height=height)
    profile = _bowl_profile(radius, height)
    body = turned(pen, profile, colour, tilt=0.24, gloss=0.5)
    speckles(pen, body, colour, seed=f"bowl {colour}", count=190)
    return opening(pen, -height, radius, inner or mix(colour, WARM_WHITE, 0.25), tilt=0.24, wall=9)


def bowl_front(pen: Pen, colour: Colour, *, radius: float = 270, height: float = 190) -> None:
    """The near wall again, over what stands in the bowl."""
    profile = _bowl_profile(radius, height)
    body = pen.polygon(pen.outline(profile, tilt=0.24))
    near = [*arc(0, -height + 2, radius * 0.985, radius * 0.985 * 0.24, 180, 0), (radius * 1.1, 0), (radius * 1.1, 200)]
    wall = body.clip(pen.polygon([*near, (-radius * 1.1, 200), (-radius * 1.1, 0)]))
    rewrap(pen, wall, profile, matt(colour))
    occlude(pen, wall, profile)
    streak(pen, wall, profile, opacity=0.5)


def _bowl_profile(radius: float, height: float) -> Profile:
    return [
        (-height, radius), (-height * 0.72, radius * 0.965), (-height * 0.40, radius * 0.82),
        (-height * 0.16, radius * 0.58), (-height * 0.08, radius * 0.44), (0, radius * 0.42),
    ]  # fmt: skip


def teapot(pen: Pen, colour: Colour, *, knob: Colour = OAT) -> None:
    """Round, with a cane-free loop handle on the left and the spout on the right."""
    pen.ground(170, depth=TILT, height=300)
    handle = bezier((-170, -300), (-350, -330), (-330, -40), (-176, -92))
    pen.tube(handle, 34, colour)
    spout = bezier((170, -120), (290, -120), (262, -270), (338, -312), steps=30)
    pen.tube(spout, 84, colour, end=38)
    mouth = pen.at(340, -314, angle=28).ellipse(0, 0, 20, 9)
    pen.paint(mouth, lit(colour, 0.35))
    profile: Profile = [
        (-336, 96), (-324, 128), (-290, 174), (-240, 208), (-180, 222), (-120, 214), (-70, 190), (-30, 156), (0, 130),
    ]  # fmt: skip
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.5)
    speckles(pen, body, colour, seed=f"teapot {colour}", count=200)
    _teapot_lid(pen, colour, knob)


def _teapot_lid(pen: Pen, colour: Colour, knob: Colour) -> None:
    seat = pen.ellipse(0, -334, 112, 112 * TILT)
    pen.paint(seat, lit(colour, 0.5))
    lid: Profile = [(-382, 24), (-374, 60), (-352, 98), (-338, 106)]
    turned(pen, lid, colour, tilt=TILT, gloss=0.35)
    handle: Profile = [(-436, 26), (-424, 33), (-408, 30), (-394, 16), (-378, 18)]
    turned(pen, handle, knob, tilt=0.3)


def jug(pen: Pen, colour: Colour, *, clay: Colour = OAT, holds: Colour | None = None) -> None:
    """A pouring jug, its lip on the right."""
    pen.ground(120, depth=TILT, height=380)
    pen.tube(bezier((-100, -350), (-250, -380), (-240, -110), (-126, -120)), 30, colour)
    profile: Profile = [(-400, 108), (-380, 100), (-310, 88), (-220, 118), (-120, 144), (-50, 132), (0, 104)]
    lip = [*bezier((20, -408), (80, -418), (120, -428), (150, -428), steps=12),
           *bezier((150, -428), (146, -400), (116, -366), (92, -316), steps=16)]  # fmt: skip
    pen.fill(lip, slope(colour, 1.05, 0.6))
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.5)
    speckles(pen, body, colour, seed=f"jug {colour}", count=160)
    clay_foot(pen, body, profile, from_y=-56, clay=clay)
    inside = opening(pen, -400, 108, mix(colour, WARM_WHITE, 0.2), tilt=TILT)
    spout = [*bezier((64, -414), (96, -419), (124, -424), (145, -425), steps=12),
             *bezier((145, -425), (130, -406), (104, -396), (66, -390), steps=12)]  # fmt: skip
    pen.fill(spout, slope(mix(colour, WARM_WHITE, 0.2), 0.86, 1.1))
    if holds:
        liquid(pen, inside, -386, 96, holds, tilt=TILT)


def vase(pen: Pen, colour: Colour, *, tall: float = 1.0) -> None:
    """A bottle-necked vase."""
    pen.ground(96, depth=TILT, height=420 * tall)
    profile: Profile = [
        (-430 * tall, 50), (-415 * tall, 44), (-350 * tall, 39), (-310 * tall, 46), (-270 * tall, 72),
        (-220 * tall, 110), (-170 * tall, 134), (-120 * tall, 140), (-70 * tall, 130), (-30 * tall, 108), (0, 84),
    ]  # fmt: skip
    body = turned(pen, profile, colour, tilt=TILT, gloss=0.35)
    speckles(pen, body, colour, seed=f"vase {colour}", count=160)
    opening(pen, -430 * tall, 50, colour, tilt=TILT, wall=7)


def dripper(pen: Pen, colour: Colour) -> None:
    """A cone for filter coffee on its saucer-like foot."""
    plate(pen, colour, radius=150, height=20, grounded=False)
    pen.tube(bezier((110, -150), (214, -150), (196, -40), (84, -52)), 22, colour)
    profile: Profile = [(-210, 168), (-190, 160), (-60, 84), (-18, 62)]
    turned(pen, profile, colour, tilt=TILT, gloss=0.5)
    opening(pen, -210, 168, mix(colour, WARM_WHITE, 0.3), tilt=TILT)


def wooden_bowl(pen: Pen, colour: Colour, *, radius: float = 290, height: float = 170) -> None:
    """A wide bowl turned from one piece, its grain running through wall and inside."""
    pen.ground(radius * 0.6, depth=0.24, height=height)
    profile: Profile = [
        (-height, radius), (-height * 0.7, radius * 0.95), (-height * 0.35, radius * 0.80), (0, radius * 0.50),
    ]  # fmt: skip
    body = turned(pen, profile, colour, tilt=0.24, gloss=0.25)
    wood(pen, body, colour, seed="salad", opacity=0.5)
    inside = opening(pen, -height, radius, mix(colour, WARM_WHITE, 0.14), tilt=0.24, wall=13)
    wood(pen, inside, colour, seed="salad inside", opacity=0.4)
