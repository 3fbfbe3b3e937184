"""Sales velocity: what the open deals bring in each day, if they are won as often, as high and as fast as others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import ALL_TIME
from xiaocheng.insight.figures import Figure, plain
from xiaocheng.insight.measures import VELOCITY
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.stages import known_stages
from xiaocheng.insight.sums import sums
from xiaocheng.selling.pipeline.models.processes import OPEN

from .cycle import Cycle
from .results import Result, result


@dataclass(frozen=True)
class Velocity:
    """The velocity and what it is made of; `qualified` open deals have left the first stage of their process."""

    velocity: Figure
    qualified: int
    result: Result


def velocity(actor: Actor, selection: Selection, found: Cycle) -> Velocity:
    """The velocity, from the deals open now, and from the wins and losses of the period, whose cycle is given."""
    qualified, closed = _qualified(actor, selection), result(actor, selection)
    rate, amount, days = closed.win_rate.value, closed.mean_order.value, found.median.value
    if rate is None or amount is None or not days:
        return Velocity(plain(VELOCITY, None, qualified), qualified, closed)
    return Velocity(plain(VELOCITY, qualified * rate * amount / days, qualified), qualified, closed)


def _qualified(actor: Actor, selection: Selection) -> int:
    """How many deals are open now beyond the first stage."""
    known = known_stages()
    first: dict[int, str] = {}
    for stage in known.values():
        first.setdefault(stage.process_id, stage.code)
    ever = replace(selection, period=ALL_TIME)
    staying = sums(actor, ever, ("staying",), ("stage_id",))
    beyond = (pk for pk, stage in known.items() if stage.kind == OPEN and stage.code != first[stage.process_id])
    return sum(staying[(pk,)]["staying"] for pk in beyond if (pk,) in staying)
