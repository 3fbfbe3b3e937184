"""Ways to make a visit: check in, check out, record the result, correct it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import differing, kept_of
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.events import VisitAmended, VisitCompleted, VisitEnded, VisitStarted
from xiaocheng.selling.fieldwork.judging import shortfalls_of
from xiaocheng.selling.fieldwork.models import (
    Kind,
    LineOutcome,
    Moment,
    Outcome,
    PlanLine,
    PlanState,
    Purpose,
    Result,
    Visit,
    VisitPlan,
)
from xiaocheng.selling.fieldwork.placing import Position
from xiaocheng.selling.fieldwork.queued import CLOCKS_DIFFER, Queued, believed

from .follow_up import after_contacts, prove_instead
from .places import keep_place
from .reach import check_contact, check_customer, check_opportunity, own_line

ATTACHABLE = (LineOutcome.PLANNED, LineOutcome.NOT_DONE)


@dataclass(frozen=True, kw_only=True)
class VisitResult:
    """What came of a visit: two mandatory answers, the rest if there is something to tell."""

    outcome: str
    result: str
    note: str = ""
    next_step: str = ""
    next_on: dt.date | None = None
    contact_id: int | None = None
    opportunity_id: int | None = None
    opinion: str = ""
    news: str = ""
    competitor_facts: str = ""
    problem: str = ""
    solution: str = ""


class StillVisiting(RuleBroken):
    """The last visit has not been left yet; what a device recorded meanwhile may be sent again afterwards."""

    def __init__(self) -> None:
        super().__init__(_("上一次拜访还没有签退,请先签退。"))


TOLD = tuple(answer.name for answer in fields(VisitResult))


def check_in(
    actor: Actor,
    *,
    line_id: int | None = None,
    customer_id: int | None = None,
    area: str = "",
    purpose: str = Purpose.OTHER,
    opportunity_id: int | None = None,
    position: Position | None = None,
    queued: Queued | None = None,
) -> Visit:
    """Arrive: at a planned line's customer, or off the plan. Twice the same tap gives the same visit.

    What a device recorded without connection counts by the time of the device, as far as that is believed.
    """
    with transaction.atomic():
        now = clock.now()
        recorded = believed(queued, now)
        at = recorded or now
        line = own_line(actor, line_id) if line_id is not None else None
        if not (recorded and customer_id and customers.was_own(actor, customer_id, recorded)):
            check_customer(actor, customer_id)
        check_opportunity(actor, opportunity_id, customer_id)
        actor.require(VISIT)
        running = _under_way(actor)
        if running is not None:
            return _same_or_refuse(running, line, customer_id, area, recorded)
        if line is not None and recorded and _is_taken(line):  # it was made all the same: it comes in off the plan
            customer_id, area, purpose = line.customer_id, line.area, line.purpose
            opportunity_id, line = line.opportunity_id, None
        line = line or _planned_line(actor, customer_id, clock.day_of(at))
        if line is not None:
            visit = _arrived_as_planned(actor, line, at)
        else:
            visit = _arrived(actor, at, customer_id, area, purpose, opportunity_id)
        visit.recorded_at, visit.queued_at = now, recorded
        try:
            with transaction.atomic():
                Visit.objects.add(visit)
        except IntegrityError:  # the other device was faster
            return _same_or_refuse(_under_way(actor), line, customer_id, area, recorded)
        keep_place(actor, visit, Moment.ARRIVAL, at, position)
        _mark_unsigned(actor, clock.day_of(at))
        record(
            actor,
            VisitStarted(
                visit_id=visit.pk,
                customer_id=visit.customer_id,
                person_id=visit.credit_person_id,
                is_off_plan=visit.is_off_plan,
            ),
        )
    return visit


def check_out(actor: Actor, visit_id: int, position: Position | None = None, queued: Queued | None = None) -> Visit:
    """Leave. Twice the same tap leaves once."""
    with transaction.atomic():
        visit = own_visit(actor, visit_id)
        if visit.is_under_way:
            at = visit.checked_out_at = _left_at(visit, queued)
            visit.save(update_fields=["checked_out_at"])
            keep_place(actor, visit, Moment.LEAVING, at, position)
            record(
                actor,
                VisitEnded(visit_id=visit.pk, customer_id=visit.customer_id, person_id=visit.credit_person_id),
            )
    return visit


def record_result(
    actor: Actor, visit_id: int, version: int, result: VisitResult, queued: Queued | None = None
) -> Visit:
    """Tell what came of a visit: now it counts, the planned line is done, the customer was contacted."""
    with transaction.atomic():
        visit = own_visit(actor, visit_id)
        if visit.completed_at is not None:
            raise RuleBroken(_("这次拜访已有结果,可以在拜访页更正。"))
        check_result(actor, visit, result)
        visit.checked_out_at = visit.checked_out_at or _left_at(visit, queued)
        save_edit(
            visit,
            version,
            **asdict(result),
            checked_out_at=visit.checked_out_at,
            completed_at=clock.now(),
            is_effective=not shortfalls_of(actor, visit, result),
        )
        after_contacts(actor, [visit])
        plan = _finish_line(visit)
        record(actor, completed(visit, plan))
    return visit


def amend_result(actor: Actor, visit_id: int, version: int, result: VisitResult) -> Visit:
    """Correct what was told about a visit; the figures follow, unless their period is closed."""
    with transaction.atomic():
        visit = own_visit(actor, visit_id)
        if visit.completed_at is None:
            raise RuleBroken(_("这次拜访还没有结果,请先填写结果。"))
        check_result(actor, visit, result)
        before, after = visit.is_effective, visit.kind == Kind.VISIT and not shortfalls_of(actor, visit, result)
        if before != after and booking_day(visit.booked_on) != visit.booked_on:
            raise RuleBroken(_("这一天所在的期间已经关账,不能再改变是否有效拜访。"))
        told, former = kept_of(visit, TOLD), visit.opportunity_id
        save_edit(visit, version, **asdict(result), amended_at=clock.now(), is_effective=after)
        was, now = differing(told, kept_of(visit, TOLD))
        after_contacts(actor, [visit])
        prove_instead(actor, visit, former)
        record(
            actor,
            VisitAmended(
                visit_id=visit.pk,
                customer_id=visit.customer_id,
                person_id=visit.credit_person_id,
                department_id=visit.credit_department_id,
                booked_on=visit.booked_on,
                effective_change=int(after) - int(before),
                before=was,
                after=now,
            ),
        )
    return visit


def check_result(actor: Actor, visit: Visit, result: VisitResult) -> None:
    """Refuse a result without its two answers, or with what does not belong to the customer."""
    if result.outcome not in Outcome.values:
        raise RuleBroken(_("请选择见到了谁。"), field="outcome")
    if result.result not in Result.values:
        raise RuleBroken(_("请选择结果。"), field="result")
    if result.result == Result.NEXT_STEP and result.next_on is None:
        raise RuleBroken(_("约定了下一步,请填写日期。"), field="next_on")
    if result.next_on is not None and result.next_on < clock.day_of(visit.occurred_at):
        raise RuleBroken(_("下一步日期不能早于这次联系。"), field="next_on")
    check_opportunity(actor, result.opportunity_id, visit.customer_id)
    check_contact(actor, result.contact_id, visit.customer_id)


def completed(visit: Visit, plan: VisitPlan | None) -> VisitCompleted:
    """The event of a visit whose result was recorded; `plan` is the submitted plan that it fulfils."""
    return VisitCompleted(
        visit_id=visit.pk,
        customer_id=visit.customer_id,
        opportunity_id=visit.opportunity_id,
        person_id=visit.credit_person_id,
        department_id=visit.credit_department_id,
        booked_on=visit.booked_on,
        plan_day=plan.day if plan else None,
        plan_department_id=plan.department_id if plan else None,
        outcome=visit.outcome,
        result=visit.result,
        next_on=visit.next_on,
        is_effective=visit.is_effective,
        is_off_plan=visit.is_off_plan,
    )


def own_visit(actor: Actor, visit_id: int) -> Visit:
    """The actor's own visit, locked; others may look at it."""
    visit: Visit = Visit.objects.locked(actor, visit_id)
    actor.require(VISIT)
    if visit.credit_person_id != actor.person_id:
        raise RuleBroken(_("拜访记录只能由本人填写。"))
    return visit


