"""Addresses of to-dos."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "tasks"

urlpatterns = [
    path("tasks/", views.Tasks.as_view(), name="list"),
    path("tasks/new/", views.NewTask.as_view(), name="new"),
    path("tasks/finish/", views.Finish.as_view(), name="finish"),
]
