"""Shapes of a figure, and of the funnel, its steps and its rows."""

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
    """What was counted of one stage; the five exits add up to the entries, what was `invalid` stands apart."""

    code: str
    name: str
    entries: FigureOut
    opportunities: FigureOut
    amount: Decimal
    exits: list[ExitOut]
    invalid: int
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

    As it stood at the end of `as_of`, else as it is. `bottleneck` is null where too little is known, or where it may
    be chance.
    """

    scope: Scope
    as_of: dt.date | None
    process_id: int | None
    process: str
    stages: list[StageFigures]
    won: StageFigures | None
    lost: StageFigures | None
    bottleneck: BottleneckOut | None


class DifferenceOut(Answer):
    """One rate less another with its 95 % interval; beyond chance where that leaves out zero. Null: not known."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    is_beyond_chance: bool


class StagePairOut(Answer):
    """A stage of the one funnel and its like of the other; null where one of them has none."""

    name: str
    one: StageFigures | None
    other: StageFigures | None
    conversion: DifferenceOut
    within_one: FigureOut | None
    within_other: FigureOut | None
    within: DifferenceOut


class ComparisonOut(Answer):
    """Two funnels; stages of one process are paired by their codes, those of two by their places."""

    scope: Scope
    as_of: dt.date | None
    other_scope: Scope
    process: str
    other_process: str
    within_days: int
    stages: list[StagePairOut]


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
