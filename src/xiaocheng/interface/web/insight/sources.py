"""Where customers come from, and which source is worth it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import (
    COHORT_CONTACTED,
    COHORT_CONVERSION,
    COHORT_DAYS,
    COHORT_IN_TIME,
    COHORT_OPENING,
    COHORT_OPENING_WITHIN,
    COHORT_REVENUE,
)
from xiaocheng.insight.queries import Cohort, SourceLine
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series

from .asked import UNKNOWN
from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, table, text, tile

REGISTERED = "customers.registered"


@access(SEE)
class SourcesPage(InsightScreen):
    """客户来源: what became, until now, of the customers registered in the period."""

    title = gettext_lazy("客户来源")
    template = "insight/sources.html"
    name = "sources"
    without = ("process", "product", "compare")
    advice: ClassVar[Sentence] = gettext_lazy("换一个时间或范围,或者先登记几位客户。")

    def context(self) -> dict[str, Any]:
        """The whole, the picture of the sources, the table behind."""
        found, lines = queries.sources(self.actor, self.selection)
        if not found.registered.n:
            return {"is_empty": True}
        rows = [(_label(line), self._cells(line.cohort, line)) for line in lines]
        return {
            "tiles": self._tiles(found),
            "chart": self._picture(found, lines),
            "second": self._soon(found, lines),
            **table(_("来源"), _heads(), [*rows, (_("合计"), self._cells(found))]),
        }

    def _url(self, of: str, line: SourceLine | None = None) -> str:
        """The customers behind a number of the whole, or of one line."""
        return rows_url(self.asked, "source_customers", _narrowed(line) | {"of": of})

    def _wins(self, line: SourceLine | None = None) -> str:
        return rows_url(self.asked, "source_wins", _narrowed(line))

    def _tiles(self, found: Cohort) -> list[Figure]:
        registered = tile(found.registered, self._url(""))
        per_deal = queries.customers_per_deal(self.actor, self.selection)
        printed = (_("资料原文口径:客户数÷商机数(即每个商机对应客户数)"), text(per_deal))
        work = tile(per_deal, f"{rows_url(self.asked, 'stays')}&exit=opened&back=sources")
        rate = tile(found.conversion, self._url("found"), more=[printed])
        first, last = (work, rate) if queries.shows_workload_first(self.actor) else (rate, work)
        return [
            replace(registered, beside=_beside(found)),
            first,
            self._within(found),
            tile(found.in_time, self._url("ripe")),
            last,
            tile(found.revenue, self._wins()),
        ]

    def _within(self, found: Cohort) -> Figure:
        """The share with an opportunity within the most days that can be told; within fewer, and to date, beside it."""
        told = [at for at, figure in enumerate(found.opening_within) if figure.denominator]
        last = told[-1] if told else 0
        shown = tile(_while_few(found.opening_within[last]), self._opened(last))
        others = [*found.opening_within[:last], found.opening]
        to_date = _("截至目前 %(rate)s") % {"rate": text(found.opening)}
        return replace(
            shown,
            parts=(*shown.parts, *((figure.declaration.name, text(figure)) for figure in others)),
            beside=" · ".join(str(part) for part in (shown.beside, to_date) if part),
        )

    def _opened(self, at: int, line: SourceLine | None = None) -> str:
        """The customers with an opportunity within the first, second or third number of days."""
        return self._url(f"opened_{queries.OPENING_DAYS[at]}", line)

    def _soon(self, found: Cohort, lines: list[SourceLine]) -> Chart | None:
        """How many of each source have an opportunity within the most days that two sources can tell of."""
        for at in reversed(range(len(queries.OPENING_DAYS))):
            rated = [line for line in lines if line.cohort.opening_within[at].value is not None]
            if len(rated) > 1:
                return self._ranges(at, found, rated)
        return None

    def _ranges(self, at: int, found: Cohort, lines: list[SourceLine]) -> Chart:
        lines = sorted(lines, key=lambda line: -(line.cohort.opening_within[at].value or 0))
        rates = [line.cohort.opening_within[at] for line in lines]
        behind = [self._opened(at, line) for line in lines]
        bounds = [rate.interval or (rate.value or 0, rate.value or 0) for rate in rates]
        return Chart(
            "ranges",
            _soonest(
                queries.OPENING_DAYS[at], lines, rates, is_sure=all(high < bounds[0][0] for _low, high in bounds[1:])
            ),
            [f"{_label(line)} · n={formats.number(rate.n)}" for line, rate in zip(lines, rates, strict=True)],
            [
                Series(_("95% 区间从"), [low for low, _high in bounds], behind),
                Series(str(rates[0].declaration.name), [rate.value for rate in rates], behind),
                Series(_("到"), [high for _low, high in bounds], behind),
                Series(_("全部来源"), [found.opening_within[at].value] * len(lines)),
            ],
            unit="percent",
            size="low" if len(lines) < 4 else "",
            notes=[text(rate) for rate in rates],
            with_table=False,
        )

    def _picture(self, found: Cohort, lines: list[SourceLine]) -> Chart | None:
        rated = [line for line in lines if line.cohort.conversion.value is not None]
        if len(rated) < 2:
            return None
        rated.sort(key=lambda line: -(line.cohort.conversion.value or 0))
        return Chart(
            "bars",
            self._sentence(found, rated),
            [f"{_label(line)} · n={formats.number(line.cohort.conversion.n)}" for line in rated],
            [
                Series(
                    _("客户转化率"),
                    [line.cohort.conversion.value for line in rated],
                    [self._url("found", line) for line in rated],
                )
            ],
            unit="percent",
            with_table=False,
        )

    def _sentence(self, found: Cohort, rated: list[SourceLine]) -> str:
        """Which source turned most into customers, which brought most, and how far to trust that."""
        best, most = rated[0], max(rated, key=lambda line: line.cohort.revenue.numerator)
        said = []
        if found.converted.n:
            said.append(
                _("%(period)s登记的客户中,转化率最高的来源是「%(best)s」:%(rate)s(n=%(n)s)。")
                % {
                    "period": self.asked.period_name(),
                    "best": _label(best),
                    "rate": text(best.cohort.conversion),
                    "n": formats.number(best.cohort.conversion.n),
                }
            )
        if most.cohort.revenue.numerator > 0:
            amount = text(most.cohort.revenue)
            said.append(_("赢单金额最多的是「%(most)s」:%(amount)s。") % {"most": _label(most), "amount": amount})
        if any(queries.may_be_chance(best.cohort.conversion, line.cohort.conversion) for line in rated[1:]):
            said.append(_("与其他来源的差别可能只是巧合。"))
        young = found.conversion.n - found.in_time.n
        if young:
            said.append(_("其中 %(count)s 位登记还不满 90 天,以后还可能成交。") % {"count": formats.number(young)})
        return formats.sentences(*said)

    def _cells(self, found: Cohort, line: SourceLine | None = None) -> list[Cell]:
        """The numbers of a source, or of all; below a count stands what part of the customers it is."""
        return [
            linked(found.registered, self._url("", line), _beside(found)),
            linked(found.contacted, self._url("contacted", line)),
            linked(found.opened, self._url("opened", line), _with_interval(text(found.opening), found.opening)),
            *(_soon(figure, self._opened(at, line)) for at, figure in enumerate(found.opening_within)),
            linked(
                found.converted, self._url("converted", line), _with_interval(text(found.conversion), found.conversion)
            ),
            linked(found.in_time, self._url("ripe", line), _with_interval(f"n={found.in_time.n}", found.in_time)),
            linked(found.revenue, self._wins(line), _mean(found)),
            linked(found.days, self._url("converted", line)),
        ]


def _heads() -> list[Head]:
    rate = _("比率写在人数下面,不足 100 位时括号内是 95% 区间")
    return [
        Head.of(REGISTERED),
        Head.of(COHORT_CONTACTED, _("已联系")),
        _noted(COHORT_OPENING, _("有过商机"), rate),
        *(Head.of(key, _("%(days)s 天内有商机") % {"days": days}) for days, key in COHORT_OPENING_WITHIN.items()),
        _noted(COHORT_CONVERSION, _("成交的客户"), rate),
        Head.of(COHORT_IN_TIME, _("90 天内")),
        _noted(COHORT_REVENUE, _("赢单金额"), _("下面是赢单数和平均单额")),
        Head.of(COHORT_DAYS, _("成交用时")),
    ]


def _noted(key: str, name: str, note: str) -> Head:
    """A heading whose definition also says what stands small below the numbers."""
    head = Head.of(key, name)
    return replace(head, formula=_("%(formula)s;%(note)s") % {"formula": head.formula, "note": note})


def _narrowed(line: SourceLine | None) -> dict[str, object]:
    return {} if line is None else {"source": line.code or UNKNOWN}


def _label(line: SourceLine) -> str:
    return line.name or _("未记录")


def _beside(found: Cohort) -> str:
    """How many had bought before, where some had."""
    if not found.known:
        return ""
    return _("其中 %(count)s 位登记前已成交") % {"count": formats.number(found.known)}


def _with_interval(said: str, rate: queries.Figure) -> str:
    """A rate in small letters, with its interval while the customers are few."""
    if not rate.n or rate.interval is None:
        return said if rate.n else ""
    low, high = (formats.percent(bound) for bound in rate.interval)
    return f"{said} ({low}–{high})"


def _soon(figure: queries.Figure, url: str) -> Cell:
    """A share within some days, grey where nobody was followed so long or very few were."""
    if not figure.denominator:
        return Cell(text(figure), is_few=True)
    return linked(figure, url, _with_interval(f"n={formats.number(figure.n)}", _while_few(figure)))


def _while_few(figure: queries.Figure) -> queries.Figure:
    """An estimate with its interval only while few customers stand behind it, as other rates have it."""
    return figure if figure.n < queries.SURE else replace(figure, interval=None)


def _soonest(days: int, lines: list[SourceLine], rates: list[queries.Figure], *, is_sure: bool) -> str:
    """Which source has opportunities soonest, and whether that may be chance."""
    said = [
        _("登记后 %(days)s 天内有商机的比例最高的来源是「%(best)s」:%(rate)s(n=%(n)s)。")
        % {"days": days, "best": _label(lines[0]), "rate": text(rates[0]), "n": formats.number(rates[0].n)}
    ]
    if not is_sure:
        said.append(_("与其他来源的差别可能只是巧合。"))
    return formats.sentences(*said)


def _mean(found: Cohort) -> str:
    """How many deals the amount is of, and what one brought."""
    if found.mean_order.value is None:
        return ""
    deals = found.mean_order.n
    values = {"count": formats.number(deals), "mean": text(found.mean_order)}
    return ngettext("%(count)s 单,平均 %(mean)s", "%(count)s 单,平均 %(mean)s", deals) % values
