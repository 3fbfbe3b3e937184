"""What figures of the analysis are asked with and told as; the funnel and the stays behind it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, overload

from ninja import Query, Router, Schema
from pydantic import Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import ALL_TIME, Period
from xiaocheng.foundation.kernel.periods import period as period_of
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import (
    NOW,
    Basis,
    Bottleneck,
    Difference,
    Ends,
    Figure,
    Selection,
    StageCounts,
    StageLine,
    StagePair,
    Stay,
)

from .auth import ApiRequest
from .insight_shapes import (
    BottleneckOut,
    ComparisonOut,
    DifferenceOut,
    ExitOut,
    FigureOut,
    FunnelOut,
    Scope,
    StageCountsOut,
    StageFigures,
    StagePairOut,
    StayFigures,
    StayOut,
)
from .schemas import Id, Page, Paging, page_of

router = Router(tags=["insight"])
Day = Annotated[dt.date, Field(ge=dt.date(1970, 1, 1), le=dt.date(2199, 12, 31))]
Way = Literal[
    "advanced",
    "skipped",
    "back",
    "lost",
    "staying",
    "forward",
    "timed",
    "moved",
    "recorded",
    "exited",
    "first",
    "opened",
    "invalid",
    "cohort",
    "cohort_won",
    "cohort_lost",
    "cohort_open",
]


class Asked(Schema):
    """Which facts to count: the period that holds `on` (or from `first` to `last`), whose, and of what.

    `basis` company, team (credited to one's departments), people (credited to one's present people) or mine; without
    it what the pages show first. `team_id` covers the departments below. An empty `source` means: not recorded.
    """

    kind: Literal["week", "month", "quarter", "year", "all", "custom"] = "quarter"
    on: Day | None = None
    first: Day | None = None
    last: Day | None = None
    basis: Basis | None = None
    team_id: Id | None = None
    person_id: Id | None = None
    process_id: Id | None = None
    product_id: Id | None = None
    source: str | None = None


class PastDay(Schema):
    """The funnel as it stood at the end of a past day: not in the future, not before the period's first day."""

    as_of: Day | None = None


@router.get("/insight/funnel", response=FunnelOut)
def funnel(request: ApiRequest, asked: Query[Asked], past: Query[PastDay]) -> FunnelOut:
    """The stage funnel in five exits, perhaps `as_of` a past day; of the busiest process when none is asked for."""
    selection, scope = _on_day(request.actor, asked, past)
    found = queries.funnel(request.actor, selection)
    return FunnelOut(
        scope=scope,
        as_of=selection.as_of,
        process_id=found.process_id,
        process=found.process,
        stages=[stage_figures(line) for line in found.lines],
        won=stage_figures(found.won) if found.won else None,
        lost=stage_figures(found.lost) if found.lost else None,
        bottleneck=bottleneck_out(found.bottleneck) if found.bottleneck else None,
    )


class Against(Schema):
    """What is set against it: the period before, the same a year ago, other days, or another of the filters.

    Other days take `other_first` and `other_last`, a team, person or process `other_id`, a source `other_source`.
    """

    against: Literal["before", "year", "days", "team", "person", "source", "process"]
    other_first: Day | None = None
    other_last: Day | None = None
    other_id: Id | None = None
    other_source: str | None = None
    within: Annotated[int, Field(ge=1, le=365)] = 30


@router.get("/insight/funnel/comparison", response=ComparisonOut)
def funnel_comparison(
    request: ApiRequest, asked: Query[Asked], against: Query[Against], past: Query[PastDay]
) -> ComparisonOut:
    """Two funnels side by side, perhaps `as_of` one past day.

    The share that goes on `within` so many days of entry is fair to young cohorts.
    """
    other = _other(asked, against)
    selection, scope = _on_day(request.actor, asked, past)
    set_against, other_scope = _on_day(request.actor, other, past)
    found = queries.comparison(request.actor, selection, set_against, against.within)
    return ComparisonOut(
        scope=scope,
        as_of=selection.as_of,
        other_scope=other_scope,
        process=found.one.process,
        other_process=found.other.process,
        within_days=found.days,
        stages=[_pair(pair) for pair in found.pairs],
    )


@router.get("/insight/rows/stays", response=Page[StayOut])
def stays(
    request: ApiRequest,
    asked: Query[Asked],
    past: Query[PastDay],
    paging: Query[Paging],
    stage: str = "",
    way: Way | None = None,
    to: str = "",
    worked: bool = False,
) -> Page[StayOut]:
    """The stays behind a number of the funnel: of one stage of `process_id` by its code, left in one way or for one.

    `worked`: only of stages in which deals are still worked on. With `as_of` each stands as at the end of that day.
    """
    selection, _scope = _on_day(request.actor, asked, past)
    rows = queries.spans(request.actor, selection, stage=stage, exit=way or "", to=to, worked=worked)
    return page_of(rows, paging, lambda row: stay_out(row, selection.ends))


def _on_day(actor: Actor, asked: Asked, past: PastDay) -> tuple[Selection, Scope]:
    selection, scope = selected(actor, asked)
    return selection.on_day(past.as_of), scope


