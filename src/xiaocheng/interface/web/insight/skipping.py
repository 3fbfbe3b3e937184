"""跳阶影响: what leaving out a stage changed, as a section of the page of steps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.measures import SKIP_EFFECT_DAYS, SKIP_EFFECT_WON
from xiaocheng.insight.queries import Effect, ForecastScope, SkippedStage, Skipping
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Chart, Series

from .asked import Asked
from .forecast import name_of
from .showing import Cell, Head

WON, DAYS = "won", "days"
NAMES: dict[str, Sentence] = {WON: gettext_lazy("赢单:相差的百分点"), DAYS: gettext_lazy("赢单用时:相差的天数")}
ADJUSTED = gettext_lazy("已按负责人、来源、金额和老客户校正。相关,不等于因果:没有记录的原因校正不了。")
UNITS: dict[str, Literal["points", "days"]] = {WON: "points", DAYS: "days"}


def effects_of(asked: Asked, process_id: int | None) -> Skipping | None:
    """The estimates for the department asked for, else for the most that one sees."""
    team = asked.number("team")
    scope = ForecastScope(department_id=team) if team is not None else queries.usual_scope(asked.actor)
    if process_id is None or not queries.may_see(asked.actor, scope):
        return None
    return queries.skip_effects(asked.actor, scope, process_id)


def section(actor: Actor, found: Skipping) -> dict[str, Any]:
    """A picture for each outcome of which something is known, and what is lacking for the others."""
    told = {of.outcome.key for stage in found.stages for of in stage.effects if of.difference.value is not None}
    return {
        "whose": name_of(actor, found.scope),
        "basis": _("%(day)s 的估计,最近两年、满 %(days)s 天的商机,与上面选的时间无关")
        % {"day": formats.day(found.as_of), "days": found.within_days},
        "outcomes": [
            (name, _chart(found, key) if key in told else None, _lacking(found, key)) for key, name in NAMES.items()
        ],
    }


def _chart(found: Skipping, key: str) -> Chart:
    lines = _of(found, key)
    bounds = [effect.difference.interval or (None, None) for _stage, effect in lines]
    return Chart(
        "differences",
        sentence(found, key),
        [stage.name for stage, _effect in lines],
        [
            Series(_("95% 区间下限"), [low for low, _high in bounds]),
            Series(_("校正后的差别"), [effect.difference.value for _stage, effect in lines]),
            Series(_("95% 区间上限"), [high for _low, high in bounds]),
        ],
        unit=UNITS[key],
        size="low" if len(lines) < 4 else "",
        notes=[_("跳过 %(skipped)s · 可比 %(comparable)s") % _counts(effect) for _stage, effect in lines],
    )


def sentence(found: Skipping, key: str) -> str:
    """What leaving out stages changed beyond chance, for one outcome."""
    sure = [(stage, effect) for stage, effect in found.surest if effect.outcome.key == key]
    if not sure:
        none = {WON: _("跳过阶段与是否赢单没有可靠的差别。"), DAYS: _("跳过阶段与赢单用时没有可靠的差别。")}
        return none[key]
    return formats.sentences(*(_said(stage, effect, found.within_days) for stage, effect in sure))


def _said(stage: SkippedStage, effect: Effect, within: int) -> str:
    value = effect.difference.value or Decimal(0)
    less = value < 0
    if effect.outcome.key == WON:
        said = (
            _("跳过「%(stage)s」的商机 %(within)s 天内赢单的比例低 %(points)s 个百分点(%(sure)s)。")
            if less
            else _("跳过「%(stage)s」的商机 %(within)s 天内赢单的比例高 %(points)s 个百分点(%(sure)s)。")
        )
    else:
        said = (
            _("跳过「%(stage)s」而赢单的商机,赢单快 %(days)s 天(%(sure)s)。")
            if less
            else _("跳过「%(stage)s」而赢单的商机,赢单慢 %(days)s 天(%(sure)s)。")
        )
    return said % {
        "stage": stage.name,
        "within": within,
        "points": formats.number(abs(value) * 100, 1),
        "days": formats.number(abs(value), 1),
        "sure": interval(effect),
    }


def _lacking(found: Skipping, key: str) -> str:
    """How many cases there are of an outcome that cannot be told yet."""
    counts = [
        _("「%(stage)s」跳过 %(skipped)s、可比 %(comparable)s") % {"stage": stage.name, **_counts(effect)}
        for stage, effect in _of(found, key)
    ]
    return _("样本不足:跳过的和可比的各至少要有 30 个。现在%(counts)s。") % {"counts": ";".join(counts)}


def _of(found: Skipping, key: str) -> list[tuple[SkippedStage, Effect]]:
    return [(stage, effect) for stage in found.stages for effect in stage.effects if effect.outcome.key == key]


def heads() -> list[Head]:
    """The columns of the table."""
    return [Head.of(SKIP_EFFECT_WON), Head.of(SKIP_EFFECT_DAYS)]


def lines(found: Skipping) -> Sequence[tuple[Sentence, Sequence[Cell]]]:
    """The rows of the table: each stage with the difference in each outcome, its interval and how many stand behind."""
    return [(stage.name, [_cell(effect) for effect in stage.effects]) for stage in found.stages]


def _cell(effect: Effect) -> Cell:
    counts = _("跳过 %(skipped)s · 可比 %(comparable)s") % _counts(effect)
    if effect.difference.value is None:
        return Cell(_("样本不足"), "", counts, is_few=True)
    strength = _("E 值 %(value)s") % {"value": formats.number(effect.e_value, 1)} if effect.is_sure else ""
    below = " · ".join(part for part in (interval(effect), counts, strength) if part)
    return Cell(difference(effect), "", below, is_few=not effect.is_sure)


def difference(effect: Effect) -> str:
    """The difference with its sign and unit."""
    value = effect.difference.value
    if value is None:
        return _("样本不足")
    if effect.outcome.is_share:
        return _("%(points)s 个百分点") % {"points": formats.signed(value * 100)}
    return _("%(days)s 天") % {"days": formats.signed(value)}


def interval(effect: Effect) -> str:
    """The 95 % interval in words."""
    times = 100 if effect.outcome.is_share else 1
    low, high = (formats.signed(bound * times) for bound in effect.difference.interval or (0, 0))
    return _("95%% 区间 %(low)s 至 %(high)s") % {"low": low, "high": high}


def _counts(effect: Effect) -> dict[str, str]:
    return {"skipped": formats.number(effect.skipped), "comparable": formats.number(effect.comparable)}
