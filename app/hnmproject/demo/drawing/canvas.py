"""A canvas twice as fine as the picture, and the pen that draws on it in units that do not depend on either.

Nothing here needs a font, a file or numpy. Whatever is soft (shadows, glows, gradients) is worked out small and then
enlarged, which is what keeps a picture under a quarter of a second.
"""

from __future__ import annotations

import functools
import io
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .geometry import Point, Points, arc, interpolate, rounded
from .palette import SHADOW, Colour, lit

SUPERSAMPLE = 2
COARSE = 4  # light on a round body changes slowly: one row of shading serves four of the canvas
BILINEAR = Image.Resampling.BILINEAR
NEAREST = Image.Resampling.NEAREST
BICUBIC = Image.Resampling.BICUBIC
Paint = Colour | Image.Image


def dice(seed: str) -> random.Random:
    """Chance that falls the same way on every machine."""
    return random.Random(seed)  # noqa: S311  # pictures, not secrets


@dataclass(frozen=True)
class Mask:
    """How far each pixel is covered (0 to 255), and where its top left pixel lies on the canvas."""

    image: Image.Image
    left: int
    top: int

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def strength(self, factor: float) -> Mask:
        return replace(self, image=self.image.point([min(255, round(v * factor)) for v in range(256)]))

    def clip(self, other: Mask) -> Mask:
        """Where both cover."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.size[0], other.left + other.size[0])
        bottom = min(self.top + self.size[1], other.top + other.size[1])
        if right <= left or bottom <= top:
            return Mask(Image.new("L", (1, 1), 0), left, top)
        mine, theirs = (
            mask.image.crop((left - mask.left, top - mask.top, right - mask.left, bottom - mask.top))
            for mask in (self, other)
        )
        return Mask(ImageChops.multiply(mine, theirs), left, top)

    def without(self, other: Mask) -> Mask:
        return replace(self, image=ImageChops.multiply(self.image, ImageChops.invert(other.window(self))))

    def window(self, like: Mask) -> Image.Image:
        """This mask as seen through the other's frame."""
        frame = Image.new("L", like.size, 0)
        frame.paste(self.image, (self.left - like.left, self.top - like.top))
        return frame

    def within(self, size: tuple[int, int]) -> Mask | None:
        """Only the part that covers anything of a canvas of that size, if any."""
        left, top = max(0, -self.left), max(0, -self.top)
        right, bottom = min(self.size[0], size[0] - self.left), min(self.size[1], size[1] - self.top)
        if right <= left or bottom <= top:
            return None
        return Mask(self.image.crop((left, top, right, bottom)), self.left + left, self.top + top)

    def soft(self, radius: float, strength: float = 1.0) -> Mask:
        """Blurred by that many canvas pixels, larger by what the blur spreads, and as strong as told."""
        if radius < 1:
            return self.strength(strength)
        step = max(1, int(radius / 3))
        margin = step * math.ceil(radius * 2.2 / step)
        width, height = self.size[0] + 2 * margin, self.size[1] + 2 * margin
        small = (max(1, width // step), max(1, height // step))
        roomy = Image.new("L", (width, height), 0)
        roomy.paste(self.image, (margin, margin))
        blurred = roomy.resize(small, BILINEAR, reducing_gap=1.0).filter(ImageFilter.GaussianBlur(radius / step))
        if strength < 1:
            blurred = blurred.point([round(v * strength) for v in range(256)])
        return Mask(enlarged(blurred, (width, height)), self.left - margin, self.top - margin)


def mesh(*rows: Sequence[Colour]) -> Image.Image:
    """A few colours in rows, to be stretched smoothly over whatever is painted with it."""
    image = Image.new("RGB", (len(rows[0]), len(rows)))
    for y, row in enumerate(rows):
        for x, colour in enumerate(row):
            image.putpixel((x, y), colour)
    return image


def enlarged(
    small: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float] | None = None
) -> Image.Image:
    """Smooth at the picture's own size, and doubled from there: nobody sees more, and it takes a third of the time."""
    half = (math.ceil(size[0] / SUPERSAMPLE), math.ceil(size[1] / SUPERSAMPLE))
    smooth = small.resize(half, BILINEAR, box=box)
    return smooth.resize((half[0] * SUPERSAMPLE, half[1] * SUPERSAMPLE), NEAREST).crop((0, 0, *size))


def stretched(small: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Enlarge from pixel centre to pixel centre, so that the outermost colours reach the edge and no further."""
    width, height = small.size
    inset_x, inset_y = (0.5 if width > 1 else 0), (0.5 if height > 1 else 0)
    return enlarged(small, size, (inset_x, inset_y, width - inset_x, height - inset_y))


class Canvas:
    """A picture being drawn. ``width`` and ``height`` are its units; ``pixels`` is how wide it comes out."""

    def __init__(self, backdrop: Image.Image, *, width: int, height: int) -> None:
        self.image = backdrop
        self.width = width
        self.height = height
        self.scale = backdrop.width / width
        self.brush = ImageDraw.Draw(backdrop)

    def pen(self, x: float = 0, y: float = 0, scale: float = 1, angle: float = 0) -> Pen:
        return Pen(self, x, y, scale, angle)

    def paint(self, mask: Mask, paint: Paint, opacity: float = 1) -> None:
        if isinstance(paint, Image.Image) and paint.size != mask.size:
            paint = stretched(paint, mask.size)
        visible = mask.within(self.image.size)
        if visible is None:
            return
        if isinstance(paint, Image.Image) and visible.size != mask.size:
            left, top = visible.left - mask.left, visible.top - mask.top
            paint = paint.crop((left, top, left + visible.size[0], top + visible.size[1]))
        if opacity < 1:
            visible = visible.strength(opacity)
        if not isinstance(paint, Image.Image):
            paint = Image.new("RGB", visible.size, paint)  # pasting an image is quicker than filling with a colour
        self.image.paste(paint, (visible.left, visible.top), visible.image)

    def finish(self) -> Image.Image:
        """The picture at its own size, with the faintest grain so that no gradient shows bands."""
        image = self.image.reduce(SUPERSAMPLE)
        return ImageChops.add(image, _film_grain(image.size), 1, -3)


@functools.lru_cache(maxsize=4)
def _film_grain(size: tuple[int, int]) -> Image.Image:
    noise = Image.frombytes("L", size, dice("grain").randbytes(size[0] * size[1]))
    return Image.merge("RGB", [noise.point([round(v / 255 * 6) for v in range(256)])] * 3)


@dataclass(frozen=True)
class Pen:
    """Draws an object in its own units: the origin is its foot, y points down, the angle turns it about its foot."""

    canvas: Canvas
    x: float = 0
    y: float = 0
    scale: float = 1
    angle: float = 0

    @property
    def unit(self) -> float:
        """Canvas pixels in one unit."""
        return self.scale * self.canvas.scale

    def pixel(self, point: Point) -> Point:
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        x, y = point
        return (
            self.x * self.canvas.scale + self.unit * (x * cos - y * sin),
            self.y * self.canvas.scale + self.unit * (x * sin + y * cos),
        )

    def at(self, x: float, y: float, scale: float = 1, angle: float = 0) -> Pen:
        """A pen for a part, placed and turned within this one."""
        px, py = self.pixel((x, y))
        return Pen(self.canvas, px / self.canvas.scale, py / self.canvas.scale, self.scale * scale, self.angle + angle)

    def polygon(self, points: Iterable[Point]) -> Mask:
        return self.polygons([points])

    def polygons(self, outlines: Iterable[Iterable[Point]]) -> Mask:
        shapes = [[self.pixel(point) for point in outline] for outline in outlines]
        mask, draw = self._sheet([point for shape in shapes for point in shape], margin=2)
        for shape in shapes:
            draw.polygon([(x - mask.left, y - mask.top) for x, y in shape], fill=255)
        return mask

    def ellipse(self, cx: float, cy: float, rx: float, ry: float) -> Mask:
        return self.polygon(arc(cx, cy, rx, ry))

    def box(self, x0: float, y0: float, x1: float, y1: float, radius: float = 0) -> Mask:
        return self.polygon(rounded(x0, y0, x1, y1, radius) if radius else [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])

    def stroke(self, points: Sequence[Point], width: float, end: float | None = None) -> Mask:
        """A round-ended line along the points, growing or tapering to ``end``."""
        return self.strokes([points], width, end)

    def strokes(self, lines: Sequence[Sequence[Point]], width: float, end: float | None = None) -> Mask:
        last = width if end is None else end
        paths = [[self.pixel(point) for point in line] for line in lines]
        margin = math.ceil(max(width, last) * self.unit / 2) + 2
        mask, draw = self._sheet([point for path in paths for point in path], margin=margin)
        for path in paths:
            _draw_stroke(draw, [(x - mask.left, y - mask.top) for x, y in path], width * self.unit, last * self.unit)
        return mask

    def _sheet(self, points: Points, *, margin: int) -> tuple[Mask, ImageDraw.ImageDraw]:
        left = math.floor(min(x for x, _ in points)) - margin
        top = math.floor(min(y for _, y in points)) - margin
        right = math.ceil(max(x for x, _ in points)) + margin
        bottom = math.ceil(max(y for _, y in points)) + margin
        image = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
        return Mask(image, left, top), ImageDraw.Draw(image)

    def paint(self, mask: Mask, paint: Paint, opacity: float = 1) -> None:
        self.canvas.paint(mask, paint, opacity)

    def fill(self, points: Iterable[Point], paint: Paint, opacity: float = 1) -> Mask:
        mask = self.polygon(points)
        self.paint(mask, paint, opacity)
        return mask

    def solid(self, points: Iterable[Point], colour: Colour) -> None:
        """Fill straight onto the canvas: the quickest way, for small opaque shapes of which there are hundreds."""
        self.canvas.brush.polygon([self.pixel(point) for point in points], fill=colour)

    def shade(self, within: Mask, shape: Mask, paint: Paint, opacity: float, blur: float) -> None:
        """A soft patch of the shape that stays within the mask: shadow or light on a surface."""
        self.paint(within.clip(shape.soft(blur * self.unit, opacity)), paint)

    def shadow(self, shape: Mask, *, blur: float, opacity: float, colour: Colour = SHADOW) -> None:
        self.paint(shape.soft(blur * self.unit, opacity), colour)

    def drop(self, shape: Mask, dx: float, dy: float, *, blur: float, opacity: float) -> None:
        """The shadow of something flat, or close to a wall, moved by that many units."""
        away = replace(shape, left=shape.left + round(dx * self.unit), top=shape.top + round(dy * self.unit))
        self.shadow(away, blur=blur, opacity=opacity)

    def ground(self, radius: float, *, depth: float = 0.2, height: float = 200, strength: float = 1) -> None:
        """What a standing object throws on the floor: dark where it touches, and a long soft shadow away from light."""
        reach = radius + height * 0.45
        far = self.ellipse(reach * 0.55, radius * depth * 0.1, reach * 1.05, radius * depth * 1.05)
        self.shadow(far, blur=30, opacity=0.34 * strength)
        self.shadow(
            self.ellipse(radius * 0.22, radius * 0.04, radius * 1.12, radius * depth * 1.1),
            blur=14,
            opacity=0.42 * strength,
        )
        self.shadow(
            self.ellipse(radius * 0.02, radius * 0.03, radius * 0.99, radius * depth), blur=4, opacity=0.5 * strength
        )

    def outline(self, profile: Sequence[Point], *, tilt: float) -> Points:
        """The silhouette of a body turned on a lathe: radii by height, seen a little from above."""
        top, bottom = profile[0][0], profile[-1][0]
        rows = max(12, min(160, round((bottom - top) * self.unit / 6)))
        heights = [top + (bottom - top) * row / rows for row in range(rows + 1)]
        right = [(interpolate(profile, y), y) for y in heights]
        foot, mouth = profile[-1][1], profile[0][1]
        return [
            *arc(0, top, mouth, mouth * tilt, 180, 360, steps=40),
            *right,
            *arc(0, bottom, foot, foot * tilt, 0, 180, steps=40),
            *[(-x, y) for x, y in reversed(right)],
        ]

    def turn(self, profile: Sequence[Point], strip: Image.Image, *, tilt: float = 0.2) -> Mask:
        """Paint a turned body with a strip of colours that runs from its left edge to its right."""
        mask = self.polygon(self.outline(profile, tilt=tilt))
        self.paint(mask, self.wrap(profile, strip, mask))
        return mask

    def wrap(self, profile: Sequence[Point], strip: Image.Image, mask: Mask) -> Image.Image:
        """The strip laid around the body, row by row, in the mask's frame (``strip`` is RGB or L, one pixel high)."""
        columns, rows = (math.ceil(side / COARSE) for side in mask.size)
        foot_x, foot_y = self.pixel((0, 0))
        if self.angle:
            sheet = self._wrap_turned(profile, strip, mask, (columns, rows))
        else:
            sheet = Image.new(strip.mode, (columns, rows))
            self._lay_rows(sheet, profile, strip, ((foot_x - mask.left) / COARSE, (foot_y - mask.top) / COARSE))
        return enlarged(sheet, (columns * COARSE, rows * COARSE)).crop((0, 0, *mask.size))

    def _lay_rows(self, sheet: Image.Image, profile: Sequence[Point], strip: Image.Image, foot: Point) -> None:
        unit = self.unit / COARSE
        for row in range(sheet.height):
            radius = interpolate(profile, (row + 0.5 - foot[1]) / unit) * unit
            width = max(2, round(radius * 2) + 2)
            sheet.paste(strip.resize((width, 1), BILINEAR), (round(foot[0] - width / 2), row))

    def _wrap_turned(
        self, profile: Sequence[Point], strip: Image.Image, mask: Mask, size: tuple[int, int]
    ) -> Image.Image:
        """The same for a turned pen: laid out upright first, then mapped to where it lies."""
        unit, reach = self.unit / COARSE, max(radius for _, radius in profile)
        top, bottom = profile[0][0] - reach, profile[-1][0] + reach
        upright = Image.new(strip.mode, (math.ceil(2 * reach * unit) + 4, math.ceil((bottom - top) * unit)))
        foot = (upright.width / 2, -top * unit)
        self._lay_rows(upright, profile, strip, foot)
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        foot_x, foot_y = self.pixel((0, 0))
        dx, dy = (mask.left - foot_x) / COARSE, (mask.top - foot_y) / COARSE
        across = (cos, sin, cos * dx + sin * dy + foot[0])
        down = (-sin, cos, -sin * dx + cos * dy + foot[1])
        return upright.transform(size, Image.Transform.AFFINE, (*across, *down), BILINEAR)

    def tube(self, points: Sequence[Point], width: float, colour: Colour, *, end: float | None = None) -> Mask:
        """A round bar along the points: a handle, a wire, a branch."""
        last = width if end is None else end
        body = self.stroke(points, width, last)
        self.paint(body, lit(colour, 0.55))
        offset = width * 0.1
        lighter = [(x - offset, y - offset) for x, y in points]
        self.shade(body, self.stroke(lighter, width * 0.62, last * 0.62), lit(colour, 1.0), 1, width * 0.10)
        glint = [(x - offset * 1.7, y - offset * 1.9) for x, y in points]
        self.shade(body, self.stroke(glint, width * 0.18, last * 0.18), lit(colour, 1.4), 0.8, width * 0.07)
        return body


def _draw_stroke(draw: ImageDraw.ImageDraw, path: Points, width: float, end: float) -> None:
    """Discs at the points and bands between them."""
    last = max(1, len(path) - 1)
    radii = [max(0.6, (width + (end - width) * index / last) / 2) for index in range(len(path))]
    for (x, y), radius in zip(path, radii, strict=True):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    for index in range(len(path) - 1):
        (x0, y0), (x1, y1) = path[index], path[index + 1]
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        nx, ny = (y0 - y1) / length, (x1 - x0) / length
        r0, r1 = radii[index], radii[index + 1]
        draw.polygon(
            [(x0 + nx * r0, y0 + ny * r0), (x1 + nx * r1, y1 + ny * r1), (x1 - nx * r1, y1 - ny * r1),
              (x0 - nx * r0, y0 - ny * r0)], fill=255,
        )  # fmt: skip


def encode(image: Image.Image) -> bytes:
    """The finished picture as a JPEG: quick to write, and small enough for what is only a source of renditions."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=86, optimize=True)
    return buffer.getvalue()
