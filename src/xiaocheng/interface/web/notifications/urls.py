"""Addresses of notifications."""

from __future__ import annotations

from django.urls import path

from . import choices, views

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.Notes.as_view(), name="list"),
    path("notifications/choices/", choices.Choices.as_view(), name="choices"),
    path("notifications/read/", views.ReadAll.as_view(), name="read_all"),
    path("notifications/<int:pk>/", views.follow, name="open"),
]
