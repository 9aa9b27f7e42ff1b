"""The textiles."""

from __future__ import annotations

from hnmproject.demo.specs import ProductSpec, pictures, variant

PRODUCTS = [
    ProductSpec(
        slug="linen-tea-towels",
        title="Linen tea towels, set of three",
        category="kitchen-linen",
        summary="They dry a glass without leaving lint, and are better after a year.",
        description="""
            Linen takes up a fifth of its weight in water before it feels damp. Woven in a half-linen twill with a
            rust stripe, hemmed on all sides, and with a loop that holds.

            - 55 % linen, 45 % cotton; 50 × 70 cm, three in a bundle
            - Wash at 60 °C, up to 95 °C if needed; no softener, it stops them drying
            - New ones need three washes until they drink properly
        """,
        days=178,
        tags=("Linen", "Gift"),
        variants=(variant("TTW-3", "29.00", 52, 330),),
        pictures=pictures(
            ("tea-towel", "A natural linen towel with rust-coloured stripes hanging over a rail."),
            ("tea-towels", "Three folded tea towels tied with string."),
        ),
    ),
    ProductSpec(
        slug="linen-apron",
        title="Linen apron",
        category="kitchen-linen",
        summary="A wide bib, two pockets, and ties long enough to knot in front.",
        description="""
            Cut from one piece of heavy linen, 280 g per square metre. It starts out crisp and becomes the thing you
            put on without thinking.

            - One size: 75 cm wide, 92 cm long, neck strap adjustable
            - A double pocket in front, a loop for the towel at the side
            - Wash at 60 °C with similar colours
        """,
        days=84,
        options=("Colour",),
        tags=("Linen", "Gift"),
        variants=(
            variant("APR-INK", "48.00", 22, 380, "Ink"),
            variant("APR-RUS", "48.00", 17, 380, "Rust"),
            variant("APR-OAT", "48.00", 0, 380, "Oat"),
        ),
        pictures=pictures(
            ("apron", "An ink-blue linen apron hanging from a peg rail."),
            ("aprons", "Two aprons, rust and oat, side by side on the rail."),
        ),
    ),
    ProductSpec(
        slug="washed-linen-tablecloth",
        title="Washed linen tablecloth",
        category="table-linen",
        summary="Heavy enough to fall well, washed so that it need not be ironed.",
        description="""
            Belgian flax, woven in Lithuania and stone-washed once before it comes to you. It has the small creases
            that make a table look lived at rather than laid.

            - 100 % linen, 185 g per square metre, mitred corners
            - Wash at 40 °C, pull it straight while damp, leave the iron in the cupboard
            - Red wine: cold water at once, then a spoonful of soda overnight
        """,
        days=66,
        options=("Size", "Colour"),
        tags=("Linen",),
        variants=(
            variant("TBC-180-CHA", "84.00", 10, 620, "145 × 180 cm", "Chalk"),
            variant("TBC-180-MOS", "84.00", 7, 620, "145 × 180 cm", "Moss"),
            variant("TBC-250-CHA", "109.00", 6, 860, "145 × 250 cm", "Chalk"),
            variant("TBC-250-MOS", "89.00", 3, 860, "145 × 250 cm", "Moss", was="109.00"),
        ),
        pictures=pictures(
            ("tablecloth", "A round table with a chalk-white cloth and a blue jug on it."),
            ("tablecloth-folded", "The tablecloth in moss green, folded."),
        ),
    ),
    ProductSpec(
        slug="linen-napkins",
        title="Linen napkins, set of four",
        category="table-linen",
        summary="Two oat, two rust; they end the argument about paper.",
        description="""
            Four napkins replace about a thousand paper ones in their first five years. Soft from the start, hemmed
            with a mitred corner, and large enough for a lap.

            - 100 % linen, 45 × 45 cm
            - Wash at 60 °C; they come out of the line smooth if you shake them first
            - Tied with jute, no plastic
        """,
        days=66,
        tags=("Linen", "Gift"),
        variants=(variant("NAP-4", "36.00", 27, 240),),
        pictures=pictures(("napkins", "Four folded napkins in oat and rust, tied with string.")),
    ),
    ProductSpec(
        slug="waffle-bath-towel",
        title="Waffle bath towel",
        category="bath",
        summary="Half linen, half cotton: dries you fast, and dries itself faster.",
        description="""
            The little hollows give it three times the surface of a flat towel. It takes up water at once, massages
            a little, and is dry again before the next person showers.

            - 50 % linen, 50 % organic cotton, 260 g per square metre
            - Hand towel 50 × 90 cm, bath towel 80 × 150 cm
            - Wash at 60 °C; it shrinks by 6 % the first time, which we have allowed for
        """,
        days=15,
        featured=True,
        options=("Size", "Colour"),
        tags=("Linen", "Cotton"),
        variants=(
            variant("WAF-H-SAG", "22.00", 34, 150, "Hand towel", "Sage"),
            variant("WAF-H-CHA", "22.00", 39, 150, "Hand towel", "Chalk"),
            variant("WAF-H-BLU", "22.00", 12, 150, "Hand towel", "Blush"),
            variant("WAF-B-SAG", "46.00", 18, 390, "Bath towel", "Sage"),
            variant("WAF-B-CHA", "46.00", 20, 390, "Bath towel", "Chalk"),
            variant("WAF-B-BLU", "46.00", 0, 390, "Bath towel", "Blush"),
        ),
        pictures=pictures(
            ("bath-towels", "Three folded waffle towels in sage, chalk and blush."),
            ("bath-towel-hung", "A sage waffle towel hanging over a wooden rail."),
        ),
    ),
    ProductSpec(
        slug="wool-blanket",
        title="Wool blanket",
        category="cushions-and-blankets",
        summary="New wool in a large check, with a knotted fringe.",
        description="""
            Woven in a mill that has stood by the same river since 1836, from the wool of upland sheep: springy, a
            little coarse, and warm even when damp. After the first winter it is soft.

            - 100 % new wool, 130 × 180 cm, 900 g
            - The fringe is knotted by hand
            - Air it rather than wash it: an hour in the fog does more than a machine. Wool programme at 30 °C if it
              must be
        """,
        days=38,
        options=("Colour",),
        tags=("Wool", "For life", "Gift"),
        variants=(
            variant("BLK-OCH", "118.00", 14, 900, "Ochre"),
            variant("BLK-SLA", "118.00", 11, 900, "Slate"),
            variant("BLK-PLU", "94.00", 2, 900, "Plum", was="118.00"),
        ),
        pictures=pictures(
            ("blanket-ochre", "An ochre and cream checked blanket with a fringe, hanging over a rail."),
            ("blanket-slate", "The blanket in slate blue."),
            ("blankets", "Three folded blankets in slate, ochre and plum on a wooden bench."),
        ),
    ),
    ProductSpec(
        slug="linen-cushion-cover",
        title="Linen cushion cover",
        category="cushions-and-blankets",
        summary="Piped edges, a hidden zip, and a colour that does not shout.",
        description="""
            A cover of heavy linen with piping in its own colour. The zip hides in the lower seam, so there is no
            wrong side.

            - 100 % linen, 320 g per square metre
            - 45 × 45 cm and 60 × 40 cm; choose a filling 5 cm larger, it looks fuller
            - Wash at 40 °C inside out; the filling is sold by any good bedding shop
        """,
        days=101,
        options=("Size", "Colour"),
        tags=("Linen",),
        variants=(
            variant("CUS-45-MOS", "39.00", 25, 260, "45 × 45 cm", "Moss"),
            variant("CUS-45-RUS", "39.00", 21, 260, "45 × 45 cm", "Rust"),
            variant("CUS-45-OAT", "39.00", 30, 260, "45 × 45 cm", "Oat"),
            variant("CUS-60-STR", "44.00", 16, 280, "60 × 40 cm", "Slate stripe"),
            variant("CUS-60-MOS", "44.00", 0, 280, "60 × 40 cm", "Moss"),
        ),
        pictures=pictures(
            ("cushion-moss", "A square cushion in moss green with piped edges."),
            ("cushion-stripe", "A long cushion in oat with slate-blue stripes."),
            ("cushions", "Three cushions in rust, oat and moss on a wooden bench."),
        ),
    ),
    ProductSpec(
        slug="washed-linen-bedding",
        title="Washed linen bedding",
        category="bed-linen",
        summary="A duvet cover and a pillowcase that breathe in August and warm in January.",
        description="""
            Linen is the one bedding that knows what season it is. The hollow fibre carries damp away, so you sleep
            dry; in winter the same air keeps you warm.

            - 100 % linen, stone-washed, 165 g per square metre; coconut buttons
            - Single: 140 × 200 cm with one pillowcase. Double: 200 × 200 cm with two
            - Wash at 40 °C or 60 °C, line-dry, never iron

            How to tell good linen from bad before you buy stands in [Choosing linen](/blog/choosing-linen/).
        """,
        days=199,
        options=("Size", "Colour"),
        tags=("Linen",),
        variants=(
            variant("BED-1-CHA", "149.00", 8, 1250, "Single", "Chalk"),
            variant("BED-1-BLU", "149.00", 6, 1250, "Single", "Blush"),
            variant("BED-2-CHA", "219.00", 5, 1980, "Double", "Chalk"),
            variant("BED-2-BLU", "179.00", 4, 1980, "Double", "Blush", was="219.00"),
        ),
        pictures=pictures(("duvet", "Folded bed linen in blush and chalk, tied with string.")),
    ),
]
