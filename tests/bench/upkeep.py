"""What insight costs beside the work itself: rollups in the transaction of each event, forecasts once a night."""

from __future__ import annotations

import time
from unittest import mock

from xiaocheng.foundation.kernel import journal
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.insight import projections
from xiaocheng.insight.commands import make_forecasts
from xiaocheng.insight.counting import TABLES
from xiaocheng.insight.models import ForecastRun
from xiaocheng.insight.rollups import BY_MONTH
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline.models import Opportunity

DEALS, EVENTS = 60, 3
ROLLUPS = len(TABLES) + len(BY_MONTH) + 1  # and that of the open pipeline


class Upkeep:
    """Seconds that the projections of insight take."""

    def __init__(self) -> None:
        self.spent: list[float] = []

    def measured(self) -> float:
        """Milliseconds of an event in each of the rollups: deals that are lost, opened again and won."""
        own = {
            kind: [self._timed(one) if one.__module__ == projections.__name__ else one for one in registered]
            for kind, registered in journal._projections.items()
        }
        with mock.patch.object(journal, "_projections", own):
            self._live(warm_up=True)
            self.spent.clear()
            self._live()
        return sum(self.spent) / (DEALS * EVENTS * ROLLUPS) * 1000

    def _timed(self, project: journal.Projection) -> journal.Projection:
        def timed(events) -> None:
            began = time.perf_counter()
            project(events)
            self.spent.append(time.perf_counter() - began)

        return timed

    def _live(self, *, warm_up: bool = False) -> None:
        """Each deal is lost, opened again where it stood, and won; the first few only warm up."""
        rows = Opportunity.rows.filter(state="open").order_by("-pk" if warm_up else "pk")
        for pk in list(rows.values_list("pk", flat=True)[: 5 if warm_up else DEALS]):
            pipeline.lose(SYSTEM, pk, "price")
            pipeline.reopen(SYSTEM, pk, "又来了")
            pipeline.win(SYSTEM, pk, "服务好", bypass=True)


def night() -> float:
    """Seconds in which the forecasts of a night are made that were never made before."""
    ForecastRun.objects.all().delete()
    began = time.perf_counter()
    make_forecasts(SYSTEM)
    return time.perf_counter() - began
