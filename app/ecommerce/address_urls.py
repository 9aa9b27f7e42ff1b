"""The address book, below /accounts/."""

from __future__ import annotations

from django.urls import path

from ecommerce.views import address_book

app_name = "addresses"
urlpatterns = [
    path("", address_book.overview, name="list"),
    path("add/", address_book.add, name="add"),
    path("<int:pk>/", address_book.change, name="change"),
    path("<int:pk>/delete/", address_book.remove, name="remove"),
]
