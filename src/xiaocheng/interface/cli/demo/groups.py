"""Groups of the demo company's customers: the company's, a manager's and a rep's own."""

from __future__ import annotations

from decimal import Decimal

from xiaocheng.foundation.fields.conditions import ALL, Condition, Rule
from xiaocheng.foundation.org.queries import actor_for
from xiaocheng.selling.customers.commands import GroupDraft, add_group, add_to_group
from xiaocheng.selling.customers.queries import customers

from .company import Staff

LEVEL_A = (Condition("level", "is", ("A",)),)


def gather(staff: Staff) -> None:
    """Three groups by rule for everybody, a target segment among them, one by hand of the east, one of a rep's own."""
    director = actor_for(staff.director)
    key = GroupDraft(
        name="重点客户",
        sharing="everybody",
        strategy="每月至少上门一次，报价前先与主管商量，投诉当天回复。",
        planned_hours=Decimal(3),
        planned_visits=2,
        rule=Rule(ALL, (LEVEL_A,)),
    )
    quiet = GroupDraft(
        name="被冷落的重点客户",
        sharing="everybody",
        strategy="本周内电话联系，约定下次拜访。",
        rule=Rule(ALL, (LEVEL_A, (Condition("last_contact_at", "older", ("14",)),))),
    )
    wanted = GroupDraft(
        name="自动化改造的制造企业",
        sharing="everybody",
        ideal="华东、华南的制造企业，年采购额 100 万以上，正在扩产或改造产线，由设备部和生产副总共同决策。",
        strategy="先请生产副总参观样板工厂，再谈方案。",
        rule=Rule(
            ALL, ((Condition("industry", "is", ("manufacturing",)),), (Condition("region", "is", ("east", "south")),))
        ),
    )
    for draft in (key, quiet, wanted):
        add_group(director, draft)
    manager, rep = actor_for(staff.managers["east"]), actor_for(staff.reps["east"][0])
    chains = add_group(
        manager, GroupDraft(name="集团客户", sharing="department", strategy="按集团统一价报价，由主管参加谈判。")
    )
    add_to_group(manager, chains.pk, list(customers(manager, "team").values_list("pk", flat=True)[:12]))
    friends = add_group(rep, GroupDraft(name="老朋友", strategy="节日前打个电话，不谈生意。"))
    add_to_group(rep, friends.pk, list(customers(rep, "mine").values_list("pk", flat=True)[:5]))
