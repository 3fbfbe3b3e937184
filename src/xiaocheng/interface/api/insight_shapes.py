"""Shapes of the figures of the analysis and of the rows behind them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Schema as Answer

from xiaocheng.insight.queries import Basis


class FigureOut(Answer):
    """One number: `value` null without a denominator, and for a share of fewer than five cases.

    `low` and `high` are the 95 % interval of a share of fewer than a hundred cases; `n` the cases.
    """

    key: str
    name: str
    unit: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    n: int
    low: Decimal | None
    high: Decimal | None
    formula: str


class Scope(Answer):
    """What was counted, in days; `basis` says whose."""

    first: dt.date
    last: dt.date
    basis: Basis


class ExitOut(Answer):
    """How many entries left a stage in one way until now; `staying` are still there or went on in another process."""

    way: str
    entries: int
    amount: Decimal


class StayFigures(Answer):
    """Days by which a quarter, half (with its interval) and three quarters have left; null where so many have not."""

    median: FigureOut
    low: Decimal | None
    high: Decimal | None
    quarter: Decimal | None
    three_quarters: Decimal | None


class StageCountsOut(Answer):
    """What was counted of one stage; the five exits add up to the entries."""

    code: str
    name: str
    entries: FigureOut
    opportunities: FigureOut
    amount: Decimal
    exits: list[ExitOut]
    moved_to_other_process: int
    conversion: FigureOut
    advance_days: FigureOut
    skip_rate: FigureOut
    back_rate: FigureOut
    loss_share: FigureOut
    expected_days: int | None


class StageFigures(StageCountsOut):
    """One stage with its estimates.

    `expected` and `loss` are estimates of the end, with their interval from five cases on; `undecided` is the share of
    which nothing can be told yet. Their numerator is what is certain so far.
    """

    expected: FigureOut
    loss: FigureOut
    undecided: Decimal | None
    stay: StayFigures


class BottleneckOut(Answer):
    """The stage that loses most, in money, beyond the median stage of the process."""

    code: str
    name: str
    loss: FigureOut
    typical: Decimal
    excess: FigureOut
    one_point: FigureOut


class FunnelOut(Answer):
    """The stages of one process in order; `won` and `lost` are the arrivals of the period.

    `bottleneck` is null where too little is known, or where it may be chance.
    """

    scope: Scope
    process_id: int | None
    process: str
    stages: list[StageFigures]
    won: StageFigures | None
    lost: StageFigures | None
    bottleneck: BottleneckOut | None


class StepOut(Answer):
    """How often a stage was left for another (an empty `to`: in another process); `mark` skip or back, or empty."""

    to: str
    n: int
    mark: str


class StageStepsOut(Answer):
    """One stage: for which stages it was left."""

    code: str
    name: str
    skip_rate: FigureOut
    back_rate: FigureOut
    steps: list[StepOut]


class PersonStepsOut(Answer):
    """How somebody's deals left the stages."""

    person_id: int
    name: str
    skip_rate: FigureOut
    back_rate: FigureOut


class ConformanceOut(Answer):
    """From which stage of a process to which; `people` is empty where a product or a source is asked for."""

    scope: Scope
    process_id: int | None
    process: str
    skip_rate: FigureOut
    back_rate: FigureOut
    stages: list[StageStepsOut]
    people: list[PersonStepsOut]


class ResultOut(Answer):
    """What was won and lost, less what was opened again."""

    orders: FigureOut
    revenue: FigureOut
    mean_order: FigureOut
    lost: FigureOut
    lost_amount: Decimal
    invalid: FigureOut
    win_rate: FigureOut
    win_rate_amount: FigureOut


class ResultLine(Answer):
    """The result of one month (202601), team, person, product or source (its code); id 0 or "" is "none"."""

    id: int | str
    name: str
    result: ResultOut


class ResultsOut(Answer):
    """The whole, and its lines when `by` was asked for."""

    scope: Scope
    result: ResultOut
    deals_per_order: FigureOut
    lines: list[ResultLine]


class CohortOut(Answer):
    """What became until now of customers registered in a period.

    `known` had bought before and count in no other number. `opening`, `conversion` and `in_time` are rates; `days` from
    the registration to the first deal.
    """

    registered: FigureOut
    known: int
    contacted: FigureOut
    opened: FigureOut
    opening: FigureOut
    converted: FigureOut
    conversion: FigureOut
    in_time: FigureOut
    revenue: FigureOut
    mean_order: FigureOut
    days: FigureOut


class SourceLineOut(Answer):
    """The customers of one source; an empty `source` is "not recorded"."""

    source: str
    name: str
    cohort: CohortOut


