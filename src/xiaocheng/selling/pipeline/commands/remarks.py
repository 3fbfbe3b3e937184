"""Remark on a process, say it otherwise, withdraw it, say the same, decide."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS, SEE, WORK
from xiaocheng.selling.pipeline.events import (
    RemarkDecided,
    RemarkEdited,
    RemarkMade,
    RemarkRealised,
    RemarkSupported,
    RemarkSupportTakenBack,
    RemarkWithdrawn,
)
from xiaocheng.selling.pipeline.index import index_remarks
from xiaocheng.selling.pipeline.models import Opportunity, ProcessRemark, ProcessVersion, RemarkSupport, Stage
from xiaocheng.selling.pipeline.models.processes import DRAFT, PUBLISHED
from xiaocheng.selling.pipeline.models.remarks import DECISIONS, LATER, TAKEN_UP, WAITING, WITHDRAWN
from xiaocheng.selling.pipeline.options import REMARK_KIND
from xiaocheng.selling.pipeline.remarking import put_on_lists, told_of, wait_again, waiting_of

from .processes import draft_version

DUE = "remarks whose day has come wait again, whoever wrote them"


@dataclass(frozen=True)
class RemarkDraft:
    """What is remarked, of which kind, perhaps on one step, perhaps seen in a deal."""

    kind: str
    text: str
    step: str = ""
    opportunity_id: int | None = None


@dataclass(frozen=True)
class Verdict:
    """Taken up, in the draft of the process or in the edition in use; later, from a day on; or declined. And why."""

    decision: str
    reason: str
    until: dt.date | None = None
    version_id: int | None = None  # without one: the draft, which is begun if there is none


@transaction.atomic
def remark(actor: Actor, stage_id: int, draft: RemarkDraft) -> ProcessRemark:
    """Remark on a stage of a process that is or was in use, or on one of its steps."""
    stage = Stage.objects.select_related("version__process").filter(pk=stage_id).first()
    actor.require(WORK)
    author, _department = actor.credited()
    if stage is None or stage.version.state == DRAFT:
        raise NotFound
    row = ProcessRemark(
        stage=stage, step=draft.step.strip(), kind=_kind(draft), text=_text(draft),
        opportunity_id=_deal(actor, stage, draft.opportunity_id), author_id=author, written_at=clock.now(),
    )  # fmt: skip
    check_columns(row)
    row.save(force_insert=True)
    index_remarks([row.pk])
    record(actor, _made(row))
    put_on_lists(actor, stage.version.process)
    return row


@transaction.atomic
def edit_remark(actor: Actor, remark_id: int, seen: int, draft: RemarkDraft) -> ProcessRemark:
    """Say one's own remark otherwise until anything was decided; stage and deal stay."""
    row = _own_undecided(actor, remark_id)
    save_edit(row, seen, step=draft.step.strip(), kind=_kind(draft, row.kind), text=_text(draft))
    index_remarks([row.pk])
    record(actor, RemarkEdited(remark_id=row.pk, text=row.text))
    return row


@transaction.atomic
def withdraw_remark(actor: Actor, remark_id: int) -> ProcessRemark:
    """Withdraw one's own remark until anything was decided; it stays readable, and nobody decides about it."""
    row = _own_undecided(actor, remark_id)
    save_edit(row, row.edit_version, state=WITHDRAWN)
    process = row.stage.version.process
    record(
        actor,
        RemarkWithdrawn(remark_id=row.pk, process_id=process.pk, process=process.name, stage=row.stage.name),
    )
    put_on_lists(actor, process)
    return row


@transaction.atomic
def support_remark(actor: Actor, remark_id: int) -> None:
    """Say the same as a colleague whose remark is not decided for good; saying it again changes nothing."""
    row = _locked(remark_id)
    actor.require(WORK)
    person, _department = actor.credited()
    if row.author_id == person:
        raise RuleBroken(_("这是您自己提的意见。"))
    _refuse_withdrawn(row)
    if row.state not in {WAITING, LATER}:
        raise RuleBroken(_("这条意见已经有了决定,不能再附议。"))
    _support, is_new = RemarkSupport.objects.get_or_create(remark=row, person_id=person, defaults={"at": clock.now()})
    if is_new:
        record(actor, RemarkSupported(remark_id=row.pk))


@transaction.atomic
def take_back_support(actor: Actor, remark_id: int) -> None:
    """Say the same no more."""
    row = _locked(remark_id)
    actor.require(WORK)
    if RemarkSupport.objects.filter(remark=row, person_id=actor.person_id or 0).delete()[0]:
        record(actor, RemarkSupportTakenBack(remark_id=row.pk))


