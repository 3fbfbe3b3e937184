"""Addresses of what works without a connection."""

from __future__ import annotations

from django.urls import path

from . import app, day

app_name = "offline"

urlpatterns = [
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("service-worker.js", app.worker, name="worker"),
    path("offline/", day.Page.as_view(), name="page"),
    path("offline/day/", day.copy, name="day"),
]
