"""待签: the plans, reports and requests that wait for one's signature, many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.control.reports import commands as report_commands
from xiaocheng.control.reports import queries as reports
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Screen
from xiaocheng.selling.customers import commands as customer_commands
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import commands as plan_commands
from xiaocheng.selling.fieldwork import queries as fieldwork

from .plan import overlaps_of
from .requests import what, when

MOST = 200
TOLD = 10  # refusals that are told one by one


def _plan_name(actor: Actor, pk: int) -> str:
    plan = fieldwork.plan(actor, pk).plan
    return f"{plan.person.name} · {formats.relative_day(plan.day)}"


def _report_name(actor: Actor, pk: int) -> str:
    report = reports.reports(actor).filter(pk=pk).first()
    if report is None:
        raise NotFound
    return f"{report.person.name} · {formats.relative_day(report.day)}"


def _extension_name(actor: Actor, pk: int) -> str:
    row = customers.extension(actor, pk)
    return f"{row.person.name} · {row.episode.customer.name}"


def _request_name(actor: Actor, pk: int) -> str:
    row = fieldwork.attendance_request(actor, pk)
    return f"{row.person.name} · {what(row)}"


NAMES: dict[str, Callable[[Actor, int], str]] = {
    "plan": _plan_name,
    "report": _report_name,
    "extension": _extension_name,
    "request": _request_name,
}


@access(SEE_TEAM)
class Inbox(Screen):
    """What waits, the oldest first; ticked ones are signed together."""

    title = gettext_lazy("待签")
    template = "daily/inbox.html"

    def context(self) -> dict[str, Any]:
        """Plans with their lines, reports with their texts."""
        return {
            "plans": [(plan, self._overlaps(plan)) for plan in fieldwork.waiting_plans(self.actor)],
            "reports": reports.waiting_reports(self.actor),
            "extensions": customers.waiting_extensions(self.actor),
            "requests": [(row, what(row), when(row)) for row in fieldwork.waiting_requests(self.actor)],
            "restores": customers.waiting_restores(self.actor),
            "disputes": customers.waiting_disputes(self.actor),
            "words": {"late": _("迟交"), "changed": _("改过")},
            "empty": Empty(
                _("都签完了"),
                _("新的计划、日报和申请提交后会出现在这里。"),
                icon="circle-check",
                action=Link(_("看今天的团队"), "daily:board"),
            ),
        }

    def _overlaps(self, plan: fieldwork.VisitPlan) -> dict[int, str]:
        return overlaps_of(fieldwork.DayPlan(plan, list(plan.lines.all()), said=[]))


@access(SEE_TEAM)
class SignMany(ActionScreen):
    """Sign the ticked ones, each in the version that was shown."""

    def run(self) -> Done:
        """Sign; say how many were signed, and of each that was refused which it is and why."""
        plans, papers = self._ticked("plan"), self._ticked("report")
        extensions = [pk for pk, _version in self._ticked("extension")]
        requests = [pk for pk, _version in self._ticked("request")]
        ticked = [("plan", pk) for pk, _version in plans] + [("report", pk) for pk, _version in papers]
        ticked += [("extension", pk) for pk in extensions] + [("request", pk) for pk in requests]
        if not ticked:
            raise RuleBroken(_("请先勾选要签的计划、日报或申请。"))
        comment = self.request.POST.get("comment", "")
        refusals = [
            *(it.refusal for it in plan_commands.sign_plans(self.actor, plans, comment)),
            *(it.refusal for it in report_commands.sign_many(self.actor, papers, comment)),
            *(it.refusal for it in customer_commands.grant_extensions(self.actor, extensions, comment)),
            *(it.refusal for it in plan_commands.grant_attendances(self.actor, requests, comment)),
        ]
        refused = [(*paper, refusal) for paper, refusal in zip(ticked, refusals, strict=True) if refusal is not None]
        signed = len(ticked) - len(refused)
        said = ngettext("已签 %(count)s 份", "已签 %(count)s 份", signed) % {"count": signed}
        if refused:
            told = [
                _("%(paper)s:%(reason)s") % {"paper": self._name(kind, pk), "reason": refusal}
                for kind, pk, refusal in refused[:TOLD]
            ]
            left = {"signed": said, "count": len(refused), "reasons": " ".join(told)}
            said = _("%(signed)s;%(count)s 份没有签。%(reasons)s") % left
        return Done(toast=said)

    def _name(self, kind: str, pk: int) -> str:
        """What people call a paper: whose, and of which day or for what; a number for one that is out of sight."""
        try:
            return NAMES[kind](self.actor, pk)
        except NotFound:
            return f"#{pk}"

    def _ticked(self, name: str) -> list[tuple[int, int]]:
        """Pairs of id and version, as the check boxes send them: "12:3"."""
        found = []
        for text in self.request.POST.getlist(name)[:MOST]:
            row_id, _colon, version = text.partition(":")
            if row_id.isdigit() and version.isdigit() and len(text) < 30:
                found.append((int(row_id), int(version)))
        return found
