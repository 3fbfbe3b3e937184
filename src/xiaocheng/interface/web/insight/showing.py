"""Figures of insight as tiles, texts and links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.measures import declared
from xiaocheng.insight.queries import Figure, StageCounts
from xiaocheng.interface.web.shell import figures, formats
from xiaocheng.interface.web.shell.formats import escaped
from xiaocheng.interface.web.shell.templatetags.ui import icon

from .asked import AGAINST, Asked

NOTHING = "—"
HARDLY = Decimal("0.005")  # what is undecided is not worth a word
Url = Callable[[StageCounts, str], str]
TABLE = '<table class="plain-table numbers"><thead><tr><th>{}</th>{}</tr></thead><tbody>{}</tbody></table>'
HEAD = (
    '<th class="num">{}<button class="explain" type="button" popovertarget="{}" aria-label="{}">{}</button>'
    '<div class="definition" popover id="{}"><h3>{}</h3><p>{}</p></div></th>'
)


@dataclass(frozen=True)
class Cell:
    """One number of a table, where it leads, and what stands small below it; `value` is what a file writes."""

    text: str
    url: str = ""
    below: str = ""
    value: Decimal | None = None
    is_few: bool = False  # so few cases that it says little: shown grey


@dataclass(frozen=True)
class Head:
    """A column's heading that opens to the definition of its figures; `title` is their full name."""

    name: Sentence
    title: Sentence
    formula: Sentence

    @classmethod
    def of(cls, key: str, name: Sentence = "") -> Head:
        """The heading for a declared figure, perhaps under a shorter name."""
        item = declared(key)
        return cls(name or item.name, item.name, item.formula)


@dataclass(frozen=True)
class Sheet:
    """A table of numbers as a file: what stands small below a number gets a column of its own."""

    first: Sentence
    heads: Sequence[Head]
    lines: Sequence[tuple[Sentence, Sequence[Cell]]]

    def header(self) -> list[str]:
        """The headings."""
        named = ((str(head.name), _("%(name)s:附注") % {"name": head.name}) for head in self.heads)
        both = [(name, note) if at in self._noted else (name,) for at, (name, note) in enumerate(named)]
        return [str(self.first), *(name for names in both for name in names)]

    def rows(self) -> list[list[Any]]:
        """The lines, numbers as numbers."""
        return [[str(name), *self._cells(cells)] for name, cells in self.lines]

    def _cells(self, cells: Sequence[Cell]) -> Iterator[Any]:
        for at, cell in enumerate(cells):
            yield cell.text if cell.value is None else cell.value
            if at in self._noted:
                yield cell.below

    @cached_property
    def _noted(self) -> set[int]:
        return {at for _name, cells in self.lines for at, cell in enumerate(cells) if cell.below}


def table(
    first: Sentence, heads: Sequence[Head], rows: Sequence[tuple[Sentence, Sequence[Cell]]], name: str = "head"
) -> dict[str, Any]:
    """A table of numbers, put together here: a template would take as long as all the rest of the page.

    On a phone every cell stands under its own heading. A row may end early. `sheet` is the same for a file. Tables of
    one page have names of their own.
    """
    columns = format_html_join("", HEAD, (_head(f"{name}-{i}", head) for i, head in enumerate(heads)))
    names = [escaped(head.name) for head in heads]
    lines = SafeString("".join(f"<tr><th>{escaped(name)}</th>{_line(names, cells)}</tr>" for name, cells in rows))
    meanings = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((head.title, head.formula) for head in heads))
    shown = format_html(TABLE, first, columns, lines)
    return {"table": shown, "meanings": meanings, "sheet": Sheet(first, heads, rows)}


def _head(place: str, head: Head) -> tuple[object, ...]:
    label = _("%(name)s的口径") % {"name": head.name}
    return head.name, place, label, icon("info-circle"), place, head.title, head.formula


def _line(names: Sequence[str], cells: Sequence[Cell]) -> str:
    """The cells of a row; every part is escaped here."""
    shown = [
        f'<td class="num{" few" if cell.is_few else ""}" data-label="{name}">{_number(cell)}{_small(cell.below)}</td>'
        for name, cell in zip(names, cells, strict=False)
    ]
    missing = len(names) - len(cells)
    return "".join([*shown, f'<td class="rest" colspan="{missing}"></td>' if missing else ""])


