"""Reviews of processes: the figures of a period as they are frozen, the lists, and the same figures today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import resolved
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.insight.counting import grouped
from xiaocheng.insight.models import ProcessReview
from xiaocheng.insight.models.process_review import FINISHED, IN_WORK
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.options import LOST_REASON

from .cycle import cycle
from .funnel import FIVE_EXITS, StageCounts, stage_counts
from .results import result
from .scope import Basis, whose

Frozen = dict[str, Any]
PROCESS_REVIEW_VIEWS = {"all": _("全部"), FINISHED: _("已完成"), IN_WORK: _("草稿")}


@dataclass(frozen=True)
class Beside:
    """The figures of the time, of the same period as they are today, and of the time since; None: none has passed."""

    then: Frozen
    now: Frozen
    since: Frozen | None
    since_period: Period | None


def may_review(actor: Actor) -> bool:
    """True for those who keep the processes, and for whoever heads a department."""
    return actor.can(MANAGE_PROCESS) or bool(actor.sight.departments)


def process_reviews(actor: Actor, view: str = "all") -> QuerySet[ProcessReview]:
    """The reviews of those whom the actor sees, the newest first."""
    rows: QuerySet[ProcessReview] = ProcessReview.objects.visible_to(actor)
    if view in {FINISHED, IN_WORK}:
        rows = rows.filter(state=view)
    return rows.select_related("process", "reviewer").order_by("-pk")


def process_review(actor: Actor, review_id: int) -> ProcessReview:
    """One review."""
    row: ProcessReview = ProcessReview.objects.one(actor, review_id, "process", "reviewer")
    return row


def figures_of(actor: Actor, process_id: int, period: Period, of: Whose) -> Frozen:
    """What a review freezes, as plain values: the stages, what was won and lost, the cycle, the reasons of losses."""
    return _figures(actor, Selection(period, of, process_id))


def _figures(actor: Actor, selection: Selection) -> Frozen:
    found, results, taken = stage_counts(actor, selection), result(actor, selection), cycle(actor, selection)
    return {
        "stages": [_stage(line) for line in found.lines],
        "won": _count(results.orders.numerator),
        "lost": _count(results.lost.numerator),
        "invalid": _count(results.invalid.numerator),
        "revenue": str(results.revenue.numerator),
        "timed": taken.mean.n,
        "mean_days": _days(taken.mean.value),
        "median_days": _days(taken.median.value),
        "reasons": _reasons(actor, selection),
    }


def whose_of(actor: Actor, row: ProcessReview) -> Whose:
    """Whose figures a review is about."""
    return Whose(
        None if row.people is None else frozenset(row.people),
        None if row.departments is None else frozenset(row.departments),
    )


def then_and_now(actor: Actor, row: ProcessReview) -> Beside:
    """The frozen figures beside the same ones computed today, as the actor sees them."""
    of, today = whose_of(actor, row), clock.today()
    selection = Selection(Period(row.first, row.last), of, row.process_id)
    now = _figures(actor, selection)
    after = row.last + dt.timedelta(days=1)
    period = Period(after, today) if after <= today else None
    since = _figures(actor, replace(selection, period=period)) if period else None
    return Beside({**row.figures, "reasons": _merged(row.figures["reasons"])}, now, since, period)


def _merged(reasons: Mapping[str, int | float]) -> dict[str, int | float]:
    """Losses by reason; a reason that was merged into another since counts as that one."""
    found: dict[str, int | float] = {}
    for code, count in reasons.items():
        code = resolved(LOST_REASON, code)
        found[code] = found.get(code, 0) + count
    return found


def scope_of_review(actor: Actor, basis: Basis) -> tuple[list[int] | None, list[int] | None]:
    """The departments and the people of a basis as plain values, to be frozen."""
    of = whose(actor, basis)
    return (
        None if of.departments is None else sorted(of.departments),
        None if of.people is None else sorted(of.people),
    )


def _stage(line: StageCounts) -> Frozen:
    return {
        "code": line.code,
        "name": line.name,
        "entries": line.entries.n,
        "exits": {key: line.exit(key).figure.n for key in FIVE_EXITS},
        "forward": int(line.conversion.numerator),
        "timed": line.advance_days.n,
        "days": _days(line.advance_days.value),
    }


def _days(value: Decimal | None) -> str | None:
    return None if value is None else str(round(value, 1))


def _count(deals: Decimal) -> int | float:
    """A number of deals as a plain value; with decimals only where people shared one."""
    return int(deals) if deals == int(deals) else float(deals)


def _reasons(actor: Actor, selection: Selection) -> dict[str, int | float]:
    """Losses by reason, net of what was opened again; what was invalid is counted apart."""
    found: Counter[str] = Counter()
    for (reason,), values in (line for rows in selection.closed(actor) for line in grouped(rows, ("reason",))):
        found[reason] += values["deals_lost"]
    sums = sorted(((code, unscaled(count)) for code, count in found.items()), key=lambda item: (-item[1], item[0]))
    return {code: _count(count) for code, count in sums if count}
