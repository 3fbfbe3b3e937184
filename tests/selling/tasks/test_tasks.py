"""To-dos."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.tasks import commands, queries
from xiaocheng.selling.tasks.commands import TaskDraft


def draft(world: World, **values: object) -> TaskDraft:
    given = {"kind": "care.birthday", "about": "customers.customer:7", "person_id": world.id("east_rep")}
    return TaskDraft(**(given | {"title": "生日祝福", "due_on": clock.today(), "occurrence": "2026"} | values))  # type: ignore[arg-type]


def test_what_is_pushed_twice_is_on_the_list_once_and_does_not_come_back_when_done(world: World) -> None:
    rep = world.actor("east_rep")
    commands.push(SYSTEM, [draft(world), draft(world)])
    commands.push(SYSTEM, [draft(world, title="又一次")])
    task = queries.due(rep).get()
    assert task.title == "生日祝福"
    commands.finish(rep, task.pk)
    commands.push(SYSTEM, [draft(world), draft(world, occurrence="2027")])
    assert [row.occurrence for row in queries.due(rep)] == ["2027"]


def test_a_task_whose_reason_is_gone_is_withdrawn_unless_it_was_done(world: World) -> None:
    rep = world.actor("east_rep")
    commands.push(SYSTEM, [draft(world), draft(world, occurrence="2025")])
    commands.finish(rep, queries.due(rep)[0].pk)
    assert commands.withdraw(SYSTEM, "care.birthday", ["customers.customer:7"]) == 1
    assert not queries.due(rep).exists()
    assert queries.tasks(rep, state="done").count() == 1


def test_due_shows_what_is_urgent_first(world: World) -> None:
    rep, today = world.actor("east_rep"), clock.today()
    for days in (3, 0, -1):
        commands.note(rep, f"{days}", today + dt.timedelta(days=days))
    assert [row.title for row in queries.due(rep)] == ["-1", "0", "3"]
    assert [row.title for row in queries.due(rep, today)] == ["-1", "0"]


def test_a_manager_notes_a_task_for_his_team_but_a_rep_not_for_a_colleague(world: World) -> None:
    commands.note(world.actor("east_manager"), "回电", clock.today(), person_id=world.id("east_rep"))
    assert queries.due(world.actor("east_rep")).count() == 1
    assert queries.tasks(world.actor("east_manager"), "team").count() == 1
    with pytest.raises(RuleBroken):
        commands.note(world.actor("east_rep"), "回电", clock.today(), person_id=world.id("east_peer"))


def test_a_task_about_a_customer_stands_in_its_timeline(world: World) -> None:
    rep = world.actor("east_rep")
    customer = customers.register(rep, CustomerDraft(name="甲乙丙"))
    task = commands.note(rep, "寄样品", dt.date(2026, 1, 2), customer_id=customer.pk)
    commands.finish(rep, task.pk)
    sentences = [item.sentence for item in timeline("customers.customer", customer.pk)]
    assert sentences[:2] == ["完成待办「寄样品」", "记下待办「寄样品」,2026-01-02 前完成"]
    with pytest.raises(NotFound):
        commands.note(world.actor("south_rep"), "x", clock.today(), customer_id=customer.pk)


def test_a_task_is_done_once_and_by_nobody_who_does_not_see_it(world: World) -> None:
    task = commands.note(world.actor("east_rep"), "回电", clock.today())
    with pytest.raises(NotFound):
        commands.finish(world.actor("east_peer"), task.pk)
    commands.finish(world.actor("east_manager"), task.pk)
    with pytest.raises(RuleBroken):
        commands.finish(world.actor("east_rep"), task.pk)


def test_open_tasks_follow_the_customer_and_the_successor(world: World) -> None:
    rep, today = world.actor("east_rep"), clock.today()
    customer = customers.register(rep, CustomerDraft(name="甲乙丙"))
    commands.note(rep, "客户的", today, customer_id=customer.pk)
    commands.note(rep, "自己的", today)
    customers.assign(world.actor("east_manager"), [customer.pk], world.id("east_peer"))
    assert [row.title for row in queries.due(world.actor("east_peer"))] == ["客户的"]
    disable_person(world.actor("administrator"), world.id("east_rep"), successor_id=world.id("east_peer"))
    assert [row.title for row in queries.due(world.actor("east_peer"))] == ["客户的", "自己的"]