class SourcesOut(Answer):
    """The whole, and every source: those in use without customers, too."""

    scope: Scope
    whole: CohortOut
    lines: list[SourceLineOut]


class CycleFigures(Answer):
    """Days from the first contact to the win; `untimed` wins have no recorded start."""

    mean: FigureOut
    median: FigureOut
    quarter: Decimal | None
    three_quarters: Decimal | None
    untimed: int


class CycleLineOut(Answer):
    """The cycle of one month (202601), team, person, product or source (its code); id 0 or "" is "none"."""

    id: int | str
    name: str
    cycle: CycleFigures


class CycleOut(CycleFigures):
    """The whole, and its lines when `by` was asked for. A line by month is that month as it would stand alone."""

    scope: Scope
    lines: list[CycleLineOut]


class StayOut(Answer):
    """One stay of an opportunity in a stage; `exit` empty while it lasts."""

    id: int
    opportunity_id: int
    opportunity: str
    stage: str
    person_id: int
    department_id: int
    entered_at: dt.datetime
    is_invented: bool
    left_at: dt.datetime | None
    exit: str
    days: Decimal | None
    amount: Decimal | None


class ClosingOut(Answer):
    """A win or a loss; `sign` -1 takes one back that was opened again."""

    id: int
    opportunity_id: int
    opportunity: str
    verdict: str
    sign: int
    booked_on: dt.date
    person_id: int
    department_id: int
    product_id: int | None
    amount: Decimal | None
    reason: str
    days: Decimal | None


class NewCustomerOut(Answer):
    """A customer that counts as new for somebody, by name."""

    id: int
    name: str
    day: dt.date
    person_id: int


class SourceCustomerOut(Answer):
    """A customer registered in the period, by name, with its first deal if it has made one."""

    id: int
    name: str
    source: str
    registered_on: dt.date
    first_deal_on: dt.date | None
    person_id: int


class ValuedCustomerOut(Answer):
    """A customer with what it brought in the period, and its class (empty where they are too few)."""

    customer_id: int
    name: str
    value: Decimal
    sales: Decimal
    profit: Decimal | None
    orders: int
    last_on: dt.date
    klass: str


class ValueClassOut(Answer):
    """The customers of a class, what they bring together, and its share."""

    klass: str
    count: int
    value: Decimal
    share: Decimal | None


class ValueTraitOut(Answer):
    """How many of the top, and of all others, have a code of an option list."""

    kind: str
    code: str
    top: int
    top_of: int
    rest: int
    rest_of: int


class ValueOut(Answer):
    """How the value of customers is spread; `curve` is the share that the first tenth, two tenths … bring."""

    by: str
    top_percent: int
    top_share: Decimal | None
    customers_for_80_percent: int | None
    largest_share: Decimal | None
    curve: list[Decimal]
    classes: list[ValueClassOut]
    traits: list[ValueTraitOut]
    customers: list[ValuedCustomerOut]


class CustomerValueOut(Answer):
    """What one customer was worth and took of our time at the last count; null is what is not known."""

    customer_id: int
    klass: str
    score: Decimal | None
    value: Decimal
    sales: Decimal
    profit: Decimal | None
    orders: int
    products: int
    last_on: dt.date | None
    minutes: int
    visits: int
    contacts: int
    loyalty: str
    keeps_rhythm: bool | None
    pays_in_full: bool | None
    is_long: bool | None
    is_price_led: bool
    decision: str
    review_on: dt.date | None


class EffortOut(Answer):
    """The customers of one class: hours planned and spent, visits, other contacts, sales and profit."""

    klass: str
    count: int
    planned: Decimal
    hours: Decimal
    visits: int
    contacts: int
    sales: Decimal
    profit: Decimal


class CellOut(Answer):
    """The customers of one class of each axis; an empty class is what is not known, `suggested` counts customers."""

    row: str
    column: str
    count: int
    sales: Decimal
    profit: Decimal
    planned: Decimal
    hours: Decimal
    suggested: dict[str, int]


class MatrixOut(Answer):
    """The cells that have customers, over a period; classes and loyalty are those of the last count."""

    rows: str
    columns: str
    first: dt.date
    last: dt.date
    months: int
    counted_on: dt.date
    cells: list[CellOut]


class DecisionOut(Answer):
    """What was decided about a customer, and what it was then; an empty class is what was not known."""

    customer_id: int
    verdict: str
    reason: str
    review_on: dt.date
    decided_by_id: int | None
    decided_at: dt.datetime
    klass: str
    loyalty: str
    potential: str
