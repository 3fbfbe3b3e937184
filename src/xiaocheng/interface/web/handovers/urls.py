"""Addresses of handovers."""

from __future__ import annotations

from django.urls import path

from . import acts, lists

app_name = "handovers"

urlpatterns = [
    path("handovers/", lists.Handovers.as_view(), name="list"),
    path("handovers/waiting/", lists.Waiting.as_view(), name="waiting"),
    path("handovers/new/", acts.NewHandover.as_view(), name="new"),
    path("handovers/give/", acts.GiveSome.as_view(), name="give_some"),
    path("handovers/<int:pk>/", lists.HandoverPage.as_view(), name="page"),
    path("handovers/<int:pk>/give/", acts.Give.as_view(), name="give"),
    path("handovers/<int:pk>/carry-out/", acts.CarryOut.as_view(), name="carry_out"),
    path("handovers/<int:pk>/refresh/", acts.Refresh.as_view(), name="refresh"),
    path("handovers/<int:pk>/drop/", acts.Drop.as_view(), name="drop"),
]
