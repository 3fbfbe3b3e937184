"""One tap proposes the day: what is due becomes lines, each with its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.lunar import lunar_days_of, next_of
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import ContactDraft as PersonDraft
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork.commands import (
    ContactDraft,
    LineDraft,
    edit_line,
    log_contact,
    plan_line,
    propose_day,
    settle_line,
    submit_plan,
)
from xiaocheng.selling.fieldwork.models import VisitPlan
from xiaocheng.selling.fieldwork.queries import PlanLine, suggest_lines
from xiaocheng.selling.tasks.commands import TaskDraft, push

from .conftest import DAY, at

NEXT = DAY + dt.timedelta(days=1)


def proposed(world: World, day: dt.date = DAY, key: str = "east_rep") -> dict[str, tuple[str, str]]:
    lines = propose_day(world.actor(key), day)
    return {line.customer.name: (line.purpose, line.why) for line in lines if line.customer}


def pushed(world: World, kind: str, customer_id: int, title: str, key: str = "east_rep") -> None:
    person = world.id(key)
    push(SYSTEM, [TaskDraft(kind=kind, about=f"x:{customer_id}", person_id=person, title=title, due_on=DAY,
                            customer_id=customer_id)])  # fmt: skip


def test_one_tap_fills_the_day_with_own_customers_and_keeps_why(world: World, customer_ids: dict[str, int]) -> None:
    assert proposed(world) == dict.fromkeys(("甲木业", "乙机械", "丙食品"), ("develop", "还没有联系过"))
    assert proposed(world, key="south_rep") == {"外人的客户": ("develop", "还没有联系过")}


def test_money_due_and_complaints_come_before_everything_but_the_time_limit(
    world: World, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    log_contact(rep, ContactDraft(customer_id=customer_ids["甲木业"], next_on=DAY))
    pushed(world, "trade.unpaid", customer_ids["丙食品"], "催收逾期货款")
    pushed(world, "service.complaint", customer_ids["乙机械"], "处理投诉:交货迟")
    assert list(proposed(world).items()) == [
        ("乙机械", ("complaint", "处理投诉:交货迟")),
        ("丙食品", ("collect", "催收逾期货款")),
        ("甲木业", ("service", "约定当天跟进")),
    ]


def test_a_promised_next_step_is_the_reason_until_there_was_another_contact(
    world: World, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    log_contact(rep, ContactDraft(customer_id=customer_ids["甲木业"], next_step="送样品", next_on=NEXT))
    assert {item.customer: item.reason for item in suggest_lines(rep, NEXT)}["甲木业"] == "约定的下一步:送样品"
    with at("10:00"):
        log_contact(rep, ContactDraft(customer_id=customer_ids["甲木业"]))
    assert {item.customer: item.reason for item in suggest_lines(rep, NEXT)}["甲木业"] == "约定当天跟进"


def test_birthdays_by_either_calendar_are_a_reason(world: World, customer_ids: dict[str, int]) -> None:
    rep = world.actor("east_rep")
    lunar = lunar_days_of(NEXT)[0]
    register(rep, CustomerDraft(name="王先生", is_person=True, birthday=dt.date(1980, 3, 4)))
    customers.add_contact(rep, PersonDraft(customer_id=customer_ids["乙机械"], name="刘厂长", lunar_birthday=lunar))
    other = PersonDraft(customer_id=customer_ids["丙食品"], name="张会计", birthday=dt.date(1990, 3, 6))
    customers.add_contact(rep, other)
    found = {item.customer: item.reason for item in suggest_lines(rep, DAY)}
    assert found["王先生"] == "王先生生日:2026-03-04"
    assert found["乙机械"] == "刘厂长农历生日:2026-03-03"
    assert found["丙食品"] == "还没有联系过"  # in four days


@pytest.mark.parametrize(("day", "kept"), [(dt.date(2026, 2, 28), True), (dt.date(2028, 2, 28), False)])
def test_who_was_born_on_the_leap_day_is_congratulated_the_day_before_where_there_is_none(
    world: World, day: dt.date, kept: bool
) -> None:
    with at("08:00", day):
        register(world.actor("east_rep"), CustomerDraft(name="闰先生", birthday=dt.date(1992, 2, 29)))
        change_rule(SYSTEM, "FieldworkRules.birthday_days", "0", since=day)
        (item,) = suggest_lines(world.actor("east_rep"), day)
        assert ("生日" in item.reason) is kept


def test_the_lunar_days_of_a_date_are_those_that_come_next_on_it() -> None:
    days = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 31)]
    first = dt.date(2025, 7, 1)  # before a leap month
    expected = {text: next_of(text, first) for text in days}
    kept = {text: first + dt.timedelta(days=n) for n in range(354) for text in lunar_days_of(first + dt.timedelta(n))}
    assert {text: day for text, day in expected.items() if day and day < dt.date(2026, 6, 20)} == {
        text: day for text, day in kept.items() if day < dt.date(2026, 6, 20)
    }


def test_a_level_may_have_its_own_rhythm(world: World, morning: None) -> None:
    rep = world.actor("east_rep")
    change_rule(SYSTEM, "FirstContactRules.is_on", "no", since=DAY)
    change_rule(SYSTEM, "FieldworkRules.revisit_by_level", "A=7", since=DAY)
    for name, level in (("甲木业", "A"), ("乙机械", "B")):
        row = register(rep, CustomerDraft(name=name, level=level))
        log_contact(rep, ContactDraft(customer_id=row.pk))
    assert suggest_lines(rep, DAY + dt.timedelta(days=7)) == []
    assert [item.customer for item in suggest_lines(rep, DAY + dt.timedelta(days=8))] == ["甲木业"]


def test_no_more_than_the_rule_says_and_nothing_twice(world: World, customer_ids: dict[str, int]) -> None:
    change_rule(SYSTEM, "FieldworkRules.lines_a_day", "2", since=DAY)
    rep = world.actor("east_rep")
    plan_line(rep, DAY, LineDraft(customer_id=customer_ids["乙机械"]))
    first = set(proposed(world))
    assert len(first) == 1 and "乙机械" not in first
    with pytest.raises(RuleBroken, match="已有 2 家"):
        propose_day(rep, DAY)
    assert set(proposed(world, NEXT)) == {"甲木业", "丙食品"} - first  # the others are planned already
    with pytest.raises(RuleBroken, match="没有到期"):
        propose_day(rep, DAY + dt.timedelta(days=2))
    assert not VisitPlan.objects.visible_to(rep).filter(day=DAY + dt.timedelta(days=2)).exists()


def test_a_task_about_anothers_customer_is_no_reason_to_visit_him(world: World, customer_ids: dict[str, int]) -> None:
    pushed(world, "trade.unpaid", customer_ids["甲木业"], "催收", key="east_manager")
    with pytest.raises(RuleBroken, match="没有到期"):
        propose_day(world.actor("east_manager"), DAY)


def test_the_reason_stays_when_the_line_is_edited_moved_and_after_signing(
    world: World, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    (line, *_others) = propose_day(rep, DAY)
    submit_plan(rep, line.plan_id)
    edit_line(rep, line.pk, LineDraft(customer_id=line.customer_id, note="带样品"))
    settle_line(rep, line.pk, outcome="moved", reason="客户出差", moved_to=NEXT)
    moved = PlanLine.objects.visible_to(rep).get(plan__day=NEXT)
    assert (moved.why, moved.note) == ("还没有联系过", "带样品")


def test_only_who_visits_customers_and_only_a_day_that_is_not_over(world: World, customer_ids: dict[str, int]) -> None:
    with pytest.raises(NotAllowed):
        propose_day(world.actor("administrator"), DAY)
    with pytest.raises(RuleBroken, match="已经过去"), clock.as_of(clock.instant(NEXT, dt.time(8))):
        propose_day(world.actor("east_rep"), DAY)
