"""Addresses of attachments."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "files"

urlpatterns = [
    path("files/<str:kind>/<int:row_id>/attach/", views.Attach.as_view(), name="attach"),
    path("files/<int:pk>/", views.fetch, name="fetch"),
    path("files/<int:pk>/remove/", views.Remove.as_view(), name="remove"),
]
