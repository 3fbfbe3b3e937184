"""What every customer is worth, counted from sales and visits up to a day, and kept in insight's own table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Sum

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.bulk import RowMaker, in_sets, insert_many, update_many
from xiaocheng.foundation.kernel.measures import keep_gauge
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.queries import LISTS
from xiaocheng.selling.fieldwork.models import Kind, Visit
from xiaocheng.selling.trade.measures import exact
from xiaocheng.selling.trade.models import SaleLine

from .deciding import DECIDED
from .loyalty import loyalty
from .measures import COLUMNS as GAUGED
from .measures import WALLET_SHARE, coded, wallet_shares
from .models import CustomerValue, ValueCount
from .rules import LoyaltyRules, ValueRules
from .scoring import CRITERIA, criteria, criteria_by_industry, ranks, score
from .worth import classes, in_order

BECAUSE = "classes rank the whole company's customers; rows are shown by owner"
SET = 2_000  # rows of one transaction
STAY = ExpressionWrapper(F("checked_out_at") - F("checked_in_at"), output_field=DurationField())
COLUMNS = tuple(f.attname for f in CustomerValue._meta.concrete_fields if f.name not in {"id", "customer", *DECIDED})


@dataclass
class Bought:
    """What one customer bought in the period."""

    sales: Decimal
    profit: Decimal | None
    orders: int
    products: int
    lines: tuple[int, int]  # at an extra discount, with a known discount
    days: int  # with an order
    first_on: dt.date | None
    last_on: dt.date | None
    since: dt.date | None = None
    industry: str = ""

    @property
    def years(self) -> Decimal:
        """By which customers are ranked by age: the day of the first deal, the earlier the higher."""
        return Decimal(-self.since.toordinal()) if self.since else Decimal(-dt.date.max.toordinal())


@dataclass
class Counted:
    """The values of all customers up to a day."""

    period: Period
    months: int
    by: str
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)


def period_of(day: dt.date) -> Period:
    """The company's standard period that ends with a day."""
    return Period(months_back(day, rules(ValueRules, day).months), day)


def counted(day: dt.date) -> Counted:
    """Every customer that bought, took of our time, has a potential or a decision, with its class and loyalty."""
    limits, loyal = rules(ValueRules, day), rules(LoyaltyRules, day)
    period = period_of(day)
    bought = _bought(period, loyal)
    by = limits.by if any(it.profit is not None for it in bought.values()) else "sales"
    values = {pk: it.sales if by == "sales" else it.profit or Decimal(0) for pk, it in bought.items()}
    scores = _scores(limits, bought, by)
    order = in_order((scores or values), {pk: it.sales for pk, it in bought.items()})
    klass = dict(zip(order, classes(len(order), limits.top_percent, limits.bottom_percent), strict=True))
    found = Counted(period, limits.months, "score" if scores else by)
    for pk, it in bought.items():
        parts = loyalty(it.days, it.first_on, it.last_on, it.lines, it.since, day, loyal)
        found.rows[pk] = {
            "klass": klass[pk],
            "score": scores.get(pk),
            "value": values[pk],
            "sales": it.sales,
            "profit": it.profit,
            "orders": it.orders,
            "products": it.products,
            "last_on": it.last_on,
            "loyalty": parts.level,
            "keeps_rhythm": parts.keeps_rhythm,
            "pays_in_full": parts.pays_in_full,
            "is_long": parts.is_long,
            "is_price_led": parts.pays_in_full is False,
        }
    for pk, effort in spent(period):
        found.rows.setdefault(pk, {}).update(effort)
    promising = Customer.objects.beyond_sight(because=BECAUSE).exclude(potential="").filter(erased_at=None)
    for pk in promising.values_list("pk", flat=True).iterator(SET):
        found.rows.setdefault(pk, {})
    decided = CustomerValue.objects.beyond_sight(because=BECAUSE).exclude(decision="")
    for pk in decided.values_list("customer_id", flat=True).iterator(SET):
        found.rows.setdefault(pk, {})
    return found


