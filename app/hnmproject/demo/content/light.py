"""Lamps and candles."""

from __future__ import annotations

from hnmproject.demo.specs import ProductSpec, pictures, variant

PRODUCTS = [
    ProductSpec(
        slug="stoneware-table-lamp",
        title="Stoneware table lamp",
        category="table-lamps",
        summary="A foot thrown like a vase, under a shade of real linen.",
        description="""
            The same clay and the same hands as our teapots. The shade is linen glued on a frame that can be taken
            apart and covered anew, when fashion or the cat demands it.

            - 45 cm high, shade 30 cm across; cable of 2 m in twisted cotton with a switch
            - E27, at most 60 W; we like 470 lumens at 2,700 K
            - CE; comes with a bulb

            Two small lamps make a better room than one large one. Why, is told in [Lighting a room without a
            plan](/blog/lighting-a-room/).
        """,
        days=26,
        featured=True,
        options=("Colour",),
        tags=("Stoneware", "Linen", "Handmade"),
        variants=(
            variant("LMP-SLA", "139.00", 9, 2300, "Slate"),
            variant("LMP-OAT", "139.00", 7, 2300, "Oat"),
        ),
        pictures=pictures(
            ("lamp-slate", "A lit table lamp with a slate-blue foot and a white shade, in the dusk."),
            ("lamp-oat", "The lamp with an oat-coloured foot."),
        ),
    ),
    ProductSpec(
        slug="brass-reading-lamp",
        title="Brass reading lamp",
        category="table-lamps",
        summary="Two joints, one bell, and no wobble.",
        description="""
            Turned brass, not lacquered, so it ages the way door handles do. The joints are tightened with a coin.
            The bell keeps the light on the page and out of the eyes of whoever sleeps beside you.

            - 52 cm high when upright; a foot of 1.8 kg
            - E14, at most 40 W; dimmable
            - Polish it once a year, or never
        """,
        days=109,
        tags=("Brass", "For life"),
        variants=(variant("RDL-1", "164.00", 5, 3100),),
        pictures=pictures(("reading-lamp", "A brass lamp with a jointed arm lights a dark table.")),
    ),
    ProductSpec(
        slug="enamel-pendant",
        title="Enamel pendant",
        category="pendants",
        summary="A workshop lamp for the dining table: coloured outside, white inside.",
        description="""
            Spun from steel and enamelled by a factory that used to light railway halls. White inside, so that most
            of the light lands on the table; coloured outside, so that it is good to look at by day.

            - 25 cm or 40 cm across; 2 m of textile cable, brass fitting
            - E27, at most 75 W
            - Hang it 60 to 70 cm above the table top; have it fitted by someone who may

            Wipe it with a damp cloth. Enamel does not fade.
        """,
        days=221,
        options=("Size", "Colour"),
        tags=("Enamel", "Steel"),
        variants=(
            variant("PEN-25-FOR", "78.00", 15, 900, "25 cm", "Forest"),
            variant("PEN-25-CRE", "78.00", 18, 900, "25 cm", "Cream"),
            variant("PEN-25-RUS", "78.00", 0, 900, "25 cm", "Rust"),
            variant("PEN-40-FOR", "124.00", 6, 1900, "40 cm", "Forest"),
            variant("PEN-40-CRE", "99.00", 4, 1900, "40 cm", "Cream", was="124.00"),
        ),
        pictures=pictures(
            ("pendant-forest", "A forest-green dome lamp, lit, hanging before a dark wall."),
            ("pendant-cream", "The pendant in cream."),
            ("pendants", "Three pendants in rust, cream and forest at different heights."),
        ),
    ),
    ProductSpec(
        slug="opal-globe",
        title="Opal globe pendant",
        category="pendants",
        summary="A ball of milk glass on a brass cap: the moon, indoors.",
        description="""
            Three layers of glass, blown into each other, the middle one white. It lights a hall evenly and shows no
            bulb.

            - Glass 20 cm or 30 cm across; brass cap, 1.5 m of cable
            - E27, at most 60 W; for bathrooms from zone 2 on (IP44)
            - The glass is held by three screws and comes off for dusting
        """,
        days=221,
        options=("Size",),
        tags=("Glass", "Brass"),
        variants=(
            variant("GLB-20", "89.00", 11, 1300, "20 cm"),
            variant("GLB-30", "129.00", 8, 2400, "30 cm"),
        ),
        pictures=pictures(
            ("globe", "A glowing white glass ball on a brass cap."),
            ("globes", "Three glass globes of different sizes hanging together."),
        ),
    ),
    ProductSpec(
        slug="beeswax-pillar-candle",
        title="Beeswax pillar candle",
        category="candles",
        summary="Pure beeswax, poured by hand, with a quiet flame and a smell of summer.",
        description="""
            Nothing in it but wax and a cotton wick. Beeswax burns hotter and longer than paraffin, drips little,
            and smells of honey without being told to.

            - 100 % beeswax from beekeepers within sixty kilometres
            - 8 cm across; burns about 30 hours for each 5 cm
            - The first time, let the whole surface melt: the candle remembers
        """,
        days=47,
        options=("Size",),
        tags=("Beeswax", "Gift"),
        variants=(
            variant("PIL-08", "14.00", 48, 310, "8 cm"),
            variant("PIL-13", "21.00", 36, 500, "13 cm"),
            variant("PIL-20", "29.00", 3, 780, "20 cm"),
        ),
        pictures=pictures(
            ("pillars", "Three burning beeswax candles of different heights on a dark table."),
            ("pillar", "A single thick candle, lit."),
        ),
    ),
    ProductSpec(
        slug="honeycomb-candles",
        title="Honeycomb candles, pair",
        category="candles",
        summary="Rolled from sheets of wax with the pattern of the hive.",
        description="""
            Beekeepers hang such sheets into the hive to show the bees where to build. Rolled around a wick they
            make the simplest candle there is; children can do it.

            - 100 % beeswax; one of 10 cm and one of 17 cm
            - Burns 9 and 16 hours
            - Put it on a plate: the pattern lets a drop escape now and then
        """,
        days=47,
        tags=("Beeswax",),
        variants=(variant("HNY-2", "17.00", 28, 340),),
        pictures=pictures(("honeycomb", "Two rolled beeswax candles with a honeycomb pattern.")),
    ),
    ProductSpec(
        slug="dipped-dinner-candles",
        title="Dipped dinner candles, six",
        category="candles",
        summary="Dipped thirty times, tapered by gravity, tied with twine.",
        description="""
            A dipped candle grows like a tree, ring by ring, and is coloured all the way through. Six of them last
            for six long dinners.

            - Plant wax with stearin, coloured through; or pure beeswax
            - 24 cm long, 2.2 cm at the foot; eight hours each
            - Keep them flat and cool, and trim the wick to half a centimetre
        """,
        days=12,
        options=("Colour",),
        tags=("Beeswax", "Gift"),
        variants=(
            variant("DIP-BEE", "24.00", 26, 480, "Beeswax"),
            variant("DIP-MIX", "19.00", 31, 470, "Six colours"),
        ),
        pictures=pictures(
            ("dipped", "Six beeswax dinner candles held by a paper band and twine."),
            ("dipped-colours", "Six dinner candles in rust, ochre, cream, sage, slate and plum."),
        ),
    ),
    ProductSpec(
        slug="storm-lantern",
        title="Storm lantern",
        category="lanterns-and-holders",
        summary="A candle that stays lit on the balcony in March.",
        description="""
            A chimney of blown glass between a tin foot and a tin roof: air comes in below, warmth leaves above, and
            the wind stays out. The wire handle folds away.

            - 27 cm or 36 cm high; powder-coated steel, or brass
            - For pillar candles up to 8 cm across
            - The glass lifts out; a spare costs twelve euros
        """,
        days=167,
        featured=True,
        options=("Size", "Metal"),
        tags=("Steel", "Brass", "Glass"),
        variants=(
            variant("LAN-27-BLK", "44.00", 19, 1100, "27 cm", "Black"),
            variant("LAN-36-BLK", "58.00", 12, 1650, "36 cm", "Black"),
            variant("LAN-27-BRS", "62.00", 0, 1200, "27 cm", "Brass"),
            variant("LAN-36-BRS", "79.00", 4, 1800, "36 cm", "Brass"),
        ),
        pictures=pictures(
            ("lantern", "A black storm lantern with a burning candle in its glass."),
            ("lanterns", "A large black and a small brass lantern on a table at dusk."),
        ),
    ),
    ProductSpec(
        slug="turned-candlestick",
        title="Turned brass candlestick",
        category="lanterns-and-holders",
        summary="Solid brass, heavy in the foot, 14 cm high.",
        description="""
            Turned from the bar in a workshop that makes fittings for organs. It weighs more than it looks, which is
            the point.

            - Solid brass, 14 cm, 620 g, felt under the foot
            - For candles of 2.2 cm
            - Wax comes off with hot water
        """,
        days=320,
        tags=("Brass", "Gift", "For life"),
        variants=(variant("CST-14", "38.00", 14, 620, was="48.00"),),
        pictures=pictures(
            ("candlestick", "A brass candlestick with a burning white candle."),
            ("candlesticks", "Three brass candlesticks with candles in rust, honey and cream."),
        ),
    ),
]
