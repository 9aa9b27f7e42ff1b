"""The people who write, and what they wrote."""

# ruff: noqa: E501  # a sentence is one line

from __future__ import annotations

from hnmproject.demo.specs import AuthorSpec, PictureSpec, PostSpec

INES = "ines.halloran@example.com"
TOMAS = "tomas.weir@example.com"
MAUD = "maud.okafor@example.com"

AUTHORS = [
    AuthorSpec(INES, "Ines", "Halloran"),
    AuthorSpec(TOMAS, "Tomas", "Weir"),
    AuthorSpec(MAUD, "Maud", "Okafor"),
]

POSTS = [
    PostSpec(
        slug="looking-after-cast-iron",
        title="Looking after cast iron",
        summary="A cast-iron pan asks for five minutes a month and lasts a hundred years. What the seasoning is, how to keep it, and how to bring back a pan that rusted.",
        author=INES,
        days=330,
        tags=("Care", "Kitchen"),
        cover=PictureSpec("cover-cast-iron", "Two fried eggs in a cast-iron pan beside wooden spoons."),
        body="""
            People are afraid of cast iron, as they are of babies, because somebody told them what must never be
            done. Almost all of it is wrong. A pan is a piece of iron. It wants to be dry and slightly fat, and that
            is the whole secret.

            ## What the black is

            The dark layer on a good pan is not dirt and not paint. It is oil that was heated until its molecules
            joined up into something like a varnish. It is hard, it keeps water away from the iron, and food slides
            on it. Each time you fry something, it grows a little.

            So the best care is use. Fry in the pan, often, with a bit more fat than you think, and it looks after
            itself.

            ## After cooking

            1. Wipe the pan with a cloth or a paper towel while it is still warm.
            2. If something sticks, pour in a cup of hot water and scrape with a [wooden
               spatula](/shop/products/beech-spoon-set/).
            3. A drop of washing-up liquid does no harm. The warning dates from the days when soap was lye.
            4. Put it back on the hob until it is bone-dry. Rust needs an hour; the hob needs two minutes.
            5. Rub in three drops of oil, and wipe as if you had made a mistake and wanted it all off again.

            What does harm: the dishwasher, soaking overnight, and storing it damp with the lid on.

            ## When it has rusted

            Rub it with steel wool and hot water until you see grey iron, and do not be shy. Dry it on the hob. Then
            rub the whole pan, handle included, with a very thin film of rapeseed or linseed oil, and put it upside
            down into the oven at 230 °C for an hour. Let it cool inside. Three rounds make a pan that looks new,
            and one round makes a pan you can cook in.

            ## Which one

            If you own none yet, take a [skillet of 26 cm](/shop/products/cast-iron-skillet/). It holds two steaks,
            four eggs or an apple cake. The enamelled kind, such as our
            [casserole](/shop/products/enamelled-casserole/), needs none of the above; it has its own coat, and you
            can cook tomatoes in it all afternoon.
        """,
    ),
    PostSpec(
        slug="a-shelf-you-use",
        title="A shelf you use",
        summary="Open shelves work when everything on them is taken down once a week. How to choose what stays out, and where it goes.",
        author=MAUD,
        days=296,
        tags=("Kitchen", "Living"),
        cover=PictureSpec("cover-shelf", "Two oak shelves with plates, a jug, mugs, jars, bowls and a teapot."),
        body="""
            An open shelf is honest. It shows whether you cook. The ones in magazines hold three vases and a lemon;
            the ones that work hold what you had in your hands this morning.

            ## The rule of the week

            Take everything down, wash it, and put back only what you used during the last seven days. What is left
            over goes behind a door. You will find that it is less than you feared: plates, bowls, two jugs, the
            mugs, a teapot, three jars.

            Things that are used do not gather dust, because they are washed. That is the answer to the question
            everyone asks about open shelves.

            ## Where things go

            - **At the height of the eyes**: what you use daily. [Plates](/shop/products/stoneware-plate/) in a pile
              of at most eight, bowls beside them.
            - **Above**: what is light. Glasses, an empty [jug](/shop/products/pouring-jug/), the vase for the one
              week when there are peonies.
            - **Below**: what is heavy, and what you lift with both hands.
            - **At the end near the hob**: oil, salt, pepper, and nothing else. Steam and fat reach further than you
              think.

            ## Jars

            Decant what you buy in paper: flour, oats, lentils, rice. [Jars of one
            diameter](/shop/products/glass-storage-jar/) stand in a row without looking like a chemist’s. Leave
            spices in the dark; light takes their smell away in a few weeks.

            ## The board itself

            Twenty-four centimetres deep is enough for a dinner plate, and shallow enough that nothing hides at the
            back. Between two shelves leave 32 cm. Use a real board of oak or ash, at least 25 mm thick, with a
            bracket every 80 cm: thirty plates weigh twenty kilograms.

            Fix it into the wall and not into the plaster. If the drill brings out white dust only, you are not
            there yet.
        """,
    ),
    PostSpec(
        slug="choosing-linen",
        title="Choosing linen",
        summary="Thread counts tell you nothing about linen. What to look for instead: weight, finish, and where the flax grew.",
        author=MAUD,
        days=262,
        tags=("Textiles", "Living"),
        cover=PictureSpec("cover-linen", "A pile of folded linen in muted colours and a bundle of napkins."),
        body="""
            Linen is the oldest cloth we know, and the one most often described with the wrong number. The thread
            count, so important for cotton, says next to nothing here: flax yarn is thick and lively, and a good
            sheet may have only a third of the threads of a middling cotton one.

            ## Three numbers that matter

            - **Weight.** Bedding is pleasant between 150 and 180 grams per square metre, a tablecloth between 180
              and 220, an apron above 250. Less is cheaper, and wears through at the folds.
            - **Length of the fibre.** Ask for *long-staple* or *line* linen. Tow linen, spun from short fibres, is
              fuzzy when new and thin after two years.
            - **Shrinkage.** Untreated linen loses up to a tenth in the first wash. Good makers wash it before
              cutting.

            ## Where it grows

            Four fifths of the world’s long flax grows along the coast between Caen and Amsterdam. It needs rain and
            hardly anything else: no irrigation, little fertiliser. Then it is retted in the field, which means that
            dew and fungi loosen the fibre from the straw. A label that says European flax means something; a label
            that says linen look means polyester.

            ## With your hands

            Crush a corner in your fist for ten seconds and let go. Good linen creases softly and shakes out; a
            stiff, sharp crease means starch. Hold it against the light: small irregularities are the nature of the
            yarn, but there should be no bare places.

            ## Washing

            Forty degrees for colours, sixty for towels and beds, little detergent and no softener. Softener coats
            the fibre, and then it cannot drink. Take it out while it is damp, pull it straight, hang it up. Ironing
            is allowed but not needed; [washed bedding](/shop/products/washed-linen-bedding/) and
            [tablecloths](/shop/products/washed-linen-tablecloth/) look as they should when they come from the line.

            Linen is stronger wet than dry and gets softer for about ten years. Then it stays that way. The sheets
            you inherit are the best ones.
        """,
    ),
    PostSpec(
        slug="mending-with-gold",
        title="Mending a bowl, with or without gold",
        summary="Stoneware breaks cleanly, which makes it easy to mend. A method for a Sunday afternoon, and what the bowl may do afterwards.",
        author=TOMAS,
        days=229,
        tags=("Repair", "Care"),
        cover=PictureSpec("cover-mending", "A slate-blue bowl with golden seams beside a fine brush."),
        body="""
            In the box under our packing table there are eleven broken bowls. They are not rubbish. They are waiting
            for a Sunday with rain.

            Stoneware breaks into few, sharp-edged pieces that fit together like a puzzle. That is why it can be
            mended by anyone who is patient for an hour and leaves it alone for a day.

            ## What you need

            - Two-part epoxy glue with a working time of at least twenty minutes
            - Masking tape, toothpicks, methylated spirit and a cloth
            - Brass powder or mica powder if the seam shall show; a fine brush
            - A bowl of sand or rice to hold the pieces while they set

            ## How it goes

            1. **Rehearse.** Put the pieces together dry, with tape, and number them. The order matters: the last
               piece must still be able to go in.
            2. **Clean.** Wipe every edge with spirit. From here on do not touch them.
            3. **Glue.** Mix little, and apply it thinly to one side only. Press, hold for a minute, tape across the
               seam every two centimetres.
            4. **Wait.** Stand the bowl in sand so that gravity closes the seam. A day is better than the hour on
               the packet.
            5. **Fill.** Chips are filled with epoxy thickened with powder; sand it flush with wet paper, 400 grit.
            6. **Gild, or not.** Brush a thin line of fresh epoxy over the seam, wait until it is just tacky, and
               dust it with brass powder.

            ## About the gold

            The Japanese way of mending, *kintsugi*, uses the sap of the lacquer tree and real gold, takes weeks,
            and is a craft that people study for years. What you and I do at the kitchen table is a bow in its
            direction. The thought behind it is free to use: the break is part of what happened to the bowl, so
            there is no need to hide it.

            ## Afterwards

            Epoxy is not made for food, heat or the dishwasher. A mended bowl keeps keys, apples and onions. If you
            want to eat from it, put a new [bowl](/shop/products/pasta-bowl/) on your list and let this one retire
            with honour.
        """,
    ),
    PostSpec(
        slug="a-bench-and-five-pots",
        title="A bench and five pots",
        summary="You do not need a garden. A place to sit, five plants that forgive, and a can within reach make one.",
        author=TOMAS,
        days=196,
        tags=("Garden", "Living"),
        cover=PictureSpec(
            "cover-bench", "A grey garden bench with lavender, a house leek and a watering can, a fern beside it."
        ),
        body="""
            A garden begins where somebody sits down. Everything else can grow around that: on a balcony, beside a
            door, on four square metres of gravel.

            ## The bench first

            Put it where the sun is when you are at home. For most people that means the evening, so the back goes
            to the east. Leave room for two feet in front and a wall behind; nobody likes sitting with an open back.
            A board on two crates is a bench. So is a step.

            ## Five plants that forgive

            - **Lavender**, because bees come. Full sun, poor soil, little water. Cut it back by half after
              flowering.
            - **House leek**, because it asks for nothing and survives the holidays. It lives in a saucer of grit.
            - **Rosemary or sage**, because you will pass it on your way to the kitchen. Bring it in below minus
              eight.
            - **A fern**, for the corner without sun. It wants the same dampness all year, and a
              [planter](/shop/products/glazed-planter/) without a draught.
            - **One thing that is only there for this summer**: sweet peas, nasturtiums, a tomato. A garden should
              have something to look forward to.

            ## Pots

            Take larger ones than you think, because small pots dry out by noon.
            [Terracotta](/shop/products/terracotta-pot/) breathes and is heavy enough for wind. Put a shard over the
            hole, not gravel: gravel only moves the wet layer higher up.

            Stand them on two battens in winter, so the water can leave. What splits a pot is not the cold but the
            puddle under it.

            ## Water

            Rather twice a week properly than a sip each day: roots follow the water down. Water in the morning,
            onto the soil and not onto the leaves. Lift the pot now and then. You will soon know by its weight
            whether it is thirsty, which is all there is to having green fingers. A [can of nine
            litres](/shop/products/galvanised-watering-can/) covers five pots without a second walk.
        """,
    ),
    PostSpec(
        slug="wool-in-winter",
        title="Wool in winter, and in summer",
        summary="Wool cleans itself if you let it. On airing, washing when you must, and keeping moths out without chemistry.",
        author=MAUD,
        days=163,
        tags=("Textiles", "Care"),
        cover=PictureSpec("cover-wool", "A pile of wool blankets in four colours and two cushions."),
        body="""
            A sheep stands in the rain for years without being washed, and smells of sheep only when it is warm and
            wet. Its wool is made that way. Each fibre is covered in scales like a fir cone, and coated with a
            little fat; dust finds no hold, and damp goes in and out again.

            ## Airing

            Hang a [blanket](/shop/products/wool-blanket/) outdoors for an hour on a foggy or frosty day. The damp
            opens the scales, smells leave with it, and the dry air afterwards closes them again. Then shake it.
            Twice a winter is enough.

            Spots are dealt with while they are fresh: blot, do not rub, with cold water and a drop of wool soap.

            ## Washing, if it must be

            1. Wool programme at 30 °C, or by hand in plenty of lukewarm water.
            2. A detergent for wool. Ordinary ones contain enzymes that eat protein, and wool is protein.
            3. No wringing. Roll it in a towel and kneel on it.
            4. Dry it flat, away from the sun and the stove.

            What felts wool is not heat alone but heat, movement and sudden change together. Lukewarm to lukewarm,
            gently, and nothing happens.

            ## Moths

            It is not the moth that eats, but her children, and they like it dark, undisturbed and slightly dirty.
            So:

            - Put wool away clean and aired, never in between.
            - Close the box really tightly. A cotton bag with a string is an invitation.
            - Cedar and lavender keep the moths busy elsewhere, while they still smell; sand the wood or change the
              sachet every spring.
            - If you have found holes: a week in the freezer in a bag, a day out, another week in. That catches the
              eggs too.

            ## In summer

            Do not put every blanket away. On the evenings after a hot day, when the air turns and nobody wants to
            go in yet, wool around the shoulders is what keeps people at the table. It is also the best thing to lie
            on: on damp grass, linen gets wet and wool does not.
        """,
    ),
    PostSpec(
        slug="lighting-a-room",
        title="Lighting a room without a plan",
        summary="Switch off the ceiling light, and begin with the chair you sit in. Five small lights make a room that one large one cannot.",
        author=MAUD,
        days=134,
        tags=("Light", "Living"),
        cover=PictureSpec("cover-light", "A dusky room with a glass globe, two candles and a lit table lamp."),
        body="""
            Most rooms have one lamp in the middle of the ceiling, because that is where the electrician put the
            wire. It lights the floor, the tops of heads and the dust on the cupboard. Switch it off, and start
            again with yourself.

            ## Sit down first

            Where do you read, eat, talk, look for things? Each of these places wants a light of its own, low enough
            to be between you and what you are doing. Between the table top and the lower edge of a
            [pendant](/shop/products/enamel-pendant/) there should be 60 to 70 centimetres: you see each other under
            it, and nobody looks into the bulb.

            ## Islands

            Make at least three islands of light and leave the space between them darker. The eye likes to wander
            from one to the next; a room lit evenly has no distances. A good start:

            - One [lamp at shoulder height](/shop/products/stoneware-table-lamp/) beside the sofa
            - One that throws its light down, on a book or a worktop, such as a [reading
              lamp](/shop/products/brass-reading-lamp/)
            - One that only glows: a [globe](/shop/products/opal-globe/) in the corner, a candle on the sill

            ## Numbers on the box

            - **Kelvin** is the colour. 2,700 is the warm light of a bulb; 4,000 belongs into an office. Never mix
              them in one room.
            - **Lumen** is the amount. 200 for a mood, 470 for a table lamp, 800 over a worktop.
            - **CRI** is honesty. Below 90, tomatoes look tired.

            ## Reflections

            Light needs something to fall on. A lamp in front of a pale wall is twice a lamp. A dark wall swallows
            half of it, but whatever stands before it is lit like an actor. Turn the shade so that the brightest
            spot lands on something you like to look at.

            Lastly: put the lamps on switches you reach without getting up. A lamp that nobody turns on does not
            light anything.
        """,
    ),
    PostSpec(
        slug="sharpening-a-kitchen-knife",
        title="Sharpening a kitchen knife",
        summary="Ten minutes on a stone, four times a year. The angle matters less than keeping it.",
        author=INES,
        days=111,
        tags=("Kitchen", "Care", "Repair"),
        cover=PictureSpec("cover-knives", "A cook’s knife and a bread knife on an oak board."),
        body="""
            A blunt knife is dangerous because you push. A sharp one only needs to be shown where to go. If a tomato
            resists, it is time.

            ## One stone

            A water stone with two sides, 1,000 and 3,000 grit, is all a household needs. Leave it in water until no
            more bubbles rise, about ten minutes, and put it on a damp cloth so that it stays where it is.

            ## The angle

            Put the blade flat on the stone, then lift its back by the height of two stacked coins. For a [cook’s
            knife](/shop/products/cooks-knife/) that is about fifteen degrees. Whether it is fourteen or seventeen
            does not matter. What matters is that it stays the same from heel to tip; a wandering angle rounds the
            edge instead of sharpening it. Colour the edge with a felt pen: where the ink goes, you are grinding.

            ## The strokes

            1. Coarse side. Draw the edge across the stone as if you wanted to shave off a thin slice of it, with
               light pressure, heel to tip.
            2. After about twenty strokes feel the other side of the edge with your thumb, *across* it and never
               along. If there is a fine burr over the whole length, turn the knife over.
            3. The same on the second side, until the burr has moved back.
            4. Fine side of the stone, ten strokes on each side with hardly any pressure, then five, three, one.
            5. Pull the edge twice through a cork, then rinse and dry.

            Test it on a sheet of paper or, better, on that tomato.

            ## Staying sharp

            - Cut on [wood](/shop/products/oak-chopping-board/). Glass, stone and plates ruin an edge in one stroke.
            - Scrape things off the board with the back of the blade.
            - No dishwasher and no drawer full of other metal.
            - A steel does not sharpen; it straightens. Three strokes before cooking double the time between two
              grindings.

            A [bread knife](/shop/products/bread-knife/) with its teeth is another matter. Send it to somebody who
            has the wheel for it, every few years.
        """,
    ),
    PostSpec(
        slug="herbs-on-a-windowsill",
        title="Herbs on a windowsill",
        summary="Why the pot from the supermarket dies after a week, and how to keep thyme, bay and mint going all year.",
        author=TOMAS,
        days=88,
        tags=("Garden", "Kitchen"),
        cover=PictureSpec("cover-herbs", "Three terracotta pots with herbs, a bay tree and lavender by a window."),
        body="""
            The basil from the supermarket is not one plant but thirty, sown so closely that they strangle each
            other by the weekend. It is not your fault. Split it into four pots on the day you bring it home and it
            lives until autumn.

            ## Two kinds of thirst

            Herbs come in two tempers, and the one mistake is to put both into one box.

            - **From dry hills**: thyme, rosemary, sage, oregano, bay, lavender. They want a third of sand in their
              soil, a lot of light, and to dry out between waterings.
            - **From damp meadows**: mint, parsley, chives, basil, coriander. They want rich soil and never to dry
              out at all.

            ## Light

            A south or west window is right for nearly all of them. In winter even that is little: move the pots
            close to the glass, turn them by a quarter every week, and water half as much. Growth stops when the day
            is shorter than ten hours, so from November on pick sparingly.

            ## Pots

            Roots rot before they dry out, so every pot needs a hole, and
            [terracotta](/shop/products/terracotta-pot/) lets the wall breathe as well. Twelve centimetres are
            enough for thyme; bay wants eighteen and gets a new pot every second spring. Pour away what stands in
            the saucer after half an hour.

            ## Picking

            Cut whole stems, just above a pair of leaves, and the plant makes two from one. Plucking single leaves
            from below leaves a bald stalk. Never take more than a third. Flowers mean that a basil wants to finish:
            pinch them out. On chives they taste good.

            Sharp [secateurs](/shop/products/bypass-secateurs/) or scissors are kinder than fingernails.

            ## What to do with too much

            Chop it, press it into an ice tray, pour olive oil over it and freeze. Bay and thyme dry well in a
            bundle tied with [twine](/shop/products/jute-twine/); mint becomes hay, so drink it.
        """,
    ),
    PostSpec(
        slug="a-pot-of-tea-properly",
        title="A pot of tea, properly",
        summary="Warm the pot, weigh the leaves once, and mind the water. The rest is waiting.",
        author=INES,
        days=59,
        tags=("Tea and coffee",),
        cover=PictureSpec("cover-tea", "A sage teapot, a mug, a jug of milk and a tin of tea by a window."),
        body="""
            Nobody needs a thermometer to make tea, and nobody needs to be solemn about it. But four things decide
            how it tastes, and all of them are free.

            ## Water

            Fresh, and boiled once. Water that has boiled three times has lost its air and tastes flat. If yours is
            hard, filter it: lime makes a skin on the cup and takes the top off the flavour.

            - **Black tea and herbs**: boiling
            - **Oolong**: let the kettle stand for two minutes
            - **Green tea**: let it stand for five, or pour the water from pot to jug and back, which costs about
              ten degrees each time

            ## Leaves

            Twelve grams for a litre, which is a level teaspoon a cup. Weigh it once to see what *your* teaspoon
            holds; small leaves are heavy, and large ones mostly air. Loose leaves need room to open, so let them
            swim in the pot and pour through a sieve. A [second-flush Assam](/shop/products/assam-second-flush/) is
            a good place to start: it forgives.

            ## The pot

            Warm it. Fill it with hot water, walk it around the kitchen, pour it away. In a cold pot the water drops
            by fifteen degrees at once, and black tea turns out thin. [Stoneware](/shop/products/teapot-for-two/)
            then keeps it hot for forty minutes; under a folded towel, longer.

            Never wash a teapot with soap if you drink only one kind of tea. If you drink several, do.

            ## Time

            1. Two minutes: lively, and it keeps you awake
            2. Four minutes: round, with enough body for milk
            3. Six minutes: for people who work on fishing boats

            Then take the leaves out or pour everything off. Tea that goes on drawing becomes bitter, and no sugar
            helps.

            ## Milk first or last?

            Last. You see what you are doing. The old reason for putting it first was that thin porcelain cracked;
            [our mugs](/shop/products/everyday-mug/) do not.
        """,
    ),
    PostSpec(
        slug="pruning-without-fear",
        title="Pruning without fear",
        summary="Roses, apples, lavender, hydrangeas: what to cut, when, and why nearly every mistake grows back.",
        author=TOMAS,
        days=40,
        tags=("Garden", "Care"),
        cover=PictureSpec("cover-pruning", "Secateurs with red handles, a trowel and a ball of twine."),
        body="""
            Plants are not offended. In nature they are bitten by deer, broken by snow and shaded out by neighbours;
            compared with that, somebody with clean secateurs is a mild event. Do it badly, and you lose one summer
            of flowers. Do not do it at all, and you lose the plant’s shape for ten years.

            ## The cut

            Half a centimetre above a bud that points outwards, slanting away from it. Use [secateurs that
            pass](/shop/products/bypass-secateurs/), with the thin blade towards the part that stays. A clean wound
            closes by itself; leave the tar in the shed.

            Wipe the blade with spirit between two plants. It is the one thing that professionals do and the rest of
            us forget.

            ## When

            The rule for shrubs is short: what flowers **before midsummer** is cut after flowering, what flowers
            **later** is cut in early spring. The first carry their buds through the winter, and you would cut them
            off.

            - **Roses**: when the forsythia is in bloom. Dead wood first, then anything thinner than a pencil, then
              a third of the rest.
            - **Apple trees**: on a dry day in late winter. Take what grows steeply upwards and what grows inwards.
              A blackbird should be able to fly through the crown, and her hat should stay on.
            - **Lavender**: by half after flowering, a little more in spring. Never down into bare wood, from which
              it does not sprout.
            - **Hydrangeas**: the big-leaved ones lose only last year’s heads, in March. The panicled ones may be
              cut by half.
            - **Clematis**: it depends, and the label knows. If you have lost it, do nothing for a year and watch.

            ## How much

            Step back after every third cut. Never more than a third in a year; a tree that is cut hard answers with
            a forest of straight shoots. What is right looks a little too little.

            Put the cuttings into a [basket](/shop/products/willow-basket/) and not onto the path. The thorn always
            finds the bare foot.
        """,
    ),
    PostSpec(
        slug="filter-coffee-by-hand",
        title="Filter coffee by hand",
        summary="Thirty grams, half a litre, three minutes. A method you can do half asleep, and what to change when it tastes wrong.",
        author=INES,
        days=24,
        tags=("Tea and coffee", "Kitchen"),
        cover=PictureSpec(
            "cover-coffee", "A porcelain dripper on a glass server, a mug of coffee and a small jug of milk."
        ),
        body="""
            Coffee machines are good at one thing, which is being ready when you are not. Everything else a [cone
            and a paper filter](/shop/products/coffee-dripper/) do as well or better, and you can rinse them.

            ## The recipe

            - 30 g of coffee, ground like coarse sand
            - 500 ml of water, thirty seconds off the boil
            - A filter, rinsed with hot water so that it does not taste of paper

            ## The three minutes

            1. **Bloom.** Pour on twice as much water as there is coffee, about 60 ml, and wait for half a minute.
               It swells and bubbles. That is gas leaving; if nothing happens, the coffee is old.
            2. **First pour.** In slow circles from the middle outwards, up to 300 ml.
            3. **Second pour.** When the water has sunk by half, the rest. Keep off the paper, where water would run
               past the coffee.
            4. **Let it drain.** After three to three and a half minutes the bed should be flat and the last drops
               slow. Swirl the server, pour into a warm [cup](/shop/categories/cups-and-mugs/).

            ## If it tastes wrong

            - **Sour, thin**: the water got too little out. Grind finer, or pour more slowly.
            - **Bitter, dry on the tongue**: too much. Grind coarser, or take the water off the boil a little
              longer.
            - **Flat**: old coffee, or water with much lime.
            - **Too strong or too weak**: that is the amount, and not the grind. Change one thing at a time.

            ## Beans

            Buy 250 g at a time, roasted during the last month. Keep them in the bag or in a [tight
            jar](/shop/products/glass-storage-jar/), dark, at room temperature. The fridge is damp and smells of
            cheese. A hand mill with steel burrs grinds 30 g in a minute, which is exactly how long the kettle
            takes.
        """,
    ),
    PostSpec(
        slug="burning-candles-well",
        title="Burning candles well",
        summary="Why the first hour decides how a candle burns, what soot tells you, and which wax is which.",
        author=MAUD,
        days=6,
        tags=("Light", "Care"),
        cover=PictureSpec("cover-candles", "Three burning candles on brass sticks and a lantern on a dark table."),
        body="""
            A candle is a small machine. The flame melts the wax, the wick draws it up, it turns to vapour and
            burns, and the heat melts more. If one part is out of step, it smokes, drips or drowns, and mostly we
            are the ones who put it out of step.

            ## The first hour

            A thick candle remembers. Let it burn the first time until the whole surface is liquid: about an hour
            for each two centimetres of width. If you blow it out earlier, it keeps to that narrow crater for the
            rest of its days, and the wick drowns in it.

            ## The wick

            - Trim it to five millimetres *before* lighting. A long wick makes a long flame, and a long flame makes
              soot.
            - If it leans, straighten it while the wax is soft.
            - Do not blow. Dip the wick into the wax with a match and lift it out again: no smoke, and it lights
              easily next time.

            ## Draughts

            A flame that flickers burns unevenly and drips on one side. Move the candle away from the window, or put
            it into a [lantern](/shop/products/storm-lantern/). If all of them flicker in a still room, it is you
            walking past.

            ## Which wax

            - **[Beeswax](/shop/products/beeswax-pillar-candle/)** burns hottest and longest, drips little, and
              smells of honey. It blooms, which is a white haze; a soft cloth takes it off.
            - **Stearin and plant waxes** burn bright and clean, and take colour well. Our [dipped
              candles](/shop/products/dipped-dinner-candles/) in six colours are made of it.
            - **Paraffin** is what the cheap ones are made of. It comes from crude oil and soots sooner.

            ## Wax where it should not be

            On wood: let it harden, lift it off with a plastic card, polish. On linen: break off what you can, then
            iron the rest between sheets of brown paper. From a [brass stick](/shop/products/turned-candlestick/):
            hot water, and ten minutes.

            One more thing, because it must be said. Never leave them alone in a room, least of all with a cat.
        """,
    ),
    PostSpec(
        slug="laying-a-table",
        title="Laying a table for eight",
        summary="Mixed plates, one cloth, three heights and something green. A table that takes fifteen minutes and lasts until midnight.",
        author=MAUD,
        days=-9,
        tags=("Living", "Textiles"),
        cover=PictureSpec("cover-table", "Three pendants over a table with plates, a carafe, a glass and a bowl."),
        body="""
            The best tables are laid by somebody who would rather be talking. You need no matching set of anything.
            You need a cloth, enough room for elbows, and light in the right place.

            ## Fifteen minutes

            1. **The cloth.** It hangs down by a hand’s breadth at least. Creases are welcome. A [linen
               one](/shop/products/washed-linen-tablecloth/) goes on a bit damp and pulls itself smooth by the time
               they ring.
            2. **Plates.** Sixty centimetres from middle to middle. Mix two colours, or three; what they share is
               the [size](/shop/products/stoneware-plate/).
            3. **Forks left, knives right**, the edge towards the plate, and leave the dessert spoons in the drawer
               until dessert.
            4. **Glasses.** One for water, one for wine. Above the knife.
            5. **Napkins.** On the plate, folded once. No swans.

            ## Three heights

            Something low, like bread on a board. Something of middle height, like a
            [carafe](/shop/products/carafe/) for every four people. Something tall, but thin: candles. Whatever
            stands between 20 and 50 centimetres high hides a face, so keep bouquets out of that zone.

            ## Something green

            Three stems of ivy, a pot of thyme, the branch that broke off yesterday. It need not be flowers, and
            must not smell while people eat.

            ## Light

            Turn off what is on the ceiling. A [pendant](/shop/products/enamel-pendant/) at 65 centimetres above the
            table, dimmed, or eight candles: count one for each guest and you are right.

            ## And then

            Put the salt where it can be reached from both ends. Open the window for five minutes before they come.
            Leave one thing undone, so that the first guest can help; nobody likes to stand about with a glass in a
            finished room.
        """,
    ),
    PostSpec(
        slug="an-apron-is-a-tool",
        title="An apron is a tool",
        summary="What an apron is for, how long its ties should be, and why ours has only one pocket that matters.",
        author=INES,
        days=None,
        tags=("Textiles", "Kitchen"),
        cover=PictureSpec("cover-aprons", "Two linen aprons on a peg rail beside a striped towel."),
        body="""
            Watch people who cook for a living. They put the apron on before they wash their hands and take it off
            when they sit down. In between it is a towel, a pot holder, a sling for peas and a place for the pencil.

            ## What matters

            - **Ties that reach around and knot in front.** Behind your back they come undone, and you cannot hang a
              towel from them.
            - **A bib high enough for tomatoes.** Twenty-five centimetres above the waist.
            - **Cloth that drinks.** Linen of [280 grams](/shop/products/linen-apron/) takes up a spill before it
              gets to the trousers.
            - **One pocket in the middle.** Pockets at the sides catch on drawer handles.

            ## Washing

            At sixty degrees, together with the [tea towels](/shop/products/linen-tea-towels/). Turmeric stays, so
            count it as decoration. Beetroot leaves if you pour boiling water through it at once.

            *Still to write: the part about leather, and whether anyone has a photograph of Grandfather’s.*
        """,
    ),
]