def _bought(period: Period, limits: LoyaltyRules) -> dict[int, Bought]:
    rows = SaleLine.objects.beyond_sight(because=BECAUSE).filter(occurred_on__range=(period.first, period.last))
    paid = Q(amount__gt=0)  # what came back is no order
    extra = Q(discount__gt=Decimal(limits.discount_percent) / 100)
    sums = (
        rows.order_by()
        .values_list("customer_id")
        .annotate(
            sold=Sum(exact("amount")),
            gained=Sum(exact("profit")),
            orders=Count("number", distinct=True, filter=paid),
            products=Count("product", distinct=True, filter=paid),
            extra=Count("pk", filter=paid & extra),
            known=Count("discount", filter=paid),
            days=Count("occurred_on", distinct=True, filter=paid),
            first=Min("occurred_on", filter=paid),
            last=Max("occurred_on", filter=paid),
        )
    )
    found = {
        pk: Bought(
            unscaled(sold), None if gained is None else unscaled(gained), orders, products, (extra, known), *rest
        )
        for pk, sold, gained, orders, products, extra, known, *rest in sums.iterator(SET)
    }
    about = Customer.objects.beyond_sight(because=BECAUSE).filter(pk__in=rows.order_by().values("customer_id"))
    for pk, since, industry in about.values_list("pk", "became_customer_on", "industry").iterator(SET):
        found[pk].since, found[pk].industry = since, industry
    return found


def _scores(limits: ValueRules, bought: Mapping[int, Bought], by: str) -> dict[int, Decimal]:
    """The score of each customer by the criteria of its industry; nothing where the company has no criteria."""
    usual, own = criteria(limits.score), criteria_by_industry(limits.score_by_industry)
    if not (usual or own) or not bought:
        return {}
    known = names(LISTS["industry"])
    stands = {
        key: dict(zip(bought, ranks([getattr(it, key) or 0 for it in bought.values()]), strict=True))
        for key in CRITERIA
    }
    weights = {code: own.get(code) or own.get(name) or usual or {by: 1} for code, name in known.items()}
    return {
        pk: score(weights.get(it.industry, usual or {by: 1}), {key: stands[key][pk] for key in CRITERIA})
        for pk, it in bought.items()
    }


def completed(period: Period) -> QuerySet[Visit]:
    """The visits and other contacts with a customer in a period."""
    begins, ends = clock.bounds(period.first, period.last)
    return Visit.objects.beyond_sight(because=BECAUSE).filter(
        customer__isnull=False, completed_at__isnull=False, occurred_at__gte=begins, occurred_at__lt=ends
    )


def spent(period: Period) -> Iterator[tuple[int, dict[str, int]]]:
    """The minutes between check-in and check-out of each customer's visits, their number, that of other contacts."""
    visited, total = Q(kind=Kind.VISIT), Sum(STAY)
    sums = (
        completed(period)
        .order_by()
        .values_list("customer_id")
        .annotate(stayed=total, visited=Count("pk", filter=visited), others=Count("pk", filter=~visited))
    )
    for pk, stayed, visits, contacts in sums.iterator(SET):
        minutes = stayed // dt.timedelta(minutes=1) if stayed else 0
        yield pk, {"minutes": minutes, "visits": visits, "contacts": contacts}


def keep(found: Counted) -> int:
    """Make the table and the gauges say what was counted; gives how many customers changed.

    Only what changed is written, in short transactions; what is interrupted the next count completes.
    """
    usual = {f.attname: f.get_default() for f in CustomerValue._meta.concrete_fields}
    new = {pk: tuple((usual | row)[name] for name in COLUMNS) for pk, row in found.rows.items()}
    rows = CustomerValue.objects.beyond_sight(because=BECAUSE).order_by()
    kept = {customer: (pk, values) for pk, customer, *values in rows.values_list("pk", "customer_id", *COLUMNS)}
    make = RowMaker(CustomerValue)
    gone = sorted(kept[pk][0] for pk in kept.keys() - new.keys())
    added = [pk for pk in sorted(new) if pk not in kept]
    changed = [pk for pk in sorted(new) if pk in kept and tuple(kept[pk][1]) != new[pk]]
    for ids in in_sets(gone, SET):
        rows.filter(pk__in=ids, decision="").delete()
    for part in in_sets(added, SET):
        with transaction.atomic():
            there = set(Customer.objects.beyond_sight(because=BECAUSE).filter(pk__in=part).values_list("pk", flat=True))
            insert_many([make(customer_id=pk, **_named(new[pk])) for pk in part if pk in there])
    for part in in_sets(changed, SET):
        with transaction.atomic():
            update_many([make(id=kept[pk][0], customer_id=pk, **_named(new[pk])) for pk in part], *COLUMNS)
    for key, column in GAUGED.items():
        place = COLUMNS.index(column)
        keep_gauge(key, dict(coded(key, ((pk, values[place]) for pk, values in new.items()))), found.period.last)
    about = {"first": found.period.first, "last": found.period.last, "months": found.months, "by": found.by}
    ValueCount.objects.update_or_create(pk=1, defaults={**about, "customers": len(new)})
    keep_gauge(WALLET_SHARE, dict(wallet_shares()), found.period.last)
    return len(gone) + len(added) + len(changed)


def _named(values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(COLUMNS, values, strict=True))
