"""Numbers and pictures as pages show them: a number always opens to its definition and its rows, a chart to a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from xiaocheng.foundation.kernel.errors import Sentence

from . import formats
from .formats import Number


@dataclass(frozen=True)
class Figure:
    """One number with its name. `parts` are (name, value): numerator and denominator, or the terms of a sum.

    `beside` is the comparison under the number; `share` (0 to 1) draws a bar; `tone` is good, warn or bad.
    """

    label: Sentence
    value: str
    formula: Sentence = ""
    parts: tuple[tuple[Sentence, str], ...] = ()
    rows_url: str = ""
    beside: Sentence = ""
    share: float | None = None
    tone: str = ""


@dataclass(frozen=True)
class Series:
    """One row of bars or one line of a chart; `urls` say where a click on each value leads.

    `look` may make one series of a column chart a line: "line", "dashed" or "area". Equal `stack` names pile up.
    `tone` names a colour of the theme ("good", "warn", "bad", "chart-4", "line") where the colour means something.
    """

    name: Sentence
    values: Sequence[Number | None]
    urls: Sequence[str] = ()
    look: str = ""
    stack: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Flow:
    """One band of a flow chart, from stage to stage."""

    source: str
    target: str
    value: Number
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture that answers one question: `sentence` is the answer; the same numbers stand in a table behind it.

    Kinds: columns and lines (labels along the bottom), bars (labels down the side), funnel (one series), flow (`flows`
    between labels), heat (one series per row of squares), ranges (labels down the side; four series: where a bar
    begins, a dot, where the bar ends or nothing when that is not known, a mark), differences (labels down the side;
    three series: from, a dot, to, about a line at nothing; grey where there is no dot), scatter (of each label how
    many, the rate, the rate drawn to the middle, whether it lies outside; then along how many: the middle and two
    limits, low and high), waterfall (one series: what there was, each change, what there is). `notes` stand at
    the end of each bar.
    Units: count, money, percent (as ratios), days, points (of a percentage, as ratios, with their sign).
    """

    kind: Literal["columns", "lines", "bars", "funnel", "flow", "heat", "ranges", "differences", "scatter", "waterfall"]
    sentence: Sentence
    labels: Sequence[Sentence]
    series: Sequence[Series] = ()
    flows: Sequence[Flow] = ()
    unit: Literal["count", "money", "percent", "days", "points"] = "count"
    size: Literal["", "low", "tall"] = ""
    notes: Sequence[Sentence] = ()
    with_table: bool = True  # False where the page itself shows the numbers in a table

    def data(self) -> dict[str, Any]:
        """What the script draws."""
        drawn: dict[str, Any] = plain(self)
        return drawn

    def head(self) -> list[Sentence]:
        """The head of the table behind the chart."""
        if self.kind == "flow":
            return []
        return ["", *(series.name for series in self.series)]

    def rows(self) -> list[tuple[Sentence, list[tuple[str, str]]]]:
        """The rows of the table behind the chart: label, (number, address of its rows) of each series."""
        if self.kind == "flow":
            return [(f"{flow.source} → {flow.target}", [(self._text(flow.value), flow.url)]) for flow in self.flows]
        return [(label, [self._cell(series, i) for series in self.series]) for i, label in enumerate(self.labels)]

    def _cell(self, series: Series, i: int) -> tuple[str, str]:
        return self._text(series.values[i]), series.urls[i] if i < len(series.urls) else ""

    def _text(self, value: Number | None) -> str:
        show: dict[str, Callable[[Number | None], str]] = {
            "money": formats.money,
            "percent": formats.percent,
            "count": formats.number,
            "days": _days,
            "points": _points,
        }
        return show[self.unit](value)


def plain(value: Any) -> Any:
    """The value in what JSON knows: decimals as numbers, lazy sentences as text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Chart | Series | Flow):
        return plain(vars(value))
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _days(value: Number | None) -> str:
    return formats.number(value, 1)


def _points(value: Number | None) -> str:
    return formats.signed(None if value is None else Decimal(str(value)) * 100)
