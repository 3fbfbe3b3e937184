"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from . import job, mapping, stages, start

app_name = "imports"

urlpatterns = [
    path("imports/", start.Imports.as_view(), name="list"),
    path("imports/new/", start.Upload.as_view(), name="new"),
    path("imports/blank/<slug:target>.xlsx", start.blank, name="blank"),
    path("imports/<int:pk>/", job.Job.as_view(), name="job"),
    path("imports/<int:pk>/table/", start.Table.as_view(), name="table"),
    path("imports/<int:pk>/columns/", mapping.Columns.as_view(), name="columns"),
    path("imports/<int:pk>/values/", mapping.Values.as_view(), name="values"),
    path("imports/<int:pk>/stages/", stages.Stages.as_view(), name="stages"),
    path("imports/<int:pk>/check/", job.Check.as_view(), name="check"),
    path("imports/<int:pk>/try/", job.Try.as_view(), name="try"),
    path("imports/<int:pk>/run/", job.Run.as_view(), name="run"),
    path("imports/<int:pk>/run-good/", job.RunGood.as_view(), name="run_good"),
    path("imports/<int:pk>/undo/", job.Undo.as_view(), name="undo"),
    path("imports/<int:pk>/sheet/<int:sheet>/", job.OtherTable.as_view(), name="other_table"),
    path("imports/<int:pk>/errors.xlsx", job.errors_xlsx, name="errors_xlsx"),
    path("imports/<int:pk>/errors.csv", job.errors_csv, name="errors_csv"),
]
