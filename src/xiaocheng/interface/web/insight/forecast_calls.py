"""自报: what people themselves say will be won in the month, on the page of the forecast, and the form for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import CALL, SEE
from xiaocheng.insight.commands import CallDraft
from xiaocheng.insight.queries import FEWEST_CALLED, Called, ForecastCall, ForecastScope
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.forms import Form, MoneyField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.pipeline.queries import FORECAST_CATEGORIES

from .showing import Cell, text, tile

SHORT = 12  # calls of those beneath that are shown without being asked for


def call_link(actor: Actor, scope: ForecastScope) -> Link:
    """The way to the form, for what one is usually shown or for oneself."""
    own = scope.person_id is not None and scope.person_id == actor.person_id
    return Link(_("填写自报"), "insight:call_forecast", icon="pencil", query="?own=1" if own else "", drawer=True)


def call_tile(called: Called, run: Any = None) -> Figure:
    """The newest call; beside it where it lies in the interval of the forecast."""
    found = tile(called.amount, "")
    if called.stands is None:
        return Figure(found.label, found.value, found.formula, (), "", _("本月还没有自报"))
    return Figure(found.label, found.value, found.formula, (), "", _beside(called.stands, run))


def call_line(called: Called) -> list[Cell]:
    """The calls as one of the ways of foretelling: the present one, and how near those of months that are over came."""
    return [
        Cell(text(called.amount), "", "", called.amount.value),
        Cell(text(called.wape), "", f"n={called.wape.n}", called.wape.value),
        Cell(text(called.bias), "", "", called.bias.value),
        Cell(""),
    ]


def calls_shown(actor: Actor, called: Called) -> dict[str, Any]:
    """What was said of the month: one's own, by category of the open deals, by those beneath, and how near it came."""
    lines = [(_("最新自报"), _said(called.stands))] if called.stands else []
    if called.at_start and called.at_start != called.stands:
        lines.append((_("月初自报"), _said(called.at_start)))
    if called.categories:
        lines.append((_("预计本月成交的在途商机"), _categories(called)))
    beneath = [
        {
            "whose": whose(row),
            "amount": formats.money(row.amount),
            "when": formats.moment(row.given_at),
            "note": row.note,
        }
        for row in called.beneath
    ]
    is_own = called.scope.person_id is not None or actor.person_id is None or not actor.can(CALL)
    return {
        "calls": {
            "own_query": "" if is_own else f"?person={actor.person_id}",
            "lines": lines,
            "judged": _judged(called),
            "beneath": beneath,
            "sum": _sum(called),
            "is_short": len(beneath) <= SHORT,
        }
    }


def whose(row: ForecastCall) -> str:
    """For whom it was said."""
    if row.department is not None:
        return _("%(team)s及下级") % {"team": row.department.name}
    if row.led_by is not None:
        return _("%(name)s带领的人员") % {"name": row.led_by.name}
    return row.person.name if row.person else _("全公司")


def _said(row: ForecastCall) -> str:
    said = [formats.money(row.amount), row.author.name, formats.moment(row.given_at), row.note]
    return " · ".join(part for part in said if part)


def _beside(row: ForecastCall, run: Any) -> str:
    if run is None:
        return f"{row.author.name} · {formats.moment(row.given_at)}"
    if row.amount < run.low:
        return _("低于 80% 区间")
    return _("高于 80% 区间") if row.amount > run.high else _("在 80% 区间内")


def _categories(called: Called) -> str:
    """The amount of each category in the order of the categories."""
    found = {line.category: line for line in called.categories}
    return " · ".join(
        _("%(category)s %(amount)s(%(deals)s 个)")
        % {
            "category": FORECAST_CATEGORIES[key],
            "amount": formats.money(found[key].amount),
            "deals": formats.count(found[key].deals),
        }
        for key in reversed(FORECAST_CATEGORIES)
        if key in found
    )


def _judged(called: Called) -> str:
    if not called.is_judged:
        words = _("每月 3 日及以前的最后一次自报会与当月实际比较,满 %(months)s 个月后这里给出误差(现在 %(n)s 个月)。")
        return words % {"months": FEWEST_CALLED, "n": called.wape.n}
    words = _(
        "过去 %(n)s 个月,月初自报与当月实际相比:平均误差 %(wape)s,偏差 %(bias)s(正数是报高了)。其他方法按 30 天评判。"
    )
    return words % {"n": called.wape.n, "wape": text(called.wape), "bias": text(called.bias)}


def _sum(called: Called) -> str:
    total = sum(row.amount for row in called.people)
    words = _("下级自报 %(count)s 项;其中本人自报 %(people)s 人,合计 %(sum)s")
    return words % {
        "count": len(called.beneath),
        "people": len(called.people),
        "sum": formats.money(total),
    }


class CallForm(Form):
    """Which month, how much, and what it rests on."""

    month = forms.ChoiceField(label=gettext_lazy("月份"), widget=forms.RadioSelect)
    amount = MoneyField(label=gettext_lazy("预计赢单金额"), min_value=0)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=queries.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("凭哪些商机,还差什么"),
    )


@access(SEE, CALL)
class CallForecast(FormScreen):
    """Say what will be won: in what one is usually shown, or (?own=1) by oneself."""

    title, form_class = gettext_lazy("填写自报"), CallForm

    def load(self) -> None:
        """Whoever is nobody in particular has nothing to say."""
        if self.actor.person_id is None:
            raise NotFound

    @property
    def is_own(self) -> bool:
        """True for what one will win oneself."""
        return self.request.GET.get("own") == "1"

    @property
    def hint(self) -> str:  # type: ignore[override]
        """For whom, and what becomes of it."""
        from .forecast import name_of  # that page shows what is entered here

        scope = ForecastScope(person_id=self.actor.person_id) if self.is_own else queries.usual_scope(self.actor)
        words = _(
            "%(whose)s当月一共会赢单多少,包括已经赢的。可以随时再报,以最新的为准;当月 3 日及以前的最后一次用来评判。"
        )
        return words % {"whose": name_of(self.actor, scope)}

    def crumbs(self) -> list[Crumb]:
        """Back to the forecast."""
        return [Crumb(_("销售预测"), self._page)]

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """This month and the next."""
        form = super().make_form(data, files)
        months = [(day.isoformat(), f"{day:%Y-%m}") for day in queries.months_to_call()]
        form.fields["month"].choices = months  # type: ignore[attr-defined]
        return form

    def initial(self) -> dict[str, Any]:
        """This month."""
        return {"month": queries.months_to_call()[0].isoformat()}

    def run(self, data: dict[str, Any]) -> Done:
        """Keep it."""
        month = dt.date.fromisoformat(data["month"])
        commands.call_forecast(self.actor, CallDraft(month, data["amount"], data["note"], self.is_own))
        return Done(url=self._page, toast=_("已记录"))

    @property
    def _page(self) -> str:
        return reverse("insight:forecast") + (f"?person={self.actor.person_id}" if self.is_own else "")
