"""Tumblers, carafes and wine glasses."""

from __future__ import annotations

from .canvas import Pen
from .geometry import bezier
from .kitchen import filling, glass_body, glass_rim
from .materials import Profile
from .palette import WARM_WHITE, Colour

TILT = 0.2
WATER: Colour = (176, 204, 206)
TINT: Colour = (112, 138, 136)


def _ground(pen: Pen, radius: float, height: float) -> None:
    """Glass throws a pale shadow with a bright patch in it."""
    pen.ground(radius, depth=TILT, height=height, strength=0.55)
    pen.shadow(
        pen.ellipse(radius * 1.3, radius * 0.08, radius * 0.5, radius * 0.09), blur=8, opacity=0.35, colour=WARM_WHITE
    )


def tumbler(pen: Pen, *, water: float = 0.0, tint: Colour = TINT, holds: Colour = WATER) -> None:
    """A straight glass 250 units high; ``water`` is how full it is."""
    _ground(pen, 92, 240)
    if water:
        level = -30 - 200 * water
        filling(pen, [(level, 98 + 12 * water), (-26, 92)], holds, tilt=TILT, opacity=0.42)
    profile: Profile = [(-250, 118), (-20, 96), (0, 92)]
    glass_body(pen, profile, tint=tint, tilt=TILT)
    pen.paint(pen.ellipse(0, -22, 84, 84 * TILT), WARM_WHITE, 0.35)
    glass_rim(pen, -250, 118, tint=tint, tilt=TILT)


def carafe(pen: Pen, *, water: bool = True, tint: Colour = TINT) -> None:
    """560 units high, with a narrow neck."""
    _ground(pen, 130, 420)
    profile: Profile = [
        (-560, 76), (-540, 66), (-470, 54), (-400, 62), (-300, 112), (-190, 150), (-90, 156), (-24, 140), (0, 122),
    ]  # fmt: skip
    if water:
        inner: Profile = [(-330, 94), (-300, 104), (-190, 142), (-90, 148), (-34, 132), (-14, 114)]
        filling(pen, inner, WATER, tilt=TILT, opacity=0.40)
    glass_body(pen, profile, tint=tint, tilt=TILT)
    glass_rim(pen, -560, 76, tint=tint, tilt=TILT)


def wine_glass(pen: Pen, *, wine: Colour | None = None) -> None:
    """470 units high."""
    _ground(pen, 96, 300)
    foot: Profile = [(-26, 10), (-16, 30), (-6, 92), (0, 96)]
    glass_body(pen, foot, tint=TINT, tilt=TILT)
    glass_body(pen, [(-210, 10), (-120, 7), (-20, 10)], tint=TINT, tilt=TILT)
    bowl: Profile = [(-470, 92), (-400, 112), (-320, 114), (-260, 92), (-220, 44), (-204, 12)]
    if wine:
        filling(pen, [(-330, 108), (-300, 104), (-262, 86), (-224, 42), (-210, 10)], wine, tilt=TILT, opacity=0.82)
    glass_body(pen, bowl, tint=TINT, tilt=TILT)
    glass_rim(pen, -470, 92, tint=TINT, tilt=TILT)


def server(pen: Pen, *, coffee: Colour | None = None) -> None:
    """A round jug for filter coffee, 300 high, to stand a dripper on."""
    _ground(pen, 150, 260)
    pen.tube(bezier((150, -220), (270, -220), (262, -70), (158, -84)), 20, (150, 166, 164))
    if coffee:
        level: Profile = [(-140, 160), (-90, 166), (-40, 158), (-12, 132)]
        filling(pen, level, coffee, tilt=TILT, opacity=0.92)
    profile: Profile = [(-300, 104), (-270, 112), (-200, 150), (-110, 174), (-40, 166), (0, 136)]
    glass_body(pen, profile, tint=TINT, tilt=TILT)
    glass_rim(pen, -300, 104, tint=TINT, tilt=TILT)
