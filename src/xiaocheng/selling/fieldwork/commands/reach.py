"""What every command of field work checks before it writes: whose plan, which customer, which opportunity."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.models import PlanLine, VisitPlan
from xiaocheng.selling.pipeline import queries as pipeline


def own_plan(actor: Actor, plan_id: int) -> VisitPlan:
    """The actor's own plan, locked; somebody else's may be looked at and signed, not changed."""
    plan: VisitPlan = VisitPlan.objects.locked(actor, plan_id)
    actor.require(VISIT)
    if plan.person_id != actor.person_id:
        raise RuleBroken(_("计划只能由本人修改。需要调整请退回并写明要求。"))
    return plan


def own_line(actor: Actor, line_id: int) -> PlanLine:
    """A line of the actor's own plan, with the plan locked."""
    found: PlanLine = PlanLine.objects.one(actor, line_id)
    plan = own_plan(actor, found.plan_id)
    line: PlanLine = PlanLine.objects.locked(actor, line_id)
    line.plan = plan
    return line


def customers_in_reach(actor: Actor, ids: Iterable[int | None]) -> set[int]:
    """Those of the customers that the actor may see."""
    wanted = {row_id for row_id in ids if row_id is not None}
    if not wanted:
        return set()
    return set(customers.customers(actor, "all").filter(pk__in=wanted).values_list("pk", flat=True))


def check_customer(actor: Actor, customer_id: int | None) -> None:
    """Refuse a customer out of sight like one that does not exist."""
    if customer_id is not None and not customers_in_reach(actor, [customer_id]):
        raise NotFound


def check_opportunity(actor: Actor, opportunity_id: int | None, customer_id: int | None) -> None:
    """Refuse an opportunity that the actor does not see or that belongs to another customer."""
    if opportunity_id is None:
        return
    mine = pipeline.opportunities(actor, "all").filter(pk=opportunity_id)
    if not mine.filter(customer_id=customer_id or 0).exists():
        raise RuleBroken(_("这个商机不属于所选客户,请重新选择。"), field="opportunity_id")


def check_contact(actor: Actor, contact_id: int | None, customer_id: int | None) -> None:
    """Refuse a contact person of another customer."""
    if contact_id is None:
        return
    if customer_id is None or contact_id not in {row.pk for row in customers.contacts(actor, customer_id)}:
        raise RuleBroken(_("这位联系人不属于所选客户,请重新选择。"), field="contact_id")
