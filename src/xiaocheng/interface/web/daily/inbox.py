"""待签: the plans, reports and requests that wait for one's signature, many at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.control.reports import commands as report_commands
from xiaocheng.control.reports import queries as reports
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Screen
from xiaocheng.selling.customers import commands as customer_commands
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import commands as plan_commands
from xiaocheng.selling.fieldwork import queries as fieldwork

from .requests import what, when

MOST = 200


@access(SEE_TEAM)
class Inbox(Screen):
    """What waits, the oldest first; ticked ones are signed together."""

    title = gettext_lazy("待签")
    template = "daily/inbox.html"

    def context(self) -> dict[str, Any]:
        """Plans with their lines, reports with their texts."""
        return {
            "plans": fieldwork.waiting_plans(self.actor),
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


@access(SEE_TEAM)
class SignMany(ActionScreen):
    """Sign the ticked ones, each in the version that was shown."""

    def run(self) -> Done:
        """Sign; say how many were refused and why the first was."""
        plans, papers = self._ticked("plan"), self._ticked("report")
        extensions = [pk for pk, _version in self._ticked("extension")]
        requests = [pk for pk, _version in self._ticked("request")]
        if not plans and not papers and not extensions and not requests:
            raise RuleBroken(_("请先勾选要签的计划、日报或申请。"))
        comment = self.request.POST.get("comment", "")
        refusals = [
            *(outcome.refusal for outcome in plan_commands.sign_plans(self.actor, plans, comment)),
            *(outcome.refusal for outcome in report_commands.sign_many(self.actor, papers, comment)),
            *(outcome.refusal for outcome in customer_commands.grant_extensions(self.actor, extensions, comment)),
            *(outcome.refusal for outcome in plan_commands.grant_attendances(self.actor, requests, comment)),
        ]
        refused = [refusal for refusal in refusals if refusal is not None]
        signed = len(refusals) - len(refused)
        said = ngettext("已签 %(count)s 份", "已签 %(count)s 份", signed) % {"count": signed}
        if refused:
            left = {"signed": said, "count": len(refused), "reason": refused[0]}
            said = _("%(signed)s;%(count)s 份没有签:%(reason)s") % left
        return Done(toast=said)

    def _ticked(self, name: str) -> list[tuple[int, int]]:
        """Pairs of id and version, as the check boxes send them: "12:3"."""
        found = []
        for text in self.request.POST.getlist(name)[:MOST]:
            row_id, _colon, version = text.partition(":")
            if row_id.isdigit() and version.isdigit() and len(text) < 30:
                found.append((int(row_id), int(version)))
        return found
