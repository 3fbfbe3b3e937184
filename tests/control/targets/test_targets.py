from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.selling.fieldwork.conftest import at
from tests.world import World
from xiaocheng.control.targets.commands import TargetDraft, TargetOutcome, set_targets, withdraw_target
from xiaocheng.control.targets.queries import Progress, Target, pace_of, progress_of, targets, team_progress
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import disable_person, mark_calendar_day
from xiaocheng.selling.trade.commands import ReceiptDraft, enter_receipt

MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
RECEIVED, VISITED = "trade.received", "fieldwork.visited"


def draft(world: World, who: str = "east_rep", value: int | str | None = 100_000, **said: object) -> TargetDraft:
    amount = None if value is None else Decimal(value)
    wanted = {"person_id": world.id(who), "measure": RECEIVED, "month": MARCH, "value": amount}
    return TargetDraft(**(wanted | said))  # type: ignore[arg-type]


def one(world: World, by: str = "east_manager", **said: object) -> TargetOutcome:
    [outcome] = set_targets(world.actor(by), [draft(world, **said)])  # type: ignore[arg-type]
    return outcome


def kept(world: World, **said: object) -> Target:
    outcome = one(world, **said)
    assert outcome.target is not None, outcome.refusal
    return outcome.target


def paid(world: World, customer_id: int, amount: int, day: dt.date, by: str = "east_rep") -> None:
    with at("17:00", day):
        enter_receipt(world.actor(by), ReceiptDraft(customer_id=customer_id, amount=Decimal(amount), received_on=day))


def test_a_supervisor_sets_many_targets_at_once_each_with_its_outcome(world: World) -> None:
    manager = world.actor("east_manager")
    outcomes = set_targets(
        manager,
        [
            draft(world, basis="去年同期加一成"),
            draft(world, measure=VISITED, value=60),
            draft(world, "south_rep"),
            draft(world, measure="trade.profit"),
            draft(world, value=0),
            draft(world, measure=VISITED, value="1.5", month=APRIL),
            draft(world, month=dt.date(2026, 3, 2)),
            draft(world, "shanghai_lead"),
        ],
    )
    assert [type(outcome.refusal) for outcome in outcomes] == [
        type(None), type(None), NotFound, RuleBroken, RuleBroken, RuleBroken, RuleBroken, RuleBroken,
    ]  # fmt: skip
    rows = targets(manager).order_by("pk")
    assert [(row.measure, row.value, row.basis) for row in rows] == [
        (RECEIVED, 100_000, "去年同期加一成"),
        (VISITED, 60, ""),
    ]


def test_nobody_without_the_capability_sets_targets_and_nobody_his_own(world: World) -> None:
    with pytest.raises(NotAllowed):
        set_targets(world.actor("east_rep"), [draft(world)])
    own = one(world, by="east_manager", who="east_manager")
    assert isinstance(own.refusal, RuleBroken) and not targets(SYSTEM).exists()


def test_a_target_is_seen_by_its_person_and_the_line_above_alone(world: World) -> None:
    row = kept(world)
    for who in ("east_rep", "east_manager", "director", "administrator"):
        assert list(targets(world.actor(who))) == [row], who
    for who in ("east_peer", "south_rep", "south_manager", "shanghai_lead", "promoter"):
        assert not targets(world.actor(who)).exists(), who
    with pytest.raises(NotFound):
        withdraw_target(world.actor("south_manager"), row.pk, 1)


def test_two_supervisors_do_not_overwrite_each_other(world: World) -> None:
    row = kept(world)
    changed = one(world, by="director", value=120_000, version=1)
    late = one(world, value=90_000, version=1)
    assert changed.target and isinstance(late.refusal, EditConflict)
    assert late.refusal.current["value"] == 120_000
    first_too = one(world, value=90_000)  # as if there were none yet
    assert isinstance(first_too.refusal, EditConflict)
    row.refresh_from_db()
    assert (row.value, row.edit_version) == (120_000, 2)


def test_the_same_value_again_changes_nothing(world: World) -> None:
    row = kept(world)
    again = kept(world, version=1)
    assert (again.pk, again.edit_version) == (row.pk, 1)
    assert len(timeline("targets.target", row.pk)) == 1


