"""What the sheet of a process says beside its stages: how they went in the last twelve months."""

from __future__ import annotations

from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.insight.access import SEE
from xiaocheng.insight.selection import Selection

from .funnel import StageCounts, stage_counts

MONTHS = 12


@dataclass(frozen=True)
class StageRecord:
    """The stages of a process over a period, by their codes; empty for who may not see the analysis."""

    period: Period
    stages: dict[str, StageCounts]


def stage_record(actor: Actor, process_id: int) -> StageRecord:
    """How the stages of a process went in the last twelve months, of what the actor sees."""
    today = clock.today()
    period = Period(months_back(today, MONTHS), today)
    if not actor.can(SEE):
        return StageRecord(period, {})
    found = stage_counts(actor, Selection(period, process_id=process_id))
    return StageRecord(period, {line.code: line for line in found.all})
