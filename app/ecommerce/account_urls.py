"""The pages of an account that the shop adds, below /accounts/."""

from __future__ import annotations

from django.urls import path

from ecommerce.views import orders

app_name = "orders"
urlpatterns = [
    path("", orders.account_orders, name="list"),
    path("<str:number>/", orders.account_order, name="detail"),
]