def _planned_line(actor: Actor, customer_id: int | None, day: dt.date) -> PlanLine | None:
    """The line of the day's plan for a customer whom one visits without having chosen the line."""
    if customer_id is None:
        return None
    lines = PlanLine.objects.visible_to(actor).filter(
        plan__person_id=actor.person_id, plan__day=day, customer_id=customer_id, outcome__in=ATTACHABLE
    )
    return lines.filter(visit=None).order_by("position").first()


def _under_way(actor: Actor) -> Visit | None:
    mine: QuerySet[Visit] = Visit.objects.visible_to(actor).filter(credit_person_id=actor.person_id or 0)
    return mine.filter(checked_in_at__isnull=False, checked_out_at=None).first()


def _left_at(visit: Visit, queued: Queued | None) -> dt.datetime:
    """When a visit ends: by the device, as far as that is believed, and never before it began."""
    now = clock.now()
    at = believed(queued, now) or now
    return max(at, visit.checked_in_at or at)


def _arrived(
    actor: Actor, at: dt.datetime, customer_id: int | None, area: str, purpose: str, opportunity_id: int | None
) -> Visit:
    """The visit that begins at a time, off the plan."""
    if customer_id is None and not area.strip():
        raise RuleBroken(_("请选择客户,或填写要走访的区域。"), field="customer_id")
    if purpose not in Purpose.values:
        raise RuleBroken(_("请选择拜访目的。"), field="purpose")
    person_id, department_id = actor.credited()
    return Visit(
        credit_person_id=person_id,
        credit_department_id=department_id,
        occurred_at=at,
        booked_on=booking_day(clock.day_of(at)),
        kind=Kind.VISIT,
        customer_id=customer_id,
        opportunity_id=opportunity_id,
        area=area.strip(),
        purpose=purpose,
        checked_in_at=at,
        is_off_plan=True,
    )


