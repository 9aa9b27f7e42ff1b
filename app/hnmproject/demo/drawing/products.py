"""The pictures of the products, by name."""

from __future__ import annotations

from . import ceramics, garden, glassware, kitchen, light, textiles
from .canvas import Pen
from .palette import (
    BEECH,
    BEESWAX,
    BLUSH,
    BRASS,
    BRICK,
    CHALK,
    CHARCOAL,
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
    SLATE,
    WALNUT,
    ZINC,
    Colour,
)  # fmt: skip
from .recipes import (
    GARDEN,
    KITCHEN,
    TABLE,
    TEXTILES,
    Recipe,
    at_dusk,
    in_the_air,
    item,
    on_linen,
    on_paper,
    on_stone,
    on_wood,
)  # fmt: skip

RED_WINE: Colour = (116, 30, 46)
FLOUR: Colour = (238, 229, 214)
LENTILS: Colour = (178, 104, 62)
BEANS: Colour = (112, 64, 48)


def plates(pen: Pen, colours: list[Colour], radius: float = 260) -> None:
    """A pile, the first at the bottom."""
    for index, colour in enumerate(colours):
        ceramics.plate(pen.at(0, -26.0 * index), colour, radius=radius, grounded=index == 0)


def bowls(pen: Pen, colours: list[Colour]) -> None:
    """Nested, each a little smaller than the one it stands in."""
    nested = [(pen.at(0, -70.0 * index, 1 - 0.12 * index), colour) for index, colour in enumerate(colours)]
    for place, colour in nested:
        ceramics.bowl(place, colour, grounded=place is nested[0][0])
    for place, colour in reversed(nested[:-1]):
        ceramics.bowl_front(place, colour)


def pile(pen: Pen, colours: list[Colour], *, tied: bool = False, **options: object) -> None:
    """Folded cloth, with a string round it if asked."""
    height = textiles.folded(pen, colours, **options)  # type: ignore[arg-type]
    if tied:
        textiles.twine_around(pen, 560, height)


def peg_rail(pen: Pen, pegs: tuple[float, ...] = (0,)) -> None:
    textiles.rail(pen, width=940, pegs=pegs)


STRIPES = [(0.80, 14, RUST), (0.84, 30, RUST), (0.91, 14, RUST)]

