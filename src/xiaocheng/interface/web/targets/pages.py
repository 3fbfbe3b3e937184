"""Targets to look at: one's own, and those of the people whom one sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.control.targets import queries
from xiaocheng.control.targets.access import HAVE, SET
from xiaocheng.control.targets.queries import Pace, Progress, Target
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.interface.web.numbers.behind import rows_behind
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import Screen

from .months import Months, asked_month, asked_months, departments_of

FORMULA = gettext_lazy(
    "达成率 = 实际 ÷ 目标,实际取同一指标本月的合计。进度按公司日历的工作日平均计算,今天还不算已过;低于进度的标为落后。"
)


def shown(progress: Progress, value: Decimal) -> str:
    """A value in the measure's unit."""
    return formats.money(value) if progress.measure.unit == "money" else formats.count(value)


def target_tile(progress: Progress, person_id: int | None = None, *, in_month: bool = True) -> Figure:
    """One target: attainment, what it is of what, and what every remaining working day has to bring."""
    days = period("month", clock.today())
    return Figure(
        progress.measure.name,
        formats.percent(progress.ratio, 0),
        FORMULA,
        (
            (_("目标"), shown(progress, progress.target)),
            (_("实际"), shown(progress, progress.actual)),
            (_("按工作日应完成"), shown(progress, progress.expected)),
            (_("还差"), shown(progress, progress.gap)),
        ),
        rows_behind(progress.measure.key, days, person_id) if in_month else "",
        beside=_beside(progress),
        share=float(progress.ratio),
        tone="warn" if progress.is_behind else "good",
    )


def _beside(progress: Progress) -> str:
    of = f"{shown(progress, progress.actual)} / {shown(progress, progress.target)}"
    if not progress.gap or progress.needed is None:
        return of
    return _("%(of)s,每个工作日还需 %(needed)s") % {"of": of, "needed": shown(progress, progress.needed)}


def pace_words(pace: Pace) -> str:
    """How much of the month has passed, in words."""
    return _("工作日已过 %(passed)s 天,还剩 %(left)s 天,进度 %(share)s") % {
        "passed": pace.passed, "left": pace.left, "share": formats.percent(pace.share, 0),
    }  # fmt: skip


@access(HAVE)
class MyTargets(Screen):
    """One's own targets of a month and how far one is."""

    title = gettext_lazy("我的目标")
    template = "targets/mine.html"

    def context(self) -> dict[str, Any]:
        """A tile per target, with what it rests on."""
        month, me = asked_month(self.request), self.actor.person_id or 0
        day = min(max(clock.today(), month), period("month", month).last)
        found = queries.progress_of(self.actor, me, day)
        rows = {row.measure: row for row in queries.targets(self.actor).filter(person_id=me, month=month)}
        pace = queries.pace_of(month, clock.today())
        return {
            "months": Months(month),
            "pace": pace_words(pace),
            "tiles": [target_tile(item, me, in_month=Months(month).is_present) for item in found],
            "bases": _bases(found, rows),
            "empty": Empty(_("这个月还没有给您定目标"), _("目标由上级来定,定好后这里显示达成率和进度。"), icon="flag"),
        }


def _bases(found: Sequence[Progress], rows: Mapping[str, Target]) -> list[tuple[str, str]]:
    """What the targets rest on, each text once, with the measures that it was written for."""
    said: dict[str, list[str]] = {}
    for item in found:
        if basis := rows[item.measure.key].basis:
            said.setdefault(basis, []).append(str(item.measure.name))
    return [(" · ".join(names), basis) for basis, names in said.items()]


@access(SEE_TEAM)
class TeamTargets(Screen):
    """What a team shall reach in a month, person by person, and how far everybody is."""

    title = gettext_lazy("团队目标")
    template = "targets/team.html"

    def load(self) -> None:
        """The month, and the department if one is chosen."""
        self.departments = departments_of(self.actor)
        self.months = asked_months(self.request, self.departments)

    def actions(self) -> Sequence[Link | None]:
        """Set them."""
        return (Link(_("定目标"), "targets:set", icon="pencil", query=self.months.query()),)

    def context(self) -> dict[str, Any]:
        """The sums above, then everybody with each measure that anybody has a target of."""
        found = queries.team_progress(self.actor, self.months.month, self.months.team)
        keys = list(found.sums)
        may_set = self.actor.can(SET)
        return {
            "months": self.months,
            "departments": self.departments,
            "pace": pace_words(found.pace),
            "tiles": [target_tile(item, in_month=False) for item in found.sums.values()],
            "columns": [found.sums[key].measure.name for key in keys],
            "lines": [(line.person, [_cell(line, key) for key in keys]) for line in found.people],
            "empty": Empty(
                _("这个月还没有定目标"),
                _("按人、按指标定下本月要完成多少,实际数字自动算出。"),
                icon="flag",
                action=Link(_("定目标"), "targets:set", query=self.months.query()) if may_set else None,
            ),
        }


def _cell(line: queries.PersonProgress, key: str) -> dict[str, Any] | None:
    """What the table shows of one person and measure; None without a target."""
    item = line.progress.get(key)
    if item is None:
        return None
    return {
        "name": item.measure.name,
        "ratio": formats.percent(item.ratio, 0),
        "of": f"{shown(item, item.actual)} / {shown(item, item.target)}",
        "share": f"{min(max(item.ratio, 0), 1):.4f}",
        "tone": "warn" if item.is_behind else "good",
        "basis": line.rows[key].basis,
    }