def test_the_journal_keeps_what_a_target_was(world: World) -> None:
    row = kept(world)
    kept(world, value=120_000, version=1)
    assert isinstance(one(world, value=None, version=1).refusal, EditConflict)
    assert one(world, value=None, version=2).refusal is None
    assert not targets(SYSTEM).exists()
    assert [item.sentence for item in timeline("targets.target", row.pk)] == [
        "撤销了 2026-03 的目标:回款额,原为 120,000",
        "把 2026-03 的目标 回款额 从 100,000 改为 120,000",
        "定了 2026-03 的目标:回款额 100,000",
    ]


def test_a_target_is_taken_back_by_the_version_that_was_seen(world: World) -> None:
    row = kept(world)
    with pytest.raises(NotAllowed):
        withdraw_target(world.actor("east_rep"), row.pk, 1)
    with pytest.raises(EditConflict):
        withdraw_target(world.actor("east_manager"), row.pk, 2)
    withdraw_target(world.actor("east_manager"), row.pk, 1)
    assert not targets(SYSTEM).exists()
    assert isinstance(one(world, version=1).refusal, EditConflict)  # who still saw it learns that it is gone


def test_what_was_reached_comes_from_the_measure_and_the_pace_from_the_companys_calendar(
    world: World, customer_ids: dict[str, int]
) -> None:
    kept(world)
    mark_calendar_day(SYSTEM, dt.date(2026, 3, 6), is_workday=False, name="公司日")
    paid(world, customer_ids["甲木业"], 30_000, dt.date(2026, 3, 9))
    paid(world, customer_ids["乙机械"], 5_000, dt.date(2026, 3, 10))
    paid(world, customer_ids["外人的客户"], 7_000, dt.date(2026, 3, 9), by="south_rep")
    with at("09:00", dt.date(2026, 3, 10)):
        [now] = progress_of(world.actor("east_rep"), world.id("east_rep"))
        [before] = progress_of(world.actor("east_rep"), world.id("east_rep"), dt.date(2026, 3, 9))
    assert (now.actual, before.actual, now.ratio) == (35_000, 30_000, Decimal("0.35"))
    assert (now.pace.passed, now.pace.left) == (5, 16)  # 2 to 5 and 9 March, without the company's own day
    assert now.expected == pytest.approx(Decimal(100_000) * 5 / 21)
    assert not now.is_behind and now.needed == Decimal(65_000) / 16


def test_a_month_that_is_over_expects_all_and_one_to_come_nothing(world: World) -> None:
    over, to_come = pace_of(MARCH, APRIL), pace_of(APRIL, MARCH)
    assert (over.share, over.left, to_come.share, to_come.passed) == (1, 0, 0, 0)
    kept(world)
    with at("09:00", APRIL):
        [march] = team_progress(world.actor("east_manager"), MARCH).sums.values()
    assert march.needed is None and march.is_behind and march.gap == 100_000


def test_a_team_adds_up_those_who_have_a_target(world: World, customer_ids: dict[str, int]) -> None:
    kept(world)
    kept(world, who="shanghai_rep", value=50_000)
    paid(world, customer_ids["甲木业"], 30_000, dt.date(2026, 3, 9))
    with at("09:00", dt.date(2026, 3, 10)):
        ours = team_progress(world.actor("east_manager"), MARCH)
        shanghai = team_progress(world.actor("east_manager"), MARCH, world.department_ids["shanghai"])
        mine = team_progress(world.actor("shanghai_lead"), MARCH)
    assert [line.person.name for line in ours.people] == ["张三", "赵六", "吴小沪"]
    assert figures(ours.sums[RECEIVED]) == (150_000, 30_000)
    assert figures(shanghai.sums[RECEIVED]) == figures(mine.sums[RECEIVED]) == (50_000, 0)


def test_the_targets_of_somebody_who_left_stay_with_their_months(world: World) -> None:
    kept(world)
    disable_person(SYSTEM, world.id("east_rep"))
    manager = world.actor("east_manager")
    assert [line.person.name for line in team_progress(manager, MARCH).people if line.rows] == ["张三"]
    assert "张三" not in [line.person.name for line in team_progress(manager, APRIL).people]
    assert isinstance(one(world, month=APRIL).refusal, NotFound)


def figures(progress: Progress) -> tuple[Decimal, Decimal]:
    return progress.target, progress.actual
