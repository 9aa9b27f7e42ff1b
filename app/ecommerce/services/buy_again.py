"""Put what an order held into a cart again, as far as it is still sold."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ecommerce.models import Cart, Order, OrderLine
from ecommerce.services import carts
from ecommerce.services.errors import ShopError


@dataclass
class BoughtAgain:
    """Titles of what is in the cart now, and a sentence for each line of which less is there, or nothing."""

    added: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def fill(*, cart: Cart, order: Order) -> BoughtAgain:
    """At the prices of now. One transaction for each line: what cannot be had keeps nothing else out."""
    outcome = BoughtAgain()
    for line in order.lines.select_related("variant__product"):
        if line.variant is None:
            outcome.problems.append(_no_longer_sold(line))
            continue
        try:
            added = carts.add(cart=cart, variant=line.variant, quantity=line.quantity)
        except ShopError as error:
            outcome.problems.append(str(error) if line.variant.product.is_published else _no_longer_sold(line))
            continue
        outcome.added.append(line.title)
        if added.is_less:
            outcome.problems.append(added.message)
    return outcome


def _no_longer_sold(line: OrderLine) -> str:
    return _("“%(title)s” is no longer sold.") % {"title": line.title}
