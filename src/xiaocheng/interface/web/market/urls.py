"""Addresses of what is reported about the market."""

from __future__ import annotations

from django.urls import path

from . import acts, reports

app_name = "market"
urlpatterns = [
    path("market/", reports.Events.as_view(), name="events"),
    path("market/export/", reports.Export.as_view(), name="export"),
    path("market/competitors/", reports.Board.as_view(), name="board"),
    path("market/new/", acts.New.as_view(), name="new"),
    path("market/<int:pk>/", reports.ReportPage.as_view(), name="report"),
    path("market/<int:pk>/edit/", acts.Edit.as_view(), name="edit"),
    path("market/<int:pk>/take-up/", acts.TakeUp.as_view(), name="take_up"),
    path("market/<int:pk>/close/", acts.Close.as_view(), name="close"),
    path("market/<int:pk>/reopen/", acts.Reopen.as_view(), name="reopen"),
    path("market/<int:pk>/merge/", acts.Merge.as_view(), name="merge"),
    path("market/<int:pk>/unmerge/", acts.Unmerge.as_view(), name="unmerge"),
]
