"""The covers of the blog's posts: the shop's things where they are used."""

from __future__ import annotations

from . import ceramics, garden, glassware, kitchen, light, textiles
from .canvas import Mask, Pen, mesh
from .geometry import arc, bezier, moved
from .materials import slope, wood
from .palette import (
    BEECH,
    BEESWAX,
    BLUSH,
    BRASS,
    BRICK,
    CHALK,
    COFFEE,
    CREAM,
    FOREST,
    INK,
    MOSS,
    OAK,
    OAT,
    OCHRE,
    PLUM,
    RUST,
    SAGE,
    SHADOW,
    SLATE,
    WALNUT,
    WARM_WHITE,
    Colour,
    lit,
)  # fmt: skip
from .products import bowls, peg_rail, pile, plates
from .recipes import DUSK, GARDEN, KITCHEN, TABLE, TEXTILES, WIDE, Item, Recipe, item

SKY: Colour = (206, 220, 224)


def window(pen: Pen, *, width: float = 460, height: float = 560) -> None:
    """A window with a sill, morning outside. The origin is the middle of the sill's upper edge."""
    frame = pen.box(-width / 2, -height, width / 2, 0)
    pen.drop(frame, 14, 10, blur=18, opacity=0.25)
    pen.paint(frame, slope(CHALK, 1.1, 0.92))
    for x0, x1 in ((-width / 2 + 26, -13), (13, width / 2 - 26)):
        for y0, y1 in ((-height + 26, -height * 0.44), (-height * 0.44 + 22, -22)):
            _pane(pen, x0, y0, x1, y1)
    sill = pen.box(-width / 2 - 46, -6, width / 2 + 46, 30, 6)
    pen.drop(sill, 8, 18, blur=14, opacity=0.3)
    pen.paint(sill, slope(CHALK, 1.2, 0.86))


def _pane(pen: Pen, x0: float, y0: float, x1: float, y1: float) -> None:
    glass = pen.box(x0, y0, x1, y1)
    pen.paint(
        glass,
        mesh(
            [lit(SKY, 1.2), lit(SKY, 1.4)],
            [lit(SKY, 1.5), lit((226, 226, 204), 1.3)],
            [(190, 204, 172), (170, 190, 150)],
        ),
    )
    hill = pen.ellipse(x0 + (x1 - x0) * 0.7, y1 + 40, (x1 - x0) * 0.9, 90)
    pen.shade(glass, hill, (132, 160, 118), 0.55, 16)
    pen.shade(
        glass, pen.polygon([(x0, y1), (x0 + 60, y1), (x1, y0 + 20), (x1, y0), (x1 - 50, y0)]), WARM_WHITE, 0.35, 10
    )
    pen.shade(glass, pen.stroke([(x0, y1), (x0, y0), (x1, y0)], 12), SHADOW, 0.3, 7)


def shelf(pen: Pen, *, width: float = 1300, colour: Colour = OAK, brackets: bool = True) -> None:
    """A board on the wall. The origin is the middle of its upper edge; what stands on it stands at y = 0."""
    plank = pen.box(-width / 2, 0, width / 2, 34, 5)
    pen.drop(plank, 16, 40, blur=26, opacity=0.36)
    if brackets:
        for x in (-width * 0.36, width * 0.36):
            pen.tube([(x, 30), (x, 120)], 14, BRASS)
            pen.tube(bezier((x, 116), (x + 4, 70), (x + 40, 44), (x + 70, 34)), 10, BRASS)
    top = pen.polygon([(-width / 2 + 16, -22), (width / 2 - 16, -22), (width / 2, 4), (-width / 2, 4)])
    pen.paint(top, slope(colour, 1.28, 1.0))
    wood(pen, top, colour, seed="shelf top", opacity=0.35)
    pen.paint(plank, slope(colour, 1.05, 0.68))
    wood(pen, plank, colour, seed="shelf", opacity=0.45)


def bench(pen: Pen, *, colour: Colour = (150, 146, 132)) -> None:
    """A slatted garden bench seen from the front. 900 wide, its seat at y = -250."""
    pen.shadow(pen.ellipse(60, 6, 520, 40), blur=30, opacity=0.45)
    for x in (-400, 400):
        pen.fill([(x - 24, -560), (x + 24, -560), (x + 26, 0), (x - 26, 0)], slope(colour, 0.95, 0.6))
    for y in (-540, -470, -400):
        _slat(pen, -430, y, 430, y + 50, colour, f"back {y}")
    pen.shadow(pen.box(-420, -226, 420, -150), blur=22, opacity=0.4)
    for index, y in enumerate((-286, -262, -236)):
        _slat(pen, -440 - index * 8, y, 440 + index * 8, y + 22, lit(colour, 1.0 + index * 0.05), f"seat {y}")
    _slat(pen, -456, -214, 456, -178, lit(colour, 0.86), "apron")
    for x in (-430, 430):
        pen.fill([(x - 26, -180), (x + 26, -180), (x + 24, 6), (x - 24, 6)], slope(colour, 1.0, 0.66))


