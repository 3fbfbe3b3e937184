"""Deals of a former system come in with their history: real days count, invented ones are marked and left out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from django.utils.translation import gettext

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.kernel.measures import differences, totals
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import HistoricDeal, ProcessDraft, StageDraft
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan, StageTransition

FOUR = (
    StageDraft("Prospecting", code="prospecting"),
    StageDraft("Engaging", code="engaging"),
    StageDraft("Won", "won", code="won"),
    StageDraft("Lost", "lost", code="lost"),
)
ENGAGED, CLOSED = dt.date(2017, 1, 10), dt.date(2017, 3, 8)


@pytest.fixture
def four(world: World) -> int:
    """The version of a process with the former system's four stages."""
    process = commands.add_process(SYSTEM, ProcessDraft("旧系统", "former", FOUR))
    return commands.publish(SYSTEM, process.versions.get().pk).pk


def brought_in(world: World, version: int, number: str = "A1", stage: str = "won", **values: object) -> Opportunity:
    details = {"owner_id": world.id("east_rep"), "amount": Decimal(500)} | values
    (outcome,) = commands.import_history(SYSTEM, version, [HistoricDeal(number, stage, **details)])  # type: ignore[arg-type]
    assert outcome.refusal is None
    row: Opportunity = Opportunity.objects.one(SYSTEM, outcome.opportunity_id or 0)
    return row


def spans_of(row: Opportunity) -> list[tuple[str, str, bool, int | None]]:
    spans = row.spans.select_related("stage").order_by("seq")
    return [(span.stage.code, span.exit_kind, span.is_invented, span.dwell_seconds) for span in spans]


def test_a_won_deal_went_through_every_stage_and_only_real_times_dwell(world: World, four: int) -> None:
    row = brought_in(world, four, reached={"engaging": ENGAGED, "won": CLOSED})
    assert spans_of(row) == [
        ("prospecting", "advanced", True, None),
        ("engaging", "advanced", False, 57 * 86_400),
        ("won", "", False, None),
    ]
    assert clock.day_of(row.opened_at) == ENGAGED
    closing = row.closings.get()
    assert (closing.cycle_seconds, closing.booked_on, closing.stage.code) == (57 * 86_400, CLOSED, "engaging")


def test_a_lost_deal_got_as_far_as_its_last_recorded_stage(world: World, four: int) -> None:
    far = brought_in(world, four, "L1", "lost", reached={"engaging": ENGAGED, "lost": CLOSED})
    near = brought_in(world, four, "L2", "lost", reached={"lost": CLOSED})
    assert [span[:2] for span in spans_of(far)] == [("prospecting", "advanced"), ("engaging", "lost"), ("lost", "")]
    assert [span[:2] for span in spans_of(near)] == [("prospecting", "lost"), ("lost", "")]
    assert (far.close_reason, near.closings.get().cycle_seconds) == ("import", None)


def test_an_open_deal_stands_where_it_stood(world: World, four: int) -> None:
    engaging = brought_in(world, four, "E", "engaging", reached={"engaging": ENGAGED})
    fresh = brought_in(world, four, "P", "prospecting")
    assert spans_of(engaging) == [("prospecting", "advanced", True, None), ("engaging", "", False, None)]
    assert spans_of(fresh) == [("prospecting", "", True, None)]
    assert (engaging.is_opening_invented, fresh.is_opening_invented) == (False, True)
    assert (engaging.state, fresh.state, fresh.closed_at) == ("open", "open", None)


def test_everything_is_marked_as_imported_past_the_gates(world: World, four: int) -> None:
    row = brought_in(world, four, reached={"engaging": ENGAGED, "won": CLOSED})
    marks = set(row.transitions.values_list("kind", "is_bypass", "reason", "by"))
    assert marks == {("import", True, gettext("未知(导入)"), None)}


