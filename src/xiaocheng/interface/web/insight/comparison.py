"""对比: two funnels side by side, and whether they differ by more than chance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.insight import queries
from xiaocheng.insight.measures import ADVANCE_DAYS, STAGE_CONVERSION, STAGE_IN, STAGE_WITHIN
from xiaocheng.insight.queries import Comparison, Difference, Figure, StageLine, StagePair
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Chart, Series

from .asked import BASES, OTHERS, Asked
from .showing import NOTHING, Cell, Head, Url, linked, stays_url, table

CHANCE = gettext_lazy("可能只是巧合")
BEYOND = gettext_lazy("超出偶然")
MEANS = gettext_lazy(
    "前者的转化率减去后者的,以百分点计。差别的 95% 区间(Newcombe)不含 0 时写「超出偶然」;"
    "含 0 时可能只是巧合。同时看多个阶段,总会有个别碰巧超出"
)


def beside(actor: Actor, asked: Asked, other: Asked) -> dict[str, Any]:
    """The page of two funnels: the answer in words, pairs of bars, and the table of both."""
    found = queries.comparison(actor, asked.selection, other.selection, within(asked))
    if found.is_empty:
        return {"funnel": found.one}
    names = sides(actor, asked, other, found)
    urls = stays_url(asked, found.one.process_id), stays_url(other, found.other.process_id)
    is_fair = asked.selection.period == other.selection.period
    return {
        "funnel": found.one,
        "compared": _("「%(one)s」与「%(other)s」") % {"one": names[0], "other": names[1]},
        "chart": _picture(found, names, urls, is_fair=is_fair),
        **table(_("阶段"), _heads(found, names), [(pair.name, _cells(pair, urls, is_fair)) for pair in found.pairs]),
    }


def within(asked: Asked) -> int:
    """In how many days stages are compared."""
    days = asked.number("within")
    return days if days in queries.WITHIN else queries.USUAL_WITHIN


def sides(actor: Actor, asked: Asked, other: Asked, found: Comparison) -> tuple[str, str]:
    """What the two are called: their periods, or the teams, people, sources or processes that differ."""
    if asked.against == "process":
        return found.one.process, found.other.process
    if asked.against in OTHERS:
        return _named(actor, asked, asked.against), _named(actor, other, asked.against)
    return asked.period_name(), other.period_name()


def _named(actor: Actor, asked: Asked, kind: str) -> str:
    """The name of a team, person or source as far as the actor may ask about it; without one, whose figures it is."""
    if kind == "source":
        code = asked.selection.source
        if code is None:
            return _("全部来源")
        return queries.line_names(actor, "source", [code])[code] if code else _("未记录")
    number, sight = asked.number(kind), actor.sight
    if number is None:
        return str(BASES[asked.basis])
    seen = sight.departments if kind == "team" else sight.people | {actor.person_id}
    if not (sight.everyone or number in seen):
        return NOTHING
    return queries.line_names(actor, "team" if kind == "team" else "person", [number]).get(number, NOTHING)


def _picture(found: Comparison, names: tuple[str, str], urls: tuple[Url, Url], *, is_fair: bool) -> Chart:
    """The rates to date where both had as long for it, else those within the same number of days."""
    pairs = [pair for pair in found.pairs if any(line and line.entries.n for line in (pair.one, pair.other))]
    series = []
    for place, (name, url) in enumerate(zip(names, urls, strict=True)):
        lines = [(pair.one, pair.other)[place] for pair in pairs]
        within = [pair.within[place] for pair in pairs]
        rates = [line.conversion if line else None for line in lines] if is_fair else within
        addresses = [url(line, "forward" if is_fair else "recorded") if line else "" for line in lines]
        series.append(Series(name, [rate.value if rate else None for rate in rates], addresses))
    return Chart(
        "columns",
        _sentence(found, is_fair=is_fair),
        [pair.name for pair in pairs],
        series,
        unit="percent",
        with_table=False,
    )


def _sentence(found: Comparison, *, is_fair: bool) -> str:
    """Which stages differ by more than chance: within some days, and to date where both had as long for it."""
    sure = _beyond_chance((pair.name, pair.conversion) for pair in found.pairs) if is_fair else ""
    in_time = _beyond_chance((pair.name, pair.within_difference) for pair in found.pairs)
    said = [_("转化率的差别超出偶然的:%(stages)s。") % {"stages": sure}] if sure else []
    if in_time:
        said.append(_("%(days)s 天内推进率的差别超出偶然的:%(stages)s。") % {"days": found.days, "stages": in_time})
    told = [pair.within_difference.value for pair in found.pairs]
    told += [pair.conversion.value for pair in found.pairs if is_fair]
    if all(value is None for value in told):
        return _("数量太少,还不能比较。")
    return formats.sentences(*said) if said else _("各阶段的差别都可能只是巧合。")


def _beyond_chance(differences: Iterable[tuple[str, Difference]]) -> str:
    sure = ((name, found) for name, found in differences if found.is_beyond_chance)
    return listed(_("「%(stage)s」%(points)s") % {"stage": name, "points": points(found)} for name, found in sure)


def points(found: Difference) -> str:
    """A difference in percentage points, with its sign."""
    if found.value is None:
        return NOTHING
    sign = "+" if found.value > 0 else "−" if found.value < 0 else ""
    return _("%(points)s 个百分点") % {"points": f"{sign}{formats.number(abs(found.value) * 100, 1)}"}


def _heads(found: Comparison, names: tuple[str, str]) -> list[Head]:
    in_days = _("%(days)s 天内推进率") % {"days": found.days}

    def both(key: str, name: Sentence) -> list[Head]:
        return [Head.of(key, f"{name} · {side}") for side in names]

    return [
        *both(STAGE_CONVERSION, _("转化率")),
        Head(_("相差"), _("转化率相差"), MEANS),
        *both(STAGE_WITHIN, in_days),
        Head(_("相差"), _("推进率相差"), MEANS),
        *both(STAGE_IN, _("进入次数")),
        *both(ADVANCE_DAYS, _("推进用时")),
    ]


def _cells(pair: StagePair, urls: tuple[Url, Url], is_fair: bool) -> list[Cell]:
    sides = list(zip((pair.one, pair.other), pair.within, urls, strict=True))
    return [
        *(_cell(line, line.conversion if line else None, "forward", url) for line, _within, url in sides),
        _difference(pair.conversion) if is_fair else Cell(points(pair.conversion), "", _("时间长短不同,不比较")),
        *(_cell(line, in_time, "recorded", url) for line, in_time, url in sides),
        _difference(pair.within_difference),
        *(_cell(line, line.entries if line else None, "", url) for line, _within, url in sides),
        *(_cell(line, line.advance_days if line else None, "timed", url) for line, _within, url in sides),
    ]


def _cell(line: StageLine | None, figure: Figure | None, way: str, url: Url) -> Cell:
    if line is None or figure is None:
        return Cell(NOTHING)
    if figure.declaration.unit == "count":
        return linked(figure, url(line, way), formats.money(line.amount))
    low, high = (formats.percent(bound) for bound in figure.interval or (None, None))
    cases = f"n={formats.number(figure.n)}" if figure.n else ""
    return linked(figure, url(line, way), f"{cases} · {low}–{high}" if figure.interval else cases)


def _difference(found: Difference) -> Cell:
    if found.value is None:
        return Cell(NOTHING)
    return Cell(points(found), "", str(BEYOND if found.is_beyond_chance else CHANCE))
