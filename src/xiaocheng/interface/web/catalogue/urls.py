"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "catalogue"

urlpatterns = [
    path("products/", views.Products.as_view(), name="list"),
    path("products/export/", views.Export.as_view(), name="export"),
    path("products/new/", views.NewProduct.as_view(), name="new"),
    path("products/<int:pk>/edit/", views.EditProduct.as_view(), name="edit"),
]
