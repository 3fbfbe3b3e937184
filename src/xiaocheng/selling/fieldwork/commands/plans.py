"""Ways to change a plan as a whole: draft, copy, submit, sign, return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.approvals import commands as approvals
from xiaocheng.foundation.approvals.queries import Paper, who_may_decide
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.events import PlanReturned, PlanSigned, PlanSubmitted
from xiaocheng.selling.fieldwork.models import LineOutcome, PlanLine, PlanState, VisitPlan
from xiaocheng.selling.fieldwork.rules import FieldworkRules
from xiaocheng.selling.fieldwork.states import PLAN

from .lines import LineDraft, add_line, append, check_open
from .reach import customers_in_reach, own_plan

KIND = "fieldwork.plan"


@dataclass(frozen=True)
class Decided:
    """What became of one plan of a bulk signature."""

    plan_id: int
    refusal: Refusal | None = None


def draft_plan(actor: Actor, day: dt.date) -> VisitPlan:
    """One's own plan of a day that is not over, begun if there is none yet."""
    actor.require(VISIT)
    if day < clock.today():
        raise RuleBroken(_("这一天已经过去,不能再制订计划。"))
    with transaction.atomic():
        person_id, department_id = actor.credited()
        mine = VisitPlan.objects.visible_to(actor).filter(person_id=person_id, day=day)
        plan = mine.first()
        if plan is None:
            plan = VisitPlan(person_id=person_id, department_id=department_id, day=day)
            try:
                with transaction.atomic():
                    VisitPlan.objects.add(plan)
            except IntegrityError:  # begun on the other device at the same moment
                plan = mine.get()
    return plan


def copy_plan(actor: Actor, day: dt.date, from_day: dt.date | None = None) -> VisitPlan:
    """Take the lines of a former plan (by default the latest) into a day's plan, but for those it has already."""
    with transaction.atomic():
        plan = own_plan(actor, draft_plan(actor, day).pk)
        check_open(plan)
        former = VisitPlan.objects.visible_to(actor).filter(person_id=actor.person_id, day__lt=day)
        former = former.filter(day=from_day) if from_day else former.filter(lines__isnull=False)
        source = former.order_by("-day").first()
        if source is None:
            raise RuleBroken(_("没有可以复制的计划。"))
        lines = list(source.lines.order_by("position"))
        reach = customers_in_reach(actor, (line.customer_id for line in lines))
        there = {customer_id or area for customer_id, area in plan.lines.values_list("customer_id", "area")}
        drafts = [
            LineDraft(
                customer_id=line.customer_id,
                area=line.area,
                starts_at=line.starts_at,
                ends_at=line.ends_at,
                purpose=line.purpose,
                note=line.note,
            )
            for line in lines
            if (line.customer_id or line.area) not in there and (line.customer_id is None or line.customer_id in reach)
        ]
        if not drafts:
            raise RuleBroken(_("上一份计划中的客户都已在这份计划里。"))
        append(actor, plan, drafts)
    return plan


def submit_plan(actor: Actor, plan_id: int) -> VisitPlan:
    """Lay one's own plan before the supervisor; where nobody stands above, it needs no signature."""
    with transaction.atomic():
        plan = own_plan(actor, plan_id)
        check_open(plan)
        state = PLAN.after(plan.state, "submit")
        lines = list(plan.lines.values_list("outcome", flat=True))
        if not lines:
            raise RuleBroken(_("计划里还没有内容,请先添加要拜访的客户或区域。"))
        deciders = who_may_decide(actor, _paper(plan))
        first, now = plan.submitted_at is None, clock.now()
        plan.state = state if deciders else PlanState.SIGNED
        plan.sent_at, plan.version = now, plan.version + 1
        if first:
            plan.submitted_at = now
            plan.late_minutes = clock.minutes_late(now, _cut_off(plan.day))
        plan.save(update_fields=["state", "sent_at", "version", "submitted_at", "late_minutes"])
        _keep_signed(plan)
        record(
            actor,
            PlanSubmitted(
                plan_id=plan.pk,
                person_id=plan.person_id,
                department_id=plan.department_id,
                day=plan.day,
                version=plan.version,
                first=first,
                lines=len(lines),
                done=lines.count(LineOutcome.DONE),
                late_minutes=plan.late_minutes,
                needs_signature=bool(deciders),
            ),
        )
    return plan


def submit_day(actor: Actor, day: dt.date) -> VisitPlan:
    """Lay one's own plan of a day before the supervisor; what is refused leaves no empty plan behind."""
    with transaction.atomic():
        return submit_plan(actor, draft_plan(actor, day).pk)


def plan_line(actor: Actor, day: dt.date, draft: LineDraft) -> PlanLine:
    """Add a line to one's own plan of a day; what is refused leaves no empty plan behind."""
    with transaction.atomic():
        return add_line(actor, draft_plan(actor, day).pk, draft)


def sign_plan(actor: Actor, plan_id: int, version: int, comment: str = "") -> VisitPlan:
    """Agree to the version of a plan that one has seen."""
    return _decide(actor, plan_id, version, "sign", comment)


def return_plan(actor: Actor, plan_id: int, version: int, comment: str) -> VisitPlan:
    """Send a plan back with an instruction."""
    return _decide(actor, plan_id, version, "return", comment)


def sign_plans(actor: Actor, plans: Sequence[tuple[int, int]], comment: str = "") -> list[Decided]:
    """Sign many plans (id, version seen) at once, with an outcome for each."""
    outcomes = []
    for plan_id, version in plans:
        try:
            sign_plan(actor, plan_id, version, comment)
            outcomes.append(Decided(plan_id))
        except Refusal as refusal:
            outcomes.append(Decided(plan_id, refusal))
    return outcomes


def _decide(actor: Actor, plan_id: int, version: int, verb: str, comment: str) -> VisitPlan:
    with transaction.atomic():
        plan: VisitPlan = VisitPlan.objects.locked(actor, plan_id)
        state = PLAN.after(plan.state, verb)
        if plan.version != version:
            raise RuleBroken(_("您打开之后,这份计划又改过了。请看过最新的内容再签核。"))
        said = approvals.decide(actor, KIND, _paper(plan), version, state, comment)
        plan.state, plan.decided_by_id, plan.decided_at = state, actor.person_id, clock.now()
        plan.instruction = comment.strip()
        plan.save(update_fields=["state", "decided_by", "decided_at", "instruction"])
        _keep_signed(plan)
        event = PlanSigned if verb == "sign" else PlanReturned
        record(
            actor.standing_in_for(said.on_behalf_of_id),
            event(plan_id=plan.pk, person_id=plan.person_id, day=plan.day, version=version),
        )
    return plan


def _keep_signed(plan: VisitPlan) -> None:
    """From the signature on, whatever the plan holds is known as signed."""
    if plan.state == PlanState.SIGNED:
        plan.lines.update(is_signed=True)


def _cut_off(day: dt.date) -> dt.datetime:
    return clock.instant(day, rules(FieldworkRules, day).plan_cut_off)


def _paper(plan: VisitPlan) -> Paper:
    return Paper(plan.pk, plan.person_id, plan.sent_at if plan.state == PlanState.SUBMITTED else None)
