"""The colours of the shop, by name, and how light changes them."""

from __future__ import annotations

Colour = tuple[int, int, int]

WARM_WHITE: Colour = (255, 251, 242)
SHADOW: Colour = (44, 30, 26)

OAT: Colour = (226, 213, 190)
CREAM: Colour = (240, 231, 213)
CHALK: Colour = (238, 235, 228)
SLATE: Colour = (92, 114, 131)
INK: Colour = (52, 66, 86)
MOSS: Colour = (112, 122, 84)
SAGE: Colour = (158, 170, 142)
FOREST: Colour = (58, 84, 70)
RUST: Colour = (178, 94, 58)
BRICK: Colour = (158, 66, 52)
BLUSH: Colour = (219, 176, 158)
OCHRE: Colour = (209, 155, 71)
PLUM: Colour = (110, 70, 84)
CHARCOAL: Colour = (62, 60, 60)
IRON: Colour = (52, 50, 50)
STEEL: Colour = (186, 190, 192)
ZINC: Colour = (163, 172, 174)
BRASS: Colour = (199, 158, 84)
COPPER: Colour = (196, 122, 84)
OAK: Colour = (205, 163, 112)
BEECH: Colour = (222, 185, 140)
WALNUT: Colour = (122, 82, 56)
ASH: Colour = (224, 199, 160)
WILLOW: Colour = (176, 128, 78)
STRAW: Colour = (214, 182, 116)
JUTE: Colour = (190, 156, 108)
BEESWAX: Colour = (226, 176, 84)
TERRACOTTA: Colour = (196, 112, 76)
LEAF: Colour = (96, 130, 76)
TEA: Colour = (142, 74, 30)
COFFEE: Colour = (58, 34, 22)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The first colour with that share (0 to 1) of the second."""
    r, g, b = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return r, g, b


def lit(colour: Colour, light: float) -> Colour:
    """The colour under more (above 1) or less light: towards a warm white, or towards its own warm shadow."""
    if light >= 1:
        return mix(colour, WARM_WHITE, min(1.0, light - 1))
    r, g, b = (round(part * 0.30) for part in colour)
    return mix(mix((r, g, b), SHADOW, 0.25), colour, max(0.0, light))
