"""Addresses of what was sold."""

from __future__ import annotations

from django.urls import path

from . import lists

app_name = "trade"
urlpatterns = [
    path("sales/", lists.Sales.as_view(), name="sales"),
    path("sales/export/", lists.Export.as_view(), name="export"),
]
