"""Addresses of receptions."""

from __future__ import annotations

from django.urls import path

from . import acts, figures, page, register

app_name = "receptions"

urlpatterns = [
    path("receptions/", register.Register.as_view(), name="list"),
    path("receptions/export/", register.Export.as_view(), name="export"),
    path("receptions/new/", acts.Receive.as_view(), name="new"),
    path("receptions/known/", acts.known, name="known"),
    path("receptions/figures/", figures.Figures.as_view(), name="figures"),
    path("receptions/<int:pk>/", page.ReceptionPage.as_view(), name="page"),
    path("receptions/<int:pk>/edit/", acts.Edit.as_view(), name="edit"),
    path("receptions/<int:pk>/cancel/", acts.Cancel.as_view(), name="cancel"),
    path("receptions/turns/<int:site>/accept/", acts.Accept.as_view(), name="accept"),
    path("receptions/turns/<int:site>/pass/", acts.Pass.as_view(), name="pass"),
]
