"""Reports about the market: written in the field, told up the line, merged, closed with measures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.approvals import commands as approvals
from xiaocheng.foundation.fields.changes import differing, kept_of
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.catalogue import queries as catalogue
from xiaocheng.selling.fieldwork.access import DECIDE_MARKET, VISIT
from xiaocheng.selling.fieldwork.market_events import (
    MarketAlarmed,
    MarketClosed,
    MarketMerged,
    MarketReopened,
    MarketReported,
    MarketReportEdited,
    MarketTakenUp,
    MarketUnmerged,
)
from xiaocheng.selling.fieldwork.models import MarketKind, MarketReport, Visit
from xiaocheng.selling.fieldwork.states import CLOSED, MARKET, OPEN, Severity
from xiaocheng.selling.pipeline import queries as pipeline

from .reach import check_customer

KIND = "fieldwork.marketreport"
RANK = list(Severity.values)


@dataclass(frozen=True, kw_only=True)
class MarketText:
    """What is reported: about whom and where, as far as it is known."""

    kind: str
    severity: str
    description: str
    area: str = ""
    competitor_id: int | None = None
    product_id: int | None = None
    customer_id: int | None = None


TOLD_OF_MARKET = tuple(item.name for item in fields(MarketText))


@transaction.atomic
def report_market(actor: Actor, text: MarketText, visit_id: int | None = None) -> MarketReport:
    """Report something about the market; what affects sales is told to the supervisor at once."""
    check_customer(actor, text.customer_id)
    if visit_id is not None:
        Visit.objects.one(actor, visit_id)
    actor.require(VISIT)
    person_id, department_id = actor.credited()
    now = clock.now()
    row: MarketReport = MarketReport.objects.add(
        MarketReport(
            **_values(actor, text),
            visit_id=visit_id,
            credit_person_id=person_id,
            credit_department_id=department_id,
            occurred_at=now,
            recorded_at=now,
            booked_on=booking_day(clock.today()),
        )
    )
    record(
        actor,
        MarketReported(report_id=row.pk, customer_id=row.customer_id, kind_of=row.kind, severity=row.severity),
    )
    _alarm_if_urgent(actor, row)
    return row


@transaction.atomic
def edit_market(actor: Actor, report_id: int, version: int, text: MarketText) -> MarketReport:
    """Change what a report says, by whoever wrote it or deals with it, until it is closed."""
    row: MarketReport = MarketReport.objects.locked(actor, report_id)
    actor.require(VISIT if row.credit_person_id == actor.person_id else DECIDE_MARKET)
    if row.state == CLOSED:
        raise RuleBroken(_("已经结案,要修改请先重新处理。"))
    if text.customer_id != row.customer_id:
        check_customer(actor, text.customer_id)
    told, was_urgent = kept_of(row, TOLD_OF_MARKET), row.is_urgent
    save_edit(row, version, **_values(actor, text))
    before, after = differing(told, kept_of(row, TOLD_OF_MARKET))
    if before:
        record(actor, MarketReportEdited(report_id=row.pk, customer_id=row.customer_id, before=before, after=after))
    if was_urgent and not row.is_urgent:
        approvals.end_alarms(actor, KIND, [row.pk])
    elif not was_urgent and row.merged_into_id is None:
        _alarm_if_urgent(actor, row)
    return row


@transaction.atomic
def take_up_market(actor: Actor, report_id: int) -> MarketReport:
    """Begin to deal with an event: it climbs no further. Twice the same tap takes it up once."""
    row = _event(actor, report_id)
    if row.state == "in_work":
        return row
    save_edit(row, row.edit_version, state=MARKET.after(row.state, "take_up"), taken_up_at=clock.now())
    approvals.end_alarms(actor, KIND, [row.pk])
    record(actor, MarketTakenUp(report_id=row.pk, customer_id=row.customer_id, person_id=row.credit_person_id))
    return row


@transaction.atomic
def close_market(actor: Actor, report_id: int, version: int, measures: str) -> MarketReport:
    """Close an event with the measures that were taken; everybody who reported it hears of it."""
    row = _event(actor, report_id)
    state, now = MARKET.after(row.state, "close"), clock.now()
    if not measures.strip():
        raise RuleBroken(_("请写明采取了什么措施。"), field="measures")
    save_edit(row, version, state=state, measures=measures.strip(), closed_at=now, taken_up_at=row.taken_up_at or now)
    approvals.end_alarms(actor, KIND, [row.pk])
    told = {row.credit_person_id, *row.sources.values_list("credit_person", flat=True)}
    record(actor, MarketClosed(report_id=row.pk, customer_id=row.customer_id, told=tuple(sorted(told))))
    return row


@transaction.atomic
def reopen_market(actor: Actor, report_id: int, version: int) -> MarketReport:
    """The measures did not do: deal with the event again."""
    row = _event(actor, report_id)
    save_edit(row, version, state=MARKET.after(row.state, "reopen"), closed_at=None)
    record(actor, MarketReopened(report_id=row.pk, customer_id=row.customer_id))
    return row


@transaction.atomic
def merge_market(actor: Actor, report_id: int, others: Collection[int]) -> MarketReport:
    """Several reports are about one event: the others become its sources, and it is as serious as the worst of them."""
    rows: dict[int, MarketReport] = {pk: MarketReport.objects.locked(actor, pk) for pk in sorted({report_id, *others})}
    actor.require(DECIDE_MARKET)
    head = rows.pop(report_id)
    _refuse_sources([head, *rows.values()])
    if not rows:
        raise RuleBroken(_("请至少选择两件事一起合并。"), field="others")
    if any(row.state == CLOSED for row in (head, *rows.values())):
        raise RuleBroken(_("已经结案的不能合并,请先重新处理。"))
    ids, was_urgent = list(rows), head.is_urgent
    theirs = MarketReport.objects.beyond_sight(because="the sources of an event go with it")
    theirs.filter(merged_into__in=ids).update(merged_into=head)
    theirs.filter(pk__in=ids).update(merged_into=head)
    approvals.end_alarms(actor, KIND, ids)
    worst = max([head.severity, *(row.severity for row in rows.values())], key=RANK.index)
    save_edit(head, head.edit_version, severity=worst)
    record(actor, *(MarketMerged(report_id=head.pk, merged_id=pk) for pk in ids))
    if not was_urgent:
        _alarm_if_urgent(actor, head)
    return head


@transaction.atomic
def unmerge_market(actor: Actor, report_id: int) -> MarketReport:
    """A report is about something else after all: it is an event of its own again."""
    row: MarketReport = MarketReport.objects.locked(actor, report_id)
    actor.require(DECIDE_MARKET)
    if row.merged_into_id is None:
        raise RuleBroken(_("这件事没有合并到别的事件。"))
    head = row.merged_into_id
    save_edit(row, row.edit_version, merged_into_id=None)
    record(actor, MarketUnmerged(report_id=head, merged_id=row.pk))
    _alarm_if_urgent(actor, row)
    return row


def escalate_market(actor: Actor) -> int:
    """Tell the next in line of events that cannot wait and that nobody took up in time; gives how many."""
    with transaction.atomic():
        told = approvals.climb(actor, KIND)
        rows = MarketReport.objects.visible_to(actor).filter(pk__in=told, state=OPEN, merged_into=None)
        events = [_alarmed(row, told[row.pk], in_vain=True) for row in rows]
        record(actor, *events)
    return len(events)


def _event(actor: Actor, report_id: int) -> MarketReport:
    row: MarketReport = MarketReport.objects.locked(actor, report_id)
    actor.require(DECIDE_MARKET)
    _refuse_sources([row])
    return row


def _refuse_sources(rows: Sequence[MarketReport]) -> None:
    if any(row.merged_into_id is not None for row in rows):
        raise RuleBroken(_("这件事已合并到别的事件,请在那里处理。"))


def _values(actor: Actor, text: MarketText) -> dict[str, Any]:
    if text.kind not in MarketKind.values:
        raise RuleBroken(_("请选择类别。"), field="kind")
    if text.severity not in Severity.values:
        raise RuleBroken(_("请选择严重程度。"), field="severity")
    if not text.description.strip():
        raise RuleBroken(_("请写明市场上发生了什么。"), field="description")
    if text.competitor_id is not None:
        pipeline.competitor(actor, text.competitor_id)
    if text.product_id is not None:
        catalogue.product(actor, text.product_id)
    return vars(text) | {"description": text.description.strip(), "area": text.area.strip()}


def _alarm_if_urgent(actor: Actor, row: MarketReport) -> None:
    if not row.is_urgent or row.state != OPEN:
        return
    if told := approvals.raise_alarm(actor, KIND, row.pk, row.credit_person_id):
        record(actor, _alarmed(row, told, in_vain=False))


def _alarmed(row: MarketReport, told: Sequence[int], *, in_vain: bool) -> MarketAlarmed:
    return MarketAlarmed(report_id=row.pk, customer_id=row.customer_id, told=tuple(told), in_vain=in_vain)
