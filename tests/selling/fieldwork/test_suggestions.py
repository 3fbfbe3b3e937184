from __future__ import annotations

import datetime as dt

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.fieldwork.commands import ContactDraft, LineDraft, add_line, draft_plan, log_contact
from xiaocheng.selling.fieldwork.queries import suggest_lines
from xiaocheng.selling.tasks.commands import note

from .conftest import DAY, at


def reasons(world: World, day: dt.date = DAY, key: str = "east_rep") -> dict[str, str]:
    return {item.customer: item.reason for item in suggest_lines(world.actor(key), day)}


def test_a_customer_never_contacted_is_suggested(world: World, customer_ids: dict[str, int]) -> None:
    assert reasons(world) == dict.fromkeys(("甲木业", "乙机械", "丙食品"), "还没有联系过")
    assert reasons(world, key="south_rep") == {"外人的客户": "还没有联系过"}


def test_the_most_urgent_reason_is_given_and_a_planned_customer_left_out(
    world: World, customer_ids: dict[str, int]
) -> None:
    rep = world.actor("east_rep")
    log_contact(rep, ContactDraft(customer_id=customer_ids["甲木业"], next_on=DAY + dt.timedelta(days=1)))
    note(rep, "送样品", DAY + dt.timedelta(days=2), customer_id=customer_ids["乙机械"])
    later = DAY + dt.timedelta(days=3)
    with at("08:00", later):
        assert reasons(world, later) == {
            "甲木业": "约定的跟进已过 2 天",
            "乙机械": "待办:送样品",
            "丙食品": "还没有联系过",
        }
        add_line(rep, draft_plan(rep, later).pk, LineDraft(customer_id=customer_ids["甲木业"]))
        assert "甲木业" not in reasons(world, later)


def test_a_customer_about_to_lapse_is_suggested_first(world: World, customer_ids: dict[str, int]) -> None:
    with at("09:00"):
        log_contact(world.actor("east_rep"), ContactDraft(customer_id=customer_ids["甲木业"], next_on=DAY))
    assert reasons(world, DAY + dt.timedelta(days=5))["甲木业"] == "约定的跟进已过 5 天"
    lapse = (DAY + dt.timedelta(days=8)).isoformat()
    assert reasons(world, DAY + dt.timedelta(days=6))["甲木业"] == f"首问时限:{lapse} 零点失效"


def test_a_customer_not_contacted_for_long_is_suggested(world: World, customer_ids: dict[str, int]) -> None:
    change_rule(SYSTEM, "FirstContactRules.is_on", "no", since=DAY)
    for name in ("甲木业", "乙机械", "丙食品"):
        log_contact(world.actor("east_rep"), ContactDraft(customer_id=customer_ids[name]))
    assert reasons(world, DAY + dt.timedelta(days=14)) == {}
    assert reasons(world, DAY + dt.timedelta(days=15))["甲木业"] == "已有 15 天没有联系"


def test_an_opportunitys_next_step_is_suggested(world: World, morning: None) -> None:
    deals = Deals(world)
    with clock.as_of(clock.instant(DAY, dt.time(8))):
        row = deals.opened(next_step="交方案", next_step_on=DAY)
        log_contact(world.actor("east_rep"), ContactDraft(customer_id=row.customer_id or 0))
        (item,) = suggest_lines(world.actor("east_rep"), DAY)
    assert (item.opportunity_id, item.reason) == (row.pk, "商机「换线项目」下一步:交方案")
