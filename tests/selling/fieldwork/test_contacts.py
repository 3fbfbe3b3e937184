from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact, log_contacts_many, submit_plan
from xiaocheng.selling.fieldwork.queries import VisitPlan, visits

from .conftest import DAY, at, lines_of
from .test_visits import figures


def test_a_follow_up_takes_a_customer_and_a_date(world: World, customer_ids: dict[str, int]) -> None:
    rep = world.actor("east_rep")
    next_on = DAY + dt.timedelta(days=3)
    call = log_contact(rep, ContactDraft(customer_id=customer_ids["甲木业"], next_on=next_on))
    assert (call.kind, call.result, call.is_effective, call.is_off_plan) == ("call", "next_step", False, False)
    assert customer(rep, customer_ids["甲木业"]).next_contact_on == next_on
    assert figures(world) == {"calls": 1}


def test_a_contact_ends_the_follow_up_that_was_due(world: World, customer_ids: dict[str, int]) -> None:
    rep, pk = world.actor("east_rep"), customer_ids["甲木业"]
    log_contact(rep, ContactDraft(customer_id=pk, next_on=DAY))
    log_contact(rep, ContactDraft(customer_id=pk, outcome="not_met"))
    assert customer(rep, pk).next_contact_on == DAY, "nobody answered: it is still due"
    log_contact(rep, ContactDraft(customer_id=pk))
    assert customer(rep, pk).next_contact_on is None


def test_a_contact_typed_late_does_not_undo_a_newer_one(world: World, customer_ids: dict[str, int]) -> None:
    rep, pk = world.actor("east_rep"), customer_ids["甲木业"]
    log_contact(rep, ContactDraft(customer_id=pk, next_on=DAY + dt.timedelta(days=9)))
    newest = customer(rep, pk).last_contact_at
    yesterday = clock.now() - dt.timedelta(days=1, minutes=1)
    late = log_contact(rep, ContactDraft(customer_id=pk, occurred_at=yesterday, next_on=DAY))
    row = customer(rep, pk)
    assert (row.last_contact_at, row.next_contact_on) == (newest, DAY + dt.timedelta(days=9))
    assert late.is_typed_later


def test_only_a_few_days_are_typed_in_later_and_never_the_future(world: World, customer_ids: dict[str, int]) -> None:
    rep, pk = world.actor("east_rep"), customer_ids["甲木业"]
    for days in (-3, 1):
        moment = clock.now() + dt.timedelta(days=days)
        with pytest.raises(RuleBroken) as refusal:
            log_contact(rep, ContactDraft(customer_id=pk, occurred_at=moment))
        assert refusal.value.field == "occurred_at"


def test_a_visit_noted_afterwards_fulfils_the_plan_but_is_not_effective(world: World, plan: VisitPlan) -> None:
    rep = world.actor("east_rep")
    submit_plan(rep, plan.pk)
    line = lines_of(plan)[0]
    with at("18:00"):
        row = log_contact(
            rep, ContactDraft(customer_id=line.customer_id or 0, kind="visit", outcome="met_decider", result="order")
        )
    assert (row.plan_line_id, row.is_off_plan, row.is_effective) == (line.pk, False, False)
    assert figures(world) == {"planned": 2, "plan_done": 1, "visited": 1}
    assert measures.differences() == []


def test_many_contacts_have_an_outcome_each_and_one_bad_row_holds_up_nobody(
    world: World, customer_ids: dict[str, int]
) -> None:
    good = [ContactDraft(customer_id=customer_ids[name]) for name in ("甲木业", "乙机械", "甲木业")]
    outsiders, mine = customer_ids["外人的客户"], customer_ids["甲木业"]
    bad = [ContactDraft(customer_id=outsiders), ContactDraft(customer_id=mine, kind="fax")]
    outcomes = log_contacts_many(world.actor("east_rep"), [*good, *bad])
    assert [outcome.refusal is None for outcome in outcomes] == [True, True, True, False, False]
    assert isinstance(outcomes[3].refusal, NotFound)
    assert figures(world) == {"calls": 3}
    assert measures.differences() == []


def test_the_history_of_others_takes_a_capability_of_its_own(world: World, customer_ids: dict[str, int]) -> None:
    left = clock.now()
    history = ContactDraft(
        customer_id=customer_ids["甲木业"],
        kind="visit",
        occurred_at=left - dt.timedelta(days=90, minutes=30),
        left_at=left - dt.timedelta(days=90),
        outcome="met_decider",
        result="order",
        person_id=world.id("east_rep"),
    )
    with pytest.raises(NotAllowed):
        log_contact(world.actor("east_rep"), history)
    row = log_contact(world.actor("administrator"), history)
    assert (row.credit_person_id, row.credit_department_id, row.is_effective) == (
        world.id("east_rep"),
        world.department("east").pk,
        True,
    )
    assert measures.differences() == []


def test_many_contacts_cost_a_few_statements_whatever_their_number(
    world: World, customer_ids: dict[str, int], django_assert_max_num_queries: object
) -> None:
    rep = world.actor("east_rep")
    drafts = [ContactDraft(customer_id=customer_ids["甲木业"], note=f"第 {n} 次") for n in range(300)]
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        log_contacts_many(rep, drafts)
    assert visits(rep).count() == 300


def test_the_kind_of_a_contact_says_whether_it_keeps_the_customer(world: World, customer_ids: dict[str, int]) -> None:
    rep, pk = world.actor("east_rep"), customer_ids["甲木业"]
    change_rule(SYSTEM, "FirstContactRules.calls_count", "no", since=dt.date(2000, 1, 1))

    begun = customer(rep, pk).clock_since
    with at("18:00"):
        log_contact(rep, ContactDraft(customer_id=pk, kind="call"))
        assert customer(rep, pk).clock_since == begun
        log_contact(rep, ContactDraft(customer_id=pk, kind="message"))
        assert customer(rep, pk).clock_since == clock.now()
