"""Addresses of the option lists."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "options"

urlpatterns = [
    path("options/", views.Lists.as_view(), name="list"),
    path("options/<str:key>/new/", views.NewOption.as_view(), name="new"),
    path("options/<str:key>/<str:code>/edit/", views.EditOption.as_view(), name="edit"),
]
