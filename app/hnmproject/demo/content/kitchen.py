"""The products of the kitchen."""

from __future__ import annotations

from hnmproject.demo.specs import ProductSpec, pictures, variant

PRODUCTS = [
    ProductSpec(
        slug="cast-iron-skillet",
        title="Cast-iron skillet",
        category="pots-and-pans",
        summary="Poured in sand, ground smooth and seasoned three times with rapeseed oil.",
        description="""
            The pan to reach for when something should brown. The iron is 4.5 mm thick, so it heats slowly, holds
            what it has taken up, and does not mind a cold steak. The cooking surface is ground after casting: an
            egg slides from the first day, and slides better in a year.

            - Cast iron, seasoned with rapeseed oil; no coating that could wear off
            - For every hob including induction, for the oven, the grill and an open fire
            - Two pouring lips, and a handle long enough to stay bearable on a gas flame

            ## Care

            Wipe it out while it is still warm, rinse with hot water if you must, dry it on the hob and rub in a few
            drops of oil. It does not go into the dishwasher. How to bring back a rusty one stands in [our guide to
            cast iron](/blog/looking-after-cast-iron/).
        """,
        days=312,
        options=("Size",),
        tags=("Cast iron", "For life"),
        variants=(
            variant("SKL-20", "34.00", 42, 1450, "20 cm"),
            variant("SKL-26", "49.00", 31, 2400, "26 cm"),
            variant("SKL-30", "64.00", 4, 3300, "30 cm"),
        ),
        pictures=pictures(
            ("skillet", "A black cast-iron pan seen from above, its handle pointing to the lower right."),
            ("skillet-eggs", "Two fried eggs in the cast-iron pan on an oak worktop."),
        ),
    ),
    ProductSpec(
        slug="enamelled-casserole",
        title="Enamelled casserole",
        category="pots-and-pans",
        summary="A heavy pot with a lid that drips back, for stews, bread and Sunday.",
        description="""
            Cast iron under three coats of enamel: cream inside, where you want to see what browns, and a deep
            colour outside. Small ridges under the lid let the steam drip back evenly, so that a joint bastes itself
            for three hours while you do something else.

            - 3.5 litres feeds four, 5.5 litres feeds six or takes a loaf of one kilogram
            - Every hob including induction; oven up to 260 °C, brass knob included
            - Not bothered by tomatoes, wine or lemon

            ## Care

            Let it cool before it meets water. Burnt bits come off with warm water and a spoonful of washing soda
            left overnight; steel wool would scratch the enamel. The dishwasher does no harm, but dulls the shine
            after a few years.
        """,
        days=204,
        featured=True,
        options=("Size", "Colour"),
        tags=("Cast iron", "Enamel", "For life"),
        variants=(
            variant("CAS-35-BRI", "129.00", 12, 4300, "3.5 l", "Brick", was="159.00"),
            variant("CAS-35-FOR", "129.00", 9, 4300, "3.5 l", "Forest", was="159.00"),
            variant("CAS-35-CRE", "159.00", 0, 4300, "3.5 l", "Cream"),
            variant("CAS-55-BRI", "189.00", 7, 5900, "5.5 l", "Brick"),
            variant("CAS-55-FOR", "189.00", 3, 5900, "5.5 l", "Forest"),
            variant("CAS-55-CRE", "189.00", 6, 5900, "5.5 l", "Cream"),
        ),
        pictures=pictures(
            ("casserole-brick", "A brick-red enamelled casserole with a brass knob on its lid."),
            ("casserole-forest", "The casserole in forest green."),
            ("casserole-open", "A cream casserole without its lid in front of a green one, on an oak table."),
        ),
    ),
    ProductSpec(
        slug="copper-based-saucepan",
        title="Copper-based saucepan",
        category="pots-and-pans",
        summary="Brushed steel with a copper base: quick to heat, quick to cool.",
        description="""
            Copper carries heat twenty times better than steel; steel is easier to live with. This pan has 2 mm of
            the one under 0.8 mm of the other, so milk does not catch in the middle and a sauce stops cooking when
            you take it off.

            - 18/10 stainless steel, brushed inside; a riveted handle that stays cool on gas
            - Marks for every 250 ml, and a rim that pours without dripping
            - For gas, electric and ceramic hobs; not for induction

            The base darkens with use. Half a lemon and some salt make it shine again, if you mind.
        """,
        days=158,
        options=("Size",),
        tags=("Steel", "Copper"),
        variants=(
            variant("SCP-16", "59.00", 18, 980, "16 cm, 1.4 l"),
            variant("SCP-20", "74.00", 15, 1340, "20 cm, 2.6 l"),
        ),
        pictures=pictures(
            ("saucepan", "A brushed steel saucepan with a copper base and a long handle."),
            ("saucepan-lid", "Two saucepans on a wooden worktop, the smaller one with its lid on."),
        ),
    ),
    ProductSpec(
        slug="enamel-colander",
        title="Enamel colander",
        category="kitchen-tools",
        summary="Stands in the sink on its own foot and drains in one go.",
        description="""
            Pressed from one sheet of steel, enamelled cream, with an ink-blue rim and handles. It stands firm on
            its ring while both your hands are busy with the pot.

            - 28 cm across, 12 cm deep: enough for 750 g of pasta or a head of salad
            - The holes are enamelled too, so nothing rusts
            - Dishwasher-safe

            Enamel is glass. Dropped on a stone floor it chips; the steel below can be sealed with a drop of cooking
            oil, and the colander goes on for decades.
        """,
        days=96,
        tags=("Enamel", "Dishwasher-safe"),
        variants=(variant("COL-28", "29.00", 25, 760),),
        pictures=pictures(("colander", "A cream enamel colander with a dark blue rim and two handles.")),
    ),
    ProductSpec(
        slug="cooks-knife",
        title="Cook’s knife, 20 cm",
        category="knives-and-boards",
        summary="High-carbon steel, ground thin, with a walnut handle in three rivets.",
        description="""
            One knife does nine tenths of the work in a kitchen, and this is it. The blade is forged from carbon
            steel at 60 HRC: hard enough to hold an edge for weeks, soft enough to sharpen yourself on a stone in
            ten minutes.

            - Blade 20 cm, 2.2 mm at the spine, ground to 15° a side
            - Full tang; oiled walnut, brass rivets
            - 195 g, balanced just in front of the handle

            ## Care

            Carbon steel is not stainless. Rinse it, dry it, and let the grey-blue patina come: it is what protects
            the blade. Never the dishwasher, never a glass board. [How to sharpen
            it](/blog/sharpening-a-kitchen-knife/) is easier than it looks.
        """,
        days=61,
        tags=("Steel", "Walnut", "For life"),
        variants=(variant("KNF-20", "89.00", 16, 195, was="105.00"),),
        pictures=pictures(
            ("cooks-knife", "A cook’s knife with a walnut handle and three brass rivets."),
            ("knife-on-board", "The cook’s knife lying across an oak board."),
        ),
    ),
    ProductSpec(
        slug="bread-knife",
        title="Bread knife, 24 cm",
        category="knives-and-boards",
        summary="Wide teeth that saw through a crust without tearing the crumb.",
        description="""
            A long blade makes few strokes, and few strokes make even slices. The teeth are wide and ground on one
            side only, so the knife stays sharp for years and leaves more bread on the board than crumbs.

            - Stainless steel, 24 cm, 2 mm thick
            - Walnut handle with room for the knuckles
            - We sharpen it for you once a year: [write to us](/contact/)
        """,
        days=61,
        tags=("Steel", "Walnut"),
        variants=(variant("KNF-BRD", "64.00", 21, 180),),
        pictures=pictures(("bread-knife", "A long bread knife with a toothed blade and a walnut handle.")),
    ),
    ProductSpec(
        slug="oak-chopping-board",
        title="Oak chopping board",
        category="knives-and-boards",
        summary="Three staves of European oak, oiled, with a hole to hang it by.",
        description="""
            Wood is kind to knives, and oak is kind to the people who clean it: its tannins keep bacteria down
            better than plastic does. Each board is glued from three staves with the grain turned against each
            other, so it stays flat.

            - European oak from certified forests, 28 mm thick, finished with linseed oil
            - Both sides can be used: bread on one, onions on the other
            - The small one weighs 1.1 kg, the large one 2.9 kg and does not wander

            ## Care

            Wash by hand with hot water, stand it on its edge to dry, and oil it when it looks thirsty, about four
            times a year. A board that smells of garlic is cured with coarse salt and half a lemon.
        """,
        days=275,
        options=("Size",),
        tags=("Oak", "For life"),
        variants=(
            variant("BRD-S", "32.00", 38, 1100, "Small, 30 × 20 cm"),
            variant("BRD-M", "46.00", 22, 1900, "Medium, 40 × 27 cm"),
            variant("BRD-L", "62.00", 5, 2900, "Large, 50 × 34 cm"),
        ),
        pictures=pictures(
            ("board", "An oak chopping board with rounded corners and a hole at the top."),
            ("boards", "Two oak boards of different sizes, the smaller one lying on the larger."),
        ),
    ),
    ProductSpec(
        slug="beech-spoon-set",
        title="Three beech spoons",
        category="kitchen-tools",
        summary="A spoon, a spatula and a slotted spoon, turned from one piece each.",
        description="""
            Carved from steamed beech in a workshop of four people. They are 32 cm long, so that the hand stays out
            of the steam, and shaped so that the spatula reaches the corner of a pan.

            - Beech, finished with nothing but a burnish; it darkens with the first tomato sauce
            - Will not scratch enamel, steel or a seasoned pan
            - Wash by hand, dry upright
        """,
        days=340,
        tags=("Beech", "Gift"),
        variants=(variant("SPN-3", "18.00", 64, 190),),
        pictures=pictures(("spoons", "A spoon, a spatula and a slotted spoon of light beech, side by side.")),
    ),
    ProductSpec(
        slug="tapered-rolling-pin",
        title="Tapered rolling pin",
        category="kitchen-tools",
        summary="No handles: you feel the dough, and turn as you roll.",
        description="""
            Thick in the middle and thin at the ends, so that a slight turn of the wrist rolls a circle. Bakers who
            try one seldom go back to handles.

            - Beech, 45 cm long, 5 cm at its widest, 540 g
            - Sanded to 400 grit and oiled; flour is enough to keep it from sticking
            - Wipe with a damp cloth; never soak it
        """,
        days=132,
        tags=("Beech",),
        variants=(variant("PIN-45", "24.00", 2, 540),),
        pictures=pictures(("rolling-pin", "A tapered rolling pin of beech lying diagonally.")),
    ),
    ProductSpec(
        slug="stoneware-mixing-bowl",
        title="Stoneware mixing bowl",
        category="baking-and-storing",
        summary="Heavy enough to stay where it is while you whisk.",
        description="""
            Thrown in one piece and glazed inside and out. The foot is left a little rough, so the bowl does not
            slide; the wall is steep enough to whisk cream without painting the kitchen.

            - Stoneware, fired at 1,250 °C; oven, microwave and dishwasher
            - 2 litres for batter and salads, 4 litres for bread
            - The glaze is food-safe and free of lead

            Every bowl is thrown by hand, so sizes differ by a few millimetres. The speckles are iron in the clay,
            and each bowl has its own.
        """,
        days=187,
        options=("Size", "Colour"),
        tags=("Stoneware", "Dishwasher-safe"),
        variants=(
            variant("BWL-2-OAT", "38.00", 14, 1300, "2 l", "Oat"),
            variant("BWL-2-SLA", "38.00", 11, 1300, "2 l", "Slate"),
            variant("BWL-4-OAT", "54.00", 8, 2250, "4 l", "Oat"),
            variant("BWL-4-SLA", "54.00", 0, 2250, "4 l", "Slate"),
        ),
        pictures=pictures(
            ("mixing-bowl-oat", "A wide mixing bowl in speckled oat-coloured stoneware."),
            ("mixing-bowl-slate", "The mixing bowl in slate blue, oat inside."),
            ("mixing-bowls", "Three mixing bowls in rust, oat and slate on an oak table."),
        ),
    ),
    ProductSpec(
        slug="glass-storage-jar",
        title="Storage jar with oak lid",
        category="baking-and-storing",
        summary="You see what is left. It stays dry.",
        description="""
            Borosilicate glass, blown thin and light, under a lid turned from oak with a silicone ring. Flour,
            lentils and coffee stay dry; you stay informed.

            - 0.5, 1 and 1.5 litres, all with the same diameter of 11 cm, so the lids fit each other
            - The glass goes into the dishwasher, the lid does not
            - Replacement rings cost a euro and come in an envelope
        """,
        days=228,
        options=("Size",),
        tags=("Glass", "Oak"),
        variants=(
            variant("JAR-05", "14.00", 80, 320, "0.5 l"),
            variant("JAR-10", "17.00", 73, 430, "1 l"),
            variant("JAR-15", "21.00", 47, 560, "1.5 l"),
        ),
        pictures=pictures(
            ("jar", "A glass jar of oats with a lid of oak."),
            ("jars", "Three jars of different heights with flour, lentils and beans."),
        ),
    ),
    ProductSpec(
        slug="pepper-mill",
        title="Pepper mill",
        category="kitchen-tools",
        summary="A steel grinder with six settings in a turned wooden body.",
        description="""
            The grinder is hardened steel and guaranteed for twenty-five years, which is longer than most of us keep
            a kitchen. Around it, wood: turned in one go, sanded, waxed.

            - 22 cm high, six settings from dust to cracked
            - Holds 45 g of peppercorns
            - For salt, ask us for the ceramic grinder: steel does not like it
        """,
        days=44,
        options=("Wood",),
        tags=("Walnut", "Oak", "Gift"),
        variants=(
            variant("MIL-OAK", "42.00", 19, 310, "Oak"),
            variant("MIL-WAL", "46.00", 12, 330, "Walnut"),
            variant("MIL-BLK", "46.00", 1, 320, "Black beech"),
        ),
        pictures=pictures(
            ("mill-walnut", "A pepper mill of dark walnut."),
            ("mills", "Three pepper mills in oak, walnut and black on a stone worktop."),
        ),
    ),
]
