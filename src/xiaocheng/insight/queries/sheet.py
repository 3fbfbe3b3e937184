"""What the sheet of a process says beside its stages: how they went in the last twelve months."""

from __future__ import annotations

from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.insight.access import SEE
from xiaocheng.insight.selection import Selection

from .funnel import StageLine, funnel

MONTHS = 12


@dataclass(frozen=True)
class StageRecord:
    """The funnel of a process over a period, by the code of the stage; empty for who may not see the analysis."""

    period: Period
    stages: dict[str, StageLine]


def stage_record(actor: Actor, process_id: int) -> StageRecord:
    """How the stages of a process went in the last twelve months, of what the actor sees."""
    today = clock.today()
    period = Period(months_back(today, MONTHS), today)
    if not actor.can(SEE):
        return StageRecord(period, {})
    found = funnel(actor, Selection(period, process_id=process_id))
    lines = [*found.lines, *(line for line in (found.won, found.lost) if line is not None)]
    return StageRecord(period, {line.code: line for line in lines})
