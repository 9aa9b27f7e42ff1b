from __future__ import annotations

from django.urls import URLPattern, path

from ecommerce import views

app_name = "ecommerce"
urlpatterns: list[URLPattern] = [
    path("", views.product_list, name="product_list"),
    path("search/", views.search, name="search"),
    path("categories/<slug:slug>/", views.category, name="category"),
    path("products/<slug:slug>/", views.product, name="product"),
]
