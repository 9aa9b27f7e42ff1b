"""The tree of categories and the rates of tax."""

# ruff: noqa: E501  # a sentence is one line

from __future__ import annotations

from decimal import Decimal

from hnmproject.demo.specs import CategorySpec

TAX_RATES = {"Standard": Decimal("20.00"), "Reduced": Decimal("10.00"), "Zero": Decimal("0.00")}

CATEGORIES = [
    CategorySpec("kitchen", "Kitchen", "Pans that outlive fashions, knives that keep their edge, and the small tools a cook reaches for every day."),
    CategorySpec("pots-and-pans", "Pots and pans", "Cast iron, enamel and steel: few pieces, chosen to do many things well.", "kitchen"),
    CategorySpec("knives-and-boards", "Knives and boards", "A good edge and something kind to put under it.", "kitchen"),
    CategorySpec("kitchen-tools", "Kitchen tools", "Spoons, pins and mills of wood and steel, made to be handled.", "kitchen"),
    CategorySpec("baking-and-storing", "Baking and storing", "Bowls to mix in and jars to keep things in.", "kitchen"),
    CategorySpec("table", "Table", "Stoneware thrown by hand and glass blown by mouth, for breakfast on a Tuesday as much as for guests."),
    CategorySpec("cups-and-mugs", "Cups and mugs", "For the first thing you hold in the morning.", "table"),
    CategorySpec("plates-and-bowls", "Plates and bowls", "Stoneware that stacks, mixes and goes into the dishwasher.", "table"),
    CategorySpec("glasses-and-carafes", "Glasses and carafes", "Clear, light in the hand, and strong enough for every day.", "table"),
    CategorySpec("tea-and-coffee", "Tea and coffee", "Pots, jugs and drippers, and something good to put in them.", "table"),
    CategorySpec("textiles", "Textiles", "Linen, cotton and wool from mills that still finish their own cloth."),
    CategorySpec("kitchen-linen", "Kitchen linen", "Towels that dry, aprons that last, cloths that grow softer with every wash.", "textiles"),
    CategorySpec("table-linen", "Table linen", "Tablecloths and napkins, washed so that nobody needs to iron them.", "textiles"),
    CategorySpec("bath", "Bath", "Waffle towels that dry you and then dry themselves.", "textiles"),
    CategorySpec("cushions-and-blankets", "Cushions and blankets", "Wool and linen for sofas, benches and cold evenings.", "textiles"),
    CategorySpec("bed-linen", "Bed linen", "Washed linen, cool in summer and warm in winter.", "textiles"),
    CategorySpec("light", "Light", "Lamps for a table, a corner or a book, and candles for everything else."),
    CategorySpec("table-lamps", "Table lamps", "Light at the height of the eyes, where it makes a room.", "light"),
    CategorySpec("pendants", "Pendants", "One over the table changes an evening.", "light"),
    CategorySpec("candles", "Candles", "Pure beeswax and plant wax, poured, rolled and dipped.", "light"),
    CategorySpec("lanterns-and-holders", "Lanterns and holders", "To carry a flame, indoors and out.", "light"),
    CategorySpec("garden", "Garden", "Tools that can be sharpened and mended, pots that breathe, baskets that hold what grew."),
    CategorySpec("pots-and-planters", "Pots and planters", "Terracotta fired hot enough for frost, and glazed stoneware for indoors.", "garden"),
    CategorySpec("garden-tools", "Garden tools", "Forged steel and ash, with spare parts in the drawer.", "garden"),
    CategorySpec("watering-and-growing", "Watering and growing", "Cans that balance, seeds that come up, twine that holds.", "garden"),
    CategorySpec("baskets-and-brooms", "Baskets and brooms", "Willow and corn, woven and bound by hand.", "garden"),
]  # fmt: skip
