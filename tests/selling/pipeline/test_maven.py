"""The real sales log of a hardware seller: every deal comes in with its history, and the known figures come out."""

from __future__ import annotations

import csv
import datetime as dt
import statistics
from collections import Counter
from decimal import Decimal

import pytest

from tests.support.shared import shared_data
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.measures import differences, totals
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.pipeline import commands
from xiaocheng.selling.pipeline.commands import HistoricDeal, ProcessDraft
from xiaocheng.selling.pipeline.models import Closing, StageSpan

from .test_history import FOUR

ALL = Period(dt.date(2016, 1, 1), dt.date(2018, 12, 31))


def deals(owner_id: int) -> list[HistoricDeal]:
    with shared_data("maven_crm", "sales_pipeline.csv").open() as file:
        return [_deal(row, owner_id) for row in csv.DictReader(file)]


def _deal(row: dict[str, str], owner_id: int) -> HistoricDeal:
    days = {"engaging": row["engage_date"], row["deal_stage"].lower(): row["close_date"] or row["engage_date"]}
    return HistoricDeal(
        row["opportunity_id"],
        row["deal_stage"].lower(),
        owner_id,
        {code: dt.date.fromisoformat(day) for code, day in days.items() if day},
        amount=Decimal(row["close_value"]) if row["close_value"] else None,
    )


@pytest.mark.django_db(transaction=True)  # as in life: a set of deals is a transaction
def test_the_known_figures_come_out(world: World) -> None:
    process = commands.add_process(SYSTEM, ProcessDraft("旧系统", "former", FOUR))
    version = commands.publish(SYSTEM, process.versions.get().pk)
    outcomes = commands.import_history(SYSTEM, version.pk, deals(world.id("east_rep")))
    assert sum(outcome.is_new for outcome in outcomes) == 8_800

    spans = StageSpan.objects.visible_to(SYSTEM).values_list("stage__code", "exit_kind")
    assert Counter(spans) == {
        ("prospecting", "advanced"): 8_300,
        ("prospecting", ""): 500,
        ("engaging", "advanced"): 4_238,
        ("engaging", "lost"): 2_473,
        ("engaging", ""): 1_589,
        ("won", ""): 4_238,
        ("lost", ""): 2_473,
    }
    found = totals(SYSTEM, ["pipeline.opened", "pipeline.won", "pipeline.won_amount", "pipeline.lost"], ALL)
    assert found == {
        "pipeline.opened": 8_300,
        "pipeline.won": 4_238,
        "pipeline.won_amount": 10_005_534,
        "pipeline.lost": 2_473,
    }
    assert StageSpan.objects.visible_to(SYSTEM).filter(is_opening=True).count() == found["pipeline.opened"]
    cycles = Closing.objects.visible_to(SYSTEM).filter(verdict="won").values_list("cycle_seconds", flat=True)
    days = [seconds / 86_400 for seconds in cycles]
    assert (round(statistics.mean(days), 1), statistics.median(days)) == (51.8, 57)
    assert differences() == []
