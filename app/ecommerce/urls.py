from __future__ import annotations

from django.urls import URLPattern, path

from ecommerce.views import catalogue

app_name = "ecommerce"
urlpatterns: list[URLPattern] = [
    path("", catalogue.product_list, name="product_list"),
    path("search/", catalogue.search, name="search"),
    path("categories/<slug:slug>/", catalogue.category, name="category"),
    path("products/<slug:slug>/", catalogue.product, name="product"),
]
