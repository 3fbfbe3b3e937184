"""Addresses of the option lists."""

from __future__ import annotations

from django.urls import path

from . import fields, merging, saved, views

app_name = "options"

urlpatterns = [
    path("options/", views.Lists.as_view(), name="list"),
    path("options/<str:key>/new/", views.NewOption.as_view(), name="new"),
    path("options/<str:key>/<str:code>/edit/", views.EditOption.as_view(), name="edit"),
    path("options/<str:key>/<str:code>/up/", views.RaiseOption.as_view(), name="raise"),
    path("options/<str:key>/<str:code>/merge/", merging.ChooseMerge.as_view(), name="choose_merge"),
    path("options/<str:key>/<str:code>/merge/<str:into>/", merging.Merge.as_view(), name="merge"),
    path("fields/", fields.Fields.as_view(), name="fields"),
    path("fields/<str:table>/new/", fields.NewField.as_view(), name="new_field"),
    path("fields/<int:pk>/edit/", fields.EditField.as_view(), name="edit_field"),
    path("fields/<int:pk>/up/", fields.RaiseField.as_view(), name="raise_field"),
    path("fields/<int:pk>/remove/", fields.RemoveField.as_view(), name="remove_field"),
    path("views/new/", saved.NewView.as_view(), name="new_view"),
    path("views/<int:pk>/edit/", saved.EditView.as_view(), name="edit_view"),
    path("views/<int:pk>/default/", saved.OpenWith.as_view(), name="open_with"),
    path("views/<int:pk>/remove/", saved.RemoveView.as_view(), name="remove_view"),
]
