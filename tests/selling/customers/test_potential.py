"""How much a customer could buy: noted by hand, by many, by a file; our share of it follows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.insight.test_worth import sold as sold
from tests.world import World
from xiaocheng.foundation.fields.conditions import Condition, Rule
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences, read_gauges, rebuild
from xiaocheng.insight.commands import count_values
from xiaocheng.insight.measures import WALLET_SHARE
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.imports import CUSTOMERS
from xiaocheng.selling.customers.queries import ids_by_name

pytestmark = pytest.mark.django_db


def named(name: str) -> int:
    return ids_by_name(SYSTEM, [f"{name}厂"])[f"{name}厂"]


def share(name: str) -> Decimal | None:
    return read_gauges(named(name)).values.get(WALLET_SHARE)


def test_our_share_follows_the_estimate_and_the_count(sold: World) -> None:
    rep, first = sold.actor("east_rep"), named("甲")
    commands.edit(rep, first, 1, potential="high", yearly_demand=Decimal("4000"))
    assert timeline("customers.customer", first)[0].sentence == "修改了客户资料:潜力、年采购额估计"
    assert share("甲") is None, "nothing was counted yet"
    count_values(SYSTEM)
    assert share("甲") == 25
    commands.edit(rep, first, 2, yearly_demand=Decimal("2000.4"))
    assert (share("甲"), queries.customer(rep, first).yearly_demand) == (50, 2000)
    commands.edit(rep, named("乙"), 1, yearly_demand=1)
    assert (share("乙"), differences()) == (99900, [])
    rebuild()
    assert (share("甲"), differences()) == (50, [])
    for wrong in ({"potential": "huge"}, {"yearly_demand": 0}, {"yearly_demand": 10**14}):
        with pytest.raises(RuleBroken):
            commands.edit(rep, first, 3, **wrong)
    done = commands.merge(sold.actor("administrator"), named("旧"), first)
    assert (share("旧"), queries.customer(SYSTEM, named("旧")).potential, differences()) == (50, "high", [])
    commands.undo_merge(sold.actor("administrator"), done.merge_id)
    assert (share("旧"), share("甲"), differences()) == (None, 50, [])
    commands.edit(rep, first, queries.customer(rep, first).edit_version, yearly_demand=None)
    assert share("甲") is None


def test_pages_files_and_programs_know_it(sold: World) -> None:
    rep, first, second = sold.client("east_rep"), named("甲"), named("乙")
    sent = {"ids": f"{first},{second},{named('癸')}", "potential": "low"}
    told = rep.post("/customers/rate/", sent, headers={"HX-Request": "true"})
    assert told.status_code < 300
    assert [queries.customer(SYSTEM, pk).potential for pk in (first, second, named("癸"))] == ["low", "low", ""]
    assert rep.post("/customers/rate/", {**sent, "potential": "x"}).status_code == 422
    assert sold.client("promoter").post("/customers/rate/", sent).status_code == 403
    assert rep.post(f"/customers/{first}/edit/yearly_demand/", {"yearly_demand": "1.2万", "_version": "2"})
    page = rep.get(f"/customers/{first}/").content.decode()
    assert ["潜力" in page, "1.2 万元/年" in page] == [True, True]
    names = rep.get("/customers/?tab=mine&potential=low").content.decode()
    assert ["甲厂" in names, "丙厂" in names] == [True, False]
    found = rep.get("/api/v1/customers?potential=low").json()["items"]
    assert {(row["name"], row["yearly_demand"]) for row in found} == {("甲厂", 12000), ("乙厂", None)}
    asked = (Condition("potential", "is", ("low",)), Condition("yearly_demand", "at_least", ("10000",)))
    rule = Rule("all", tuple((condition,) for condition in asked))
    assert queries.preview(sold.actor("east_rep"), rule).names == ("甲厂",)
    rows = [dict.fromkeys((field.key for field in CUSTOMERS.fields), None) | {
        "name": "新厂", "potential": "medium", "yearly_demand": 7, "is_person": False, "groups": "",
    }]  # fmt: skip
    [done] = CUSTOMERS.write(SYSTEM, rows, {})
    row = queries.customer(SYSTEM, done.row_id or 0)
    assert (row.potential, row.yearly_demand) == ("medium", 7)
