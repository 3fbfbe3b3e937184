"""Cohorts of deals: of those opened in a period, how many are won, and how long after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import (
    COHORT_DEALS,
    COHORT_FINAL,
    COHORT_LOST,
    COHORT_OPEN,
    COHORT_TIME,
    COHORT_WITHIN,
    COHORT_WON,
)
from xiaocheng.insight.queries import HORIZON_DAYS, DealCohort, Key
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series

from .breakdown import LINE_HEADS, BreakdownScreen
from .showing import Cell, Head, expected_note, linked, table, text, tile

IN_TILES = 2  # of the horizons: the longest that say something


@access(SEE)
class DealCohortsPage(BreakdownScreen):
    """批次赢单率: deals by when they were opened, followed until now."""

    title = gettext_lazy("批次赢单率")
    template = "insight/deal_cohorts.html"
    name, behind, usual = "deal_cohorts", "stays", "month"

    def context(self) -> dict[str, Any]:
        """The rates of all, the curve, and the same line by line."""
        found = queries.deal_cohort(self.actor, self.selection)
        if not found.deals.n:
            return {"is_empty": True}
        lines = queries.deal_cohorts_by(self.actor, self.selection, self.by)
        return {
            "tiles": self._tiles(found),
            "chart": _picture(found),
            "by": self.ways(),
            **table(
                LINE_HEADS[self.by],
                _heads(),
                [(self.label(line.name), self._cells(line.cohort, line.id)) for line in lines],
            ),
        }

    def _url(self, rows: str, line: Key | None = None) -> str:
        return f"{self.rows_of(line)}&exit={rows}&back={self.name}"

    def _tiles(self, found: DealCohort) -> list[Figure]:
        then = queries.deal_cohort(self.actor, self.before) if self.before else None
        all_of_them = self._url("cohort")
        final = tile(found.final, all_of_them, before=then.final if then else None)
        within = [
            replace(
                tile(found.within[days], all_of_them, before=then.within[days] if then else None),
                label=_within_name(days),
            )
            for days in found.told[-IN_TILES:]
        ]
        time = tile(found.time, all_of_them, before=then.time if then else None)
        deals = tile(
            found.deals,
            all_of_them,
            before=then.deals if then else None,
            more=[(item.declaration.name, text(item)) for item in (found.won, found.lost, found.still)],
        )
        sure = expected_note(found.final, found.undecided)
        return [*within, replace(final, beside=sure), time, deals]

    def _cells(self, found: DealCohort, line: Key) -> list[Cell]:
        all_of_them = self._url("cohort", line)
        return [
            linked(found.deals, all_of_them),
            linked(found.won, self._url("cohort_won", line)),
            linked(found.lost, self._url("cohort_lost", line)),
            linked(found.still, self._url("cohort_open", line)),
            *(linked(found.within[days], all_of_them) for days in HORIZON_DAYS),
            replace(
                linked(found.final, all_of_them, expected_note(found.final, found.undecided, with_n=False)),
                is_few=found.is_young,
            ),
            replace(linked(found.time, all_of_them), is_few=found.is_young),
        ]


def _heads() -> list[Head]:
    return [
        Head.of(COHORT_DEALS, pgettext("what happened", "新建")),
        Head.of(COHORT_WON, _("已赢单")),
        Head.of(COHORT_LOST, _("已输单")),
        Head.of(COHORT_OPEN, _("仍在途")),
        *(Head.of(COHORT_WITHIN, _("%(days)s 天内") % {"days": days}) for days in HORIZON_DAYS),
        Head.of(COHORT_FINAL, _("预计最终")),
        Head.of(COHORT_TIME, _("成交时长")),
    ]


def _within_name(days: int) -> str:
    return _("%(days)s 天内赢单") % {"days": days}


def _picture(found: DealCohort) -> Chart | None:
    """How the shares won and lost grow with the days since the opening."""
    if len(found.curve) < 2:
        return None
    return Chart(
        "lines",
        _sentence(found),
        [_("%(days)s 天") % {"days": point.days} for point in found.curve],
        [
            Series(_("赢单"), [point.won for point in found.curve], tone="good"),
            Series(_("输单"), [point.lost for point in found.curve], look="dashed", tone="bad"),
        ],
        unit="percent",
    )


def _sentence(found: DealCohort) -> str:
    said = _("新建的 %(n)s 个商机,到现在赢单 %(won)s 个、输单 %(lost)s 个,还有 %(open)s 个在途。") % {
        "n": formats.number(found.deals.n),
        "won": formats.number(found.won.n),
        "lost": formats.number(found.lost.n),
        "open": formats.number(found.still.n),
    }
    if found.final.value is None or found.time.value is None:
        return said
    words = {"final": text(found.final), "time": text(found.time)}
    return formats.sentences(said, _("照目前看最终会赢 %(final)s,其中一半在 %(time)s内赢单。") % words)
