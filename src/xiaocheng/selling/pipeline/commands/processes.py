"""Define how the company sells: processes, drafts of a new edition, publishing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import resolved, standing, usable
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import roles
from xiaocheng.selling.customers.queries import KINDS
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.events import ProcessDraftDiscarded, ProcessDrafted, ProcessPublished
from xiaocheng.selling.pipeline.models import Process, ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.opportunities import FIELD_NAMES
from xiaocheng.selling.pipeline.models.processes import AFTER, DRAFT, LOST, OPEN, PUBLISHED, RETIRED, WON
from xiaocheng.selling.pipeline.options import EVIDENCE
from xiaocheng.selling.pipeline.steps import StageStep, as_kept, with_keys
from xiaocheng.selling.pipeline.templates import TEMPLATES, StageTemplate

LISTS = {"steps", "enter_fields", "leave_fields", "movers"}
CHECKED = {field.name for field in Stage._meta.fields} - LISTS
INDUSTRY = "customers.industry"
ORDER = {OPEN: 0, WON: 1, AFTER: 2, LOST: 3}
MOST_STEPS, LONGEST_STEP = 50, 200
KEY = re.compile(r"[-a-zA-Z0-9_]{1,40}")


@dataclass(frozen=True)
class StageDraft:
    """One stage as it is asked for; the code is made from the name where none is given."""

    name: str
    kind: str = OPEN
    code: str = ""
    purpose: str = ""
    guidance: str = ""
    steps: Sequence[StageStep] = ()
    expected_days: int | None = None
    idle_days: int | None = None
    probability: int = 0
    forecast_category: str = "pipeline"
    enter_fields: Sequence[str] = ()
    leave_fields: Sequence[str] = ()
    movers: Sequence[int] = ()  # ids of the roles that may move into it; none: everybody


@dataclass(frozen=True)
class ProcessDraft:
    """A process as it is asked for, with the stages of its first edition."""

    name: str
    code: str
    stages: Sequence[StageDraft] = field(default_factory=tuple)
    customer_kind: str = ""
    industry: str = ""
    skip_allowed: bool = True
    back_allowed: bool = True


@transaction.atomic
def install_template(actor: Actor, key: str) -> Process:
    """Take over one of the ready-made processes, published at once; the one that is there already stays as it is."""
    actor.require(MANAGE_PROCESS)
    template = TEMPLATES.get(key)
    if template is None:
        raise NotFound
    there = Process.objects.filter(code=template.code).first()
    if there is not None:
        return there
    stages = [
        StageDraft(**{k: _said(v) for k, v in vars(stage).items()} | {"steps": _steps(stage)})
        for stage in template.stages
    ]
    process = add_process(actor, ProcessDraft(str(template.name), template.code, stages))
    publish(actor, process.versions.get().pk)
    return process


def _steps(stage: StageTemplate) -> list[StageStep]:
    """The steps of a template, numbered by its stage; a sentence is one that is ticked by hand."""
    steps = [step if isinstance(step, StageStep) else StageStep(step) for step in stage.steps]
    return [replace(step, text=str(step.text), key=f"{stage.code}-{n}") for n, step in enumerate(steps, 1)]


def _said(value: Any) -> Any:
    """Lazily translated words of a template in the language of whoever installs it."""
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)
    return value if value is None or isinstance(value, int) else str(value)


@transaction.atomic
def add_process(actor: Actor, draft: ProcessDraft) -> Process:
    """Add a process; its first edition is a draft."""
    actor.require(MANAGE_PROCESS)
    name = draft.name.strip()
    if not name:
        raise RuleBroken(_("请填写流程名称。"), field="name")
    if Process.objects.filter(code=draft.code).exists() or Process.objects.filter(name=name).exists():
        raise RuleBroken(_("已有同名或同代码的流程。"), field="name")
    industry = _usable_kind(draft.customer_kind, draft.industry)
    process = Process(name=name, code=draft.code, customer_kind=draft.customer_kind, industry=industry)
    check_columns(process)
    process.save(force_insert=True)
    version = ProcessVersion.objects.create(
        process=process, number=1, skip_allowed=draft.skip_allowed, back_allowed=draft.back_allowed
    )
    for stage in draft.stages:
        save_stage(actor, version.pk, stage)
    record(actor, ProcessDrafted(process_id=process.pk, number=1, name=name))
    return process


@transaction.atomic
def edit_process(
    actor: Actor,
    process_id: int,
    version: int,
    *,
    name: str,
    is_active: bool,
    customer_kind: str | None = None,
    industry: str | None = None,
) -> Process:
    """Rename a process, say for which customers it is (None: as before), or take it out of use for new opportunities.

    Opportunities that are there already stay in it.
    """
    process = Process.objects.select_for_update().filter(pk=process_id).first()
    actor.require(MANAGE_PROCESS)
    if process is None:
        raise NotFound
    if not name.strip() or Process.objects.filter(name=name.strip()).exclude(pk=process_id).exists():
        raise RuleBroken(_("请填写一个没有用过的流程名称。"), field="name")
    kind = process.customer_kind if customer_kind is None else customer_kind
    _usable_kind(kind, "")
    of = process.industry
    if industry is not None and industry != of:
        of = _usable_kind(kind, industry)
    return save_edit(process, version, name=name.strip(), is_active=is_active, customer_kind=kind, industry=of)


def _usable_kind(customer_kind: str, industry: str) -> str:
    """The industry as it is kept; a type or an industry that no customer can have is refused."""
    if customer_kind not in {"", *KINDS}:
        raise RuleBroken(_("请从列出的客户类型中选择。"), field="customer_kind")
    industry = resolved(INDUSTRY, industry) if industry else ""
    if industry and not usable(INDUSTRY, [industry]):
        raise RuleBroken(_("请从列出的行业中选择。"), field="industry")
    return industry


@transaction.atomic
def draft_version(actor: Actor, process_id: int) -> ProcessVersion:
    """Begin a new edition as a copy of the newest; the draft that is there already is given back."""
    process = Process.objects.select_for_update().filter(pk=process_id).first()
    actor.require(MANAGE_PROCESS)
    if process is None:
        raise NotFound
    newest = process.versions.latest("number")
    if newest.state == DRAFT:
        return newest
    stages = list(newest.stages.all())
    version = ProcessVersion.objects.create(
        process=process,
        number=newest.number + 1,
        skip_allowed=newest.skip_allowed,
        back_allowed=newest.back_allowed,
    )
    for stage in stages:
        stage.pk, stage.version, stage._state.adding = None, version, True
    Stage.objects.bulk_create(stages)
    record(actor, ProcessDrafted(process_id=process_id, number=version.number, name=process.name))
    return version


@transaction.atomic
def discard_draft(actor: Actor, version_id: int) -> int | None:
    """Throw a draft away, and a process that has no other edition with it; gives the process that is left."""
    version = _draft(actor, version_id)
    process, number = version.process, version.number
    version.stages.all().delete()
    version.delete()
    stays = process.versions.exists()
    record(actor, ProcessDraftDiscarded(process_id=process.pk, number=number, name=process.name))
    if not stays:
        process.delete()
    return process.pk if stays else None


@transaction.atomic
def edit_version(actor: Actor, version_id: int, *, skip_allowed: bool, back_allowed: bool) -> ProcessVersion:
    """Say whether stages of a draft may be skipped or gone back from."""
    version = _draft(actor, version_id)
    version.skip_allowed, version.back_allowed = skip_allowed, back_allowed
    version.save(update_fields=["skip_allowed", "back_allowed"])
    return version


@transaction.atomic
def save_stage(actor: Actor, version_id: int, draft: StageDraft, stage_id: int | None = None) -> Stage:
    """Add a stage to a draft, or change one; it stands behind the others of its kind."""
    version = _draft(actor, version_id)
    stages = list(version.stages.all())
    stage = next((row for row in stages if row.pk == stage_id), None)
    if stage_id is not None and stage is None:
        raise NotFound
    _check_stage(actor, draft, stages, stage)
    steps = with_keys(draft.steps, stage.checklist if stage else ())
    _check_steps(steps, [step for row in stages if row is not stage for step in row.checklist])
    stage = stage or Stage(version=version, position=_next_position(stages), code=_free_code(draft, stages))
    values = {k: list(v) if isinstance(v, (tuple, list)) else v for k, v in vars(draft).items() if k != "code"}
    for name, value in values.items():
        setattr(stage, name, value)
    stage.steps = as_kept(steps)
    check_columns(stage, CHECKED)
    stage.save()
    _put_in_order([stage if row.pk == stage.pk else row for row in stages] if stage_id else [*stages, stage])
    return stage


@transaction.atomic
def drop_stage(actor: Actor, version_id: int, stage_id: int) -> None:
    """Take a stage out of a draft."""
    version = _draft(actor, version_id)
    version.stages.filter(pk=stage_id).delete()


@transaction.atomic
def place_stage(actor: Actor, version_id: int, stage_id: int, before_id: int | None) -> None:
    """Put a stage of a draft before another, or behind all others of its kind; it never leaves its kind."""
    version = _draft(actor, version_id)
    stages = {stage.pk: stage for stage in version.stages.all()}
    if stage_id not in stages or (before_id is not None and before_id not in stages):
        raise NotFound
    if stage_id == before_id:
        return
    moved = stages.pop(stage_id)
    order = list(stages.values())
    order.insert(len(order) if before_id is None else order.index(stages[before_id]), moved)
    _put_in_order(order)


@transaction.atomic
def publish(actor: Actor, version_id: int) -> ProcessVersion:
    """Put a draft into use; it never changes again, and open opportunities stay on the edition they are on."""
    version = _draft(actor, version_id)
    kinds = [stage.kind for stage in version.stages.all()]
    if OPEN not in kinds or kinds.count(WON) != 1 or kinds.count(LOST) != 1:
        raise RuleBroken(_("一个流程至少要有一个进行中的阶段,并且恰好有一个「成交」和一个「输单」。"))
    ProcessVersion.objects.filter(process=version.process, state=PUBLISHED).update(state=RETIRED)
    version.state, version.published_at = PUBLISHED, clock.now()
    version.save(update_fields=["state", "published_at"])
    record(actor, ProcessPublished(process_id=version.process_id, number=version.number, name=version.process.name))
    return version


def _draft(actor: Actor, version_id: int) -> ProcessVersion:
    version = ProcessVersion.objects.select_for_update(of=("self",)).filter(pk=version_id).first()
    actor.require(MANAGE_PROCESS)
    if version is None:
        raise NotFound
    if version.state != DRAFT:
        raise RuleBroken(_("已发布的流程版本不能修改。请起草新版本。"))
    return version


def _check_stage(actor: Actor, draft: StageDraft, stages: Sequence[Stage], own: Stage | None) -> None:
    name = draft.name.strip()
    if not name:
        raise RuleBroken(_("请填写阶段名称。"), field="name")
    if any(row.name == name for row in stages if row is not own):
        raise RuleBroken(_("这个版本里已有同名的阶段。"), field="name")
    if {*draft.enter_fields, *draft.leave_fields} - FIELD_NAMES.keys():
        raise RuleBroken(_("请从列出的字段中选择。"), field="leave_fields")
    if draft.movers and set(draft.movers) - set(roles(actor).values_list("pk", flat=True)):
        raise RuleBroken(_("请从列出的角色中选择。"), field="movers")


def _check_steps(steps: Sequence[StageStep], elsewhere: Sequence[StageStep]) -> None:
    """Refuse steps without words, proved by what nobody notes, or with a key that another step of the edition has."""
    if len(steps) > MOST_STEPS:
        raise RuleBroken(_("一个阶段最多 %(most)s 个步骤。") % {"most": MOST_STEPS}, field="steps")
    if any(not str(step.text).strip() or len(str(step.text)) > LONGEST_STEP for step in steps):
        raise RuleBroken(_("每个步骤要有文字,最多 %(most)s 个字。") % {"most": LONGEST_STEP}, field="steps")
    if {step.evidence for step in steps} - {"", *(item.code for item in standing(EVIDENCE))}:
        raise RuleBroken(_("请从列出的凭据中选择。"), field="steps")
    keys = [step.key for step in (*steps, *elsewhere)]
    if len(keys) > len(set(keys)) or not all(KEY.fullmatch(key) for key in keys):
        raise RuleBroken(_("步骤的代码在一个版本里只能用一次,由字母、数字和横线组成。"), field="steps")


def _free_code(draft: StageDraft, stages: Sequence[Stage]) -> str:
    """The code asked for, or one made from the name; never one that the edition has already."""
    taken = {stage.code for stage in stages}
    wanted = draft.code or slugify(draft.name)[:30] or f"stage-{len(stages) + 1}"
    code, n = wanted, 2
    while code in taken:
        code, n = f"{wanted}-{n}", n + 1
    return code


def _next_position(stages: Sequence[Stage]) -> int:
    return max((stage.position for stage in stages), default=0) + 1


def _put_in_order(stages: Sequence[Stage]) -> None:
    """Number the stages: those in progress, the win, what follows it, the loss; first beyond the old numbers."""
    ordered = sorted(stages, key=lambda stage: ORDER[stage.kind])
    if [stage.position for stage in ordered] == list(range(1, len(ordered) + 1)):
        return
    beyond = max(_next_position(stages), len(stages) + 1)
    for start in (beyond, 1):
        for position, stage in enumerate(ordered, start):
            stage.position = position
        Stage.objects.bulk_update(ordered, ["position"])
