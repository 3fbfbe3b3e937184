"""The list of reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.control.reports import queries
from xiaocheng.control.reports.access import WRITE
from xiaocheng.control.reports.queries import DailyReport, ReportState
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import DayRangeFilter, Filters, PickFilter
from xiaocheng.interface.web.shell.links import Empty, Tab
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill

from .report import TONES


def state_pill(row: DailyReport) -> SafeString:
    """Where it stands."""
    return pill(row.get_state_display(), TONES[row.state])


def lateness(row: DailyReport) -> object:
    """How late it came."""
    if row.edition == 0:
        return ""
    return pill(_("迟交 %(minutes)s 分钟") % {"minutes": row.late_minutes}, "amber") if row.late_minutes else _("按时")


class ReportFilters(Filters):
    """How the list may be narrowed."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=ReportState.choices)
    person = PickFilter(field_name="person", source="customer-owners", label=gettext_lazy("业务员"))
    day = DayRangeFilter(label=gettext_lazy("日期"))


@access(SIGNED_IN)
class Reports(ListScreen):
    """Reports, the latest day first."""

    title = gettext_lazy("日报列表")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("日期"), "day", show=formats.day, order="-day"),
        Column(gettext_lazy("业务员"), "person.name", look="own nowrap", phone="bare"),
        Column(gettext_lazy("状态"), state_pill, phone="aside"),
        Column(gettext_lazy("提交时间"), "submitted_at", show=formats.moment),
        Column(gettext_lazy("是否按时"), lateness, phone="bare"),
        Column(gettext_lazy("批示"), "instruction"),
    ]
    row_to, order, filters = "daily:report_page", "-day", ReportFilters

    def rows(self) -> QuerySet[Any, Any]:
        """The team's, or one's own."""
        rows = queries.reports(self.actor)
        me = self.actor.person_id or 0
        return rows.filter(person_id=me) if self.tab == "mine" else rows.exclude(person_id=me)

    def tabs(self) -> Sequence[Tab]:
        """The team's first, for whoever has one."""
        alone = not self.actor.sight.everyone and self.actor.sight.people <= {self.actor.person_id}
        mine = [Tab("mine", _("我的"))] if self.actor.can(WRITE) or alone else []
        return mine if alone else [Tab("team", _("团队")), *mine]

    def empty(self) -> Empty:
        """None yet."""
        return Empty(_("还没有日报"), _("提交之后会列在这里。"), icon="report")
