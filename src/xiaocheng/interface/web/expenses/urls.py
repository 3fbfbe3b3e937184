"""Addresses of expenses."""

from __future__ import annotations

from django.urls import path

from . import acts, lists

app_name = "expenses"
urlpatterns = [
    path("expenses/", lists.Expenses.as_view(), name="list"),
    path("expenses/export/", lists.Export.as_view(), name="export"),
    path("expenses/new/", acts.New.as_view(), name="new"),
    path("expenses/<int:pk>/", lists.ExpensePage.as_view(), name="expense"),
    path("expenses/<int:pk>/correct/", acts.Correct.as_view(), name="correct"),
    path("expenses/<int:pk>/cancel/", acts.Cancel.as_view(), name="cancel"),
]
