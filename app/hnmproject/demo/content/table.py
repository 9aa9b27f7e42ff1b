"""The products for the table."""

from __future__ import annotations

from hnmproject.demo.specs import ProductSpec, pictures, variant

PRODUCTS = [
    ProductSpec(
        slug="everyday-mug",
        title="Everyday mug",
        category="cups-and-mugs",
        summary="Three fingers in the handle, a third of a litre, and a foot of bare clay.",
        description="""
            We asked the pottery for a mug that one would miss when it is in the dishwasher. This is the fourth try.
            The handle takes three fingers, the lip is thin, and the glaze stops above the foot so that you feel
            what it is made of.

            - Stoneware, 330 ml, 9 cm high
            - Dishwasher, microwave, and twenty years of Mondays
            - Thrown and glazed by hand: no two are quite alike
        """,
        days=9,
        featured=True,
        options=("Colour",),
        tags=("Stoneware", "Handmade", "Gift"),
        variants=(
            variant("MUG-OAT", "19.00", 56, 360, "Oat"),
            variant("MUG-SLA", "19.00", 48, 360, "Slate"),
            variant("MUG-MOS", "19.00", 0, 360, "Moss"),
            variant("MUG-RUS", "19.00", 33, 360, "Rust"),
        ),
        pictures=pictures(
            ("mug-slate", "A slate-blue mug of tea with a foot of unglazed clay."),
            ("mug-rust", "The mug in rust, filled with coffee."),
            ("mugs", "Four mugs in moss, rust, oat and slate on an oak table."),
        ),
    ),
    ProductSpec(
        slug="espresso-cup-and-saucer",
        title="Espresso cup and saucer",
        category="cups-and-mugs",
        summary="80 ml, thick-walled so the coffee stays hot to the last sip.",
        description="""
            Small, heavy and round inside, which is what the crema likes. The saucer has room for a spoon and a
            piece of chocolate.

            - Stoneware, 80 ml, saucer 12 cm
            - Warm it with hot water first: the wall holds the heat for ten minutes
            - Dishwasher-safe
        """,
        days=73,
        options=("Colour",),
        tags=("Stoneware", "Gift"),
        variants=(
            variant("ESP-RUS", "22.00", 17, 260, "Rust"),
            variant("ESP-CHA", "22.00", 24, 260, "Chalk"),
            variant("ESP-INK", "22.00", 5, 260, "Ink"),
        ),
        pictures=pictures(
            ("espresso-rust", "A rust-coloured cup of coffee on its saucer."),
            ("espresso-pair", "Two espresso cups, one chalk and one ink blue, on a stone counter."),
        ),
    ),
    ProductSpec(
        slug="stoneware-plate",
        title="Stoneware plate",
        category="plates-and-bowls",
        summary="A wide rim, a flat middle, and three colours that go together.",
        description="""
            A plate is a frame. This one is quiet: a broad rim, a matt glaze with a few speckles, and a middle that
            is really flat, so that the knife does not rock.

            - Stoneware fired at 1,250 °C; hard enough for steel cutlery
            - Oven, microwave, dishwasher
            - 22 cm for breakfast and cake, 27 cm for dinner; they stack in any order

            Most people mix the colours. If one breaks in ten years, we still make them.
        """,
        days=118,
        options=("Size", "Colour"),
        tags=("Stoneware", "Dishwasher-safe"),
        variants=(
            variant("PLT-22-SAG", "18.00", 60, 520, "22 cm", "Sage"),
            variant("PLT-22-OAT", "18.00", 72, 520, "22 cm", "Oat"),
            variant("PLT-22-SLA", "18.00", 41, 520, "22 cm", "Slate"),
            variant("PLT-27-SAG", "24.00", 38, 780, "27 cm", "Sage"),
            variant("PLT-27-OAT", "24.00", 44, 780, "27 cm", "Oat"),
            variant("PLT-27-SLA", "24.00", 0, 780, "27 cm", "Slate"),
        ),
        pictures=pictures(
            ("plate-sage", "A sage-green plate with a wide rim, seen from above."),
            ("plate-oat", "The plate in oat."),
            ("plates", "A pile of plates in sage, oat and slate."),
        ),
    ),
    ProductSpec(
        slug="pasta-bowl",
        title="Pasta bowl",
        category="plates-and-bowls",
        summary="Wider than a bowl, deeper than a plate.",
        description="""
            For everything that comes with a sauce: pasta, risotto, curry, or porridge on a cold morning. The rim
            turns in a little, so the last spoonful has something to climb.

            - Stoneware, 23 cm across, 6 cm deep, 700 ml
            - Nests with its siblings
            - Oven, microwave, dishwasher
        """,
        days=118,
        options=("Colour",),
        tags=("Stoneware", "Dishwasher-safe"),
        variants=(
            variant("PAS-SLA", "26.00", 29, 690, "Slate"),
            variant("PAS-OAT", "26.00", 35, 690, "Oat"),
            variant("PAS-RUS", "21.00", 6, 690, "Rust", was="26.00"),
        ),
        pictures=pictures(
            ("bowl-slate", "A shallow bowl, slate blue outside and oat inside."),
            ("bowls", "Three nested bowls in slate, oat and rust."),
        ),
    ),
    ProductSpec(
        slug="water-glasses",
        title="Water glasses, set of four",
        category="glasses-and-carafes",
        summary="Thin-rimmed, straight-sided, and they stack.",
        description="""
            Pressed glass is thick, blown glass breaks: these are blown into a mould and tempered, so they are thin
            at the lip and still survive the sink.

            - 300 ml, 10 cm high, four in a box
            - Tempered: dishwasher-safe for a few thousand rounds
            - Recycled cardboard box without plastic
        """,
        days=250,
        tags=("Glass", "Dishwasher-safe"),
        variants=(variant("GLS-4", "28.00", 40, 880),),
        pictures=pictures(("tumblers", "Two straight glasses, one of them filled with water.")),
    ),
    ProductSpec(
        slug="carafe",
        title="Water carafe, 1 litre",
        category="glasses-and-carafes",
        summary="A neck to hold it by and a lip that does not drip.",
        description="""
            Mouth-blown, so there is a small pontil mark under the foot and sometimes a bubble in the wall. It fits
            into the door of most fridges and pours in a clean line.

            - Soda-lime glass, 1 litre, 27 cm high
            - Clean it with warm water and a spoonful of rice; no brush needed
            - Goes with our [water glasses](/shop/products/water-glasses/)
        """,
        days=250,
        tags=("Glass", "Handmade"),
        variants=(variant("CRF-1", "36.00", 13, 640),),
        pictures=pictures(
            ("carafe", "A clear glass carafe with a narrow neck, two thirds full of water."),
            ("carafe-set", "The carafe with two glasses on a linen cloth."),
        ),
    ),
    ProductSpec(
        slug="wine-glasses",
        title="Wine glasses, pair",
        category="glasses-and-carafes",
        summary="One shape for red and white, on a stem drawn from the bowl.",
        description="""
            Blown by two people at a furnace in the Bohemian Forest, and usually gone within a week of arriving. The
            stem is drawn from the bowl rather than stuck on, which is why it is so thin and does not snap.

            - Lead-free crystal, 380 ml, 21 cm high, two in a box
            - Wash by hand, dry while warm
            - The next delivery is due in spring
        """,
        days=290,
        tags=("Glass", "Handmade", "Gift"),
        variants=(variant("WIN-2", "58.00", 0, 420),),
        pictures=pictures(("wine-glasses", "Two stemmed glasses, one with red wine in it.")),
    ),
    ProductSpec(
        slug="teapot-for-two",
        title="Teapot for two",
        category="tea-and-coffee",
        summary="Pours without dripping. We tried for a year.",
        description="""
            A teapot that drips is a decoration. The spout of this one is cut sharp and set high, the lid stays on
            when you tip it, and the sieve is drilled into the wall where it cannot get lost.

            - Stoneware, 750 ml: three mugs or five cups
            - Lid knob of oak; take it off for the dishwasher
            - Holds its heat for forty minutes, an hour under a towel

            Which tea wants which temperature stands in [A pot of tea, properly](/blog/a-pot-of-tea-properly/).
        """,
        days=30,
        featured=True,
        options=("Colour",),
        tags=("Stoneware", "Handmade", "Tea"),
        variants=(
            variant("TEA-SAG", "64.00", 14, 980, "Sage"),
            variant("TEA-INK", "64.00", 9, 980, "Ink"),
        ),
        pictures=pictures(
            ("teapot-sage", "A round teapot in sage green with an oak knob."),
            ("teapot-set", "The teapot in ink blue with a mug of tea and a small milk jug."),
        ),
    ),
    ProductSpec(
        slug="pouring-jug",
        title="Pouring jug",
        category="tea-and-coffee",
        summary="For milk, water, batter or a handful of dahlias.",
        description="""
            A jug with a waist, so that a wet hand holds it. The lip is pulled, not cut, and lets go of the last
            drop when you want it to.

            - Stoneware, 1.1 litres, 19 cm high
            - Dishwasher, microwave
            - Looks better with flowers in it than most vases
        """,
        days=145,
        options=("Colour",),
        tags=("Stoneware", "Handmade"),
        variants=(
            variant("JUG-OAT", "34.00", 20, 740, "Oat"),
            variant("JUG-MOS", "34.00", 16, 740, "Moss"),
            variant("JUG-SLA", "28.00", 4, 740, "Slate", was="34.00"),
        ),
        pictures=pictures(
            ("jug-oat", "A waisted jug in oat with a handle on the left."),
            ("jug-moss", "The jug in moss green."),
        ),
    ),
    ProductSpec(
        slug="coffee-dripper",
        title="Coffee dripper and server",
        category="tea-and-coffee",
        summary="Filter coffee for two without a cable.",
        description="""
            A porcelain cone with spiral ribs that let the water run evenly, and a server of heat-proof glass to
            stand it on. Both are easy to clean, and neither has a chip inside.

            - Takes paper filters of size 2
            - Server 600 ml, with a handle that stays cool
            - 30 g of coffee, 500 ml of water at 94 °C, three minutes: [the long
              version](/blog/filter-coffee-by-hand/)
        """,
        days=22,
        tags=("Porcelain", "Glass", "Coffee"),
        variants=(variant("DRP-2", "52.00", 18, 900),),
        pictures=pictures(("dripper", "A white porcelain dripper on a glass server half full of coffee.")),
    ),
    ProductSpec(
        slug="assam-second-flush",
        title="Assam, second flush",
        category="tea-and-coffee",
        summary="Loose black tea from one garden, in a tin that closes tightly.",
        description="""
            Picked in June, when the leaves have gold at their tips. Malty, round, and strong enough for milk.

            - 100 g in a tin; about forty cups
            - One level teaspoon a cup, boiling water, four minutes
            - Refills come in paper: bring the tin back to life as often as you like
        """,
        days=52,
        tax="Reduced",
        options=("Packing",),
        tags=("Tea", "Gift"),
        variants=(
            variant("ASM-TIN", "16.50", 45, 210, "Tin, 100 g"),
            variant("ASM-REF", "11.50", 90, 110, "Refill, 100 g"),
        ),
        pictures=pictures(("tea-tin", "A dark green tea tin with a leaf on its label.")),
    ),
    ProductSpec(
        slug="walnut-salad-bowl",
        title="Walnut salad bowl",
        category="plates-and-bowls",
        summary="Turned from one piece of walnut, 34 cm across.",
        description="""
            We are still talking with the turner about the finish: linseed oil looks better, hard wax lasts longer.
            Until that is settled, this stays a draft.

            - Walnut from windfall trees, 34 cm across, 12 cm high
            - Wash by hand, oil twice a year
        """,
        days=None,
        tags=("Walnut", "Handmade"),
        variants=(variant("SAL-34", "118.00", 6, 1400),),
        pictures=pictures(("salad-bowl", "A wide bowl turned from dark walnut.")),
    ),
]
