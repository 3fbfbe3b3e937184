"""The seven questions about a process together: where deals come from, how they go, where they are lost, how long."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.insight.breakdown import line_names
from xiaocheng.insight.figures import Figure, cases, plain, rate
from xiaocheng.insight.measures import WIN_RATE
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.sums import sums
from xiaocheng.selling.pipeline.measures import OPENED, WON_AMOUNT, WON_COUNT

from .conformance import Conformance, conformance
from .funnel import Funnel, funnel

OF_SOURCES = ("opened", "deals_won", "deals_won_amount", "deals_lost")


@dataclass(frozen=True)
class SourceDeals:
    """The opportunities of one source opened in the period, and those that were closed in it; the code "" is none."""

    code: str
    name: str
    opened: Figure
    won: Figure
    win_rate: Figure
    revenue: Figure


@dataclass(frozen=True)
class Health:
    """What the seven questions are answered from, all of one process."""

    sources: tuple[SourceDeals, ...]
    steps: Conformance
    funnel: Funnel

    @property
    def is_empty(self) -> bool:
        """True when nothing happened in the period."""
        return self.funnel.is_empty and self.steps.is_empty and not self.sources


def health(actor: Actor, selection: Selection) -> Health:
    """All of the process that is asked for, else of the one with most entries in the period."""
    found = funnel(actor, selection)
    of_process = replace(selection, process_id=found.process_id)
    return Health(_sources(actor, of_process), conformance(actor, of_process), found)


def _sources(actor: Actor, selection: Selection) -> tuple[SourceDeals, ...]:
    """The source with most new opportunities first; "none" comes last."""
    found = {source: values for (source,), values in sums(actor, selection, OF_SOURCES, ("source",)).items()}
    names = line_names(actor, "source", found)
    lines = [_source(code, names.get(code, ""), values) for code, values in found.items() if any(values.values())]
    return tuple(sorted(lines, key=lambda line: (not line.code, -line.opened.n, line.code)))


def _source(code: str, name: str, values: Counter[str]) -> SourceDeals:
    won, lost = unscaled(values["deals_won"]), unscaled(values["deals_lost"])
    return SourceDeals(
        code,
        name,
        plain(OPENED, values["opened"], values["opened"]),
        plain(WON_COUNT, won, cases(won)),
        rate(WIN_RATE, won, won + lost),
        plain(WON_AMOUNT, unscaled(values["deals_won_amount"]), cases(won)),
    )
