"""What is counted in the field."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Measure, declare

from .models import Kind, LineOutcome, PlanLine, Visit

BECAUSE = "measures are counted again over all facts"


# Which lines and visits a measure counts: its numbers and the rows behind them use the same conditions.
LINES: dict[str, Q] = {
    "fieldwork.planned": Q(plan__submitted_at__isnull=False),
    "fieldwork.plan_done": Q(plan__submitted_at__isnull=False, outcome=LineOutcome.DONE),
}
VISITS: dict[str, Q] = {
    "fieldwork.visited": Q(completed_at__isnull=False, kind=Kind.VISIT),
    "fieldwork.effective": Q(completed_at__isnull=False, is_effective=True),
    "fieldwork.off_plan": Q(completed_at__isnull=False, kind=Kind.VISIT, is_off_plan=True),
    "fieldwork.calls": Q(completed_at__isnull=False) & ~Q(kind=Kind.VISIT),
}


def _lines(key: str) -> Iterator[Bump]:
    rows = (
        PlanLine.objects.beyond_sight(because=BECAUSE)
        .filter(LINES[key])
        .values_list("plan__person_id", "plan__department_id", "plan__day")
        .annotate(n=Count("pk"))
    )
    for person, department, day, n in rows:
        yield Bump(key, person, department, day, n)


def _visits(key: str) -> Iterator[Bump]:
    rows: QuerySet[Any, Any] = (
        Visit.objects.beyond_sight(because=BECAUSE)
        .filter(VISITS[key])
        .values_list("credit_person_id", "credit_department_id", "booked_on")
        .annotate(n=Count("pk"))
    )
    for person, department, day, n in rows:
        yield Bump(key, person, department, day, n)


PLANNED = declare(
    Measure(
        "fieldwork.planned",
        _("计划拜访"),
        "count",
        _("已提交的拜访计划中的行数,记在计划日"),
        partial(_lines, "fieldwork.planned"),
    )
)
PLAN_DONE = declare(
    Measure(
        "fieldwork.plan_done",
        _("完成计划"),
        "count",
        _("已提交的拜访计划中已拜访的行数,记在计划日"),
        partial(_lines, "fieldwork.plan_done"),
    )
)
VISITED = declare(
    Measure(
        "fieldwork.visited",
        _("完成拜访"),
        "count",
        _("已记录结果的上门拜访次数"),
        partial(_visits, "fieldwork.visited"),
    )
)
EFFECTIVE = declare(
    Measure(
        "fieldwork.effective",
        _("有效拜访"),
        "count",
        _("已签到、见到人并有成果的拜访次数,按当日的规则判定"),
        partial(_visits, "fieldwork.effective"),
    )
)
OFF_PLAN = declare(
    Measure(
        "fieldwork.off_plan",
        _("计划外拜访"),
        "count",
        _("不在当天拜访计划中的拜访次数"),
        partial(_visits, "fieldwork.off_plan"),
    )
)
CALLS = declare(
    Measure(
        "fieldwork.calls",
        _("其他联系"),
        "count",
        _("电话、消息、演示等上门拜访以外的联系次数"),
        partial(_visits, "fieldwork.calls"),
    )
)
