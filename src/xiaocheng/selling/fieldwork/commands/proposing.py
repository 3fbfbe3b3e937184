"""The day makes itself: what is due becomes the lines of a plan, and the rep strikes out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.fieldwork.models import PlanLine
from xiaocheng.selling.fieldwork.queries.suggestions import Suggestion, suggest_lines
from xiaocheng.selling.fieldwork.rules import FieldworkRules

from .lines import LineDraft, append, check_open
from .plans import draft_plan, plan_line
from .reach import own_plan


def propose_day(actor: Actor, day: dt.date) -> list[PlanLine]:
    """Fill one's own plan of a day with what is due, the most urgent first, up to the number of the rule."""
    with transaction.atomic():
        plan = own_plan(actor, draft_plan(actor, day).pk)
        check_open(plan)
        most = rules(FieldworkRules, day).lines_a_day
        room = most - plan.lines.count()
        if room <= 0:
            raise RuleBroken(
                _("这一天的计划已有 %(count)s 家(「一键安排家数」)。还要添加的,请从建议中逐家选。") % {"count": most}
            )
        found = suggest_lines(actor, day, room)
        if not found:
            raise RuleBroken(_("没有到期的事项可以安排,请自行添加客户。"))
        return append(actor, plan, [_draft(item) for item in found])


def add_suggested(actor: Actor, day: dt.date, customer_id: int) -> PlanLine:
    """Put one suggested customer on one's own plan of a day, for the reason that stands now."""
    item = next((item for item in suggest_lines(actor, day) if item.customer_id == customer_id), None)
    if item is None:
        raise NotFound
    return plan_line(actor, day, _draft(item))


def _draft(item: Suggestion) -> LineDraft:
    return LineDraft(
        customer_id=item.customer_id, opportunity_id=item.opportunity_id, purpose=item.purpose, why=item.reason[:300]
    )
