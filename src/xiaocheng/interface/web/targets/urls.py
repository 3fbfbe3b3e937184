"""Addresses of targets."""

from __future__ import annotations

from django.urls import path

from . import pages, sheet

app_name = "targets"

urlpatterns = [
    path("targets/", pages.TeamTargets.as_view(), name="team"),
    path("targets/mine/", pages.MyTargets.as_view(), name="mine"),
    path("targets/set/", sheet.SetTargets.as_view(), name="set"),
]
