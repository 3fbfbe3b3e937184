"""What will come in, and how far to trust that."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import FORECAST_BIAS, FORECAST_COVERED, FORECAST_WAPE
from xiaocheng.insight.queries import HORIZONS, MONTH, Called, Forecast, ForecastScope
from xiaocheng.interface.web.shell import formats, pickers
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens.base import Screen

from .asked import Asked
from .expected_changes import counted_with
from .forecast_calls import call_line, call_link, call_tile, calls_shown
from .showing import Cell, Head, table, text, tile

WAYS: dict[str, Sentence] = {
    "model": gettext_lazy("本系统的预测"),
    "run_rate": gettext_lazy("前几期平均"),
    "weighted": gettext_lazy("加权在途额"),
    "called": gettext_lazy("自报"),
}


class ScopeForm(Form):
    """Whose forecast: a department with those below, or one person; neither is what one sees at most."""

    team = PickField("insight-teams", label=gettext_lazy("团队"), required=False, placeholder=gettext_lazy("全部"))
    person = PickField("insight-people", label=gettext_lazy("人员"), required=False, placeholder=gettext_lazy("全部"))
    horizon = forms.CharField(widget=forms.HiddenInput, required=False)


@access(SEE)
class ForecastPage(Screen):
    """销售预测: won, from open deals, from new deals; with its interval and how earlier ones did."""

    title = gettext_lazy("销售预测")
    template = "insight/forecast.html"

    @cached_property
    def horizon(self) -> str:
        """The window asked for."""
        asked = self.request.GET.get("horizon", "")
        return asked if asked in HORIZONS else next(iter(HORIZONS))

    @cached_property
    def scope(self) -> ForecastScope:
        """Whose forecast is asked for; what the actor sees at most when nothing is."""
        asked = Asked(self.actor, self.request.GET)
        team, person = asked.number("team"), asked.number("person")
        if person is not None:
            return ForecastScope(person_id=person)
        return ForecastScope(department_id=team) if team is not None else queries.usual_scope(self.actor)

    def load(self) -> None:
        """A scope out of sight is not found."""
        if not queries.may_see(self.actor, self.scope):
            raise NotFound

    def actions(self) -> list[Link | None]:
        """One's own call for the month; what the forecast counts with."""
        may_call = self.horizon == MONTH and queries.may_call(self.actor, self.scope)
        own = call_link(self.actor, self.scope) if may_call else None
        return [own, Link(_("预期变化"), "insight:expected_changes", icon="calendar-event", look="ghost")]

    def context(self) -> dict[str, Any]:
        """Tiles, what is foretold for each window, what came of earlier ones."""
        shown = {
            "horizons": [(key, name, self._query(horizon=key)) for key, name in HORIZONS.items()],
            "horizon": self.horizon,
            "switch": self._query(horizon=self.horizon, filter="" if self._is_open else "open"),
            "form": ScopeForm(self.request.GET or None, auto_id="scope-%s", actor=self.actor)
            if self._is_open
            else None,
            "whose": name_of(self.actor, self.scope),
            "may_choose": self.actor.sight.everyone or len(self.actor.sight.people) > 1,
        }
        found = queries.forecast(self.actor, self.scope, self.horizon)
        if self.called:
            shown |= calls_shown(self.actor, self.called)
        if found is None:
            said = self.called if self.called and self.called.stands else None
            return shown | {"empty": self._nothing(), "tiles": [call_tile(said)] if said else []}
        return shown | {
            "run": found.run,
            "tiles": self._tiles(found),
            "chart": self._parts(found),
            "past": self._past(found) if found.past else None,
            "warning": self._warning(found),
            "counted_with": counted_with(self.actor, self.scope, found.run),
            **self._accuracy(found),
        }

    @cached_property
    def called(self) -> Called | None:
        """What people themselves say of this month; of other windows nobody says anything."""
        return queries.called(self.actor, self.scope, clock.today()) if self.horizon == MONTH else None

    def _tiles(self, found: Forecast) -> list[Figure]:
        between = _("80%% 区间 %(low)s–%(high)s") % _interval(found)
        total = tile(found.total, "", more=[(_("80% 区间"), between)])
        return [
            Figure(total.label, total.value, total.formula, total.parts, "", between),
            tile(found.won, self._won_url(found.run)),
            tile(found.existing, self._open_url()),
            tile(found.new, ""),
            *([call_tile(self.called, found.run)] if self.called else []),
        ]

    def _parts(self, found: Forecast) -> Chart:
        """One bar: what is won, what open deals and what new ones are expected to bring."""
        said = _("%(horizon)s预计赢单 %(total)s,八成把握在 %(low)s 到 %(high)s 之间;其中已赢单 %(won)s。") % {
            "horizon": HORIZONS[found.horizon],
            "total": text(found.total),
            "won": text(found.won),
            **_interval(found),
        }
        parts = ((found.won, "good"), (found.existing, "chart-1"), (found.new, "line"))
        return Chart(
            "bars",
            said,
            [str(HORIZONS[found.horizon])],
            [Series(part.declaration.name, [part.value], stack="all", tone=tone) for part, tone in parts],
            unit="money",
            size="low",
            with_table=False,
        )

    def _past(self, found: Forecast) -> Chart:
        ours = found.accuracies[0]
        said = _("过去 %(count)s 次 30 天预测,平均误差 %(wape)s,实际有 %(held)s 次落在区间内。") % {
            "count": len(found.past) if ours.wape.n <= len(found.past) else ours.wape.n,
            "wape": text(ours.wape),
            "held": f"{formats.number(found.coverage.numerator)}/{formats.number(found.coverage.denominator)}",
        }
        return Chart(
            "lines",
            said,
            [formats.day(run.as_of) for run in found.past],
            [
                Series(_("区间上限"), [run.high for run in found.past], look="dashed", tone="line"),
                Series(_("预测"), [run.middle for run in found.past], look="line", tone="chart-1"),
                Series(_("区间下限"), [run.low for run in found.past], look="dashed", tone="line"),
                Series(_("实际"), [run.came for run in found.past], look="line", tone="good"),
            ],
            unit="money",
        )

    def _accuracy(self, found: Forecast) -> dict[str, Any]:
        if not found.accuracies:
            return {}
        values = {"model": found.total, "run_rate": found.run_rate, "weighted": found.weighted}
        rows = [
            (
                WAYS[line.way],
                [
                    Cell(text(values[line.way]), "", "", values[line.way].value),
                    Cell(text(line.wape), "", f"n={line.wape.n}", line.wape.value),
                    Cell(text(line.bias), "", "", line.bias.value),
                    Cell(text(found.coverage) if line.way == "model" else ""),
                ],
            )
            for line in found.accuracies
        ]
        if self.called and self.called.is_judged:
            rows.append((WAYS["called"], call_line(self.called)))
        now = Head(_("这一次"), _("这一次"), _("各种方法对上面选定期间的估计"))
        heads = [now, *(Head.of(key) for key in (FORECAST_WAPE, FORECAST_BIAS, FORECAST_COVERED))]
        return table(_("方法"), heads, rows)

    def _warning(self, found: Forecast) -> str:
        if found.leads_run_rate:
            return _("在过去的几次里,「前几期平均」%(rate)s 比模型更接近实际,请先看它。") % {
                "rate": text(found.run_rate)
            }
        return ""

    def _nothing(self) -> Empty:
        if queries.last_made(self.actor):
            return Empty(_("还没有这个范围的预测"), _("人员的预测每周一做;先看团队的。"), icon="chart-bar-off")
        hint = _("至少要有 40 个赢单和 40 个输单,并且从第一次关闭商机起满 92 天;达到以后每天凌晨自动预测。")
        return Empty(_("数据还不够做预测"), hint, icon="chart-bar-off")

    def _won_url(self, run: Any) -> str:
        """The wins of the window before the day of the run."""
        if run.as_of <= run.first_on:
            return ""
        days = {"kind": "custom", "first": run.first_on, "last": run.as_of - dt.timedelta(days=1)}
        led = "people" if self.scope.led_by_id else None
        whose = {"team": self.scope.department_id, "person": self.scope.person_id, "basis": led}
        asked = {**days, **whose, "verdict": "won", "back": "win_rate"}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return f"{reverse('insight:closings')}?{query}"

    def _open_url(self) -> str:
        """The open deals, where the list of opportunities can show exactly them."""
        if self.scope.department_id is not None:
            return ""  # narrowing by departments is not offered there
        asked: dict[str, Any] = {"tab": "all", "state": "open"}
        if self.scope.person_id is not None:
            asked["owner"] = self.scope.person_id
        elif self.scope.led_by_id is not None:
            asked["tab"] = "team"
        return f"{reverse('pipeline:list')}?{urlencode(asked)}"

    @property
    def _is_open(self) -> bool:
        """True while the choice of whose forecast it is stands open."""
        return self.request.GET.get("filter") == "open"

    def _query(self, **changes: Any) -> str:
        kept = {name: self.request.GET.get(name, "") for name in ("team", "person")} | changes
        return urlencode([(name, value) for name, value in kept.items() if value])


def name_of(actor: Actor, scope: ForecastScope) -> str:
    """Whose forecast it is, in words."""
    if scope.department_id is not None:
        named = list(pickers.choices("insight-teams", actor, ids=[scope.department_id]))
        return _("%(team)s及下级") % {"team": named[0].label} if named else ""
    if scope.person_id is not None:
        named = list(pickers.choices("insight-people", actor, ids=[scope.person_id]))
        return named[0].label if named else ""
    return _("我带领的人员") if scope.led_by_id is not None else _("全公司")


def _interval(found: Forecast) -> dict[str, str]:
    return {"low": formats.money(found.run.low), "high": formats.money(found.run.high)}