@transaction.atomic
def decide_remark(actor: Actor, remark_id: int, seen: int, verdict: Verdict) -> ProcessRemark:
    """Decide about a remark that waits, or that was put off; of two who decide at once the second is told so."""
    row = _locked(remark_id)
    actor.require(SEE, MANAGE_PROCESS)
    _refuse_withdrawn(row)
    if row.state not in {WAITING, LATER}:
        raise RuleBroken(_("这条意见已经有了决定。"))
    if verdict.decision not in DECISIONS:
        raise RuleBroken(_("请选择一种决定。"), field="decision")
    reason = _said(verdict.reason, "reason", _("请写明理由:提意见的人会收到。"))
    until = _until(verdict) if verdict.decision == LATER else None
    version = _edition(actor, row, verdict.version_id) if verdict.decision == TAKEN_UP else None
    in_use = version is not None and version.state == PUBLISHED
    now = clock.now()
    save_edit(
        row, seen, state=verdict.decision, reason=reason, decided_by_id=actor.person_id, decided_at=now, until=until,
        version_id=version.pk if version else None, realised_at=now if in_use else None,
    )  # fmt: skip
    record(actor, _decided(row, version), *([_realised(row, version)] if version and in_use else []))
    put_on_lists(actor, row.stage.version.process)
    return row


def remind_of_remarks(actor: Actor, today: dt.date) -> int:
    """Remarks that were put off until a day wait for a decision again; gives how many."""
    actor.require_system()
    with transaction.atomic():
        rows = ProcessRemark.objects.select_for_update(of=("self",)).filter(state=LATER, until__lte=today)
        due = list(rows.select_related("stage__version__process").order_by("pk"))
        wait_again(actor, due)
    return len(due)


def _locked(remark_id: int) -> ProcessRemark:
    rows = ProcessRemark.objects.select_for_update(of=("self",)).select_related("stage__version__process")
    row = rows.filter(pk=remark_id).first()
    if row is None:
        raise NotFound
    return row


def _own_undecided(actor: Actor, remark_id: int) -> ProcessRemark:
    row = _locked(remark_id)
    actor.require(WORK)
    if row.author_id != actor.person_id:
        raise RuleBroken(_("意见只能由提的人修改或撤回。"))
    _refuse_withdrawn(row)
    if not row.was_never_decided:
        raise RuleBroken(_("这条意见已经有了决定,不能再修改或撤回。"))
    return row


def _refuse_withdrawn(row: ProcessRemark) -> None:
    if row.state == WITHDRAWN:
        raise RuleBroken(_("这条意见已经撤回。"))


def _kind(draft: RemarkDraft, kept: str = "") -> str:
    """A kind that may be chosen; one that is no longer offered may stay where it stands."""
    kind = resolved(REMARK_KIND, draft.kind)
    if kind != kept and not usable(REMARK_KIND, [kind]):
        raise RuleBroken(_("请从列出的类别中选择。"), field="kind")
    return kind


def _text(draft: RemarkDraft) -> str:
    return _said(draft.text, "text", _("请写下您的意见。"))


def _deal(actor: Actor, stage: Stage, opportunity_id: int | None) -> int | None:
    """The deal in which it was seen: one in the actor's sight, of that process."""
    if opportunity_id is None:
        return None
    row: Opportunity = Opportunity.objects.one(actor, opportunity_id, "version")
    if row.version.process_id != stage.version.process_id:
        raise RuleBroken(_("这个商机不在这个流程里。"), field="opportunity_id")
    return row.pk


def _made(row: ProcessRemark) -> RemarkMade:
    """Those who keep the process are told once a day, of the first remark on it."""
    process = row.stage.version.process
    midnight = clock.instant(clock.today())
    earlier = ProcessRemark.objects.filter(stage__version__process=process, written_at__gte=midnight)
    return RemarkMade(
        remark_id=row.pk, process_id=process.pk, opportunity_id=row.opportunity_id, process=process.name,
        stage=row.stage.name, waiting=waiting_of(process.pk).count(),
        tells=not earlier.exclude(pk=row.pk).exists(), text=row.text,
    )  # fmt: skip


def _until(verdict: Verdict) -> dt.date:
    if verdict.until is None or verdict.until <= clock.today():
        raise RuleBroken(_("暂缓要写明到哪一天再看,从明天起。"), field="until")
    return verdict.until


def _edition(actor: Actor, row: ProcessRemark, version_id: int | None) -> ProcessVersion:
    process = row.stage.version.process_id
    if version_id is None:
        return draft_version(actor, process)
    states = [DRAFT, PUBLISHED]
    version = ProcessVersion.objects.filter(pk=version_id, process=process, state__in=states).first()
    if version is None:
        raise RuleBroken(_("请选择这个流程的草稿或使用中的版本。"), field="version_id")
    return version


def _decided(row: ProcessRemark, version: ProcessVersion | None) -> RemarkDecided:
    return RemarkDecided(
        remark_id=row.pk, process_id=row.stage.version.process_id, process=row.stage.version.process.name,
        stage=row.stage.name, decision=row.state, number=version.number if version else None, until=row.until,
        told=told_of(row), reason=row.reason,
    )  # fmt: skip


def _realised(row: ProcessRemark, version: ProcessVersion) -> RemarkRealised:
    return RemarkRealised(
        remark_id=row.pk, process_id=version.process_id, process=row.stage.version.process.name,
        number=version.number, told=told_of(row),
    )  # fmt: skip


def _said(text: str, field: str, otherwise: str) -> str:
    said = text.strip()
    if not said:
        raise RuleBroken(otherwise, field=field)
    return said
