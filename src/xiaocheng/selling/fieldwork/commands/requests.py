"""Ways to ask for leave, a trip, a late return or a corrected tap, and to decide upon it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaocheng.foundation.approvals import commands as approvals
from xiaocheng.foundation.approvals.queries import Paper, who_may_decide
from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.selling.fieldwork.access import ATTEND
from xiaocheng.selling.fieldwork.attendance_events import (
    AttendanceAsked,
    AttendanceGranted,
    AttendanceRefused,
    AttendanceWithdrawn,
)
from xiaocheng.selling.fieldwork.models import AttendanceRequest, RequestKind, RequestState, Tap
from xiaocheng.selling.fieldwork.options import LEAVE_KIND
from xiaocheng.selling.fieldwork.rules import AttendanceRules
from xiaocheng.selling.fieldwork.states import REQUEST

KIND = "fieldwork.attendancerequest"
A_DAY, A_MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
LONGEST = 400  # days
AWAY = (RequestKind.LEAVE, RequestKind.TRIP)
LIVE = (RequestState.SUBMITTED, RequestState.SIGNED)


@dataclass(frozen=True, kw_only=True)
class RequestDraft:
    """What is asked for: whole days, or from and to a time; a correction names the tap and its right time."""

    kind: str
    reason: str
    first_on: dt.date
    last_on: dt.date | None = None
    begins_at: dt.time | None = None
    ends_at: dt.time | None = None
    leave_kind: str = ""
    tap: str = ""


@dataclass(frozen=True)
class RequestDecided:
    """What became of one request of a bulk signature."""

    request_id: int
    refusal: Refusal | None = None


@transaction.atomic
def ask_attendance(actor: Actor, draft: RequestDraft) -> AttendanceRequest:
    """Ask for leave, a trip, a late return or a corrected tap; what overlaps an earlier request is refused."""
    actor.require(ATTEND)
    if draft.kind not in RequestKind.values:
        raise RuleBroken(_("请选择申请什么。"), field="kind")
    if not draft.reason.strip():
        raise RuleBroken(_("请写明原因。"), field="reason")
    person_id, department_id = actor.credited()
    first_at, until_at = _span(draft)
    row = AttendanceRequest(
        person_id=person_id,
        department_id=department_id,
        kind=draft.kind,
        leave_kind=_leave_kind(draft),
        tap=_tap(draft),
        first_at=first_at,
        until_at=until_at,
        reason=draft.reason.strip(),
        sent_at=clock.now(),
    )
    take_turn(f"{KIND} {person_id}")
    _refuse_overlap(actor, row)
    deciders = who_may_decide(actor, Paper(0, person_id))
    row.state = RequestState.SUBMITTED if deciders else RequestState.SIGNED
    AttendanceRequest.objects.add(row)
    record(
        actor,
        AttendanceAsked(
            request_id=row.pk,
            person_id=person_id,
            kind_of=row.kind,
            day=clock.day_of(first_at),
            needs_signature=bool(deciders),
        ),
    )
    if not deciders:
        record(actor, _granted(row))
    return row


def grant_attendance(actor: Actor, request_id: int, comment: str = "") -> AttendanceRequest:
    """Agree to a request of somebody whom one leads."""
    return _decide(actor, request_id, "sign", comment)


def refuse_attendance(actor: Actor, request_id: int, comment: str) -> AttendanceRequest:
    """Send a request back, saying why; whoever still wants it asks anew."""
    return _decide(actor, request_id, "return", comment)


def grant_attendances(actor: Actor, request_ids: Sequence[int], comment: str = "") -> list[RequestDecided]:
    """Agree to many requests at once, with an outcome for each."""
    outcomes = []
    for request_id in request_ids:
        try:
            grant_attendance(actor, request_id, comment)
            outcomes.append(RequestDecided(request_id))
        except Refusal as refusal:
            outcomes.append(RequestDecided(request_id, refusal))
    return outcomes


@transaction.atomic
def withdraw_attendance(actor: Actor, request_id: int) -> AttendanceRequest:
    """Take one's own request back: until it is decided, or until what was granted begins."""
    row: AttendanceRequest = AttendanceRequest.objects.locked(actor, request_id)
    actor.require(ATTEND)
    if row.person_id != actor.person_id:
        raise RuleBroken(_("申请只能由本人撤回。"))
    state = REQUEST.after(row.state, "withdraw")
    if row.state == RequestState.SIGNED and row.first_at <= clock.now():
        raise RuleBroken(_("已同意的申请开始之后不能撤回,请与主管商量。"))
    row.state = state
    row.save(update_fields=["state"])
    record(actor, AttendanceWithdrawn(request_id=row.pk, person_id=row.person_id, kind_of=row.kind))
    return row


