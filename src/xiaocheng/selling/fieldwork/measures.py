"""What is counted in the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Measure, declare

from .models import Kind, LineOutcome, PlanLine, Visit

BECAUSE = "measures are counted again over all facts"


def _lines(key: str, condition: Q) -> Iterator[Bump]:
    rows = (
        PlanLine.objects.beyond_sight(because=BECAUSE)
        .filter(condition, plan__submitted_at__isnull=False)
        .values_list("plan__person_id", "plan__department_id", "plan__day")
        .annotate(n=Count("pk"))
    )
    for person, department, day, n in rows:
        yield Bump(key, person, department, day, n)


def _visits(key: str, condition: Q) -> Iterator[Bump]:
    rows: QuerySet[Any, Any] = (
        Visit.objects.beyond_sight(because=BECAUSE)
        .filter(condition, completed_at__isnull=False)
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
        lambda: _lines("fieldwork.planned", Q()),
    )
)
PLAN_DONE = declare(
    Measure(
        "fieldwork.plan_done",
        _("完成计划"),
        "count",
        _("已提交的拜访计划中已拜访的行数,记在计划日"),
        lambda: _lines("fieldwork.plan_done", Q(outcome=LineOutcome.DONE)),
    )
)
VISITED = declare(
    Measure(
        "fieldwork.visited",
        _("完成拜访"),
        "count",
        _("已记录结果的上门拜访次数"),
        lambda: _visits("fieldwork.visited", Q(kind=Kind.VISIT)),
    )
)
EFFECTIVE = declare(
    Measure(
        "fieldwork.effective",
        _("有效拜访"),
        "count",
        _("已签到、见到人并有成果的拜访次数,按当日的规则判定"),
        lambda: _visits("fieldwork.effective", Q(is_effective=True)),
    )
)
OFF_PLAN = declare(
    Measure(
        "fieldwork.off_plan",
        _("计划外拜访"),
        "count",
        _("不在当天拜访计划中的拜访次数"),
        lambda: _visits("fieldwork.off_plan", Q(kind=Kind.VISIT, is_off_plan=True)),
    )
)
CALLS = declare(
    Measure(
        "fieldwork.calls",
        _("其他联系"),
        "count",
        _("电话、消息、演示等上门拜访以外的联系次数"),
        lambda: _visits("fieldwork.calls", ~Q(kind=Kind.VISIT)),
    )
)
