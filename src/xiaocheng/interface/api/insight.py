"""The figures of the analysis, each with what it was computed from, and the rows behind them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, overload

from ninja import Query, Router, Schema
from pydantic import Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.foundation.kernel.periods import period as period_of
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import (
    Basis,
    Bottleneck,
    By,
    CustomerCount,
    Figure,
    MatrixView,
    Selection,
    StageCounts,
    StageLine,
    Stay,
    ValueBy,
)
from xiaocheng.insight.rules import MOST_MONTHS
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .auth import ApiRequest
from .insight_shapes import (
    BottleneckOut,
    CellOut,
    ClosingOut,
    CohortOut,
    ConformanceOut,
    CustomerValueOut,
    CycleFigures,
    CycleLineOut,
    CycleOut,
    EffortOut,
    ExitOut,
    FigureOut,
    FunnelOut,
    MatrixOut,
    NewCustomerOut,
    PersonStepsOut,
    ResultLine,
    ResultOut,
    ResultsOut,
    Scope,
    SourceCustomerOut,
    SourceLineOut,
    SourcesOut,
    StageCountsOut,
    StageFigures,
    StageStepsOut,
    StayFigures,
    StayOut,
    StepOut,
    ValueClassOut,
    ValuedCustomerOut,
    ValueOut,
    ValueTraitOut,
)
from .schemas import Id, Page, Paging, page_of, shaped

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
]
Verdict = Literal["won", "lost", "invalid", "decided"]
CohortRows = Literal["known", "found", "contacted", "opened", "converted", "ripe", "in_time"]
ALL_TIME = Period(dt.date(1970, 1, 1), dt.date(2199, 12, 31), "all")


class Asked(Schema):
    """Which facts to count: the period that holds `on` (or from `first` to `last`), whose, and of what.

    `basis` company, team (credited to one's departments), people (credited to one's present people) or mine; without
    it what the pages show first. `team_id` covers the departments below. An empty `source` means: not recorded.
    """

    kind: Literal["month", "quarter", "year", "all", "custom"] = "quarter"
    on: Day | None = None
    first: Day | None = None
    last: Day | None = None
    basis: Basis | None = None
    team_id: Id | None = None
    person_id: Id | None = None
    process_id: Id | None = None
    product_id: Id | None = None
    source: str | None = None


@router.get("/insight/funnel", response=FunnelOut)
def funnel(request: ApiRequest, asked: Query[Asked]) -> FunnelOut:
    """The stage funnel in five exits; of the busiest process when none is asked for."""
    selection, scope = _selection(request.actor, asked)
    found = queries.funnel(request.actor, selection)
    return FunnelOut(
        scope=scope,
        process_id=found.process_id,
        process=found.process,
        stages=[stage_figures(line) for line in found.lines],
        won=stage_figures(found.won) if found.won else None,
        lost=stage_figures(found.lost) if found.lost else None,
        bottleneck=_bottleneck(found.bottleneck) if found.bottleneck else None,
    )


@router.get("/insight/conformance", response=ConformanceOut)
def conformance(request: ApiRequest, asked: Query[Asked]) -> ConformanceOut:
    """From which stage to which, and how often stages are left out or gone back to; of the busiest process if none."""
    selection, scope = _selection(request.actor, asked)
    found = queries.conformance(request.actor, selection)
    return ConformanceOut(
        scope=scope,
        process_id=found.process_id,
        process=found.process,
        skip_rate=figure_out(found.skip_rate),
        back_rate=figure_out(found.back_rate),
        stages=[
            StageStepsOut(
                code=row.code,
                name=row.name,
                skip_rate=figure_out(row.skip_rate),
                back_rate=figure_out(row.back_rate),
                steps=[StepOut(to=step.code, n=step.n, mark=step.mark) for step in row.steps if step.n],
            )
            for row in found.rows
        ],
        people=[
            PersonStepsOut(
                person_id=line.id,
                name=line.name,
                skip_rate=figure_out(line.skip_rate),
                back_rate=figure_out(line.back_rate),
            )
            for line in found.people
        ],
    )


@router.get("/insight/results", response=ResultsOut)
def results(request: ApiRequest, asked: Query[Asked], by: By | None = None) -> ResultsOut:
    """Win rate, revenue and the work per order, perhaps by month, team, person, product or source."""
    selection, scope = _selection(request.actor, asked)
    lines = queries.results_by(request.actor, selection, by) if by else []
    return ResultsOut(
        scope=scope,
        result=_result(queries.result(request.actor, selection)),
        deals_per_order=figure_out(queries.deals_per_order(request.actor, selection)),
        lines=[ResultLine(id=line.id, name=line.name, result=_result(line.result)) for line in lines],
    )


@router.get("/insight/cycle", response=CycleOut)
def cycle(request: ApiRequest, asked: Query[Asked], by: By | None = None) -> CycleOut:
    """The sales cycle of the deals won in the period, perhaps by month, team, person, product or source."""
    selection, scope = _selection(request.actor, asked)
    lines = queries.cycle_by(request.actor, selection, by) if by else []
    return CycleOut(
        scope=scope,
        lines=[CycleLineOut(id=line.id, name=line.name, cycle=CycleFigures(**_cycle(line.cycle))) for line in lines],
        **_cycle(queries.cycle(request.actor, selection)),
    )


@router.get("/insight/sources", response=SourcesOut)
def sources(request: ApiRequest, asked: Query[Asked]) -> SourcesOut:
    """What became until now of the customers registered in the period, by source; process and product do not narrow."""
    selection, scope = _selection(request.actor, asked)
    whole, lines = queries.sources(request.actor, selection)
    return SourcesOut(
        scope=scope,
        whole=_cohort(whole),
        lines=[SourceLineOut(source=line.code, name=line.name, cohort=_cohort(line.cohort)) for line in lines],
    )


ValueView = Literal["all", "top", "middle", "bottom", "none", "neglected", "costly"]


class ValueAsked(Schema):
    """Over how many months up to today, by profit or by sales."""

    months: Annotated[int, Field(ge=1, le=120)] = 12
    by: ValueBy = "profit"


class MatrixAsked(Schema):
    """Which grid, over the counted period or so many months, of a department with those below or of one person."""

    view: MatrixView = "value"
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] | None = None
    team_id: Id | None = None
    person_id: Id | None = None


@router.get("/insight/value", response=ValueOut)
def value(request: ApiRequest, asked: Query[ValueAsked]) -> ValueOut:
    """The value of the customers whose owners one sees: classes, the real curve, by what the top differs."""
    request.actor.require(SEE, SEE_SALES)
    today = clock.today()
    found = queries.worth(request.actor, Period(months_back(today, asked.months), today), asked.by)
    return ValueOut(
        by=found.by,
        top_percent=found.top_percent,
        top_share=found.top_share,
        customers_for_80_percent=found.for_most,
        largest_share=found.largest_share,
        curve=found.curve,
        classes=[shaped(ValueClassOut, part) for part in found.classes],
        traits=[shaped(ValueTraitOut, trait) for trait in found.traits],
        customers=[shaped(ValuedCustomerOut, row) for row in found.customers],
    )


@router.get("/insight/values", response=Page[CustomerValueOut])
def values(request: ApiRequest, paging: Query[Paging], view: ValueView = "all") -> Page[CustomerValueOut]:
    """What each customer was worth and took of our time at the last count; hours are those of visits."""
    found = queries.values(request.actor, view).order_by("-pk")
    return page_of(found, paging, lambda row: shaped(CustomerValueOut, row))


@router.get("/insight/matrix", response=MatrixOut)
def matrix(request: ApiRequest, asked: Query[MatrixAsked]) -> MatrixOut:
    """Customers by value and loyalty, potential and loyalty, or potential and value; 404 before the first count."""
    found = queries.matrix(request.actor, **asked.model_dump())
    if found is None:
        raise NotFound
    rows, columns = queries.MATRICES[found.view]
    cells = [CellOut(row=row, column=column, **vars(cell)) for (row, column), cell in sorted(found.cells.items())]
    return MatrixOut(
        rows=rows,
        columns=columns,
        first=found.period.first,
        last=found.period.last,
        months=found.months,
        counted_on=found.counted_on,
        cells=cells,
    )


@router.get("/insight/efforts", response=list[EffortOut])
def efforts(request: ApiRequest) -> list[EffortOut]:
    """Planned and actual hours, sales and profit of each class; without a class: those who bought nothing."""
    return [shaped(EffortOut, line) for line in queries.efforts(request.actor)]


@router.get("/insight/new-customers", response=list[FigureOut])
def new_customers(request: ApiRequest, asked: Query[Asked]) -> list[FigureOut]:
    """Customers registered, and customers with their first deal; process, product and source do not narrow them."""
    selection, _scope = _selection(request.actor, asked)
    return [figure_out(figure) for figure in queries.new_customers(request.actor, selection).values()]


@router.get("/insight/rows/stays", response=Page[StayOut])
def stays(
    request: ApiRequest,
    asked: Query[Asked],
    paging: Query[Paging],
    stage: str = "",
    way: Way | None = None,
    to: str = "",
    worked: bool = False,
) -> Page[StayOut]:
    """The stays behind a number of the funnel: of one stage of `process_id` by its code, left in one way or for one.

    `worked`: only of stages in which deals are still worked on.
    """
    selection, _scope = _selection(request.actor, asked)
    rows = queries.spans(request.actor, selection, stage=stage, exit=way or "", to=to, worked=worked)
    return page_of(rows, paging, _stay)


@router.get("/insight/rows/closings", response=Page[ClosingOut])
def closings(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], verdict: Verdict | None = None
) -> Page[ClosingOut]:
    """The wins, losses and reversals behind a result: a count is the sum of their signs."""
    selection, _scope = _selection(request.actor, asked)
    return page_of(queries.closings(request.actor, selection, verdict or ""), paging, _closing)


@router.get("/insight/rows/wins", response=Page[ClosingOut])
def wins(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], timed: bool | None = None
) -> Page[ClosingOut]:
    """The wins behind the sales cycle, perhaps only those whose start was recorded, or the others."""
    selection, _scope = _selection(request.actor, asked)
    return page_of(queries.won_deals(request.actor, selection, timed=timed), paging, _closing)


@router.get("/insight/rows/new-customers", response=Page[NewCustomerOut])
def new_customer_rows(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], key: CustomerCount
) -> Page[NewCustomerOut]:
    """The customers behind a count of new ones."""
    selection, _scope = _selection(request.actor, asked)
    person, _department, day = queries.CREDITED[key]

    def show(row: Any) -> NewCustomerOut:
        return NewCustomerOut(id=row.pk, name=row.name, day=getattr(row, day), person_id=getattr(row, f"{person}_id"))

    return page_of(queries.new_customer_rows(request.actor, selection, key), paging, show)


@router.get("/insight/rows/source-customers", response=Page[SourceCustomerOut])
def source_customers(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], of: CohortRows | None = None
) -> Page[SourceCustomerOut]:
    """The customers behind a number of the sources: all that were registered, or those of them that it counts."""
    selection, _scope = _selection(request.actor, asked)
    return page_of(queries.source_customers(request.actor, selection, of or ""), paging, _source_customer)


@router.get("/insight/rows/source-wins", response=Page[ClosingOut])
def source_wins(request: ApiRequest, asked: Query[Asked], paging: Query[Paging]) -> Page[ClosingOut]:
    """The wins until now of the customers registered in the period, and what was opened again."""
    selection, _scope = _selection(request.actor, asked)
    return page_of(queries.source_wins(request.actor, selection), paging, _closing)


def _selection(actor: Actor, asked: Asked) -> tuple[Selection, Scope]:
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
        value=_short(figure.value),
        numerator=_short(figure.numerator),
        denominator=_short(figure.denominator),
        n=figure.n,
        low=_short(low),
        high=_short(high),
        formula=str(figure.formula),
    )


@overload
def _short(value: Decimal) -> Decimal: ...
@overload
def _short(value: None) -> None: ...
@overload
def _short(value: Decimal | None) -> Decimal | None: ...
def _short(value: Decimal | None) -> Decimal | None:
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
        undecided=_short(line.outlook.undecided),
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
        "moved_to_other_process": line.moved,
        "conversion": figure_out(line.conversion),
        "advance_days": figure_out(line.advance_days),
        "skip_rate": figure_out(line.skip_rate),
        "back_rate": figure_out(line.back_rate),
        "loss_share": figure_out(line.loss_share),
        "expected_days": line.expected_days,
    }


def _stay_figures(stay: Stay) -> StayFigures:
    low, high = stay.interval
    return StayFigures(
        median=figure_out(stay.median),
        low=_short(low),
        high=_short(high),
        quarter=_short(stay.quarter),
        three_quarters=_short(stay.three_quarters),
    )


def _bottleneck(found: Bottleneck) -> BottleneckOut:
    return BottleneckOut(
        code=found.code,
        name=found.name,
        loss=figure_out(found.loss),
        typical=_short(found.typical),
        excess=figure_out(found.excess),
        one_point=figure_out(found.one_point),
    )


def _result(found: queries.Result) -> ResultOut:
    figures = {name: figure_out(value) for name, value in vars(found).items() if isinstance(value, Figure)}
    return ResultOut(lost_amount=found.lost_amount, **figures)


def _cohort(found: queries.Cohort) -> CohortOut:
    figures = {name: figure_out(value) for name, value in vars(found).items() if isinstance(value, Figure)}
    return CohortOut(known=found.known, **figures)


def _source_customer(row: Any) -> SourceCustomerOut:
    return SourceCustomerOut(
        id=row.pk,
        name=row.name,
        source=row.source,
        registered_on=row.booked_on,
        first_deal_on=row.became_customer_on,
        person_id=row.credit_person_id,
    )


def _cycle(found: queries.Cycle) -> dict[str, Any]:
    return {
        "mean": figure_out(found.mean),
        "median": figure_out(found.median),
        "quarter": _short(found.quarter),
        "three_quarters": _short(found.three_quarters),
        "untimed": found.untimed,
    }


def _days(seconds: int | None) -> Decimal | None:
    return None if seconds is None else _short(Decimal(seconds) / 86_400)


def _stay(row: Any) -> StayOut:
    return StayOut(
        id=row.pk,
        opportunity_id=row.opportunity_id,
        opportunity=row.opportunity.name,
        stage=row.stage.name,
        person_id=row.credit_person_id,
        department_id=row.credit_department_id,
        entered_at=row.occurred_at,
        is_invented=row.is_invented,
        left_at=row.left_at,
        exit=row.exit_kind,
        days=_days(row.dwell_seconds),
        amount=row.amount,
    )


def _closing(row: Any) -> ClosingOut:
    return ClosingOut(
        id=row.pk,
        opportunity_id=row.opportunity_id,
        opportunity=row.opportunity.name,
        verdict=row.verdict,
        sign=row.sign,
        booked_on=row.booked_on,
        person_id=row.credit_person_id,
        department_id=row.credit_department_id,
        product_id=row.product_id,
        amount=row.amount,
        reason=row.reason,
        days=_days(row.cycle_seconds),
    )
