"""Which facts a figure counts: a period, whose they are, and of which process, product and source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.measures import EVERYBODY, Whose
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.pipeline.models import Closing, ClosingShare, Stage, StageSpan

from .counting import NOW, THEN, Ends, as_it_stood
from .models import NONE


@dataclass(frozen=True)
class Selection:
    """What is asked for; the actor's sight always narrows it. Product 0 and source "" mean that none is recorded.

    With `as_of` (see `on_day`) stays are those entered by the end of that past day, as they stood then.
    """

    period: Period
    whose: Whose = EVERYBODY
    process_id: int | None = None
    product_id: int | None = None
    source: str | None = None
    as_of: dt.date | None = None
    looked_up: dict[int, list[int]] = field(default_factory=dict, compare=False, repr=False)  # stages, by process

    def before(self) -> Selection:
        """The same of the period just before."""
        return replace(self, period=self.period.before())

    def on_day(self, day: dt.date | None) -> Selection:
        """The same as it stood at the end of a past day, as far as is recorded now; that of today is the present one.

        A stay that was left afterwards is still there. Losses and wins that were reopened later are there still; a
        wrong click that was undone never was; what was recorded late counts on the day it happened, and credits stay
        those of the event. Who sees it, and what stages are called, is as today.
        """
        if day is None or day == clock.today():
            return replace(self, as_of=None)
        if day > clock.today():
            raise RuleBroken(_("截至的日期还没有到。"), field="as_of")
        if day < self.period.first:
            first = self.period.first.isoformat()
            raise RuleBroken(_("截至的日期早于这段时间的第一天(%(first)s)。") % {"first": first}, field="as_of")
        return replace(self, as_of=day)

    @property
    def ends(self) -> Ends:
        """The columns that say how a stay ended."""
        return NOW if self.as_of is None else THEN

    @property
    def needs_facts(self) -> bool:
        """True when no rollup of stages by department can answer."""
        return self.is_of_offer or self.as_of is not None

    @property
    def is_of_offer(self) -> bool:
        """True when only some product or source is asked for."""
        return self.product_id is not None or self.source is not None

    def spans(self, actor: Actor, *, left: bool = False) -> QuerySet[StageSpan]:
        """The visible spans that were entered (and booked) in the period, or that were left in it."""
        if left:
            return self._left(actor)
        period = self.period
        if self.as_of is not None:
            period = Period(period.first, min(period.last, self.as_of))
        rows = StageSpan.objects.visible_to(actor).filter(entered_ym__range=(period.first_month, period.last_month))
        if period.whole_months()[1]:
            rows = rows.filter(booked_on__range=(period.first, period.last))
        rows = rows.filter(self._condition())
        return rows if self.as_of is None else as_it_stood(rows, clock.instant(self.as_of + dt.timedelta(days=1)))

    def _left(self, actor: Actor) -> QuerySet[StageSpan]:
        rows = StageSpan.objects.visible_to(actor).filter(
            left_ym__range=(self.period.first_month, self.period.last_month)
        )
        if self.period.whole_months()[1]:
            until = clock.instant(self.period.last + dt.timedelta(days=1))
            rows = rows.filter(left_at__gte=clock.instant(self.period.first), left_at__lt=until)
        return rows.filter(self._condition())

    def closings(self, actor: Actor) -> QuerySet[Closing]:
        """The visible wins, losses and reversals that are booked in the period, each whole with its owner."""
        return Closing.objects.visible_to(actor).filter(self._condition(), booked_on__range=self._days())

    def shares(self, actor: Actor) -> QuerySet[ClosingShare]:
        """The visible shares of those that several people have."""
        condition = self._condition("closing__")
        return ClosingShare.objects.visible_to(actor).filter(condition, booked_on__range=self._days())

    def closed(self, actor: Actor) -> tuple[QuerySet[Closing], QuerySet[ClosingShare]]:
        """What was closed, and the shares of it where several people have some: `grouped` counts each once."""
        return self.closings(actor), self.shares(actor)

    def _days(self) -> tuple[dt.date, dt.date]:
        return self.period.first, self.period.last

    def of_offer(self) -> dict[str, Any]:
        """The filter of the rollups on product and source."""
        wanted = {"product_id": self.product_id, "source": self.source}
        return {name: value for name, value in wanted.items() if value is not None}

    def stages(self) -> dict[str, Any]:
        """The filter on the stages of the process."""
        if self.process_id is None:
            return {}
        if self.process_id not in self.looked_up:
            stages = Stage.objects.filter(version__process=self.process_id)
            self.looked_up[self.process_id] = list(stages.values_list("pk", flat=True))
        return {"stage_id__in": self.looked_up[self.process_id]}

    def _condition(self, of: str = "") -> Q:
        """The filter on facts; `of` leads from the row that is credited to the one that tells of stage and offer."""
        condition = Q(**{f"{of}{name}": value for name, value in self.stages().items()})
        if self.product_id is not None:
            none = self.product_id == NONE
            condition &= Q(**{f"{of}product_id__isnull": True} if none else {f"{of}product_id": self.product_id})
        if self.source is not None:
            condition &= Q(**{f"{of}source": self.source})
        if self.whose.people is not None:
            condition &= Q(credit_person__in=sorted(self.whose.people))
        if self.whose.departments is not None:
            condition &= Q(credit_department__in=sorted(self.whose.departments))
        return condition
