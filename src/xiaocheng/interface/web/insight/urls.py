"""Addresses of insight."""

from __future__ import annotations

from django.urls import path

from .funnel import FunnelPage
from .results import CyclePage, RevenuePage, WinRatePage
from .rows import Closings, NewCustomers, Stays, Wins

app_name = "insight"
urlpatterns = [
    path("insight/funnel/", FunnelPage.as_view(), name="funnel"),
    path("insight/win-rate/", WinRatePage.as_view(), name="win_rate"),
    path("insight/cycle/", CyclePage.as_view(), name="cycle"),
    path("insight/revenue/", RevenuePage.as_view(), name="revenue"),
    path("insight/rows/stays/", Stays.as_view(), name="stays"),
    path("insight/rows/closings/", Closings.as_view(), name="closings"),
    path("insight/rows/wins/", Wins.as_view(), name="wins"),
    path("insight/rows/customers/", NewCustomers.as_view(), name="customers"),
]