def _slat(pen: Pen, x0: float, y0: float, x1: float, y1: float, colour: Colour, seed: str) -> None:
    plank = pen.box(x0, y0, x1, y1, 5)
    pen.shadow(Mask(plank.image, plank.left, plank.top + round(8 * pen.unit)), blur=5, opacity=0.35)
    pen.paint(plank, slope(colour, 1.14, 0.88))
    wood(pen, plank, colour, seed=seed, opacity=0.40)


def mended_bowl(pen: Pen, colour: Colour = SLATE) -> None:
    """A bowl that broke and was put together again with seams of gold."""
    ceramics.bowl(pen, colour, inner=OAT)
    gold: Colour = (206, 164, 72)
    seams = [
        [(-70, -142), (-56, -104), (-84, -72), (-52, -36), (-58, 14)],
        [(-56, -104), (10, -90), (40, -110), (96, -132)],
        [(40, -110), (66, -62), (60, -20)],
    ]
    front = pen.polygon(
        [*arc(0, -188, 262, 66, 178, 2, steps=30), *bezier((262, -188), (250, -60), (150, -20), (0, 26)),
         *bezier((0, 26), (-150, -20), (-250, -60), (-262, -188))]
    )  # fmt: skip
    for line in seams:
        pen.paint(front.clip(pen.stroke(line, 8)), lit(gold, 0.75))
        pen.paint(front.clip(pen.stroke(moved(line, -1.5, -1.5), 4)), lit(gold, 1.35))


def brush(pen: Pen) -> None:
    """A fine brush lying flat."""
    pen.shadow(pen.stroke([(-200, 14), (210, 18)], 14), blur=8, opacity=0.35)
    pen.tube([(-220, 0), (120, 2)], 9, WALNUT, end=15)
    pen.tube([(116, 2), (164, 3)], 17, BRASS)
    pen.fill(
        bezier((164, -6), (200, -10), (216, 0), (236, 6)) + bezier((236, 6), (212, 12), (196, 12), (164, 11)),
        (60, 46, 40),
    )


def lit_pendants(pen: Pen, colours: list[Colour]) -> None:
    for index, colour in enumerate(colours):
        light.pendant(pen.at(-420 + 420 * index, [0, 70, 24][index % 3], 0.74), colour)


def _wide(wall: Colour, *items: Item, **backdrop: object) -> Recipe:
    return Recipe(wall, items, size=WIDE, backdrop=backdrop)


def _wood(wall: Colour, *items: Item, horizon: float = 0.62, floor: Colour = OAK) -> Recipe:
    return _wide(wall, *items, floor=floor, surface="wood", horizon=horizon)


