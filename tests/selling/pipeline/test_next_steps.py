"""What is done next is always known, and a stage of quoting without a quote is named."""

from __future__ import annotations

import datetime as dt

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import StageStep
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.pipeline.steps import as_kept

from .deals import Deals

MONDAY = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # nine in the morning of the company


def called(deals: Deals, row: Opportunity, **told: object) -> None:
    draft = ContactDraft(customer_id=row.customer_id, opportunity_id=row.pk, **told)  # type: ignore[arg-type]
    log_contact(deals.world.actor("east_rep"), draft)


def test_what_was_agreed_on_the_phone_is_the_next_step_of_the_opportunity(deals: Deals) -> None:
    row, day = deals.opened(), clock.today() + dt.timedelta(days=3)
    called(deals, row, next_step="送样品", next_on=day)
    planned = deals.fresh(row)
    assert (planned.next_step, planned.next_step_on, planned.edit_version) == ("送样品", day, row.edit_version + 1)
    assert "下一步" in timeline("pipeline.opportunity", row.pk)[0].sentence
    called(deals, row, next_on=day + dt.timedelta(days=1))  # another day, the same thing
    assert (deals.fresh(row).next_step, deals.fresh(row).next_step_on) == ("送样品", day + dt.timedelta(days=1))
    called(deals, row)
    assert deals.fresh(row).next_step_on == day + dt.timedelta(days=1)


def test_what_was_agreed_plans_nothing_for_a_closed_one_or_for_a_day_gone_by(deals: Deals) -> None:
    lost, old = deals.opened(name="输的"), deals.opened(name="旧的")
    commands.lose(deals.world.actor("east_rep"), lost.pk, "timing")
    called(deals, lost, next_on=clock.today() + dt.timedelta(days=3))
    yesterday = clock.now() - dt.timedelta(days=1)
    called(deals, old, occurred_at=yesterday, next_on=clock.day_of(yesterday))
    assert (deals.fresh(lost).next_step_on, deals.fresh(old).next_step_on) == (None, None)


def test_those_without_a_next_step_to_come_are_a_list_of_their_own(deals: Deals) -> None:
    rep, today = deals.world.actor("east_rep"), clock.today()
    days = {"没有": None, "过去的": today - dt.timedelta(days=1), "今天的": today, "输了的": None}
    rows = {name: deals.opened(name=name, next_step="谈", next_step_on=day) for name, day in days.items()}
    deals.opened("east_peer", name="别人的")
    commands.lose(rep, rows["输了的"].pk, "timing")
    asked = queries.opportunities(rep, "mine").filter(queries.of_pace(rep, "no_step"))
    assert {row.name for row in asked} == {"没有", "过去的"}
    assert queries.without_next_step(rep) == 2
    assert queries.without_next_step(deals.world.actor("south_rep")) == 0


def waiting(deals: Deals, days: int, code: str = "quote") -> bool:
    """Whether an opportunity that came into a stage on a Monday is named so many days later."""
    with clock.as_of(MONDAY):
        row = deals.opened()
        row = deals.move(row, code)
    with clock.as_of(MONDAY + dt.timedelta(days=days)):
        told = queries.pace_of(SYSTEM, [deals.fresh(row)])[row.pk].is_quote_missed
        asked = queries.opportunities(SYSTEM, "all").filter(queries.of_pace(SYSTEM, "missed_quote"))
        assert told == (row.pk in asked.values_list("pk", flat=True))
        return told


@pytest.mark.parametrize(("days", "named"), [(7, False), (8, True), (30, True)])
def test_a_quote_is_missed_after_more_working_days_than_the_rule_says(deals: Deals, days: int, named: bool) -> None:
    assert waiting(deals, days) is named


def test_the_rule_may_name_nothing_and_stages_without_quotes_never_wait_for_one(deals: Deals) -> None:
    assert not waiting(deals, 60, "introduce")
    change_rule(SYSTEM, "PipelineRules.quote_days", "0", dt.date(2026, 1, 1))
    assert not waiting(deals, 60)


def test_a_stage_of_another_name_waits_for_a_quote_if_one_of_its_steps_asks_for_it(deals: Deals) -> None:
    stage = deals.stages["introduce"]
    stage.steps = as_kept([StageStep("给价", "quote", key="price")])
    stage.save()
    assert waiting(deals, 8, "introduce")


def test_a_quote_that_was_noted_is_not_missed(deals: Deals) -> None:
    with clock.as_of(MONDAY):
        row = deals.move(deals.opened(), "quote")
        called(deals, row, result="quote")
    with clock.as_of(MONDAY + dt.timedelta(days=8)):
        assert not queries.pace_of(SYSTEM, [deals.fresh(row)])[row.pk].is_quote_missed
        assert not queries.opportunities(SYSTEM, "all").filter(queries.of_pace(SYSTEM, "missed_quote")).exists()
