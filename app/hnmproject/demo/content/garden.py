"""The products for the garden."""

from __future__ import annotations

from hnmproject.demo.specs import ProductSpec, pictures, variant

PRODUCTS = [
    ProductSpec(
        slug="terracotta-pot",
        title="Terracotta pot",
        category="pots-and-planters",
        summary="Fired at 1,040 °C, so that it survives the winter outdoors.",
        description="""
            Most flowerpots are baked; these are fired. At 1,040 °C the clay closes enough to bear frost and stays
            open enough to breathe, which is what roots want.

            - With a hole and a saucer
            - 12 cm for herbs, 18 cm for geraniums, 24 cm for a small lemon tree
            - The white bloom that comes after a year is lime; leave it, or brush it off with vinegar
        """,
        days=56,
        options=("Size",),
        tags=("Terracotta", "Frost-proof"),
        variants=(
            variant("POT-12", "9.50", 110, 540, "12 cm"),
            variant("POT-18", "15.00", 84, 1380, "18 cm"),
            variant("POT-24", "24.00", 37, 2900, "24 cm"),
        ),
        pictures=pictures(
            ("pot", "A terracotta pot filled with soil, standing in its saucer."),
            ("pot-lavender", "Lavender in bloom in the terracotta pot."),
            ("pots", "Three pots with sage, a house leek and bare soil."),
        ),
    ),
    ProductSpec(
        slug="glazed-planter",
        title="Glazed planter",
        category="pots-and-planters",
        summary="Wide and low, for ferns and for the plant you were given.",
        description="""
            Stoneware glazed inside and out, so the table below stays dry. The bellied shape holds more soil than it
            shows and does not tip over.

            - 22 cm across, 17 cm high; no hole: put a layer of gravel in first
            - Indoors all year, outdoors from May to October
            - Takes an inner pot of 17 cm
        """,
        days=128,
        options=("Colour",),
        tags=("Stoneware",),
        variants=(
            variant("PLN-SLA", "42.00", 13, 2400, "Slate"),
            variant("PLN-OAT", "42.00", 16, 2400, "Oat"),
        ),
        pictures=pictures(
            ("planter-slate", "A fern in a wide slate-blue planter."),
            ("planter-oat", "The planter in oat with a bushy herb."),
        ),
    ),
    ProductSpec(
        slug="galvanised-watering-can",
        title="Galvanised watering can",
        category="watering-and-growing",
        summary="Balanced when full, gentle when it rains from the rose.",
        description="""
            The two handles are set so that the can tips by itself as it empties: one hand carries, the other
            steers. The rose is brass and comes off for cleaning.

            - Hot-dip galvanised after soldering, so the seams are covered too
            - 5 litres for pots, 9 litres for beds
            - Empty it before the frost
        """,
        days=81,
        featured=True,
        options=("Size", "Finish"),
        tags=("Steel", "For life"),
        variants=(
            variant("CAN-5-ZNC", "46.00", 17, 1500, "5 l", "Zinc"),
            variant("CAN-9-ZNC", "58.00", 11, 2100, "9 l", "Zinc"),
            variant("CAN-5-GRN", "52.00", 5, 1500, "5 l", "Green"),
            variant("CAN-9-GRN", "64.00", 0, 2100, "9 l", "Green"),
        ),
        pictures=pictures(
            ("watering-can", "A zinc watering can with two handles and a long spout."),
            ("watering-can-green", "The watering can in green."),
        ),
    ),
    ProductSpec(
        slug="bypass-secateurs",
        title="Bypass secateurs",
        category="garden-tools",
        summary="Forged, sharp, and every part of them can be bought.",
        description="""
            Two blades that pass each other like scissors cut cleanly and leave a wound that heals. These open with
            one hand, take branches up to 22 mm, and come apart with a coin.

            - Forged carbon steel blade, aluminium handles, brass pivot
            - 21 cm long, 230 g
            - Blade, spring and bolt are spare parts; we send them by letter

            When to cut what is told in [Pruning without fear](/blog/pruning-without-fear/).
        """,
        days=34,
        tags=("Steel", "For life", "Gift"),
        variants=(variant("SEC-21", "54.00", 23, 230),),
        pictures=pictures(("secateurs", "Secateurs with red handles, half open.")),
    ),
    ProductSpec(
        slug="trowel",
        title="Hand trowel",
        category="garden-tools",
        summary="A blade of one piece with its neck. It does not bend.",
        description="""
            The weak point of a trowel is where the blade meets the neck. In this one they are the same piece of
            steel, forged and then ground, with a tang that goes through the whole handle.

            - Stainless steel, ash handle, brass ferrule; 32 cm
            - Marks at 5, 10 and 15 cm for planting bulbs
            - A hole in the handle for a loop of [twine](/shop/products/jute-twine/)
        """,
        days=240,
        tags=("Steel", "Ash", "For life"),
        variants=(variant("TRW-32", "27.00", 34, 290),),
        pictures=pictures(
            ("trowel", "A hand trowel with an ash handle and a brass ferrule."),
            ("trowel-and-fork", "The trowel beside a hand fork."),
        ),
    ),
    ProductSpec(
        slug="hand-fork",
        title="Hand fork",
        category="garden-tools",
        summary="Three tines for dandelions with their roots.",
        description="""
            Loosens soil without turning it, which the worms appreciate, and lifts a weed with all that belongs to
            it.

            - Stainless steel, ash handle, brass ferrule; 31 cm
            - Tines 5 mm thick: they go round a stone instead of bending
            - Oil the handle in spring, together with your chopping board
        """,
        days=240,
        tags=("Steel", "Ash"),
        variants=(variant("FRK-31", "27.00", 4, 270),),
        pictures=pictures(("hand-fork", "A three-tined hand fork with an ash handle.")),
    ),
    ProductSpec(
        slug="jute-twine",
        title="Jute twine, two balls",
        category="watering-and-growing",
        summary="For beans, parcels, and everything that needs holding for a summer.",
        description="""
            Three-ply jute, spun without oil, so it does not smell. It holds tomatoes for a season and can go on the
            compost with them.

            - 100 m natural and 60 m green
            - About 3 mm thick, bears 20 kg
            - Made where jute grows, paid for properly
        """,
        days=360,
        tags=("Jute",),
        variants=(variant("TWN-2", "9.00", 96, 380),),
        pictures=pictures(("twine", "A large natural and a small green ball of twine.")),
    ),
    ProductSpec(
        slug="wildflower-seeds",
        title="Wildflower seeds",
        category="watering-and-growing",
        summary="Thirty kinds that belong here, and what visits them.",
        description="""
            A mixture for poor soil and full sun: cornflower, poppy, wild carrot, viper’s bugloss and twenty-six
            more. All from native seed, gathered and multiplied by three farms.

            - 100 g, enough for 25 square metres
            - Sow from March to May or in September, press down, do not cover
            - Mow once in late July and once in October, and take the hay away
        """,
        days=88,
        tax="Reduced",
        tags=("Seeds", "Gift"),
        variants=(variant("SED-100", "12.50", 58, 190),),
        pictures=pictures(("seeds", "A sage-green tin with painted flowers on its label.")),
    ),
    ProductSpec(
        slug="willow-basket",
        title="Willow basket",
        category="baskets-and-brooms",
        summary="Woven from unpeeled willow, with a hoop that creaks a little.",
        description="""
            Cut in January, sorted by length, soaked for a week and woven in a day. It carries eight kilograms of
            apples, stands beside the stove with kindling, or keeps newspapers.

            - 42 cm across, 22 cm deep, 46 cm with its handle
            - Unpeeled willow; the colours come from three kinds of bush
            - Dry room, now and then a damp cloth: willow that dries out completely breaks
        """,
        days=5,
        featured=True,
        tags=("Willow", "Handmade"),
        variants=(variant("BSK-42", "74.00", 8, 1100),),
        pictures=pictures(
            ("basket", "A round willow basket with a high handle."),
            ("basket-full", "The basket on a wooden floor beside a ball of twine."),
        ),
    ),
    ProductSpec(
        slug="corn-broom",
        title="Corn broom",
        category="baskets-and-brooms",
        summary="Four rows of stitching and an ash handle: it outlives three plastic ones.",
        description="""
            Broom corn is a kind of millet. Bound tightly and stitched four times, it sweeps fine dust and wet
            leaves alike, and wears down evenly instead of bending to one side.

            - 110 cm; ash handle with a loop to hang it
            - Stand it on its handle or hang it, never on its bristles
            - A bucket of warm water once a year keeps the corn from getting brittle
        """,
        days=150,
        tags=("Ash", "Handmade"),
        variants=(variant("BRM-110", "32.00", 15, 780),),
        pictures=pictures(("broom", "A corn broom with red stitching leaning against a wall.")),
    ),
    ProductSpec(
        slug="nest-box",
        title="Nest box for tits",
        category="watering-and-growing",
        summary="The hole measures 32 mm, which is a great deal to a sparrowhawk.",
        description="""
            Oak outside, untreated inside, with a steel ring that woodpeckers respect. The front swings open for
            cleaning in autumn. It comes in the first week of spring, when the tits start looking.

            - Untreated oak, roof of slate-grey tin; 26 cm high
            - Hang it 2 to 3 m high, the hole to the south-east
            - For blue and great tits, nuthatches and tree sparrows
        """,
        days=-24,
        tags=("Oak", "Gift"),
        variants=(variant("NST-32", "39.00", 40, 1900),),
        pictures=pictures(
            ("nest-box", "A nest box of oak with a dark roof and a round hole."),
        ),
    ),
]
