"""A guest who logs in takes the cart along."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from ecommerce import cart_cookie
from ecommerce.models import Cart
from ecommerce.services import carts
from users.models import CustomUser


@receiver(user_logged_in)
def merge_carts(request: HttpRequest | None, user: CustomUser, **kwargs: Any) -> None:
    token = cart_cookie.read(request) if request is not None else None
    guest = Cart.objects.filter(token=token, user__isnull=True).first() if token else None
    if guest is not None:
        carts.merge(user=user, guest=guest)
