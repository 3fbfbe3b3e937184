"""The company's deals with what was known of them at each stage, as arrays to learn their chances from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from django.db.models import F, Q

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.expressions import Real
from xiaocheng.insight.fitting import Floats, indicators
from xiaocheng.insight.survival import Ages
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan
from xiaocheng.selling.pipeline.models.facts import BACK, INVALID, MOVED_PROCESS, SKIPPED
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON

from .hazards import Ints, Stays
from .history import stage_numbers
from .odds import Deals

BECAUSE = "chances are learnt from all deals of the company; each is shown to whoever sees the deal"
LEARNT_FROM = 50_000  # deals: of more, evenly chosen ones teach, and all that are open
FEWEST_ALIKE = 20  # stays with a source or product, below which it is one of "the rest"
AT_ONCE = dt.timedelta(days=1)
DAY, SET = 86_400, 5_000
AMOUNT, CUSTOMER, SOURCE, PRODUCT, WENT_BACK, LEFT_OUT = "amount", "customer", "source", "product", "back", "skipped"


@dataclass(frozen=True)
class Known:
    """The deals, and what is needed to say something of each: the opportunity and number of each stay, the first day.

    `size` is the amount against the others (nan: none), `slow` the days after which three quarters have left a stage.
    """

    deals: Deals
    opportunity: Ints
    seq: Ints
    first: dt.date
    size: Floats
    slow: Floats


def read() -> Known | None:
    """All stays whose times were recorded; None where there are none."""
    stages, ends = stage_numbers()
    rows = _stays(stages)
    if not rows:
        return None
    closed = _closings()
    first = clock.day_of(min(row.began for row in rows))
    zero = clock.instant(first).timestamp()
    entered = np.array([(row.began.timestamp() - zero) / DAY for row in rows])
    left = entered + np.array([np.inf if row.seconds is None else row.seconds / DAY for row in rows])
    numbers = {**stages, **ends}
    gone = [row.exit not in {"", MOVED_PROCESS} for row in rows]
    to = np.array([numbers.get(row.to or 0, -1) if left else -1 for row, left in zip(rows, gone, strict=True)])
    stage = np.array([stages[row.stage] for row in rows], dtype=np.int64)
    ended = [closed.get(row.deal) for row in rows]
    known, groups, size = _columns(rows)
    stays = Stays(len(set(stages.values())), stage, to, entered, left)
    deals = Deals(
        stays=stays,
        deal=np.array([row.deal for row in rows], dtype=np.int64),
        ended=np.array([np.inf if end is None else (end[0].timestamp() - zero) / DAY for end in ended]),
        won=np.array([float(end is not None and bool(end[1])) for end in ended]),
        known=known,
        groups=groups,
    )
    valid = np.array([end is None or end[1] is not None for end in ended])
    seq = np.array([row.seq for row in rows], dtype=np.int64)
    slow = _slow(stays)
    if valid.all():
        return Known(deals, deals.deal, seq, first, size, slow)
    return Known(_only(deals, valid), deals.deal[valid], seq[valid], first, size[valid], slow)


def _only(deals: Deals, rows: Any) -> Deals:
    return Deals(
        deals.stays.only(rows), deals.deal[rows], deals.ended[rows], deals.won[rows], deals.known[rows], deals.groups
    )


@dataclass(frozen=True)
class _Stay:
    deal: int
    seq: int
    stage: int
    began: dt.datetime
    seconds: int | None
    exit: str
    to: int | None
    recorded: dt.datetime
    amount: float | None
    source: str
    product: int | None
    customer_since: dt.date | None
    went_back: bool
    left_out: bool

    @property
    def has_amount(self) -> bool:
        """True when an amount was there from the beginning: one that came later may be that of the win."""
        return self.amount is not None and self.recorded - self.began <= AT_ONCE


def _stays(stages: dict[int, int]) -> list[_Stay]:
    rows = StageSpan.objects.beyond_sight(because=BECAUSE).filter(is_invented=False, stage_id__in=stages)
    rows = rows.exclude(~Q(exit_kind=""), dwell_seconds__isnull=True)
    every = Opportunity.objects.beyond_sight(because=BECAUSE)
    step = max(1, math.ceil(every.count() / LEARNT_FROM))
    if step > 1:
        chosen = every.annotate(rest=F("pk") % step).filter(Q(rest=0) | Q(state=OPEN))
        rows = rows.filter(opportunity_id__in=chosen.values("pk"))
    columns = rows.order_by("opportunity_id", "seq").values_list(
        "opportunity_id", "seq", "stage_id", "occurred_at", "dwell_seconds", "exit_kind", "next_stage_id",
        "recorded_at", Real("amount"), "source", "product_id",
        "opportunity__customer__became_customer_on",
    )  # fmt: skip
    found: list[_Stay] = []
    for _deal, of in groupby(columns.iterator(SET), key=lambda row: row[0]):
        went_back = left_out = False
        for row in of:
            found.append(_Stay(*(*row, went_back, left_out)))
            went_back, left_out = went_back or row[5] == BACK, left_out or row[5] == SKIPPED
    return found


def _closings() -> dict[int, tuple[dt.datetime, bool | None]]:
    """When each deal was closed, and whether it was won; None: it never was a deal, or nobody knows when."""
    rows = Closing.objects.beyond_sight(because=BECAUSE).filter(sign=1, reversed_on__isnull=True).order_by()
    columns = rows.values_list("opportunity_id", "occurred_at", "verdict", "reason", "transition__is_invented")
    found: dict[int, tuple[dt.datetime, bool | None]] = {}
    for deal, at, verdict, reason, is_invented in columns.iterator(SET):
        never = is_invented or (verdict == LOST and reason == INVALID)
        found[deal] = (at, None if never else verdict == WON)
    return found


def _columns(rows: Sequence[_Stay]) -> tuple[Floats, dict[str, slice], Floats]:
    """What was known when each stay began, as columns; which of them are one thing; the amounts against each other."""
    amount = np.array(
        [math.log1p(row.amount) if row.has_amount and row.amount is not None else math.nan for row in rows]
    )
    named = ~np.isnan(amount)
    size = np.full(len(rows), math.nan)
    if named.any():
        spread = amount[named].std()
        size[named] = (amount[named] - amount[named].mean()) / (spread if spread > 0 else 1.0)
    filled = np.where(named, size, 0.0)
    again = [float(row.customer_since is not None and row.customer_since < clock.day_of(row.began)) for row in rows]
    things = {
        AMOUNT: np.column_stack([filled, filled**2, ~named]),
        CUSTOMER: np.array(again)[:, None],
        SOURCE: indicators([row.source for row in rows], FEWEST_ALIKE),
        PRODUCT: indicators([row.product for row in rows], FEWEST_ALIKE),
        WENT_BACK: np.array([float(row.went_back) for row in rows])[:, None],
        LEFT_OUT: np.array([float(row.left_out) for row in rows])[:, None],
    }
    groups, place = {}, 0
    for name, columns in things.items():
        groups[name] = slice(place, place + columns.shape[1])
        place += columns.shape[1]
    return np.column_stack(list(things.values())), groups, size


def _slow(stays: Stays) -> Floats:
    """Of each stage, the days after which three quarters have left it; endless where that was not seen."""
    now = float(np.max(np.where(np.isinf(stays.left), stays.entered, stays.left)))
    found = np.full(stays.stages, np.inf)
    for stage in range(stays.stages):
        here = stays.stage == stage
        counts: dict[tuple[float, str], float] = {}
        for entered, left in zip(stays.entered[here].tolist(), stays.left[here].tolist(), strict=True):
            at = (round(min(left, max(now, entered)) - entered, 1), "left" if math.isfinite(left) else "")
            counts[at] = counts.get(at, 0) + 1
        late = Ages.of(counts).quantile(0.75).value if counts else None
        if late is not None:
            found[stage] = late
    return found
