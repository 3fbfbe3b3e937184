"""The stage funnel: what entered each stage in a period and how it was left, in five exits that add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

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
class StageLine:
    """One stage of the funnel: entries of the period and what became of them until now."""

    code: str
    name: str
    kind: str
    entries: Figure
    opportunities: Figure
    amount: Decimal
    exits: tuple[Exit, ...]
    moved: int  # of those staying: gone on in another process
    conversion: Figure
    advance_days: Figure
    skip_rate: Figure
    back_rate: Figure
    loss_share: Figure
    outlook: Outlook
    expected_days: int | None

    def exit(self, key: str) -> Exit:
        """One of the five exits."""
        return next(item for item in self.exits if item.key == key)


@dataclass(frozen=True)
class Funnel:
    """The stages of one process, worked on in order; `won` and `lost` are what arrived there in the period."""

    process_id: int | None
    process: str
    lines: tuple[StageLine, ...]
    won: StageLine | None
    lost: StageLine | None
    bottleneck: Bottleneck | None

    @property
    def is_empty(self) -> bool:
        """True when nothing entered any stage."""
        return not any(line.entries.n for line in self.lines)


def funnel(actor: Actor, selection: Selection) -> Funnel:
    """The funnel of a process; of the one with most entries in the period when none is asked for."""
    known = known_stages()
    found = sums(actor, selection, SPAN_COLUMNS, ("stage_id",))
    by_stage = {stage_id: values for (stage_id,), values in found.items()}
    process_id = selection.process_id or busiest(known, by_stage)
    stages = {pk: stage for pk, stage in known.items() if stage.process_id == process_id}
    worked = {pk for pk, stage in stages.items() if stage.kind == OPEN and pk in by_stage}
    stays = ages(actor, selection, worked) if worked else {}
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    counts: dict[str, Counter[tuple[float, str]]] = defaultdict(Counter)
    for pk, stage in stages.items():
        totals[stage.code].update(by_stage.get(pk, {}))
        counts[stage.code].update(stays.get(pk, {}))
    newest = {stage.code: stage for stage in stages.values()}
    all_lost = sum(totals[code]["lost"] for code in newest)
    lines = [_line(stage, totals[code], all_lost, outlook(counts[code])) for code, stage in newest.items()]
    open_lines = tuple(line for line in lines if line.kind == OPEN)
    return Funnel(
        process_id,
        next((stage.process for stage in stages.values()), ""),
        open_lines,
        next((line for line in lines if line.kind == WON), None),
        next((line for line in lines if line.kind == LOST), None),
        bottleneck([Step(line.code, line.name, line.amount, line.outlook) for line in open_lines]),
    )


def _line(stage: KnownStage, values: Counter[str], all_lost: int, found: Outlook) -> StageLine:
    forward = values["advanced"] + values["skipped"]
    moved = values["moved"]
    exits = tuple(_exit(key, values) for key in FIVE_EXITS)
    entered = sum(item.figure.n for item in exits)
    days = Decimal(values["timed_seconds"]) / SECONDS_A_DAY
    return StageLine(
        stage.code,
        stage.name,
        stage.kind,
        plain(STAGE_IN, entered, entered),
        plain(STAGE_FIRST, values["firsts"], values["firsts"]),
        sum((item.amount for item in exits), Decimal(0)),
        exits,
        moved,
        rate(STAGE_CONVERSION, forward, entered),
        quotient(ADVANCE_DAYS, days, values["timed"], values["timed"]),
        rate(SKIP_RATE, values["skipped"], forward),
        rate(BACK_RATE, values["back"], forward + values["back"] + values["lost"]),
        rate(LOSS_SHARE, values["lost"], all_lost),
        found,
        stage.expected_days,
    )


def _exit(key: str, values: Counter[str]) -> Exit:
    names: Iterable[str] = ("staying", "moved") if key == "staying" else (key,)
    n = sum(values[name] for name in names)
    amount = sum(values[f"{name}_amount"] for name in names)
    return Exit(key, plain(STAGE_EXIT, n, n), unscaled(amount))
