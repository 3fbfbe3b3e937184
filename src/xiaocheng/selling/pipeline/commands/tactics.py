"""Write down what won a deal, and note where it was used again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS, SEE, WORK
from xiaocheng.selling.pipeline.events import (
    TacticEdited,
    TacticUsed,
    TacticUseTakenBack,
    TacticWithdrawn,
    TacticWritten,
)
from xiaocheng.selling.pipeline.index import index_tactics
from xiaocheng.selling.pipeline.models import Opportunity, Stage, Tactic, TacticUse
from xiaocheng.selling.pipeline.models.processes import OPEN, WON
from xiaocheng.selling.pipeline.queries.tactics import library, won_from


@dataclass(frozen=True)
class TacticDraft:
    """What won a deal, in a few words and at length; without a stage it mattered where the deal was won from."""

    title: str
    text: str = ""
    stage: str = ""  # code


@transaction.atomic
def write_tactic(actor: Actor, opportunity_id: int, draft: TacticDraft) -> Tactic:
    """Put what won a deal into the library; without a text the reason of the win stands there."""
    opportunity: Opportunity = Opportunity.objects.locked(actor, opportunity_id)
    actor.require(WORK)
    if opportunity.state != WON:
        raise RuleBroken(_("赢单之后才能写下打法。"))
    return keep(actor, opportunity, TacticDraft(draft.title, draft.text or opportunity.close_note, draft.stage))


def keep(actor: Actor, opportunity: Opportunity, draft: TacticDraft) -> Tactic:
    """Add a tactic to the library about a deal that the actor has just won, or may work with."""
    author, _department = actor.credited()
    customer = opportunity.customer
    row = Tactic(
        opportunity=opportunity,
        stage=_stage(opportunity, draft.stage) if draft.stage else won_from(actor, opportunity),
        title=_titled(draft.title),
        text=draft.text.strip(),
        product_id=opportunity.product_id,
        source=opportunity.source,
        industry=customer.industry if customer else "",
        customer_kind=customer.kind if customer else "",
        author_id=author,
        written_at=clock.now(),
    )
    check_columns(row)
    row.save(force_insert=True)
    index_tactics([row.pk])
    record(
        actor,
        TacticWritten(tactic_id=row.pk, opportunity_id=opportunity.pk, stage=row.stage.name, title=row.title),
    )
    return row


@transaction.atomic
def edit_tactic(actor: Actor, tactic_id: int, version: int, draft: TacticDraft) -> Tactic:
    """Say a tactic otherwise, or that it mattered at another stage: its author, or who keeps the processes."""
    row = _changeable(actor, tactic_id)
    stage = _stage(row.opportunity, draft.stage) if draft.stage else row.stage
    save_edit(row, version, title=_titled(draft.title), text=draft.text.strip(), stage_id=stage.pk)
    index_tactics([row.pk])
    record(actor, TacticEdited(tactic_id=row.pk, opportunity_id=row.opportunity_id, title=row.title))
    return row


@transaction.atomic
def withdraw_tactic(actor: Actor, tactic_id: int) -> None:
    """Take a tactic out of the library: its author, or who keeps the processes."""
    row = _changeable(actor, tactic_id)
    if not Tactic.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
        raise NotFound
    record(actor, TacticWithdrawn(tactic_id=row.pk, opportunity_id=row.opportunity_id, title=row.title))


@transaction.atomic
def use_tactic(actor: Actor, opportunity_id: int, tactic_id: int) -> TacticUse:
    """Note that a tactic was used in a deal; noting it again changes nothing."""
    opportunity: Opportunity = Opportunity.objects.locked(actor, opportunity_id)
    actor.require(WORK)
    row = _tactic(actor, tactic_id)
    if row.opportunity_id == opportunity.pk:
        raise RuleBroken(_("这是本商机自己的打法。"))
    if not opportunity.is_open:
        raise RuleBroken(_("商机已经关闭,不能再记用上了哪个打法。"))
    use, is_new = TacticUse.objects.get_or_create(
        tactic=row, opportunity=opportunity, defaults={"person_id": actor.person_id, "used_at": clock.now()}
    )
    if is_new:
        record(actor, TacticUsed(tactic_id=row.pk, opportunity_id=opportunity.pk, title=row.title))
    return use


@transaction.atomic
def take_back_use(actor: Actor, opportunity_id: int, tactic_id: int) -> None:
    """Note that a tactic was not used in a deal after all."""
    opportunity: Opportunity = Opportunity.objects.locked(actor, opportunity_id)
    actor.require(WORK)
    row = _tactic(actor, tactic_id)
    if TacticUse.objects.filter(tactic=row, opportunity=opportunity).delete()[0]:
        record(actor, TacticUseTakenBack(tactic_id=row.pk, opportunity_id=opportunity.pk, title=row.title))


def _tactic(actor: Actor, tactic_id: int) -> Tactic:
    row = library(actor).filter(pk=tactic_id).first()
    if row is None:
        raise NotFound
    return row


def _changeable(actor: Actor, tactic_id: int) -> Tactic:
    row = _tactic(actor, tactic_id)
    actor.require(SEE)
    if row.author_id != actor.person_id and not actor.can(MANAGE_PROCESS):
        raise RuleBroken(_("打法由写的人或维护销售流程的人修改和撤下。"))
    return row


def _titled(title: str) -> str:
    said = title.strip()
    if not said:
        raise RuleBroken(_("请用一句话写出打法。"), field="title")
    return said


def _stage(opportunity: Opportunity, code: str) -> Stage:
    found = Stage.objects.filter(version_id=opportunity.version_id, kind=OPEN, code=code).first()
    if found is None:
        raise RuleBroken(_("请选择商机所在流程的一个进行中的阶段。"), field="stage")
    return found