def test_a_deal_goes_on_after_the_import_like_any_other(world: World, four: int) -> None:
    row = brought_in(world, four, "E", "engaging", reached={"engaging": ENGAGED})
    commands.win(world.actor("east_rep"), row.pk, "成了")
    assert [span[:2] for span in spans_of(row)][-2:] == [("engaging", "advanced"), ("won", "")]
    assert row.closings.get().cycle_seconds == int((row.closings.get().occurred_at - row.opened_at).total_seconds())
    unknown = brought_in(world, four, "P", "prospecting")
    commands.win(world.actor("east_rep"), unknown.pk, "成了")
    assert unknown.closings.get().cycle_seconds is None


def test_the_same_import_again_adds_nothing(world: World, four: int) -> None:
    first = brought_in(world, four, reached={"engaging": ENGAGED, "won": CLOSED})
    deals = [HistoricDeal("A1", "won", world.id("east_rep"), amount=Decimal(1))]
    (again,) = commands.import_history(SYSTEM, four, deals)
    assert (again.opportunity_id, again.is_new) == (first.pk, False)
    assert (Opportunity.objects.visible_to(SYSTEM).count(), Closing.objects.visible_to(SYSTEM).count()) == (1, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": " "}, "number"),
        ({"stage": "nowhere"}, "stage"),
        ({"reached": {"engaging": CLOSED, "won": ENGAGED}}, "reached"),
        ({"reached": {"won": dt.date(2999, 1, 1)}}, "reached"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal("1e20")}, "amount"),
        ({"name": "x" * 121}, "name"),
        ({"owner_id": 999_999}, None),
        ({"customer_id": 999_999}, None),
    ],
)
def test_a_faulty_deal_is_refused_and_the_others_come_in(
    world: World, four: int, values: dict[str, object], field: str | None
) -> None:
    good = HistoricDeal("good", "prospecting", world.id("east_rep"))
    faulty = HistoricDeal(**({"number": "bad", "stage": "won", "owner_id": world.id("east_rep")} | values))  # type: ignore[arg-type]
    bad, fine, twice = commands.import_history(SYSTEM, four, [faulty, good, good])
    assert (bad.refusal is not None, bad.refusal and bad.refusal.field) == (True, field)
    assert fine.is_new
    assert twice.refusal is not None
    assert Opportunity.objects.visible_to(SYSTEM).count() == 1


def test_only_who_may_import_does(world: World, four: int) -> None:
    with pytest.raises(NotAllowed):
        commands.import_history(world.actor("director"), four, [HistoricDeal("A", "won", world.id("east_rep"))])


def test_the_measures_count_what_was_recorded(world: World, four: int) -> None:
    for number, stage, reached in (
        ("1", "won", {"engaging": ENGAGED, "won": CLOSED}),
        ("2", "lost", {"engaging": ENGAGED, "lost": CLOSED}),
        ("3", "prospecting", {}),
    ):
        brought_in(world, four, number, stage, reached=reached)
    keys = ["pipeline.opened", "pipeline.won", "pipeline.won_amount", "pipeline.lost"]
    found = totals(SYSTEM, keys, Period(ENGAGED, CLOSED))
    assert [found[key] for key in keys] == [2, 1, 500, 1]
    assert differences() == []


def test_a_set_of_deals_takes_few_statements(deals: Deals, django_assert_max_num_queries: object) -> None:
    rows = [
        HistoricDeal(f"N{i}", "won", deals.world.id("east_rep"), {"contact": ENGAGED, "won": CLOSED}, amount=Decimal(i))
        for i in range(200)
    ]
    with django_assert_max_num_queries(80):  # type: ignore[operator]
        outcomes = commands.import_history(SYSTEM, deals.version.pk, rows)
    assert all(outcome.is_new for outcome in outcomes)
    exits = Counter(StageSpan.objects.visible_to(SYSTEM).values_list("stage__code", flat=True))
    assert set(exits.values()) == {200}
    assert StageTransition.objects.visible_to(SYSTEM).count() == 200 * 7
    assert queries.opportunities(SYSTEM, "all", search="N199").count() == 1
