"""A process of three stages and people who sell by it, on days counted from the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from tests.support.caches import forget_everything
from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.insight.queries import Selection
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import OpportunityDraft, ProcessDraft, StageDraft
from xiaocheng.selling.pipeline.models import Opportunity, Process, Stage
from xiaocheng.selling.pipeline.models.processes import LOST, WON

DAY_0 = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # Monday, 09:00 in Shanghai
FIRST_QUARTER = Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31), "quarter")
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31), "year")


def day(n: float) -> dt.datetime:
    return DAY_0 + dt.timedelta(days=n)


def _process() -> int:
    stages = [
        StageDraft("认识", code="meet"),
        StageDraft("报价", code="quote"),
        StageDraft("谈判", code="talk"),
        StageDraft("成交", WON, code="won"),
        StageDraft("输单", LOST, code="lost"),
    ]
    process = commands.add_process(SYSTEM, ProcessDraft("三步", "three", stages))
    commands.publish(SYSTEM, process.versions.get().pk)
    return process.pk


class Sales:
    """What people of the world sell, by the real commands."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.process = Process.objects.get(pk=made_once("three steps", _process))
        self.reps: dict[str, Actor] = {}
        self.stages = {stage.code: stage.pk for stage in Stage.objects.filter(version__process=self.process)}

    def actor(self, who: str) -> Actor:
        return self.world.actor(who)

    def rep(self, who: str) -> Actor:
        if who not in self.reps:
            self.reps[who] = self.world.actor(who)
        return self.reps[who]

    def open(
        self, who: str = "east_rep", at: float = 0, amount: Decimal | int | None = 100, **more: Any
    ) -> Opportunity:
        draft = OpportunityDraft(name="机会", amount=None if amount is None else Decimal(str(amount)), **more)
        with clock.as_of(day(at)):
            return commands.open_opportunity(self.rep(who), draft)

    def move(self, deal: Opportunity, to: str, at: float) -> None:
        with clock.as_of(day(at)):
            commands.move(SYSTEM, deal.pk, self.stages[to])

    def win(self, deal: Opportunity, at: float, amount: Decimal | None = None) -> None:
        with clock.as_of(day(at)):
            commands.win(SYSTEM, deal.pk, "服务好", amount=amount)

    def lose(self, deal: Opportunity, at: float, reason: str = "price") -> None:
        with clock.as_of(day(at)):
            commands.lose(SYSTEM, deal.pk, reason)

    def reopen(self, deal: Opportunity, at: float) -> None:
        with clock.as_of(day(at)):
            commands.reopen(SYSTEM, deal.pk, "客户回来了")

    def selection(self, period: Period = YEAR, **more: Any) -> Selection:
        return Selection(period, process_id=self.process.pk, **more)


@pytest.fixture
def sales(world: World) -> Sales:
    return Sales(world)


@contextmanager
def rolled_back() -> Iterator[None]:
    """One example of a property test: what it writes is gone afterwards."""
    with transaction.atomic():
        forget_everything()
        yield
        transaction.set_rollback(True)
