"""Every page: the shell and the families."""

from __future__ import annotations

from django.urls import include, path

from .families import FAMILIES

urlpatterns = [
    path("", include("xiaocheng.interface.web.shell.urls")),
    *(path("", include(f"xiaocheng.interface.web.{family}.urls")) for family in FAMILIES),
]
