"""Curves as lists of points: what every outline is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
Points = list[Point]


def lerp(a: float, b: float, t: float) -> float:
    return a + (b - a) * t


def smoothstep(low: float, high: float, value: float) -> float:
    t = min(1.0, max(0.0, (value - low) / (high - low)))
    return t * t * (3 - 2 * t)


def bezier(p0: Point, p1: Point, p2: Point, p3: Point, steps: int = 40) -> Points:
    """A cubic Bézier curve, both ends included."""

    def at(t: float) -> Point:
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        return (
            a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0],
            a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1],
        )

    return [at(step / steps) for step in range(steps + 1)]


def through(points: Sequence[Point], *, closed: bool = False, steps: int = 14) -> Points:
    """A smooth curve through the points (Catmull–Rom)."""
    count = len(points)

    def near(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    curve: Points = []
    for index in range(count if closed else count - 1):
        p0, p1, p2, p3 = (near(index + offset) for offset in (-1, 0, 1, 2))
        for step in range(steps):
            curve.append(_catmull_rom(p0, p1, p2, p3, step / steps))
    return curve if closed else [*curve, points[-1]]


def _catmull_rom(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return along(p0[0], p1[0], p2[0], p3[0]), along(p0[1], p1[1], p2[1], p3[1])


def arc(cx: float, cy: float, rx: float, ry: float, start: float = 0, end: float = 360, steps: int = 72) -> Points:
    """Part of an ellipse, in degrees, clockwise from three o'clock as the page's y points down."""
    angles = (math.radians(lerp(start, end, step / steps)) for step in range(steps + 1))
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


def rounded(x0: float, y0: float, x1: float, y1: float, radius: float) -> Points:
    """A rectangle with round corners."""
    corners = ((x1 - radius, y0 + radius, -90), (x1 - radius, y1 - radius, 0), (x0 + radius, y1 - radius, 90))
    outline: Points = []
    for cx, cy, start in (*corners, (x0 + radius, y0 + radius, 180)):
        outline += arc(cx, cy, radius, radius, start, start + 90, steps=10)
    return outline


def moved(points: Sequence[Point], dx: float = 0, dy: float = 0) -> Points:
    return [(x + dx, y + dy) for x, y in points]


def scaled(points: Sequence[Point], factor: float, *, about: Point = (0, 0)) -> Points:
    return [(about[0] + (x - about[0]) * factor, about[1] + (y - about[1]) * factor) for x, y in points]


def turned(points: Sequence[Point], degrees: float, *, about: Point = (0, 0)) -> Points:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [
        (about[0] + (x - about[0]) * cos - (y - about[1]) * sin, about[1] + (x - about[0]) * sin + (y - about[1]) * cos)
        for x, y in points
    ]


def interpolate(knots: Sequence[Point], at: float) -> float:
    """The second value of the knots at a first value: monotone between knots, so a profile never bulges by accident."""
    if at <= knots[0][0]:
        return knots[0][1]
    for index in range(len(knots) - 1):
        if at <= knots[index + 1][0]:
            return _hermite(knots, index, at)
    return knots[-1][1]


def _slope(knots: Sequence[Point], index: int) -> float:
    (x0, y0), (x1, y1) = knots[index], knots[index + 1]
    return (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0


def _tangent(knots: Sequence[Point], index: int) -> float:
    if index == 0:
        return _slope(knots, 0)
    if index == len(knots) - 1:
        return _slope(knots, index - 1)
    before, after = _slope(knots, index - 1), _slope(knots, index)
    if before * after <= 0:
        return 0.0
    (x0, _), (x1, _), (x2, _) = knots[index - 1 : index + 2]
    mean = (before * (x2 - x1) + after * (x1 - x0)) / (x2 - x0)
    limit = 3 * min(abs(before), abs(after))
    return max(-limit, min(limit, mean))


def _hermite(knots: Sequence[Point], index: int, at: float) -> float:
    (x0, y0), (x1, y1) = knots[index], knots[index + 1]
    width = x1 - x0
    if width <= 0:
        return y1
    t = (at - x0) / width
    m0, m1 = _tangent(knots, index) * width, _tangent(knots, index + 1) * width
    return (
        (2 * t**3 - 3 * t**2 + 1) * y0 + (t**3 - 2 * t**2 + t) * m0 + (-2 * t**3 + 3 * t**2) * y1 + (t**3 - t**2) * m1
    )
