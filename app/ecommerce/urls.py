from __future__ import annotations

from django.urls import URLPattern, path

from ecommerce.views import cart, catalogue, checkout, orders, payments

app_name = "ecommerce"
urlpatterns: list[URLPattern] = [
    path("", catalogue.product_list, name="product_list"),
    path("search/", catalogue.search, name="search"),
    path("categories/<slug:slug>/", catalogue.category, name="category"),
    path("products/<slug:slug>/", catalogue.product, name="product"),
    path("cart/", cart.cart, name="cart"),
    path("cart/badge/", cart.cart_badge, name="cart_badge"),
    path("cart/add/", cart.cart_add, name="cart_add"),
    path("cart/change/", cart.cart_change, name="cart_change"),
    path("cart/coupon/", cart.cart_coupon, name="cart_coupon"),
    path("checkout/", checkout.show, name="checkout"),
    path("orders/", orders.lookup, name="order_lookup"),
    path("orders/sent/", orders.lookup_done, name="order_lookup_done"),
    path("orders/<str:number>/<uuid:token>/", orders.order, name="order"),
    path("orders/<str:number>/<uuid:token>/pay/", payments.order_pay, name="order_pay"),
    path("orders/<str:number>/<uuid:token>/again/", orders.again, name="order_again"),
    path("invoices/<str:number>/", orders.own_invoice, name="own_invoice"),
    path("invoices/<str:number>/<uuid:token>/", orders.invoice, name="invoice"),
]
