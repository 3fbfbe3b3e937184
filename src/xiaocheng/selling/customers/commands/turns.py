"""The turn at a showroom or hotline: taken when somebody walks in, or passed on for a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import duty_site, names_of
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.events import TurnPassed
from xiaocheng.selling.customers.models import DutyTurn
from xiaocheng.selling.customers.models.reception import Way
from xiaocheng.selling.customers.turns import Line, hold, line_of, use

LONGEST_REASON = 200


def accept_turn(actor: Actor, site_id: int, seen: int) -> DutyTurn:
    """Take one's turn, as somebody walks in; what they talked about is registered afterwards.

    `seen` is the number of the last turn that the actor saw: of two who take the same turn exactly one succeeds.
    """
    with transaction.atomic():
        line = _held(actor, site_id)
        actor.require(RECEIVE)
        if actor.person_id is None or line.next != actor.person_id:
            raise not_their_turn(line)
        return use(site_id, actor.person_id, Way.TAKEN, by=actor.person_id, seen=seen)


def pass_turn(actor: Actor, site_id: int, seen: int, reason: str) -> DutyTurn:
    """Let the next one receive, and say why; by whose turn it is, another one on duty there, or who is above him."""
    with transaction.atomic():
        line = _held(actor, site_id)
        actor.require(RECEIVE)
        if line.next is None:
            raise RuleBroken(_("今天这里没有人值班。"))
        if actor.person_id not in line.people and not actor.sight.sees_person(line.next):
            raise RuleBroken(_("只有当值人员或其上级可以让过轮次。"))
        if len(line.people) == 1:
            raise RuleBroken(_("今天只有一人值班,没有可以让给的人。"))
        said = checked_reason(reason)
        turn = use(site_id, line.next, Way.PASSED, by=actor.person_id, seen=seen, reason=said)
        site = duty_site(actor, site_id)
        record(actor, TurnPassed(site_id=site_id, person_id=line.next, site=site.name, reason=said))
    return turn


def not_their_turn(line: Line) -> RuleBroken:
    """Whose turn it is instead."""
    if line.next is None:
        return RuleBroken(_("今天这里没有人值班。"), field="receiver_id")
    name = names_of([line.next]).get(line.next, "")
    return RuleBroken(
        _("现在轮到%(name)s接待。客户指名,或%(name)s不在时,请写明未按轮次的原因。") % {"name": name},
        field="out_of_turn",
    )


def checked_reason(reason: str, field: str = "reason") -> str:
    """A reason that was given, without the blanks around it."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise RuleBroken(_("请写明原因,不超过 %(count)s 个字。") % {"count": LONGEST_REASON}, field=field)
    return said


def _held(actor: Actor, site_id: int) -> Line:
    """The line of a site in use, while nobody else takes a turn there."""
    if not duty_site(actor, site_id).is_active:
        raise NotFound
    hold(site_id)
    return line_of(site_id)
