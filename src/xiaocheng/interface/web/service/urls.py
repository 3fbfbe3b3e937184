"""Addresses of complaints."""

from __future__ import annotations

from django.urls import path

from . import acts, complaints

app_name = "service"
urlpatterns = [
    path("complaints/", complaints.Complaints.as_view(), name="complaints"),
    path("complaints/export/", complaints.Export.as_view(), name="export"),
    path("complaints/new/", acts.New.as_view(), name="new"),
    path("complaints/<int:pk>/", complaints.ComplaintPage.as_view(), name="complaint"),
    path("complaints/<int:pk>/edit/", acts.Edit.as_view(), name="edit"),
    path("complaints/<int:pk>/take-up/", acts.TakeUp.as_view(), name="take_up"),
    path("complaints/<int:pk>/hand-on/", acts.HandOn.as_view(), name="hand_on"),
    path("complaints/<int:pk>/close/", acts.Close.as_view(), name="close"),
    path("complaints/<int:pk>/reopen/", acts.Reopen.as_view(), name="reopen"),
    path("complaints/<int:pk>/judge/", acts.Judge.as_view(), name="judge"),
]