def selected(actor: Actor, asked: Asked) -> tuple[Selection, Scope]:
    """What is asked for, as far as the actor may ask."""
    actor.require(SEE)
    choices = queries.bases(actor)
    basis = asked.basis if asked.basis in choices else choices[0]
    whose = queries.whose(actor, basis, asked.team_id, asked.person_id)
    selection = Selection(_period(asked), whose, asked.process_id, asked.product_id, asked.source)
    return selection, Scope(first=selection.period.first, last=selection.period.last, basis=basis)


def _period(asked: Asked) -> Period:
    if asked.kind == "all":
        return ALL_TIME
    today = clock.today()
    if asked.kind == "custom":
        first, last = asked.first or period_of("month", today).first, asked.last or today
        return Period(min(first, last), max(first, last))
    return period_of(asked.kind, asked.on or today)


def figure_out(figure: Figure) -> FigureOut:
    """A number as the API tells it."""
    low, high = figure.interval or (None, None)
    return FigureOut(
        key=figure.key,
        name=str(figure.declaration.name),
        unit=figure.declaration.unit,
        value=short(figure.value),
        numerator=short(figure.numerator),
        denominator=short(figure.denominator),
        n=figure.n,
        low=short(low),
        high=short(high),
        formula=str(figure.formula),
    )


@overload
def short(value: Decimal) -> Decimal: ...
@overload
def short(value: None) -> None: ...
@overload
def short(value: Decimal | None) -> Decimal | None: ...
def short(value: Decimal | None) -> Decimal | None:
    """At most six decimals, trailing zeros gone."""
    return None if value is None else Decimal(f"{round(value, 6).normalize():f}")


def stage_counts(line: StageCounts) -> StageCountsOut:
    """What was counted of one stage."""
    return StageCountsOut(**_counts(line))


def stage_figures(line: StageLine) -> StageFigures:
    """One stage of a funnel."""
    return StageFigures(
        **_counts(line),
        expected=figure_out(line.outlook.expected),
        loss=figure_out(line.outlook.loss),
        undecided=short(line.outlook.undecided),
        stay=_stay_figures(line.outlook.stay),
    )


def _counts(line: StageCounts) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "entries": figure_out(line.entries),
        "opportunities": figure_out(line.opportunities),
        "amount": line.amount,
        "exits": [ExitOut(way=item.key, entries=item.figure.n, amount=item.amount) for item in line.exits],
        "invalid": line.invalid.figure.n,
        "moved_to_other_process": line.moved,
        "conversion": figure_out(line.conversion),
        "advance_days": figure_out(line.advance_days),
        "skip_rate": figure_out(line.skip_rate),
        "back_rate": figure_out(line.back_rate),
        "loss_share": figure_out(line.loss_share),
        "expected_days": line.expected_days,
    }


def _other(asked: Asked, against: Against) -> Asked:
    """What is set against what was asked for."""
    if against.against in {"before", "year", "days"}:
        days = _days_against(asked, against)
        return asked.model_copy(update={"kind": "custom", "first": days.first, "last": days.last})
    if against.against == "source":
        return asked.model_copy(update={"source": against.other_source or ""})
    return asked.model_copy(update={f"{against.against}_id": against.other_id})


def _days_against(asked: Asked, against: Against) -> Period:
    period = _period(asked)
    if against.against == "days" and against.other_first and against.other_last:
        first, last = sorted((against.other_first, against.other_last))
        return Period(first, last)
    if asked.kind == "all":
        return period
    if against.against == "year":
        return period.a_year_before()
    return period.before()


def _pair(pair: StagePair) -> StagePairOut:
    return StagePairOut(
        name=pair.name,
        one=stage_figures(pair.one) if pair.one else None,
        other=stage_figures(pair.other) if pair.other else None,
        conversion=_difference(pair.conversion),
        within_one=figure_out(pair.within[0]) if pair.within[0] else None,
        within_other=figure_out(pair.within[1]) if pair.within[1] else None,
        within=_difference(pair.within_difference),
    )


def _difference(found: Difference) -> DifferenceOut:
    told = found.value is not None
    return DifferenceOut(
        value=short(found.value),
        low=short(found.low) if told else None,
        high=short(found.high) if told else None,
        is_beyond_chance=found.is_beyond_chance,
    )


def _stay_figures(stay: Stay) -> StayFigures:
    low, high = stay.interval
    return StayFigures(
        median=figure_out(stay.median),
        low=short(low),
        high=short(high),
        quarter=short(stay.quarter),
        three_quarters=short(stay.three_quarters),
    )


def bottleneck_out(found: Bottleneck) -> BottleneckOut:
    """The stage that loses most."""
    return BottleneckOut(
        code=found.code,
        name=found.name,
        loss=figure_out(found.loss),
        typical=short(found.typical),
        excess=figure_out(found.excess),
        one_point=figure_out(found.one_point),
    )


def days(seconds: int | None) -> Decimal | None:
    """Seconds as days."""
    return None if seconds is None else short(Decimal(seconds) / 86_400)


def stay_out(row: Any, ends: Ends = NOW) -> StayOut:
    """One stay, as it is or as it stood."""
    return StayOut(
        id=row.pk,
        opportunity_id=row.opportunity_id,
        opportunity=row.opportunity.name,
        stage=row.stage.name,
        person_id=row.credit_person_id,
        department_id=row.credit_department_id,
        entered_at=row.occurred_at,
        is_invented=row.is_invented,
        left_at=getattr(row, ends.left),
        exit=getattr(row, ends.exit),
        days=days(getattr(row, ends.dwell)),
        amount=row.amount,
    )
