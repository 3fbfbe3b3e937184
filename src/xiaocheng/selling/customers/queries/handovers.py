"""Handovers: those prepared and those carried out, what they move, and who left without one."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import Held, Person, holdings_of, names_of, people
from xiaocheng.selling.customers.access import HAND_OVER
from xiaocheng.selling.customers.handing import Drift, allowed, drift_of
from xiaocheng.selling.customers.models import Customer, Handover, HandoverLine
from xiaocheng.selling.customers.models.handovers import LEAVING
from xiaocheng.selling.customers.sharing import holdings

from .groups import group, in_group
from .sharing import Share


def handovers(actor: Actor, *, done: bool | None = None) -> QuerySet[Handover]:
    """The handovers of people in sight, but for one's own; the latest first."""
    actor.require(HAND_OVER)
    rows: QuerySet[Handover] = Handover.objects.visible_to(actor).exclude(person_id=actor.person_id)
    if done is not None:
        rows = rows.filter(done_at__isnull=not done)
    return rows.select_related("person", "successor", "planned_by", "done_by").order_by("-pk")


def handover(actor: Actor, handover_id: int) -> Handover:
    """One handover."""
    row: Handover = Handover.objects.one(actor, handover_id, "person", "successor", "planned_by", "done_by")
    return allowed(actor, row)


def handover_lines(actor: Actor, handover_id: int) -> QuerySet[HandoverLine]:
    """The customers of a handover, with who gets each."""
    row = handover(actor, handover_id)
    rows: QuerySet[HandoverLine] = HandoverLine.objects.visible_to(actor).filter(handover=row)
    return rows.select_related("customer", "to").order_by("pk")


def handover_part(
    actor: Actor, handover_id: int, *, region: str = "", level: str = "", group_id: int | None = None
) -> list[int]:
    """The customers of a handover of a region, a level, a group, or all of these at once."""
    asked = {key: value for key, value in (("customer__region", region), ("customer__level", level)) if value}
    lines = handover_lines(actor, handover_id).filter(**asked)
    if group_id is not None:
        inside = Customer.objects.visible_to(actor).filter(in_group(actor, group(actor, group_id)))
        lines = lines.filter(customer__in=inside.values("pk"))
    return list(lines.values_list("customer_id", flat=True))


def handover_shares(actor: Actor, handover_id: int) -> list[Share]:
    """What each gets of a handover, and what he holds without it; last, as nobody's, those that stay."""
    lines = handover(actor, handover_id).lines
    gets = dict(lines.values_list("to").annotate(Count("pk")).order_by())
    stay = gets.pop(None, 0)
    held, names = holdings(gets), names_of(gets)
    found = [Share(pk, names.get(pk, ""), held.get(pk, 0), count) for pk, count in gets.items()]
    return sorted(found, key=lambda share: -share.gets) + ([Share(0, "", 0, stay)] if stay else [])


def handover_drift(actor: Actor, handover_id: int) -> Drift:
    """How far a plan is from what the person is responsible for now."""
    return drift_of(handover(actor, handover_id))


def handover_holdings(actor: Actor, handover_id: int) -> list[Held]:
    """What else the person holds, and what becomes of it."""
    row = handover(actor, handover_id)
    return holdings_of(actor, row.person_id, leaves=row.kind == LEAVING)


def left_with_customers(actor: Actor) -> QuerySet[Person]:
    """People in sight who left and whose customers nobody has taken over yet."""
    actor.require(HAND_OVER)
    theirs = Customer.objects.beyond_sight(because="of people in the actor's sight").filter(owner=OuterRef("pk"))
    rows = people(actor, active=False).filter(Exists(theirs))
    return rows if actor.sight.everyone else rows.filter(pk__in=sorted(actor.sight.people))
