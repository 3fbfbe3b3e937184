"""Move the open opportunities of a whole process from older editions to the one in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.carrying import Carry, carry, goes_on
from xiaocheng.selling.pipeline.events import ProcessCarriedOver
from xiaocheng.selling.pipeline.models import ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.processes import PUBLISHED
from xiaocheng.selling.pipeline.queries.carry_over import behind

SET = 2000


@dataclass(frozen=True)
class CarriedOver:
    """What became of one set: in how many the stay goes on, how many changed stage, how many more wait for another."""

    went_on: int
    moved: int
    left: int


@transaction.atomic
def carry_over(actor: Actor, version_id: int, targets: Mapping[str, int], reason: str) -> CarriedOver:
    """Move at most 2,000 open opportunities in sight to the edition in use of their process.

    Who stands in a stage that the edition has too stays in it; `targets` says for the others, by the code of the stage,
    to which one they go. Those for which nothing is said stay where they are. Done again, it goes on with the rest.
    """
    version = ProcessVersion.objects.select_for_update(of=("self",)).filter(pk=version_id).first()
    actor.require(MANAGE_PROCESS)
    if version is None:
        raise NotFound
    if version.state != PUBLISHED:
        raise RuleBroken(_("只能转到使用中的版本。请刷新页面后再试。"))
    if not reason.strip():
        raise RuleBroken(_("请说明转流程的理由。"), field="reason")
    places = _places(version, targets)
    waiting = behind(actor, version).filter(stage__code__in=places)
    rows = list(waiting.select_related("stage__version").select_for_update(of=("self",)).order_by("pk")[:SET])
    carries = [Carry(row, places[row.stage.code]) for row in rows]
    went_on = sum(goes_on(item.row.stage, item.to) for item in carries)
    carry(actor, carries, version, reason)
    if rows:
        name, number = version.process.name, version.number
        record(actor, ProcessCarriedOver(process_id=version.process_id, number=number, name=name, count=len(rows)))
    return CarriedOver(went_on, len(rows) - went_on, waiting.count())


def _places(version: ProcessVersion, targets: Mapping[str, int]) -> dict[str, Stage]:
    """Where an opportunity goes, by the code of the stage in which it stands."""
    own = {stage.pk: stage for stage in version.stages.select_related("version") if stage.is_open}
    if not own.keys() >= set(targets.values()):
        raise RuleBroken(_("请选择新版本中进行中的阶段。"), field="targets")
    return {code: own[pk] for code, pk in targets.items()} | {stage.code: stage for stage in own.values()}
