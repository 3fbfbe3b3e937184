"""Addresses of the home pages."""

from __future__ import annotations

from django.urls import path

from . import company, day, team

app_name = "home"
urlpatterns = [
    path("", day.home, name="home"),
    path("today/", day.Today.as_view(), name="today"),
    path("team/", team.Team.as_view(), name="team"),
    path("company/", company.Company.as_view(), name="company"),
]
