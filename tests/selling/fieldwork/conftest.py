"""A working day in the named world: the clock stands at 08:00 on Monday 2 March 2026 in Shanghai."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork.commands import LineDraft, add_line, draft_plan
from xiaocheng.selling.fieldwork.queries import PlanLine, VisitPlan

DAY = dt.date(2026, 3, 2)


def at(text: str, day: dt.date = DAY) -> AbstractContextManager[None]:
    """Let the company's clock stand at a time of the day."""
    return clock.as_of(clock.instant(day, dt.time.fromisoformat(text)))


@pytest.fixture
def morning() -> Iterator[None]:
    with at("08:00"):
        yield


@pytest.fixture
def customer_ids(world: World, morning: None) -> dict[str, int]:
    """Three customers of 张三, one of 钱外人."""
    rep, outsider = world.actor("east_rep"), world.actor("south_rep")
    ids = {name: register(rep, CustomerDraft(name=name)).pk for name in ("甲木业", "乙机械", "丙食品")}
    return ids | {"外人的客户": register(outsider, CustomerDraft(name="外人的客户")).pk}


@pytest.fixture
def plan(world: World, customer_ids: dict[str, int]) -> VisitPlan:
    """张三's plan of the day with two lines, not submitted."""
    rep = world.actor("east_rep")
    plan = draft_plan(rep, DAY)
    for name in ("甲木业", "乙机械"):
        add_line(rep, plan.pk, LineDraft(customer_id=customer_ids[name], purpose="order"))
    plan.refresh_from_db()
    return plan


def lines_of(plan: VisitPlan) -> list[PlanLine]:
    return list(plan.lines.order_by("position"))
