"""Addresses of opportunities and processes."""

from __future__ import annotations

from django.urls import path

from . import acts, board, carrying, lists, pages, placing, processes, remarks, sheet, tactics, uses

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
    path("opportunities/<int:pk>/move/<int:stage>/", acts.Move.as_view(), name="move"),
    path("opportunities/<int:pk>/advance/<int:stage>/", acts.Advance.as_view(), name="advance"),
    path("opportunities/<int:pk>/win/", acts.Win.as_view(), name="win"),
    path("opportunities/<int:pk>/lose/", acts.Lose.as_view(), name="lose"),
    path("opportunities/<int:pk>/reopen/", acts.Reopen.as_view(), name="reopen"),
    path("opportunities/<int:pk>/undo/", acts.Undo.as_view(), name="undo"),
    path("opportunities/<int:pk>/process/", acts.ChangeProcess.as_view(), name="change_process"),
    path("opportunities/<int:pk>/tactics/new/", tactics.WriteTactic.as_view(), name="write_tactic"),
    path("opportunities/<int:pk>/tactics/<int:tactic>/use/", tactics.UseTactic.as_view(), name="use_tactic"),
    path("opportunities/<int:pk>/tactics/<int:tactic>/unuse/", tactics.TakeBackUse.as_view(), name="unuse_tactic"),
    path("tactics/", tactics.Tactics.as_view(), name="tactics"),
    path("tactics/export/", tactics.ExportTactics.as_view(), name="export_tactics"),
    path("tactics/<int:pk>/", tactics.TacticPage.as_view(), name="tactic"),
    path("tactics/<int:pk>/edit/", tactics.EditTactic.as_view(), name="edit_tactic"),
    path("tactics/<int:pk>/withdraw/", tactics.WithdrawTactic.as_view(), name="withdraw_tactic"),
    path("processes/", processes.Processes.as_view(), name="processes"),
    path("processes/remarks/", remarks.Remarks.as_view(), name="remarks"),
    path("processes/remarks/export/", remarks.ExportRemarks.as_view(), name="export_remarks"),
    path("processes/remarks/<int:pk>/", remarks.RemarkPage.as_view(), name="remark"),
    path("processes/remarks/<int:pk>/support/", remarks.Support.as_view(), name="support_remark"),
    path("processes/remarks/<int:pk>/unsupport/", remarks.TakeBackSupport.as_view(), name="unsupport_remark"),
    path("processes/remarks/<int:pk>/decide/", remarks.Decide.as_view(), name="decide_remark"),
    path("processes/stages/<int:stage>/remark/", remarks.NewRemark.as_view(), name="new_remark"),
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
