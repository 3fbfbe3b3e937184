"""Addresses of the daily loop."""

from __future__ import annotations

from django.urls import path

from . import attendance, board, inbox, lines, ordering, places, plan, report, reports, requests, results, visits

app_name = "daily"

urlpatterns = [
    path("clock/in/", attendance.ClockIn.as_view(), name="clock_in"),
    path("clock/out/", attendance.ClockOut.as_view(), name="clock_out"),
    path("attendance/requests/", requests.Requests.as_view(), name="requests"),
    path("attendance/requests/leave/", requests.AskLeave.as_view(), name="ask_leave"),
    path("attendance/requests/trip/", requests.AskTrip.as_view(), name="ask_trip"),
    path("attendance/requests/late-return/", requests.AskLateReturn.as_view(), name="ask_late_return"),
    path("attendance/requests/correction/", requests.AskCorrection.as_view(), name="ask_correction"),
    path("attendance/requests/<int:pk>/", requests.RequestPage.as_view(), name="request"),
    path("attendance/requests/<int:pk>/withdraw/", requests.Withdraw.as_view(), name="withdraw_request"),
    path("attendance/requests/<int:pk>/grant/", requests.Grant.as_view(), name="grant_request"),
    path("attendance/requests/<int:pk>/refuse/", requests.Refuse.as_view(), name="refuse_request"),
    path("plan/", plan.MyPlan.as_view(), name="plan"),
    path("plan/propose/", plan.Propose.as_view(), name="propose_plan"),
    path("plan/copy/", plan.Copy.as_view(), name="copy_plan"),
    path("plan/submit/", plan.Submit.as_view(), name="submit_plan"),
    path("plan/lines/new/", lines.NewLine.as_view(), name="add_line"),
    path("plan/lines/suggested/", lines.AddSuggested.as_view(), name="add_suggested"),
    path("plan/lines/<int:pk>/edit/", lines.EditLine.as_view(), name="edit_line"),
    path("plan/lines/<int:pk>/drop/", lines.DropLine.as_view(), name="drop_line"),
    path("plan/lines/<int:pk>/move/", ordering.MoveLine.as_view(), name="move_line"),
    path("plan/lines/<int:pk>/settle/", lines.SettleLine.as_view(), name="settle_line"),
    path("plans/<int:pk>/", plan.PlanPage.as_view(), name="plan_page"),
    path("plans/<int:pk>/order/", ordering.OrderLines.as_view(), name="order_lines"),
    path("plans/<int:pk>/tour/", ordering.ByDistance.as_view(), name="tour"),
    path("plans/<int:pk>/sign/", plan.Sign.as_view(), name="sign_plan"),
    path("plans/<int:pk>/return/", plan.Return.as_view(), name="return_plan"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/sign/", inbox.SignMany.as_view(), name="sign_many"),
    path("visits/", visits.Visits.as_view(), name="visits"),
    path("visits/new/", visits.OffPlan.as_view(), name="off_plan"),
    path("visits/check-in/", visits.CheckIn.as_view(), name="check_in"),
    path("visits/follow-up/", visits.FollowUp.as_view(), name="follow_up"),
    path("visits/<int:pk>/", visits.VisitPage.as_view(), name="visit"),
    path("visits/<int:pk>/leave/", visits.CheckOut.as_view(), name="check_out"),
    path("visits/<int:pk>/photos/", visits.AddPhotos.as_view(), name="add_photos"),
    path("visits/<int:pk>/result/", results.Result.as_view(), name="result"),
    path("visits/<int:pk>/place/", places.PlaceCustomer.as_view(), name="place_customer"),
    path("me/place/", places.PlaceConsents.as_view(), name="place_consent"),
    path("me/place/say/", places.SayPlaceConsent.as_view(), name="say_place_consent"),
    path("report/", report.MyReport.as_view(), name="report"),
    path("reports/", reports.Reports.as_view(), name="reports"),
    path("reports/<int:pk>/", report.ReportPage.as_view(), name="report_page"),
    path("reports/<int:pk>/sign/", report.Sign.as_view(), name="sign_report"),
    path("reports/<int:pk>/return/", report.Return.as_view(), name="return_report"),
    path("reports/<int:pk>/comment/", report.Comment.as_view(), name="comment_report"),
    path("reports/<int:pk>/revise/", report.Revise.as_view(), name="revise_report"),
    path("team/day/", board.Board.as_view(), name="board"),
]
