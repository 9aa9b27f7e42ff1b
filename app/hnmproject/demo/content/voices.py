"""What customers said, wrote and subscribed to. All of them are invented."""

# ruff: noqa: E501  # a sentence is one line

from __future__ import annotations

from hnmproject.demo.specs import MessageSpec, TestimonialSpec

TESTIMONIALS = [
    TestimonialSpec("Harriet Boyd", "Baker, Leeds", "The casserole has baked two hundred loaves and looks as if it had just started."),
    TestimonialSpec("Anselm Krüger", "Piano tuner, Lübeck", "I asked for a spare spring for my secateurs. It came in a letter, with a drawing of how to fit it."),
    TestimonialSpec("Ruth Adeyemi", "Nurse, Cork", "After a night shift I hold the mug with both hands. It is the right size for that."),
    TestimonialSpec("Pauline Mercier", "Bookseller, Lille", "The towels really are dry by the evening. In this house, in November, I had not thought it possible.", 4),
    TestimonialSpec("Joost van der Meer", "Ferryman, Texel", "The lantern has stood on deck for two winters. It has gone out once, and that was a gull."),
    TestimonialSpec("Ilse Brandt", "Retired judge, Graz", "I have read all their advice on pruning and disagree with none of it. The basket is excellent."),
]  # fmt: skip

MESSAGES = [
    MessageSpec(
        "Daniel Osei", "daniel.osei@example.com", "Lid for the 5.5 l casserole",
        "Hello,\n\nmy lid met the kitchen floor, and the floor won. Do you sell the lid alone? It is the forest green one, bought in spring.\n\nThank you!\nDaniel", 1,
    ),
    MessageSpec(
        "Sofia Lindqvist", "sofia.lindqvist@example.org", "When will the wine glasses be back?",
        "Dear team,\n\nI would like four of the wine glasses for a wedding in June. Will the spring delivery be in time?\n\nBest wishes,\nSofia", 2,
    ),
    MessageSpec(
        "Marek Novotny", "marek.novotny@example.com", "Can the 40 cm pendant be dimmed?",
        "Hi, I have an old dimmer for filament bulbs (60-300 W). Will it work with your enamel pendant and an LED, or do I need another one?\n\nMarek", 3,
    ),
    MessageSpec(
        "Grace Whitlock", "grace.whitlock@example.org", "Thank you for the twine",
        "Just to say that the beans are up to the gutter, and the twine is holding. No answer needed.", 8, handled=True,
    ),
    MessageSpec(
        "Amir Haddad", "amir.haddad@example.com", "Invoice for our office",
        "Good morning,\n\nwe ordered twelve mugs for the office. Could the invoice be made out to the company instead of to me?\n\nKind regards,\nAmir Haddad", 15, handled=True,
    ),
]  # fmt: skip

SUBSCRIBERS = [
    ("hello@example.org", "confirmed", 300),
    ("kitchen.table@example.com", "confirmed", 241),
    ("ruth.adeyemi@example.org", "confirmed", 180),
    ("gardener@example.com", "confirmed", 95),
    ("pauline.mercier@example.com", "confirmed", 40),
    ("new.neighbour@example.org", "pending", 1),
    ("someone.else@example.com", "unsubscribed", 210),
]
