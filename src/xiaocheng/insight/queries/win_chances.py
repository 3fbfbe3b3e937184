"""How likely open deals are won, as the last night told it, for whoever sees the deals; or why it is not told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.forecasting.scoring import FEWEST_CLOSED
from xiaocheng.insight.models import ChanceTest, WinChance
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.pipeline.models.processes import OPEN


class Reason(NamedTuple):
    """One thing about a deal that raises or lowers its chance; `how` it is, where its own fields do not say."""

    what: str
    how: str


@dataclass(frozen=True)
class Chance:
    """How likely a deal is won rather than lost, if it is decided within the days; `base` is the share won of all."""

    value: float
    base: float
    within_days: int
    as_of: dt.date
    is_slow: bool
    raised_by: tuple[Reason, ...]
    lowered_by: tuple[Reason, ...]


@dataclass(frozen=True)
class Telling:
    """Whether chances were told last night: past deals were told apart, or not, or there were too few to try."""

    as_of: dt.date
    within_days: int
    tells: bool
    is_tried: bool  # on enough deals
    auc: float | None


def telling(actor: Actor) -> Telling | None:
    """How chances did on past deals; None before the first night. That they are shown or not is no secret."""
    row = ChanceTest.objects.order_by("-as_of").first()
    if row is None:
        return None
    is_tried = row.auc is not None and min(row.won, row.lost) >= FEWEST_CLOSED
    return Telling(row.as_of, row.within_days, row.tells, is_tried, row.auc)


def chances(actor: Actor, opportunity_ids: Iterable[int]) -> dict[int, Chance]:
    """The chances of those of the deals that the actor sees and that stand where they stood last night."""
    test = ChanceTest.objects.order_by("-as_of").first()
    if test is None or not test.tells:
        return {}
    seen = Opportunity.objects.visible_to(actor).filter(pk__in=list(opportunity_ids), state=OPEN).order_by()
    at = dict(seen.values_list("pk", "span_seq"))
    rows = WinChance.objects.filter(opportunity_id__in=list(at))
    return {row.opportunity_id: _chance(row, test) for row in rows if at[row.opportunity_id] == row.span_seq}


def _chance(row: WinChance, test: ChanceTest) -> Chance:
    return Chance(
        row.chance,
        test.base or 0.0,
        test.within_days,
        test.as_of,
        row.is_slow,
        tuple(Reason(*one) for one in row.reasons["up"]),
        tuple(Reason(*one) for one in row.reasons["down"]),
    )
