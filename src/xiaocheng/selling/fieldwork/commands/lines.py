"""Ways to change the lines of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import differing, kept
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import EditConflict, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.fieldwork.events import LineSettled, PlanChanged, PlanReordered
from xiaocheng.selling.fieldwork.models import LineOutcome, PlanLine, PlanState, Purpose, VisitPlan

from .reach import check_customer, check_opportunity, own_line, own_plan

SIGNED = ("area", "starts_at", "ends_at", "purpose", "note")  # what a supervisor agrees to, beside where it goes


@dataclass(frozen=True, kw_only=True)
class LineDraft:
    """A visit one means to make: to a customer, or to an area."""

    customer_id: int | None = None
    opportunity_id: int | None = None
    area: str = ""
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    purpose: str = Purpose.OTHER
    note: str = ""
    why: str = ""  # the reason for which it was proposed


def add_line(actor: Actor, plan_id: int, draft: LineDraft) -> PlanLine:
    """Add one line at the end of one's own plan."""
    return add_lines(actor, plan_id, [draft])[0]


def add_lines(actor: Actor, plan_id: int, drafts: Sequence[LineDraft]) -> list[PlanLine]:
    """Add lines at the end of one's own plan: all of them or none."""
    with transaction.atomic():
        plan = own_plan(actor, plan_id)
        check_open(plan)
        for draft in drafts:
            _check(actor, plan, draft)
        return append(actor, plan, drafts)


def append(actor: Actor, plan: VisitPlan, drafts: Sequence[LineDraft]) -> list[PlanLine]:
    """Put checked lines at the end of a plan that the calling command has loaded and locked."""
    last = plan.lines.aggregate(last=Max("position"))["last"] or 0
    rows = [
        PlanLine.objects.add(PlanLine(plan=plan, position=last + n, **asdict(draft)))
        for n, draft in enumerate(drafts, start=1)
    ]
    note_change(actor, plan, added=len(rows))
    return rows


def edit_line(actor: Actor, line_id: int, draft: LineDraft) -> PlanLine:
    """Change what a line means to do; a signed one keeps where it goes, and beside it how it stood when signed."""
    with transaction.atomic():
        line = own_line(actor, line_id)
        plan = line.plan
        check_open(plan)
        _check_untouched(line)
        _check(actor, plan, draft, but=line)
        columns = {name: value for name, value in asdict(draft).items() if name != "why"}
        if line.is_signed:
            _check_same_place(line, draft)
            line.former = _former(line, draft)
        for name, value in columns.items():
            setattr(line, name, value)
        check_columns(line, columns)
        line.save(update_fields=[*columns, "former"])
        note_change(actor, plan, added=0)
    return line


def drop_line(actor: Actor, line_id: int) -> None:
    """Take a line out of a plan; one that was signed is settled with a reason instead, also if it was changed since."""
    with transaction.atomic():
        line = own_line(actor, line_id)
        plan = line.plan
        check_open(plan)
        _check_untouched(line)
        if line.is_signed:
            raise RuleBroken(_("计划已签核,这一行不能删除。不去了请选「改期」或「未完成」并写明原因。"))
        line.delete()
        note_change(actor, plan, added=-1)


def order_lines(actor: Actor, plan_id: int, line_ids: Sequence[int], version: int) -> None:
    """Put the lines of the plan that one has seen into an order; lines not named keep their place behind them.

    The order is the rep's own affair on the road: after the signature it is told, but not marked as a change.
    """
    with transaction.atomic():
        plan = own_plan(actor, plan_id)
        check_open(plan)
        former = list(plan.lines.order_by("position", "pk"))
        if plan.version != version:
            raise EditConflict({"version": plan.version, "line_ids": [line.pk for line in former]})
        place = {line_id: n for n, line_id in enumerate(line_ids)}
        lines = sorted(former, key=lambda line: place.get(line.pk, len(place)))
        if lines == former:
            return
        for position, line in enumerate(lines, start=1):
            line.position = position
        plan.lines.bulk_update(lines, ["position"])
        plan.version += 1
        plan.save(update_fields=["version"])
        record(actor, PlanReordered(plan_id=plan.pk, person_id=plan.person_id, day=plan.day, version=plan.version))


