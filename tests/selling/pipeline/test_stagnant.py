"""An open opportunity with which nothing was done for longer than nearly all stay in its stage is named stagnant."""

from __future__ import annotations

import datetime as dt

import pytest

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import StageDraft
from xiaocheng.selling.pipeline.models import Opportunity, Stage
from xiaocheng.selling.pipeline.queries import Pace

from .deals import Deals

NIGHT = dt.datetime(2026, 3, 2, 15, 30, tzinfo=dt.UTC)  # half past eleven at night of the company


@pytest.fixture
def row(deals: Deals) -> Opportunity:
    with clock.as_of(NIGHT):
        return deals.opened()


def pace(deals: Deals, row: Opportunity, days: float) -> Pace:
    """What its page says so many days later; the list says the same."""
    with clock.as_of(NIGHT + dt.timedelta(days=days)):
        told = queries.pace_of(SYSTEM, [deals.fresh(row)])[row.pk]
        asked = queries.opportunities(SYSTEM, "all").filter(queries.of_pace(SYSTEM, "stale"))
        assert told.is_stale == asked.filter(pk=row.pk).exists()
        return told


def learn(deals: Deals, **days: int) -> int:
    return commands.keep_stale_days(SYSTEM, {(deals.process.pk, code): n for code, n in days.items()})


def learned(deals: Deals) -> dict[tuple[int, str], int]:
    found = Stage.objects.filter(version__process=deals.process, stale_days__isnull=False)
    return {(number, code): days for number, code, days in found.values_list("version__number", "code", "stale_days")}


def test_after_sixty_days_without_activity_it_is_stagnant_by_the_days_of_the_company(deals: Deals, row: Opportunity):
    assert not pace(deals, row, 60).is_stale
    told = pace(deals, row, 60.05)  # after midnight
    assert (told.is_stale, told.days_without_activity, told.stale_days) == (True, 61, 60)
    assert deals.fresh(row).is_open


def test_any_activity_and_a_new_stage_begin_the_days_again_but_a_planned_step_does_not(deals: Deals, row: Opportunity):
    commands.note_evidence(SYSTEM, row.pk, "call", "call-1", NIGHT + dt.timedelta(days=20))
    assert (pace(deals, row, 80).is_stale, pace(deals, row, 81).is_stale) == (False, True)
    with clock.as_of(NIGHT + dt.timedelta(days=30)):
        deals.move(row, "contact")
    assert (pace(deals, row, 90).is_stale, pace(deals, row, 91).is_stale) == (False, True)
    fresh, step_on = deals.fresh(row), clock.day_of(NIGHT) + dt.timedelta(days=300)
    commands.edit(SYSTEM, row.pk, fresh.edit_version, next_step="再访", next_step_on=step_on)
    told = pace(deals, row, 91)
    assert (told.is_idle, told.is_stale) == (False, True)


def test_what_is_usual_counts_where_it_is_longer_than_the_rule_says(deals: Deals, row: Opportunity):
    learn(deals, identify=75)
    told = pace(deals, row, 75)
    assert (told.is_stale, told.stale_days) == (False, 75)
    assert pace(deals, row, 76).is_stale
    learn(deals, identify=20)
    assert (pace(deals, row, 60).is_stale, pace(deals, row, 61).is_stale) == (False, True)


def test_the_company_may_choose_other_days_or_that_nothing_is_named(deals: Deals, row: Opportunity):
    change_rule(SYSTEM, "PipelineRules.stale_days", "90", dt.date(2026, 1, 1))
    assert (pace(deals, row, 90).is_stale, pace(deals, row, 91).is_stale) == (False, True)
    change_rule(SYSTEM, "PipelineRules.stale_days", "0", dt.date(2026, 1, 1))
    learn(deals, identify=75)
    told = pace(deals, row, 400)
    assert (told.is_stale, told.stale_days, told.days_without_activity) == (False, None, 400)
    for wrong in ("-1", "3651", "viel"):
        with pytest.raises(RuleBroken):
            change_rule(SYSTEM, "PipelineRules.stale_days", wrong, dt.date(2026, 1, 1))


def test_what_is_closed_is_never_stagnant(deals: Deals, row: Opportunity):
    with clock.as_of(NIGHT + dt.timedelta(days=1)):
        commands.lose(SYSTEM, row.pk, "timing")
    told = pace(deals, row, 400)
    assert (told.is_stale, told.days_without_activity, told.stale_days) == (False, 0, None)


def test_all_editions_of_a_process_keep_what_was_learned_and_a_new_one_begins_with_it(deals: Deals):
    assert learn(deals, identify=75, quote=40) == 2
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    first, second = {(1, "identify"): 75, (1, "quote"): 40}, {(2, "identify"): 75, (2, "quote"): 40}
    assert learned(deals) == first | second
    stage = draft.stages.get(code="quote")
    commands.save_stage(SYSTEM, draft.pk, StageDraft("报价和方案", code="quote", expected_days=9), stage.pk)
    commands.save_stage(SYSTEM, draft.pk, StageDraft("试用", code="trial"))
    commands.publish(SYSTEM, draft.pk)
    assert learned(deals) == first | second
    assert queries.changes_of(SYSTEM, commands.draft_version(SYSTEM, deals.process.pk).pk).changes == []


def test_only_what_changed_is_written_and_what_is_known_no_longer_is_forgotten(deals: Deals):
    other = commands.install_template(SYSTEM, "field").versions.get()
    learn(deals, identify=75, quote=40)
    assert learn(deals, identify=75, quote=40) == 0
    assert learn(deals, quote=41) == 2
    assert learned(deals) == {(1, "quote"): 41}
    assert not other.stages.filter(stale_days__isnull=False).exists()


def test_nobody_sets_it_by_hand(deals: Deals):
    with pytest.raises(NotAllowed):
        commands.keep_stale_days(deals.world.actor("administrator"), {})
    assert "stale_days" not in StageDraft.__dataclass_fields__
