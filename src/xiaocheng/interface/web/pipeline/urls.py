"""Addresses of opportunities and processes."""

from __future__ import annotations

from django.urls import path

from . import acts, board, carrying, lists, pages, placing, processes, sheet, steps, uses

app_name = "pipeline"
STAGE = "processes/editions/<int:version>/stages/<int:stage>/"
urlpatterns = [
    path("opportunities/", lists.Opportunities.as_view(), name="list"),
    path("opportunities/export/", lists.Export.as_view(), name="export"),
    path("opportunities/new/", acts.New.as_view(), name="new"),
    path("opportunities/hand-over/", lists.HandOver.as_view(), name="hand_over"),
    path("opportunities/board/", board.Board.as_view(), name="board"),
    path("opportunities/board/<slug:code>/", board.ColumnCards.as_view(), name="column"),
    path("opportunities/<int:pk>/", pages.Opportunity.as_view(), name="opportunity"),
    path("opportunities/<int:pk>/edit/", acts.Edit.as_view(), name="edit"),
    path("opportunities/<int:pk>/needs/", acts.Needs.as_view(), name="needs"),
    path("opportunities/<int:pk>/next-step/", acts.NextStep.as_view(), name="next_step"),
    path("opportunities/<int:pk>/drop/", board.Drop.as_view(), name="drop"),
    path("opportunities/<int:pk>/advance/<int:stage>/", acts.Advance.as_view(), name="advance"),
    path("opportunities/<int:pk>/win/", acts.Win.as_view(), name="win"),
    path("opportunities/<int:pk>/lose/", acts.Lose.as_view(), name="lose"),
    path("opportunities/<int:pk>/reopen/", acts.Reopen.as_view(), name="reopen"),
    path("opportunities/<int:pk>/undo/", acts.Undo.as_view(), name="undo"),
    path("opportunities/<int:pk>/steps/<slug:key>/", steps.StepDone.as_view(), name="step"),
    path("opportunities/<int:pk>/steps/<slug:key>/tick/", steps.Tick.as_view(), name="tick"),
    path("opportunities/<int:pk>/steps/<slug:key>/untick/", steps.Untick.as_view(), name="untick"),
    path("opportunities/<int:pk>/process/", acts.ChangeProcess.as_view(), name="change_process"),
    path("processes/", processes.Processes.as_view(), name="processes"),
    path("processes/new/", uses.NewProcess.as_view(), name="new_process"),
    path("processes/install/<slug:key>/", processes.Install.as_view(), name="install"),
    path("processes/<int:pk>/", processes.Process.as_view(), name="process"),
    path("processes/<int:pk>/carry-over/", carrying.CarryOver.as_view(), name="carry_over"),
    path("processes/<int:pk>/sheet/", sheet.Sheet.as_view(), name="sheet"),
    path("processes/<int:pk>/sheet/export/", sheet.SheetExport.as_view(), name="sheet_export"),
    path("processes/<int:pk>/edit/", uses.EditProcess.as_view(), name="edit_process"),
    path("processes/<int:pk>/draft/", processes.Draft.as_view(), name="draft"),
    path("processes/editions/<int:version>/discard/", processes.Discard.as_view(), name="discard"),
    path("processes/editions/<int:version>/publish/", processes.Publish.as_view(), name="publish"),
    path("processes/editions/<int:version>/rules/", processes.EditVersion.as_view(), name="edit_version"),
    path("processes/editions/<int:version>/stages/new/", processes.NewStage.as_view(), name="new_stage"),
    path(STAGE, processes.EditStage.as_view(), name="edit_stage"),
    path(f"{STAGE}drop/", processes.DropStage.as_view(), name="drop_stage"),
    path(f"{STAGE}place/", placing.PlaceStage.as_view(), name="place_stage"),
    path(f"{STAGE}raise/", placing.RaiseStage.as_view(), name="raise_stage"),
    path(f"{STAGE}lower/", placing.LowerStage.as_view(), name="lower_stage"),
]