COVERS: dict[str, Recipe] = {
    "cover-cast-iron": _wood(
        KITCHEN,
        item(kitchen.skillet, 560, 420, 1.12, -14, food=True),
        item(kitchen.spoon, 1210, 830, 0.95, 16, colour=BEECH),
        item(kitchen.spoon, 1370, 840, 0.95, 8, colour=BEECH, kind="spatula"),
        horizon=0.0,
    ),
    "cover-linen": _wood(
        TEXTILES,
        item(pile, 500, 760, 1.15, colours=[SAGE, CHALK, BLUSH, OAT], thick=96, stripe=None),
        item(pile, 1180, 770, 0.94, colours=[OAT, RUST, OAT, RUST, OAT], thick=54, plies=2, tied=True),
        horizon=0.64,
    ),
    "cover-tea": _wood(
        TABLE,
        item(window, 330, 560, 0.96),
        item(ceramics.teapot, 830, 770, 1.0, colour=SAGE, knob=OAK),
        item(ceramics.mug, 1230, 810, 0.78, colour=OAT),
        item(kitchen.tin, 560, 720, 0.62, colour=FOREST),
        item(ceramics.jug, 1060, 850, 0.5, colour=INK, holds=CREAM),
    ),
    "cover-pruning": _wide(
        GARDEN,
        item(garden.secateurs, 560, 350, 1.12, 62, colour=BRICK),
        item(garden.twine, 1290, 740, 1.1),
        item(garden.hand_tool, 1010, 850, 0.98, 12, kind="trowel"),
    ),
    "cover-light": Recipe(
        DUSK,
        (
            item(light.table_lamp, 1120, 780, 0.86, colour=SLATE),
            item(light.pillar, 760, 790, 0.7, height=260),
            item(light.pillar, 620, 820, 0.7, height=160),
            item(light.globe, 360, 470, 0.86),
        ),
        size=WIDE,
        backdrop={"floor": WALNUT, "surface": "wood", "horizon": 0.74, "dusk": True},
    ),
    "cover-mending": _wide(
        TABLE,
        item(mended_bowl, 640, 720, 1.5),
        item(brush, 1240, 770, 1.1, -16),
        floor=(214, 204, 190),
        surface="linen",
        horizon=0.5,
    ),
    "cover-knives": _wood(
        KITCHEN,
        item(kitchen.board, 780, 450, 1.5, 90, colour=(214, 174, 126), seed="wide"),
        item(kitchen.knife, 560, 370, 1.15, -5),
        item(kitchen.knife, 520, 580, 1.0, 2, length=600, depth=84, saw=True),
        horizon=0.0,
        floor=(176, 132, 92),
    ),
    "cover-shelf": _wide(
        TABLE,
        item(shelf, 800, 400, 1.0),
        item(shelf, 800, 770, 1.0),
        item(plates, 380, 396, 0.62, colours=[SAGE, OAT, SLATE, SAGE, OAT]),
        item(ceramics.jug, 700, 392, 0.62, colour=OAT),
        item(ceramics.vase, 930, 392, 0.66, colour=RUST),
        item(ceramics.mug, 1140, 392, 0.56, colour=SLATE, holds=None),
        item(ceramics.mug, 1320, 392, 0.56, colour=MOSS, holds=None),
        item(kitchen.jar, 320, 764, 0.66, height=360),
        item(kitchen.jar, 510, 764, 0.66, height=280, holds=(178, 104, 62), seed="lentils"),
        item(bowls, 800, 764, 0.60, colours=[SLATE, OAT, RUST]),
        item(ceramics.teapot, 1190, 764, 0.66, colour=INK, knob=OAK),
    ),
    "cover-bench": _wide(
        GARDEN,
        item(bench, 800, 790, 1.0),
        item(garden.pot, 560, 548, 0.62, plant="lavender", seed="bench"),
        item(garden.pot, 780, 548, 0.5, plant="succulent", seed="bench two"),
        item(garden.watering_can, 1010, 548, 0.5),
        item(garden.planter, 1410, 850, 0.9, colour=SLATE, plant="fern"),
        item(garden.basket, 240, 850, 0.78),
        floor=(176, 170, 150),
        surface="stone",
        horizon=0.72,
    ),
    "cover-coffee": _wood(
        TABLE,
        item(glassware.server, 620, 780, 1.0, coffee=COFFEE),
        item(ceramics.dripper, 620, 495, 1.0, colour=CHALK),
        item(ceramics.mug, 1060, 800, 0.82, colour=RUST, holds=COFFEE),
        item(kitchen.tin, 300, 730, 0.66, colour=INK),
        item(ceramics.jug, 1330, 760, 0.5, colour=OAT, holds=CREAM),
    ),
    "cover-wool": _wood(
        TEXTILES,
        item(pile, 480, 790, 1.1, colours=[SLATE, OCHRE, PLUM, MOSS], thick=104, depth=130),
        item(textiles.cushion, 1130, 770, 1.15, -5, colour=RUST),
        item(textiles.cushion, 1330, 830, 0.86, 4, colour=OAT, stripe=SLATE, long=1.3, side=390),
        horizon=0.68,
    ),
    "cover-candles": Recipe(
        DUSK,
        (
            item(light.candlestick, 420, 800, 0.78, candle=CREAM),
            item(light.candlestick, 620, 830, 0.9, candle=BEESWAX),
            item(light.candlestick, 820, 800, 0.7, candle=RUST),
            item(light.lantern, 1210, 820, 0.92),
        ),
        size=WIDE,
        backdrop={"floor": WALNUT, "surface": "wood", "horizon": 0.72, "dusk": True},
    ),
    "cover-table": _wood(
        TABLE,
        item(lit_pendants, 800, 200, 0.8, colours=[CREAM, FOREST, CREAM]),
        item(plates, 420, 800, 0.8, colours=[SAGE, OAT]),
        item(glassware.carafe, 820, 760, 0.66),
        item(glassware.tumbler, 1010, 790, 0.62, water=0.6),
        item(ceramics.bowl, 1300, 800, 0.8, colour=RUST, inner=OAT),
        horizon=0.70,
    ),
    "cover-herbs": _wood(
        GARDEN,
        item(window, 800, 600, 1.1),
        item(garden.pot, 300, 830, 0.82, plant="herbs", seed="thyme"),
        item(garden.pot, 800, 840, 0.82, plant="bay", seed="bay"),
        item(garden.pot, 1290, 830, 0.82, plant="lavender", seed="sill"),
        horizon=0.74,
    ),
    "cover-aprons": _wide(
        TEXTILES,
        item(peg_rail, 560, 120, pegs=(-220, 220)),
        item(textiles.apron, 340, 100, 0.8, colour=INK),
        item(textiles.apron, 780, 100, 0.8, colour=RUST),
        item(textiles.over_bar, 1310, 160, 0.9, colour=CREAM, width=330, height=560, bands=[(0.84, 26, SLATE)]),
    ),
}
