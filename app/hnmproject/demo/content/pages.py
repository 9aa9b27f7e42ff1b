"""The pages of the footer. They say what is true of this software, and what a shop would have to say."""

from __future__ import annotations

from hnmproject.demo.specs import PageSpec

PAGES = [
    PageSpec(
        slug="about-us",
        title="About us",
        description="Who makes Hearth & Morrow, what we sell and what we do not.",
        body="""
            Hearth & Morrow sells well-made things for the home: for the kitchen, the table, the sofa, the lamp
            beside it and the garden behind. About fifty of them at any time, chosen by the people who use them.

            ## How we choose

            - **It must be good at what it is for.** We cook, wash, prune and read with everything before we sell
              it, for at least half a year.
            - **It must be possible to mend.** If a part can break, we keep that part.
            - **Somebody must have been paid properly for it.** We know the workshops, and we visit them.

            What we do not sell: sets of thirty pieces, things that need an app, and anything we would not give to a
            friend.

            ## Who we are

            **Ines Halloran** cooked in restaurants for eleven years and buys everything with an edge or a lid.
            **Tomas Weir** is a gardener who learned to turn wood from his grandmother. **Maud Okafor** studied
            textiles, and turns over every cushion she meets.

            They also write [our journal](/blog/), where you find out how to keep what you have bought alive.

            ## This is a demonstration

            The shop, its people and its products are invented, to show what the software can do. You may order as
            much as you like: it is paid with the numbers of test cards, and nothing is sent. The advice in the
            journal is meant, though.
        """,
    ),
    PageSpec(
        slug="shipping-and-returns",
        title="Shipping and returns",
        description="What shipping costs, how long it takes, and how to send something back.",
        body="""
            ## Shipping

            - Standard costs €4.90 within Europe and takes two to four working days. From €90 on we pay.
            - Express costs €12.90, to Germany and its neighbours, and is there on the next working day.
            - An overseas parcel, to Australia, Canada, Japan, New Zealand and the United States, costs €19.90.
            - You can also pick it up at the workshop, which costs nothing.

            We pack in cardboard and paper. If a box looks as if it had been used before, it has.

            ## Returns

            You may send back anything within thirty days, without giving a reason, as long as it is unused. Write
            to us [on the contact page](/contact/) and we send you a label. The money goes back the way it came, as
            soon as the parcel is here, and after fourteen days at the latest.

            Candles that have been lit and seeds that have been opened stay with you. So does anything we made to
            measure.

            ## Broken on the way

            It happens with stoneware. Take a photograph of the parcel and of the pieces, send it to us, and we send
            you another one the same day. You need not return the shards; [what can be done with
            them](/blog/mending-with-gold/) is a story of its own.

            ## Broken after three years

            Ask us. Many things we sell can be mended, and for many of them we have the part.
        """,
    ),
    PageSpec(
        slug="terms",
        title="Terms",
        description="The terms on which Hearth & Morrow sells, in plain words.",
        body="""
            These terms belong to a demonstration. A real shop replaces them with its own, checked by somebody who
            may.

            ## 1. Who sells

            The contract is made with the company named in the [imprint](/pages/imprint/).

            ## 2. Prices

            Prices are in euros and include value added tax at the rate that applies to the product. Shipping is
            added, and shown before you order.

            ## 3. Ordering

            What you see in the shop is an invitation. By placing an order you make an offer; we accept it by
            sending the goods or a confirmation. If something turns out to be sold out, we tell you and refund what
            you have paid.

            ## 4. Delivery and ownership

            We deliver to the address you give. The goods belong to us until they are paid for in full.

            ## 5. Withdrawal

            As a consumer you may withdraw within thirty days without giving a reason. How that works stands under
            [shipping and returns](/pages/shipping-and-returns/).

            ## 6. Defects

            The law gives you two years. We give you five for anything made of iron, steel, wood or stoneware, as
            long as it was used for what it is made for.

            ## 7. Handmade differences

            Colours, sizes and speckles vary. That is not a defect, and you may still send it back.
        """,
    ),
    PageSpec(
        slug="privacy",
        title="Privacy",
        description="Which data this site keeps, why, and for how long.",
        body="""
            We keep as little about you as a shop can. This page says what that is.

            ## When you only look around

            Reading the shop and the journal needs no account and sets no [cookie](/cookies/). What you put into
            your cart is kept for sixty days after you last looked at it. There is no
            analytics script, no advertising, and nothing is loaded from other companies: pictures and styles come
            from this server. The server writes a log line for each request, with the time, the address of the page
            and your IP address, so that faults and attacks can be traced.

            ## When you write to us

            The [contact form](/contact/) stores your name, your e-mail address, the subject and the message, and
            sends a copy to our support mailbox. We use them to answer you.

            ## When you order

            We store your e-mail address, where the parcel and the invoice go, what you bought and, if you give it, a
            telephone number for the carrier. You pay at Stripe: we never see the number of your card. Invoices are
            kept for as long as the law demands.

            ## When you subscribe to the newsletter

            We store your e-mail address and when you confirmed it. You get nothing before you have confirmed. Every
            newsletter has a link that unsubscribes you with one click.

            ## When you have an account

            We store your e-mail address, your name if you give it, and your password as a one-way hash that we
            cannot read. You can change your data in [your account](/accounts/).

            ## Your rights

            You may ask what we have stored about you, have it corrected or deleted, and take it with you. Write to
            us; a person reads it. You may also complain to a data protection authority.

            ## This is a demonstration

            Whoever runs this software as a real shop describes here what their shop does: payment, shipping,
            backups and how long each is kept.
        """,
    ),
    PageSpec(
        slug="imprint",
        title="Imprint",
        description="Who is responsible for this site.",
        body="""
            **Hearth & Morrow Ltd** (an invented company)

            12 Kiln Lane, Morrowby, Exampleshire EX1 2MP

            Managing directors: Ines Halloran, Tomas Weir

            Company register: 00000000, Exampleshire

            VAT number: XX000000000

            ## Contact

            The quickest way is [the contact page](/contact/). We read it every working day.

            ## Pictures and words

            Every picture on this site was drawn, and every text written, for this demonstration. You may use them
            under the licence of the software.
        """,
    ),
]