def _number(cell: Cell) -> str:
    return f'<a href="{escaped(cell.url)}">{escaped(cell.text)}</a>' if cell.url else escaped(cell.text)


def _small(text: str) -> str:
    return f"<small>{escaped(text)}</small>" if text else ""


def text(figure: Figure) -> str:
    """The value as a page shows it: — without a denominator, k/n where a percentage would say too much."""
    if figure.value is None:
        if figure.declaration.unit == "percent" and figure.is_share and figure.denominator:
            return f"{formats.count(figure.numerator)}/{formats.count(figure.denominator)}"
        return NOTHING
    return in_unit(figure.value, figure.declaration.unit)


def linked(figure: Figure, url: str, below: str = "") -> Cell:
    """A figure as a cell; where nothing stands behind it, nothing is linked."""
    unit = figure.declaration.unit
    plain_number = None if unit in {"percent", "ratio", "customers"} else figure.value
    shown = text(figure)
    leads = figure.n and shown != NOTHING
    return Cell(shown, url if leads else "", below, plain_number, figure.is_few and unit != "count")


def in_unit(value: Decimal, unit: str) -> str:
    """A value with its unit."""
    if unit == "percent":
        return formats.percent(value)
    if unit == "money":
        return formats.money(value)
    if unit == "days":
        return _("%(days)s 天") % {"days": formats.number(value, 1)}
    if unit == "points":
        return _("%(points)s 个百分点") % {"points": formats.signed(value * 100)}
    if unit == "ratio":
        return _("%(count)s 个/单") % {"count": formats.number(value, 1)}
    if unit == "customers":
        return _("%(count)s 户/商机") % {"count": formats.number(value, 1)}
    return formats.count(value)


def sureness(figure: Figure) -> str:
    """How many cases stand behind a rate, and its interval while they are few."""
    if figure.interval is None:
        return f"n={formats.number(figure.n)}"
    low, high = (formats.percent(bound) for bound in figure.interval)
    return _("n=%(n)s,95%% 区间 %(low)s–%(high)s") % {"n": formats.number(figure.n), "low": low, "high": high}


def expected_note(figure: Figure, undecided: Decimal | None, *, with_n: bool = True) -> str:
    """How sure an expected end is: its cases, its interval, and the share of which nobody can tell it yet."""
    parts = [f"n={formats.number(figure.n)}"] if with_n else []
    if figure.value is not None and figure.interval is not None:
        low, high = (formats.percent(bound) for bound in figure.interval)
        parts.append(f"{low}–{high}")
    if undecided is not None and undecided > HARDLY:
        parts.append(_("%(share)s 未定") % {"share": formats.percent(undecided, 0)})
    return " · ".join(parts)


def tile(
    figure: Figure, rows_url: str, *, before: Figure | None = None, more: Iterable[tuple[Sentence, str]] = ()
) -> figures.Figure:
    """A figure as a tile that opens to its definition and its rows; `before` is the same of the period before."""
    unit = figure.declaration.unit
    numerator, denominator = figure.divided
    parts: list[tuple[Sentence, str]] = []
    if denominator and figure.denominator is not None:
        base = "money" if unit == "money" or figure.key.endswith("_amount") else "days" if unit == "days" else "count"
        parts = [
            (numerator, in_unit(figure.numerator, base)),
            (denominator, in_unit(figure.denominator, "money" if figure.key.endswith("_amount") else "count")),
        ]
    beside = [sureness(figure)] if unit == "percent" and figure.n else []
    if before is not None:
        beside.append(_("上一期 %(value)s") % {"value": text(before)})
    return figures.Figure(
        figure.declaration.name,
        text(figure),
        figure.formula,
        (*parts, *more),
        rows_url,
        " · ".join(beside),
    )


def rows_url(asked: Asked, to: str, changes: Mapping[str, object] | None = None) -> str:
    """The address of the rows behind a number, under the same filters but for some changes."""
    plain = dict.fromkeys(("compare", *AGAINST), "")
    return f"{reverse(f'insight:{to}')}?{asked.query(**plain, **(changes or {}))}"


def stays_url(asked: Asked, process_id: int | None) -> Url:
    """The addresses of the stays behind the numbers of the stages of a process."""
    base = rows_url(asked, "stays", {"process": process_id})
    return lambda line, way: f"{base}&stage={line.code}" + (f"&exit={way}" if way else "")