def _decide(actor: Actor, request_id: int, verb: str, comment: str) -> AttendanceRequest:
    with transaction.atomic():
        row: AttendanceRequest = AttendanceRequest.objects.locked(actor, request_id)
        state = REQUEST.after(row.state, verb)
        said = approvals.decide(actor, KIND, Paper(row.pk, row.person_id, row.sent_at), 1, state, comment)
        row.state, row.decided_by_id, row.decided_at = state, actor.person_id, clock.now()
        row.instruction = comment.strip()
        row.save(update_fields=["state", "decided_by", "decided_at", "instruction"])
        refused = AttendanceRefused(request_id=row.pk, person_id=row.person_id, kind_of=row.kind)
        record(actor.standing_in_for(said.on_behalf_of_id), _granted(row) if verb == "sign" else refused)
    return row


def _granted(row: AttendanceRequest) -> AttendanceGranted:
    return AttendanceGranted(
        request_id=row.pk, person_id=row.person_id, kind_of=row.kind, day=clock.day_of(row.first_at)
    )


def _span(draft: RequestDraft) -> tuple[dt.datetime, dt.datetime]:
    """From when to when: of a late return its day, of a correction the minute of the tap."""
    first, today = draft.first_on, clock.today()
    if draft.kind == RequestKind.LATE_RETURN:
        return clock.instant(first), clock.instant(first + A_DAY)
    if draft.kind == RequestKind.CORRECTION:
        if draft.begins_at is None:
            raise RuleBroken(_("请填写应打卡的时间。"), field="begins_at")
        at, days = clock.instant(first, draft.begins_at), rules(AttendanceRules, today).correction_days
        if at > clock.now() or first < today - days * A_DAY:
            raise RuleBroken(_("只能补最近 %(days)s 天之内、已经过去的打卡。") % {"days": days}, field="first_on")
        return at, at + A_MINUTE
    last = draft.last_on or first
    if not 0 <= (last - first).days <= LONGEST:
        raise RuleBroken(_("结束日期不能早于开始日期。"), field="last_on")
    first_at = clock.instant(first, draft.begins_at or dt.time(0))
    until_at = clock.instant(last, draft.ends_at) if draft.ends_at else clock.instant(last + A_DAY)
    if until_at <= first_at:
        raise RuleBroken(_("结束时间要晚于开始时间。"), field="ends_at")
    return first_at, until_at


def _leave_kind(draft: RequestDraft) -> str:
    if draft.kind != RequestKind.LEAVE:
        return ""
    kind = resolved(LEAVE_KIND, draft.leave_kind)
    if not usable(LEAVE_KIND, [kind]):
        raise RuleBroken(_("请选择请假类别。"), field="leave_kind")
    return kind


def _tap(draft: RequestDraft) -> str:
    if draft.kind != RequestKind.CORRECTION:
        return ""
    if draft.tap not in Tap.values:
        raise RuleBroken(_("请选择补哪一次打卡。"), field="tap")
    return draft.tap


def _refuse_overlap(actor: Actor, row: AttendanceRequest) -> None:
    """One is away once at a time, returns late once a day, and has each tap put right by one request."""
    day = clock.day_of(row.first_at)
    first, until = clock.bounds(day, day) if row.kind == RequestKind.CORRECTION else (row.first_at, row.until_at)
    same = Q(kind__in=AWAY) if row.kind in AWAY else Q(kind=row.kind, tap=row.tap)
    mine = AttendanceRequest.objects.visible_to(actor).filter(same, person_id=row.person_id, state__in=LIVE)
    other = mine.filter(first_at__lt=until, until_at__gt=first).first()
    if other is not None:
        said = {"request": other, "kind": other.get_kind_display()}
        raise RuleBroken(_("与已有的申请 %(request)s(%(kind)s)时间重叠。") % said, field="first_on")
