"""What the demo company records beyond what every company does."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiaocheng.foundation.fields.commands import FieldDraft, ViewDraft, add_field, save_view
from xiaocheng.foundation.fields.queries import choices, custom_fields
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor

MAKERS = ("自主改造", "国产整线", "进口整线", "二手设备")
OPPORTUNITY = "pipeline.opportunity"
BUYING = ("公开招标", "邀请招标", "比价采购", "直接采购")


@dataclass(frozen=True)
class OwnFields:
    """The keys of the fields, and the codes of their options."""

    lines: str
    equipment: str
    warranty: str
    makers: list[str]

    def of_customer(self, dice: random.Random) -> Mapping[str, Any]:
        """What is known about one customer; not everything about everybody."""
        known: dict[str, Any] = {self.lines: dice.choice((1, 1, 2, 2, 3, 4, 6, 8))}
        if dice.random() < 0.7:
            known[self.equipment] = dice.sample(self.makers, dice.choice((1, 1, 2)))
        if dice.random() < 0.6:
            known[self.warranty] = clock.today() + dt.timedelta(days=dice.randrange(-200, 500))
        return known


def add_own_fields() -> OwnFields:
    """Three fields of customers and one of opportunities."""
    customer, section = "customers.customer", "生产现场"
    lines = FieldDraft(name="产线数量", name_en="Production lines", section=section, is_filter=True)
    makers = FieldDraft(name="现有设备", name_en="Present equipment", section=section, is_filter=True)
    ends = FieldDraft(
        name="质保到期", name_en="Warranty until", section=section, is_filter=True, help="到期前三个月最适合谈换新。"
    )
    buying = FieldDraft(name="采购方式", name_en="Way of buying", is_filter=True)
    rows = [
        add_field(SYSTEM, customer, "whole", lines),
        add_field(SYSTEM, customer, "several", makers, options=MAKERS),
        add_field(SYSTEM, customer, "date", ends),
    ]
    add_field(SYSTEM, OPPORTUNITY, "one", buying, options=BUYING)
    count, makers_of, until = (row.key for row in rows)
    return OwnFields(count, makers_of, until, [code for code, _name in choices(f"field.{rows[1].pk}")])


def of_opportunity(customer_id: int) -> Mapping[str, Any]:
    """How a customer buys: always in the same way."""
    [buying] = custom_fields(SYSTEM, OPPORTUNITY)
    codes = [code for code, _name in buying.options()]
    return {buying.key: codes[customer_id % len(codes)]}


def share_view(actor: Actor, own: OwnFields) -> None:
    """Whom to visit first about a new machine: for everybody, each seeing his own."""
    columns = ["level", "owner", own.lines, own.equipment, own.warranty, "last_contact_at"]
    draft = ViewDraft(name="产线四条以上", query=f"{own.lines}_from=4", columns=columns, audience="everybody")
    save_view(actor, "customers:list", draft)