def _is_taken(line: PlanLine) -> bool:
    """True for a line that was visited or moved."""
    return line.outcome not in ATTACHABLE or hasattr(line, "visit")


def _arrived_as_planned(actor: Actor, line: PlanLine, at: dt.datetime) -> Visit:
    """The visit that begins at a time, as the plan of that day has it."""
    if line.plan.day != clock.day_of(at):
        raise RuleBroken(_("只能对今天的计划签到。"))
    if _is_taken(line):
        raise RuleBroken(_("这一行已经拜访过,或已经改期。"))
    visit = _arrived(actor, at, line.customer_id, line.area, line.purpose, line.opportunity_id)
    visit.plan_line, visit.is_off_plan = line, False
    return visit


def _same_or_refuse(
    running: Visit | None, line: PlanLine | None, customer_id: int | None, area: str, recorded: dt.datetime | None
) -> Visit:
    """The visit that was begun by the same tap before; a person is in one place at a time."""
    if running is not None and _at_once(running, recorded):
        same = running.plan_line_id == line.pk if line else (running.customer_id, running.area) == (customer_id, area)
        if same:
            return running
    raise StillVisiting


def _at_once(running: Visit, recorded: dt.datetime | None) -> bool:
    """False for what a device recorded at another time: a second visit to the same customer on the same day."""
    began = running.checked_in_at
    return recorded is None or began is None or abs(began - recorded) <= CLOCKS_DIFFER


def _mark_unsigned(actor: Actor, day: dt.date) -> None:
    """Going out with a plan that nobody has signed is marked, not blocked."""
    plans = VisitPlan.objects.visible_to(actor).filter(person_id=actor.person_id, day=day)
    plans.exclude(state=PlanState.SIGNED).update(went_unsigned=True)


def _finish_line(visit: Visit) -> VisitPlan | None:
    """Mark the planned line as done; gives its plan when that was submitted, so that the line counts."""
    line = visit.plan_line
    if line is None:
        return None
    line.outcome, line.reason = LineOutcome.DONE, ""
    line.save(update_fields=["outcome", "reason"])
    return line.plan if line.plan.submitted_at else None