def settle_line(actor: Actor, line_id: int, *, outcome: str, reason: str, moved_to: dt.date | None = None) -> PlanLine:
    """Say that a planned visit was moved to another day, or not made, and why; a moved one joins that day's plan."""
    from .plans import draft_plan  # the two files need each other

    with transaction.atomic():
        line = own_line(actor, line_id)
        _check_settled(line, outcome, reason, moved_to)
        line.outcome, line.reason = outcome, reason.strip()
        line.moved_to = moved_to if outcome == LineOutcome.MOVED else None
        check_columns(line, ["reason"])
        line.save(update_fields=["outcome", "reason", "moved_to"])
        if line.moved_to:
            append(actor, draft_plan(actor, line.moved_to), [_same_again(line)])
        record(
            actor,
            LineSettled(
                plan_id=line.plan_id,
                line_id=line.pk,
                customer_id=line.customer_id,
                outcome=outcome,
                moved_to=line.moved_to,
            ),
        )
    return line


def check_open(plan: VisitPlan) -> None:
    """Refuse to change the plan of a day that is over."""
    if plan.day < clock.today():
        raise RuleBroken(_("这一天已经过去,计划不能再改。没有去的请在日报中说明。"))


def _check(actor: Actor, plan: VisitPlan, draft: LineDraft, but: PlanLine | None = None) -> None:
    if draft.customer_id is None and not draft.area.strip():
        raise RuleBroken(_("请选择客户,或填写要走访的区域。"), field="customer_id")
    if draft.purpose not in Purpose.values:
        raise RuleBroken(_("请选择拜访目的。"), field="purpose")
    if draft.starts_at and draft.ends_at and draft.ends_at <= draft.starts_at:
        raise RuleBroken(_("结束时间要晚于开始时间。"), field="ends_at")
    check_customer(actor, draft.customer_id)
    check_opportunity(actor, draft.opportunity_id, draft.customer_id)
    same = plan.lines.filter(customer_id=draft.customer_id or 0, purpose=draft.purpose)
    if same.exclude(pk=but.pk if but else 0).exists():
        raise RuleBroken(_("这位客户已在当天计划中(目的相同)。"), field="customer_id")


def _check_same_place(line: PlanLine, draft: LineDraft) -> None:
    """Another customer would be a dropped line and a new one, without a reason for either."""
    if draft.customer_id != line.customer_id or (line.customer_id is None and draft.area.strip() != line.area):
        said = _("计划已签核,不能换成别的客户或区域。不去了请选「改期」或「未完成」并写明原因,再添加新的一行。")
        raise RuleBroken(said, field="customer_id" if line.customer_id else "area")


def _former(line: PlanLine, draft: LineDraft) -> dict[str, str]:
    """How those columns stood at the signature that will stand otherwise."""
    signed = {name: _kept(getattr(line, name)) for name in SIGNED} | line.former
    return differing(signed, {name: _kept(getattr(draft, name)) for name in SIGNED})[0]


def _kept(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, dt.time) else kept(value)


def _check_untouched(line: PlanLine) -> None:
    if line.outcome != LineOutcome.PLANNED:
        raise RuleBroken(_("这一行已有结果,不能再改。"))
    if hasattr(line, "visit"):
        raise RuleBroken(_("这一行正在拜访,填写结果即可。"))


def _check_settled(line: PlanLine, outcome: str, reason: str, moved_to: dt.date | None) -> None:
    _check_untouched(line)
    if outcome not in (LineOutcome.MOVED, LineOutcome.NOT_DONE):
        raise RuleBroken(_("请选择「改期」或「未完成」。"), field="outcome")
    if not reason.strip():
        raise RuleBroken(_("请写明原因。"), field="reason")
    if outcome == LineOutcome.MOVED and (moved_to is None or moved_to <= max(line.plan.day, clock.today())):
        raise RuleBroken(_("请选择今天之后的日期。"), field="moved_to")


def _same_again(line: PlanLine) -> LineDraft:
    return LineDraft(
        customer_id=line.customer_id,
        opportunity_id=line.opportunity_id,
        area=line.area,
        purpose=line.purpose,
        note=line.note,
        why=line.why,
    )


def note_change(actor: Actor, plan: VisitPlan, added: int) -> None:
    """Raise the version, so that nobody signs what he has not seen, and tell of changes to a submitted plan."""
    plan.version += 1
    plan.changed_after_signing = plan.changed_after_signing or plan.state == PlanState.SIGNED
    plan.save(update_fields=["version", "changed_after_signing"])
    if plan.submitted_at is not None:
        record(
            actor,
            PlanChanged(
                plan_id=plan.pk,
                person_id=plan.person_id,
                department_id=plan.department_id,
                day=plan.day,
                version=plan.version,
                added=added,
                after_signing=plan.state == PlanState.SIGNED,
            ),
        )
