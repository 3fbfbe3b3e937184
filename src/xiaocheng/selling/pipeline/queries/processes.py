"""Ways to look at processes and their stages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.selling.pipeline.models import Process, ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.processes import OPEN, PUBLISHED, RETIRED
from xiaocheng.selling.pipeline.templates import TEMPLATES, ProcessTemplate


def processes(actor: Actor) -> QuerySet[Process]:
    """The company's processes, oldest first."""
    return Process.objects.order_by("pk")


def process(actor: Actor, process_id: int) -> Process:
    """One process with all its editions, the newest first, each with its stages."""
    editions = ProcessVersion.objects.order_by("-number").prefetch_related("stages")
    found = Process.objects.filter(pk=process_id).prefetch_related(Prefetch("versions", editions)).first()
    if found is None:
        raise NotFound
    return found


def version(actor: Actor, version_id: int) -> ProcessVersion:
    """One edition with its process and stages."""
    found = ProcessVersion.objects.filter(pk=version_id).select_related("process").prefetch_related("stages").first()
    if found is None:
        raise NotFound
    return found


def stage(actor: Actor, stage_id: int) -> Stage:
    """One stage with its edition and process."""
    found = Stage.objects.filter(pk=stage_id).select_related("version__process").first()
    if found is None:
        raise NotFound
    return found


def stages_of_version(actor: Actor, version_id: int) -> list[Stage]:
    """The stages of one edition, in order."""
    return list(Stage.objects.filter(version_id=version_id))


def templates(actor: Actor) -> list[ProcessTemplate]:
    """The ready-made processes that the company has not taken over yet."""
    taken = set(Process.objects.values_list("code", flat=True))
    return [template for template in TEMPLATES.values() if template.code not in taken]


def published_versions(actor: Actor, *, with_stages: bool = True) -> list[ProcessVersion]:
    """The editions in use, with their process and perhaps their stages, oldest process first."""
    found = _IN_USE()
    if with_stages:
        prefetch_related_objects(found, "stages")
    return found


_IN_USE = Prepared(
    lambda: (
        ProcessVersion.objects.filter(state=PUBLISHED, process__is_active=True)
        .select_related("process")
        .order_by("process_id")
    )
)


def stages_of_process(actor: Actor, process_id: int) -> list[Stage]:
    """The stages of every edition ever published, the newest edition first, each in its order, without their texts."""
    return _OF_PROCESS(process_id)


_OF_PROCESS = Prepared(
    lambda process: (
        Stage.objects.filter(version__process_id=process, version__state__in=[PUBLISHED, RETIRED])
        .only("version", "position", "code", "name", "kind")
        .order_by("-version__number", "position")
    )
)


def chosen_instead(actor: Actor, process: Process) -> int | None:
    """The process that new opportunities of the same customers begin in instead: the older one."""
    rivals = (version.process for version in _IN_USE())
    return min(
        (p.pk for p in rivals if p.kind_of_customer == process.kind_of_customer and p.pk < process.pk), default=None
    )


@dataclass(frozen=True)
class Beginning:
    """What decides in which process an opportunity begins: the one chosen, else the customer's kind and industry."""

    process_id: int | None = None
    customer_kind: str = ""
    industry: str = ""


def first_stages(actor: Actor, wanted: Iterable[Beginning]) -> dict[Beginning, Stage]:
    """The stage in which a new opportunity begins."""
    firsts: dict[int, Stage] = {}
    for stage in _OPEN_STAGES():
        firsts.setdefault(stage.version_id, stage)
    found: dict[Beginning, Stage] = {}
    for beginning in set(wanted):
        chosen = _fitting(list(firsts.values()), beginning)
        if chosen is None:
            raise RuleBroken(_("没有正在使用的销售流程。请管理员先发布一个流程。"), field="process_id")
        found[beginning] = chosen
    return found


_OPEN_STAGES = Prepared(
    lambda: (
        Stage.objects.filter(version__state=PUBLISHED, version__process__is_active=True, kind=OPEN)
        .select_related("version__process")
        .defer("purpose", "guidance", "steps")
        .order_by("version__process_id", "position")
    )
)


def _fitting(stages: list[Stage], beginning: Beginning) -> Stage | None:
    """The one of the process chosen, else of the most specific one; the oldest of equals."""
    if beginning.process_id is not None:
        return next((stage for stage in stages if stage.version.process_id == beginning.process_id), None)
    fitting = [
        stage
        for stage in stages
        if stage.version.process.customer_kind in {"", beginning.customer_kind}
        and stage.version.process.industry in {"", beginning.industry}
    ]

    def how_specific(stage: Stage) -> tuple[bool, bool, int]:
        process = stage.version.process
        return bool(process.industry), bool(process.customer_kind), -process.pk

    return max(fitting, key=how_specific, default=None)
