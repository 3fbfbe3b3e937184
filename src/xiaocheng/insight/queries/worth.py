"""The value of customers over a period: classes, concentration, and by what the top differs from the rest."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.db.models import Count, Max, Sum

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.insight.rules import ValueRules
from xiaocheng.insight.worth import BOTTOM, MIDDLE, TOP, classes, count_for, in_order, part_of, share_of_first
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.trade.measures import exact
from xiaocheng.selling.trade.models import SaleLine

ValueBy = Literal["profit", "sales"]
TRAITS = ("region", "industry", "source", "level")
MOST = Decimal("0.8")  # of the whole value: how many customers bring so much?
FEWEST_TOP, FEWEST_CASES = 2, 3  # of fewer customers nothing is told
SURE_CASES = 20  # a top of fewer says little


@dataclass(frozen=True)
class Ranked:
    """One customer with what it brought in the period, and its class among the whole company's customers."""

    customer_id: int
    name: str
    value: Decimal
    sales: Decimal
    profit: Decimal | None
    orders: int
    last_on: dt.date
    klass: str


@dataclass(frozen=True)
class ClassSum:
    """The customers of one class, what they bring together, and its share of the whole."""

    klass: str
    count: int
    value: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class Trait:
    """How many of the top, and of all others, have a trait (a code of an option list)."""

    kind: str
    code: str
    top: int
    top_of: int
    rest: int
    rest_of: int

    @property
    def lead(self) -> float:
        """By how much the top has it more often than the others."""
        return self.top / self.top_of - self.rest / self.rest_of


@dataclass(frozen=True)
class Worth:
    """The customers in sight that bought in a period, the most valuable first, and how their value is spread."""

    by: ValueBy
    customers: list[Ranked] = field(default_factory=list)
    classes: list[ClassSum] = field(default_factory=list)
    top_share: Decimal | None = None  # what the first of them, as many percent as the rule says, bring
    top_percent: int = 0
    for_most: int | None = None  # how many bring 80 percent
    largest_share: Decimal | None = None
    curve: list[Decimal] = field(default_factory=list)  # the share that each further tenth reaches
    losses: int = 0  # customers with a value below zero
    without_profit: int = 0
    traits: list[Trait] = field(default_factory=list)
    is_small: bool = True


def worth(actor: Actor, period: Period, by: ValueBy = "profit") -> Worth:
    """The value of the customers whose owners the actor sees; classes are those of the whole company.

    By profit, or by sales where no line of the period has a profit. Who bought nothing in the period is not ranked.
    """
    limits = rules(ValueRules, period.last)
    rows = SaleLine.objects.beyond_sight(because="classes rank the whole company; only customers in sight are shown")
    bought = rows.filter(occurred_on__range=(period.first, period.last))
    found = bought.values_list("customer_id").annotate(
        sold=Sum(exact("amount")),
        gained=Sum(exact("profit")),
        orders=Count("number", distinct=True),
        last=Max("occurred_on"),
    )
    sums = list(found.order_by("customer_id"))
    if all(gained is None for _pk, _sold, gained, *_rest in sums):
        by = "sales"
    values = {pk: Decimal((sold if by == "sales" else gained) or 0) for pk, sold, gained, *_rest in sums}
    order = in_order(values, {pk: sold for pk, sold, *_rest in sums})
    klass = dict(zip(order, classes(len(order), limits.top_percent, limits.bottom_percent), strict=True))
    by_id = {row[0]: row for row in sums}
    seen = Customer.objects.visible_to(actor, by="owner").filter(pk__in=bought.order_by().values("customer_id"))
    known = {pk: (name, codes) for pk, name, *codes in seen.values_list("pk", "name", *TRAITS)}
    ranked = [
        Ranked(
            customer_id=pk,
            name=known[pk][0],
            value=unscaled(sold if by == "sales" else gained),
            sales=unscaled(sold),
            profit=None if gained is None else unscaled(gained),
            orders=orders,
            last_on=last,
            klass=klass[pk],
        )
        for pk, sold, gained, orders, last in map(by_id.__getitem__, order)
        if pk in known
    ]
    return _spread(by, ranked, limits.top_percent, {pk: codes for pk, (_name, codes) in known.items()})


def _spread(by: ValueBy, ranked: Sequence[Ranked], top_percent: int, codes: dict[int, list[str]]) -> Worth:
    values = [row.value for row in ranked]
    count = len(values)
    tenths = [share_of_first(values, part_of(count, 10 * n)) for n in range(1, 11)] if count else []
    traits = _traits(ranked, codes)
    return Worth(
        by=by,
        customers=list(ranked),
        classes=[_class_sum(klass, ranked) for klass in (TOP, MIDDLE, BOTTOM)] if any(r.klass for r in ranked) else [],
        top_share=share_of_first(values, part_of(count, top_percent)) if count else None,
        top_percent=top_percent,
        for_most=count_for(values, MOST),
        largest_share=share_of_first(values, 1),
        curve=[share for share in tenths if share is not None],
        losses=sum(value < 0 for value in values),
        without_profit=sum(row.profit is None for row in ranked),
        traits=traits,
        is_small=sum(row.klass == TOP for row in ranked) < SURE_CASES,
    )


def _class_sum(klass: str, ranked: Sequence[Ranked]) -> ClassSum:
    total = sum((row.value for row in ranked), Decimal(0))
    values = [row.value for row in ranked if row.klass == klass]
    value = sum(values, Decimal(0))
    return ClassSum(klass, len(values), value, value / total if total > 0 else None)


def _traits(ranked: Sequence[Ranked], codes: dict[int, list[str]]) -> list[Trait]:
    """By what the top differs most, to either side; what only a few have is left out."""
    top = {row.customer_id for row in ranked if row.klass == TOP}
    rest = {row.customer_id for row in ranked} - top
    if len(top) < FEWEST_TOP or not rest:
        return []
    found = []
    for at, kind in enumerate(TRAITS):
        ups, downs = (Counter(codes[pk][at] for pk in group if codes[pk][at]) for group in (top, rest))
        found += [
            Trait(kind, code, ups[code], len(top), downs[code], len(rest))
            for code in ups.keys() | downs.keys()
            if ups[code] + downs[code] >= FEWEST_CASES
        ]
    return sorted(found, key=lambda trait: (-abs(trait.lead), trait.kind, trait.code))[:8]
