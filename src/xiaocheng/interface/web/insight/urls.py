"""Addresses of insight."""

from __future__ import annotations

from django.urls import path

from . import exporting
from .funnel import FunnelPage
from .results import CyclePage, RevenuePage, WinRatePage
from .rows import Closings, NewCustomers, Stays, Wins

app_name = "insight"
urlpatterns = [
    path("insight/funnel/", FunnelPage.as_view(), name="funnel"),
    path("insight/win-rate/", WinRatePage.as_view(), name="win_rate"),
    path("insight/cycle/", CyclePage.as_view(), name="cycle"),
    path("insight/revenue/", RevenuePage.as_view(), name="revenue"),
    path("insight/funnel/export/", exporting.FunnelExport.as_view(), name="funnel_export"),
    path("insight/win-rate/export/", exporting.WinRateExport.as_view(), name="win_rate_export"),
    path("insight/cycle/export/", exporting.CycleExport.as_view(), name="cycle_export"),
    path("insight/revenue/export/", exporting.RevenueExport.as_view(), name="revenue_export"),
    path("insight/rows/stays/", Stays.as_view(), name="stays"),
    path("insight/rows/closings/", Closings.as_view(), name="closings"),
    path("insight/rows/wins/", Wins.as_view(), name="wins"),
    path("insight/rows/customers/", NewCustomers.as_view(), name="customers"),
    path("insight/rows/stays/export/", exporting.StaysExport.as_view(), name="stays_export"),
    path("insight/rows/closings/export/", exporting.ClosingsExport.as_view(), name="closings_export"),
    path("insight/rows/wins/export/", exporting.WinsExport.as_view(), name="wins_export"),
    path("insight/rows/customers/export/", exporting.CustomersExport.as_view(), name="customers_export"),
]
