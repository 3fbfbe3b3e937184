"""What one was told, and the way to what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from xiaocheng.interface.notifications import commands, queries
from xiaocheng.interface.notifications.queries import Notification
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.http import Done, Request
from xiaocheng.interface.web.shell.links import Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import sees_customer

OWN_DAY = {
    "fieldwork.PlanSigned": "daily:plan",
    "fieldwork.PlanReturned": "daily:plan",
    "reports.ReportReturned": "daily:report",
}
CUSTOMERS = {
    "customers.ClocksStarted": "mine",
    "customers.ClocksWithdrawn": "mine",
    "customers.TeamNearLapse": "near",
}
PAGES = {
    "fieldwork.plan": "daily:plan_page",
    "fieldwork.attendancerequest": "daily:request",
    "reports.dailyreport": "daily:report_page",
    "customers.customer": "customers:page",
    "customers.reception": "receptions:page",
    "customers.dispute": "customers:dispute",
    "customers.ownerquestion": "customers:question",
    "customers.restoreoffer": "customers:restore_offer",
    "pipeline.opportunity": "pipeline:opportunity",
    "pipeline.processremark": "pipeline:remark",
    "fieldwork.marketreport": "market:report",
    "service.complaint": "service:complaint",
    "insight.processreview": "insight:process_review",
}


def news(note: Notification) -> SafeString | str:
    """A mark on what was not read yet."""
    return pill(_("新"), "blue") if note.read_at is None else ""


@access(SIGNED_IN)
class Notes(ListScreen):
    """What one was told, the latest first."""

    title = gettext_lazy("通知")
    row_to, order = "notifications:open", "-pk"

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The sentence, its age, whether it is new."""
        return [
            Column(_("内容"), lambda note: queries.said(self.actor, note)),
            Column(_("时间"), "at", show=formats.moment, phone="bare"),
            Column("", news, phone="aside"),
        ]

    def rows(self) -> QuerySet[Any, Any]:
        """Unread ones, or all."""
        rows = queries.notes(self.actor)
        return rows.filter(read_at=None) if self.tab == "unread" else rows

    def tabs(self) -> Sequence[Tab]:
        """All, or what is new."""
        return [Tab("all", _("全部")), Tab("unread", _("未读"))]

    def actions(self) -> Sequence[Link | None]:
        """Put the bell to rest, choose how to be told."""
        choices = Link(_("通知方式"), "notifications:choices", icon="settings", look="quiet", drawer=True)
        if not queries.unread(self.actor):
            return (choices,)
        return (Link(_("全部已读"), "notifications:read_all", icon="checks", look="quiet", post=True), choices)

    def empty(self) -> Empty:
        """Nothing."""
        return Empty(_("没有通知"), _("签核、退回和分配给您的客户会在这里提醒。"), icon="bell")


@access(SIGNED_IN)
class ReadAll(ActionScreen):
    """Note that all was read."""

    def run(self) -> Done:
        """Read all."""
        commands.mark_all_read(self.actor)
        return Done()


@access(SIGNED_IN)
@require_safe
def follow(request: Request, pk: int) -> HttpResponse:
    """Go to what a note is about; it counts as read."""
    note = commands.mark_read(request.actor, pk)
    if note.kind in OWN_DAY:
        return redirect(f"{reverse(OWN_DAY[note.kind])}?day={note.data['day']}")
    if note.kind in CUSTOMERS:
        return redirect(f"{reverse('customers:list')}?tab={CUSTOMERS[note.kind]}")
    if note.data.get("way") and not sees_customer(request.actor, note.about_id):
        return redirect("notifications:list")  # it was his, and is somebody else's now
    if note.about_kind == "org.calendar_year":
        return redirect(f"{reverse('admin:calendar')}?year={note.about_id}")
    page = PAGES.get(note.about_kind)
    return redirect(page, note.about_id) if page else redirect("me")