PRODUCTS: dict[str, Recipe] = {
    # Kitchen
    "skillet": on_paper(KITCHEN, item(kitchen.skillet, 480, 480, 1.22)),
    "skillet-eggs": on_wood(KITCHEN, item(kitchen.skillet, 470, 470, 1.25, food=True), horizon=0.0),
    "casserole-brick": on_paper(KITCHEN, item(kitchen.casserole, 590, 860, 1.32, colour=BRICK)),
    "casserole-forest": on_paper(KITCHEN, item(kitchen.casserole, 590, 860, 1.32, colour=FOREST)),
    "casserole-open": on_wood(
        KITCHEN,
        item(kitchen.casserole, 420, 760, 0.86, colour=FOREST),
        item(kitchen.casserole, 730, 930, 1.0, colour=CREAM, lid=False),
    ),
    "saucepan": on_paper(KITCHEN, item(kitchen.saucepan, 460, 850, 1.18)),
    "saucepan-lid": on_wood(
        KITCHEN, item(kitchen.saucepan, 380, 760, 0.72, lid=True), item(kitchen.saucepan, 560, 950, 0.98)
    ),
    "cooks-knife": on_paper(KITCHEN, item(kitchen.knife, 480, 660, 1.2, -28)),
    "knife-on-board": on_paper(
        KITCHEN, item(kitchen.board, 600, 620, 1.36, 78, seed="second"), item(kitchen.knife, 520, 590, 1.1, -14)
    ),
    "bread-knife": on_paper(KITCHEN, item(kitchen.knife, 440, 690, 1.12, -28, length=620, depth=84, saw=True)),
    "board": on_paper(KITCHEN, item(kitchen.board, 600, 600, 1.32)),
    "boards": on_paper(
        KITCHEN,
        item(kitchen.board, 680, 560, 1.28, 10, seed="large"),
        item(kitchen.board, 480, 660, 0.98, -7, colour=(190, 146, 98), seed="small"),
    ),
    "spoons": on_paper(
        KITCHEN,
        item(kitchen.spoon, 320, 1000, 1.16, -7, colour=BEECH),
        item(kitchen.spoon, 600, 1020, 1.16, colour=BEECH, kind="spatula"),
        item(kitchen.spoon, 880, 1000, 1.16, 7, colour=BEECH, kind="slotted"),
    ),
    "rolling-pin": on_paper(KITCHEN, item(kitchen.rolling_pin, 215, 850, 1.12, 62, colour=BEECH)),
    "mixing-bowl-oat": on_paper(KITCHEN, item(ceramics.bowl, 590, 880, 1.6, colour=OAT)),
    "mixing-bowl-slate": on_paper(KITCHEN, item(ceramics.bowl, 590, 880, 1.6, colour=SLATE, inner=OAT)),
    "mixing-bowls": on_wood(
        KITCHEN,
        item(ceramics.bowl, 330, 790, 0.9, colour=RUST, inner=OAT),
        item(ceramics.bowl, 800, 830, 1.05, colour=OAT),
        item(ceramics.bowl, 520, 1010, 0.95, colour=SLATE, inner=OAT),
    ),
    "jar": on_paper(KITCHEN, item(kitchen.jar, 570, 900, 1.7)),
    "jars": on_wood(
        KITCHEN,
        item(kitchen.jar, 300, 880, 1.5, holds=FLOUR, height=400, seed=""),
        item(kitchen.jar, 640, 900, 1.4, holds=LENTILS, height=310, seed="lentils"),
        item(kitchen.jar, 930, 930, 1.25, holds=BEANS, height=240, seed="beans"),
    ),
    "mill-walnut": on_paper(KITCHEN, item(kitchen.mill, 570, 960, 1.42, colour=WALNUT)),
    "mills": on_stone(
        KITCHEN,
        item(kitchen.mill, 400, 900, 1.2, colour=OAK),
        item(kitchen.mill, 640, 980, 1.2, colour=WALNUT),
        item(kitchen.mill, 870, 920, 1.2, colour=CHARCOAL),
    ),
    "colander": on_paper(KITCHEN, item(kitchen.colander, 590, 870, 1.5, colour=CREAM)),
    # Table
    "mug-slate": on_paper(TABLE, item(ceramics.mug, 560, 890, 1.72, colour=SLATE)),
    "mug-rust": on_paper(TABLE, item(ceramics.mug, 560, 890, 1.72, colour=RUST, holds=COFFEE)),
    "mugs": on_wood(
        TABLE,
        item(ceramics.mug, 300, 800, 1.0, colour=MOSS, left=True, holds=None),
        item(ceramics.mug, 830, 820, 1.05, colour=RUST, holds=COFFEE),
        item(ceramics.mug, 470, 980, 1.1, colour=OAT),
        item(ceramics.mug, 780, 1060, 1.12, colour=SLATE, holds=None),
    ),
    "espresso-rust": on_paper(TABLE, item(ceramics.mug, 570, 850, 1.35, colour=RUST, holds=COFFEE, saucer=True)),
    "espresso-pair": on_stone(
        TABLE,
        item(ceramics.mug, 380, 820, 0.86, colour=CHALK, holds=COFFEE, saucer=True),
        item(ceramics.mug, 760, 960, 0.95, colour=INK, holds=COFFEE, saucer=True),
    ),
    "plate-sage": on_linen(TABLE, item(ceramics.plate_from_above, 590, 590, 1.3, colour=SAGE), horizon=0.0),
    "plate-oat": on_linen(TABLE, item(ceramics.plate_from_above, 590, 590, 1.3, colour=OAT), horizon=0.0),
    "plates": on_wood(TABLE, item(plates, 590, 900, 1.5, colours=[SAGE, OAT, SAGE, OAT, SLATE])),
    "bowl-slate": on_paper(TABLE, item(ceramics.bowl, 590, 850, 1.42, colour=SLATE, height=150, inner=OAT)),
    "bowls": on_wood(TABLE, item(bowls, 590, 930, 1.3, colours=[SLATE, OAT, RUST])),
    "tumblers": on_paper(
        TABLE, item(glassware.tumbler, 390, 830, 1.55, water=0.7), item(glassware.tumbler, 780, 910, 1.65)
    ),
    "carafe": on_paper(TABLE, item(glassware.carafe, 560, 1000, 1.48)),
    "carafe-set": on_linen(
        TABLE,
        item(glassware.carafe, 440, 900, 1.2),
        item(glassware.tumbler, 800, 930, 1.15, water=0.62),
        item(glassware.tumbler, 620, 1060, 1.2),
    ),
    "wine-glasses": on_paper(
        TABLE, item(glassware.wine_glass, 400, 940, 1.55, wine=RED_WINE), item(glassware.wine_glass, 790, 980, 1.6)
    ),
    "teapot-sage": on_paper(TABLE, item(ceramics.teapot, 600, 880, 1.42, colour=SAGE, knob=OAK)),
    "teapot-set": on_wood(
        TABLE,
        item(ceramics.teapot, 480, 860, 1.05, colour=INK, knob=OAK),
        item(ceramics.mug, 900, 920, 0.78, colour=OAT),
        item(ceramics.jug, 770, 1060, 0.5, colour=OAT, holds=CREAM),
    ),
    "jug-oat": on_paper(TABLE, item(ceramics.jug, 590, 940, 1.55, colour=OAT)),
    "jug-moss": on_paper(TABLE, item(ceramics.jug, 590, 940, 1.55, colour=MOSS)),
    "dripper": on_paper(
        TABLE, item(glassware.server, 570, 970, 1.3, coffee=COFFEE), item(ceramics.dripper, 570, 600, 1.3, colour=CHALK)
    ),
    "tea-tin": on_paper(TABLE, item(kitchen.tin, 580, 900, 1.62, colour=FOREST)),
    "salad-bowl": on_paper(TABLE, item(ceramics.wooden_bowl, 590, 880, 1.55, colour=WALNUT)),
    # Textiles
    "tea-towel": on_paper(
        TEXTILES,
        item(textiles.over_bar, 600, 230, 1.18, colour=CREAM, width=440, height=690, bands=STRIPES, seed="tea"),
    ),
    "tea-towels": on_paper(
        TEXTILES, item(pile, 590, 860, 1.36, colours=[CREAM, SAGE, CREAM], stripe=RUST, tied=True, thick=70)
    ),
    "tablecloth": on_paper(
        TEXTILES,
        item(textiles.tablecloth, 600, 1010, 1.12, colour=CHALK, border=SLATE),
        item(ceramics.jug, 560, 585, 0.74, colour=SLATE),
    ),
    "tablecloth-folded": on_paper(TEXTILES, item(pile, 590, 840, 1.4, colours=[MOSS], thick=120, plies=4)),
    "napkins": on_linen(
        TEXTILES, item(pile, 590, 850, 1.2, colours=[OAT, RUST, OAT, RUST], tied=True, thick=48, plies=2)
    ),
    "bath-towels": on_paper(
        TEXTILES, item(pile, 590, 920, 1.3, colours=[SAGE, CHALK, BLUSH], waffle=True, thick=120, depth=130)
    ),
    "bath-towel-hung": on_paper(
        TEXTILES,
        item(textiles.over_bar, 600, 200, 1.15, colour=SAGE, width=520, height=740, waffle=True, seed="bath"),
    ),
    "blanket-ochre": on_paper(
        TEXTILES,
        item(
            textiles.over_bar,
            600,
            190,
            1.14,
            colour=OCHRE,
            width=640,
            height=690,
            checks=CREAM,
            fringe=True,
            seed="wool",
        ),
    ),
    "blanket-slate": on_paper(
        TEXTILES,
        item(
            textiles.over_bar,
            600,
            190,
            1.14,
            colour=SLATE,
            width=640,
            height=690,
            checks=CREAM,
            fringe=True,
            seed="wool",
        ),
    ),
    "blankets": on_wood(
        TEXTILES, item(pile, 590, 900, 1.35, colours=[SLATE, OCHRE, PLUM], thick=112, depth=140), horizon=0.66
    ),
    "cushion-moss": on_paper(TEXTILES, item(textiles.cushion, 590, 960, 1.55, colour=MOSS)),
    "cushion-stripe": on_paper(
        TEXTILES, item(textiles.cushion, 590, 900, 1.5, colour=OAT, stripe=SLATE, long=1.36, side=390)
    ),
    "cushions": on_wood(
        TEXTILES,
        item(textiles.cushion, 400, 860, 1.1, -4, colour=RUST),
        item(textiles.cushion, 800, 870, 1.1, 5, colour=OAT),
        item(textiles.cushion, 620, 1000, 0.95, 1, colour=MOSS, long=1.35, side=360),
        horizon=0.66,
    ),
    "duvet": on_paper(
        TEXTILES, item(pile, 590, 930, 1.38, colours=[BLUSH, CHALK, BLUSH], thick=104, depth=150, plies=4, tied=True)
    ),
    "apron": on_paper(TEXTILES, item(peg_rail, 600, 170), item(textiles.apron, 600, 150, 1.06, colour=INK)),
    "aprons": on_paper(
        TEXTILES,
        item(peg_rail, 600, 190, pegs=(-240, 240)),
        item(textiles.apron, 360, 170, 0.86, colour=RUST),
        item(textiles.apron, 840, 170, 0.86, colour=OAT),
    ),
    # Light
    "lamp-slate": at_dusk(item(light.table_lamp, 600, 1040, 1.16, colour=SLATE)),
    "lamp-oat": at_dusk(item(light.table_lamp, 600, 1040, 1.16, colour=OAT, shade=(228, 208, 176))),
    "reading-lamp": at_dusk(item(light.reading_lamp, 480, 1010, 1.2)),
    "pendant-forest": in_the_air(item(light.pendant, 600, 700, 1.42, colour=FOREST)),
    "pendant-cream": in_the_air(item(light.pendant, 600, 700, 1.42, colour=CREAM)),
    "pendants": in_the_air(
        item(light.pendant, 300, 560, 0.72, colour=RUST),
        item(light.pendant, 900, 540, 0.72, colour=CREAM),
        item(light.pendant, 600, 800, 0.94, colour=FOREST),
    ),
    "globe": in_the_air(item(light.globe, 600, 830, 1.5)),
    "globes": in_the_air(
        item(light.globe, 330, 620, 0.8), item(light.globe, 900, 560, 0.7), item(light.globe, 620, 960, 1.05)
    ),
    "pillars": at_dusk(
        item(light.pillar, 380, 900, 1.5, height=330),
        item(light.pillar, 800, 900, 1.45, height=210),
        item(light.pillar, 600, 1040, 1.4, height=130),
        horizon=0.6,
    ),
    "pillar": at_dusk(item(light.pillar, 600, 960, 1.9), horizon=0.62),
    "honeycomb": on_paper(
        KITCHEN, item(light.honeycomb, 430, 860, 1.6, height=320), item(light.honeycomb, 800, 930, 1.5, height=200)
    ),
    "dipped": on_paper(KITCHEN, item(light.dipped, 600, 610, 1.24, 12, colours=[BEESWAX] * 6)),
    "dipped-colours": on_paper(
        KITCHEN, item(light.dipped, 600, 610, 1.24, -10, colours=[RUST, OCHRE, CREAM, SAGE, SLATE, PLUM])
    ),
    "lantern": at_dusk(item(light.lantern, 600, 1040, 1.32), horizon=0.7),
    "lanterns": at_dusk(
        item(light.lantern, 420, 960, 1.15), item(light.lantern, 850, 1060, 0.84, colour=BRASS), horizon=0.66
    ),
    "candlestick": at_dusk(item(light.candlestick, 600, 1060, 1.14), horizon=0.7),
    "candlesticks": at_dusk(
        item(light.candlestick, 360, 1000, 0.95, candle=RUST),
        item(light.candlestick, 840, 1000, 0.86, candle=CREAM),
        item(light.candlestick, 600, 1090, 1.02, candle=BEESWAX),
        horizon=0.66,
    ),
    # Garden
    "pot": on_paper(GARDEN, item(garden.pot, 580, 930, 2.0, saucer=True)),
    "pot-lavender": on_paper(GARDEN, item(garden.pot, 580, 1060, 1.36, plant="lavender", saucer=True)),
    "pots": on_wood(
        GARDEN,
        item(garden.pot, 330, 840, 1.05, plant="herbs", seed="sage"),
        item(garden.pot, 880, 850, 1.0, plant="succulent", seed="house leek"),
        item(garden.pot, 590, 1040, 1.25, seed="empty"),
    ),
    "planter-slate": on_paper(GARDEN, item(garden.planter, 590, 1030, 1.36, colour=SLATE, plant="fern")),
    "planter-oat": on_paper(GARDEN, item(garden.planter, 590, 1030, 1.36, colour=OAT, plant="herbs")),
    "watering-can": on_paper(GARDEN, item(garden.watering_can, 510, 890, 1.18, colour=ZINC)),
    "watering-can-green": on_paper(GARDEN, item(garden.watering_can, 510, 890, 1.18, colour=(98, 122, 100))),
    "secateurs": on_paper(GARDEN, item(garden.secateurs, 600, 470, 1.44, 14, colour=BRICK)),
    "trowel": on_paper(GARDEN, item(garden.hand_tool, 300, 1010, 1.24, 32, kind="trowel")),
    "trowel-and-fork": on_paper(
        GARDEN,
        item(garden.hand_tool, 420, 1060, 1.32, -4, kind="trowel"),
        item(garden.hand_tool, 780, 1060, 1.32, 4, kind="fork"),
    ),
    "hand-fork": on_paper(GARDEN, item(garden.hand_tool, 300, 1010, 1.24, 32, kind="fork")),
    "basket": on_paper(GARDEN, item(garden.basket, 590, 970, 1.5)),
    "basket-full": on_wood(
        GARDEN, item(garden.basket, 560, 980, 1.36), item(garden.twine, 1000, 1060, 0.8), horizon=0.62
    ),
    "broom": on_wood(GARDEN, item(garden.broom, 580, 1120, 1.0), horizon=0.8),
    "twine": on_paper(GARDEN, item(garden.twine, 430, 850, 1.7), item(garden.twine, 830, 960, 1.25, colour=MOSS)),
    "seeds": on_paper(GARDEN, item(kitchen.tin, 580, 900, 1.62, colour=SAGE, motif="meadow")),
    "nest-box": on_paper(GARDEN, item(garden.nest_box, 570, 900, 1.5, colour=OAK)),
    "nest-box-larch": on_paper(GARDEN, item(garden.nest_box, 570, 900, 1.5, colour=(168, 120, 78))),
}
