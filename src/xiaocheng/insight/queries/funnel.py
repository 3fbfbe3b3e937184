"""The stage funnel: what entered each stage in a period and how it was left, in five exits that add up.

Of a selection `on_day`, as it stood at the end of that day: counted from the stays, since rollups know only today.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Generic, TypeVar

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.insight.bottleneck import Bottleneck, Step, bottleneck
from xiaocheng.insight.counting import SPAN_COLUMNS
from xiaocheng.insight.estimating import Outlook, outlook
from xiaocheng.insight.figures import Figure, plain, quotient, rate
from xiaocheng.insight.measures import (
    ADVANCE_DAYS,
    BACK_RATE,
    LOSS_SHARE,
    SKIP_RATE,
    STAGE_CONVERSION,
    STAGE_EXIT,
    STAGE_FIRST,
    STAGE_IN,
)
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.stages import KnownStage, busiest, known_stages
from xiaocheng.insight.sums import ages, sums
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON

FIVE_EXITS = ("advanced", "skipped", "back", "lost", "staying")  # moved to another process: counted under staying
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Exit:
    """How many of the entries took one exit, and for how much."""

    key: str
    figure: Figure
    amount: Decimal


@dataclass(frozen=True)
class StageCounts:
    """One stage: entries of the period and what became of them until now."""

    code: str
    name: str
    kind: str
    entries: Figure
    opportunities: Figure
    amount: Decimal
    exits: tuple[Exit, ...]
    invalid: Exit  # what turned out invalid or twice there: in none of the other numbers
    moved: int  # of those staying: gone on in another process
    conversion: Figure
    advance_days: Figure
    skip_rate: Figure
    back_rate: Figure
    loss_share: Figure
    expected_days: int | None

    def exit(self, key: str) -> Exit:
        """One of the five exits."""
        return next(item for item in self.exits if item.key == key)


@dataclass(frozen=True)
class StageLine(StageCounts):
    """The same with what is expected in the end, and how long stays last."""

    outlook: Outlook


Line = TypeVar("Line", bound=StageCounts)


@dataclass(frozen=True)
class Stages(Generic[Line]):
    """The stages of one process, worked on in order; `won` and `lost` are what arrived there in the period."""

    process_id: int | None
    process: str
    lines: tuple[Line, ...]
    won: Line | None
    lost: Line | None

    @property
    def is_empty(self) -> bool:
        """True when nothing entered any stage."""
        return not any(line.entries.n for line in self.lines)

    @property
    def all(self) -> tuple[Line, ...]:
        """The stages worked on, then those where it ends."""
        return (*self.lines, *(line for line in (self.won, self.lost) if line is not None))


@dataclass(frozen=True)
class Funnel(Stages[StageLine]):
    """The stages with their estimates, and the stage that loses most beyond what is typical."""

    bottleneck: Bottleneck | None


@dataclass(frozen=True)
class _Counted:
    """The stages of a process, and what was counted of each edition of them."""

    process_id: int | None
    stages: dict[int, KnownStage]
    by_stage: dict[int, Counter[str]]


def stage_counts(actor: Actor, selection: Selection) -> Stages[StageCounts]:
    """The stages without estimates; of the process with most entries in the period when none is asked for."""
    counted = _counted(actor, selection)
    return _stages(counted, _lines(counted))


def funnel(actor: Actor, selection: Selection) -> Funnel:
    """The stages with their estimates; of the process with most entries in the period when none is asked for."""
    counted = _counted(actor, selection)
    worked = [(pk, stage.code) for pk, stage in counted.stages.items() if stage.kind == OPEN and pk in counted.by_stage]
    fingerprint = tuple((pk, tuple(counted.by_stage[pk].items())) for pk, _code in worked)
    outlooks = expected_ends(actor, selection, selection.as_of or clock.today(), tuple(worked), fingerprint)
    nothing = outlook(Counter())
    lines = [StageLine(**vars(line), outlook=outlooks.get(line.code, nothing)) for line in _lines(counted)]
    found = _stages(counted, lines)
    neck = bottleneck([Step(line.code, line.name, line.amount, line.outlook) for line in found.lines])
    return Funnel(**vars(found), bottleneck=neck)


@lru_cache(maxsize=256)
def expected_ends(
    actor: Actor,
    selection: Selection,
    day: dt.date,
    worked: tuple[tuple[int, str], ...],
    fingerprint: tuple[tuple[int, tuple[tuple[str, int], ...]], ...],
) -> dict[str, Outlook]:
    """The estimates of stages (id, code) by code, kept in the process for a day while their counts stay as they are."""
    if not worked:
        return {}
    counts: dict[str, Counter[tuple[float, str]]] = defaultdict(Counter)
    stays, codes = ages(actor, selection, [pk for pk, _code in worked]), dict(worked)
    for pk, found in stays.items():
        counts[codes[pk]].update(found)
    return {code: outlook(found) for code, found in counts.items()}


def _counted(actor: Actor, selection: Selection) -> _Counted:
    known = known_stages()
    found = sums(actor, selection, SPAN_COLUMNS, ("stage_id",))
    by_stage = {stage_id: values for (stage_id,), values in found.items()}
    process_id = selection.process_id or busiest(known, by_stage)
    stages = {pk: stage for pk, stage in known.items() if stage.process_id == process_id}
    return _Counted(process_id, stages, by_stage)


def _lines(counted: _Counted) -> list[StageCounts]:
    """The same stage of several editions is one line."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for pk, stage in counted.stages.items():
        totals[stage.code].update(counted.by_stage.get(pk, {}))
    newest = {stage.code: stage for stage in counted.stages.values()}
    all_lost = sum(values["lost"] for values in totals.values())
    return [_line(stage, totals[code], all_lost) for code, stage in newest.items()]


def _stages(counted: _Counted, lines: Sequence[Line]) -> Stages[Line]:
    return Stages(
        counted.process_id,
        next((stage.process for stage in counted.stages.values()), ""),
        tuple(line for line in lines if line.kind == OPEN),
        next((line for line in lines if line.kind == WON), None),
        next((line for line in lines if line.kind == LOST), None),
    )


def _line(stage: KnownStage, values: Counter[str], all_lost: int) -> StageCounts:
    forward = values["advanced"] + values["skipped"]
    moved = values["moved"]
    exits = tuple(_exit(key, values) for key in FIVE_EXITS)
    entered = sum(item.figure.n for item in exits)
    days = Decimal(values["timed_seconds"]) / SECONDS_A_DAY
    return StageCounts(
        stage.code,
        stage.name,
        stage.kind,
        plain(STAGE_IN, entered, entered),
        plain(STAGE_FIRST, values["firsts"], values["firsts"]),
        sum((item.amount for item in exits), Decimal(0)),
        exits,
        _exit("invalid", values),
        moved,
        rate(STAGE_CONVERSION, forward, entered),
        quotient(ADVANCE_DAYS, days, values["timed"], values["timed"]),
        rate(SKIP_RATE, values["skipped"], forward),
        rate(BACK_RATE, values["back"], forward + values["back"] + values["lost"]),
        rate(LOSS_SHARE, values["lost"], all_lost),
        stage.expected_days,
    )


def _exit(key: str, values: Counter[str]) -> Exit:
    names: Iterable[str] = ("staying", "moved") if key == "staying" else (key,)
    n = sum(values[name] for name in names)
    amount = sum(values[f"{name}_amount"] for name in names)
    return Exit(key, plain(STAGE_EXIT, n, n), unscaled(amount))
