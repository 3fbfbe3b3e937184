"""Two funnels side by side: the same stages of two periods, departments, people, sources, or of two processes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.figures import Difference, Figure, difference
from xiaocheng.insight.selection import Selection

from .funnel import Funnel, StageLine, funnel

WITHIN = (7, 14, 30, 60, 90)  # days in which two cohorts may be compared
USUAL_WITHIN = 30


@dataclass(frozen=True)
class StagePair:
    """A stage of the one funnel and its like of the other; None where the other has none."""

    one: StageLine | None
    other: StageLine | None
    conversion: Difference
    within: tuple[Figure | None, Figure | None]
    within_difference: Difference

    @property
    def name(self) -> str:
        """The name of the stage; of two processes both, where they differ."""
        names = [line.name for line in (self.one, self.other) if line is not None]
        return " / ".join(dict.fromkeys(names))


@dataclass(frozen=True)
class Comparison:
    """Two funnels and their stages in pairs, with what goes on within so many `days` of entry."""

    one: Funnel
    other: Funnel
    days: int
    pairs: tuple[StagePair, ...]

    @property
    def is_empty(self) -> bool:
        """True when nothing entered any stage of either."""
        return self.one.is_empty and self.other.is_empty


def comparison(actor: Actor, selection: Selection, other: Selection, days: int = USUAL_WITHIN) -> Comparison:
    """Two funnels; where the other asks for no process, it is that of the first.

    The stages of one process are paired by their codes, those of two by their places.
    """
    one = funnel(actor, selection)
    then = funnel(actor, replace(other, process_id=other.process_id or one.process_id))
    is_same = one.process_id == then.process_id
    codes = list(dict.fromkeys(line.code for line in (*one.lines, *then.lines)))
    if is_same:
        pairs = [(_of_code(one, code), _of_code(then, code)) for code in codes]
    else:
        most = max(len(one.lines), len(then.lines))
        pairs = [(_at(one, place), _at(then, place)) for place in range(most)]
    return Comparison(one, then, days, tuple(_pair(*pair, days) for pair in pairs))


def _of_code(found: Funnel, code: str) -> StageLine | None:
    return next((line for line in found.lines if line.code == code), None)


def _at(found: Funnel, place: int) -> StageLine | None:
    return found.lines[place] if place < len(found.lines) else None


def _pair(one: StageLine | None, other: StageLine | None, days: int) -> StagePair:
    first, second = (None if line is None else line.outlook.within(days) for line in (one, other))
    both = difference(one.conversion, other.conversion) if one and other else Difference(None)
    in_time = difference(first, second) if first and second else Difference(None)
    return StagePair(one, other, both, (first, second), in_time)
