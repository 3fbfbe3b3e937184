"""Measures: key x person x department x day -> value, counted once where the work happens, read everywhere.

Values are kept as integers of ten-thousandths, so sums are exact on every database.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, Sum

from .actor import Actor
from .bulk import in_sets
from .errors import Sentence
from .models import GaugeValue, MeasureDay, MeasureDepartment, MeasureMonth, MeasureSubject
from .money import scaled, unscaled
from .periods import Period, day_key, day_of_key
from .prepared import Prepared

CHUNK = 500
COUNTED = 0  # the customer under whose number a gauge keeps the day of its last count


@dataclass(frozen=True)
class Bump:
    """Add `value` to a measure of a person and department on a booking day, by product or customer if declared."""

    key: str
    person_id: int
    department_id: int
    day: dt.date
    value: Decimal | int = 1
    subjects: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Measure:
    """A figure declared once: names, unit, the formula in words, and the query over its own facts that rebuilds it."""

    key: str
    name: Sentence
    unit: str  # count, money, days, minutes
    formula: Sentence
    facts: Callable[[], Iterable[Bump]]
    by: frozenset[str] = field(default_factory=frozenset)  # "product", "customer"


@dataclass(frozen=True)
class Gauge:
    """The present value of something about a customer, declared once, with the query that rebuilds it: (id, value).

    One of few values in words is coded: `words` names them, 1 is the first; a customer without a value has none.
    """

    key: str
    name: Sentence
    unit: str
    formula: Sentence
    facts: Callable[[], Iterable[tuple[int, Decimal | int]]]
    words: Mapping[str, Sentence] = field(default_factory=dict)

    def number_of(self, code: str) -> int:
        """The value that stands for a code; 0, which no customer has, for an unknown one."""
        return next((number for number, known in enumerate(self.words, 1) if known == code), 0)

    def code_of(self, value: Decimal | int) -> str:
        """The code that a value stands for."""
        return dict(enumerate(self.words, 1)).get(int(value), "")


@dataclass(frozen=True)
class Metric:
    """A figure computed from measures or facts (a rate, a mean), declared once by the module that computes it.

    `numerator` and `denominator` name what is divided by what, where something is.
    """

    key: str
    name: Sentence
    # count, money, days, percent, ratio (per order), customers (per opportunity), points (of a percentage)
    unit: str
    formula: Sentence
    numerator: Sentence = ""
    denominator: Sentence = ""


_measures: dict[str, Measure] = {}
_gauges: dict[str, Gauge] = {}
_metrics: dict[str, Metric] = {}


def declare(item: Measure | Gauge | Metric) -> str:
    """Register a measure, gauge or metric; returns its key."""
    if isinstance(item, Measure):
        _measures[item.key] = item
    elif isinstance(item, Gauge):
        _gauges[item.key] = item
    else:
        _metrics[item.key] = item
    return item.key


def measures() -> list[Measure]:
    """Every declared measure, by key."""
    return [_measures[key] for key in sorted(_measures)]


def gauges() -> list[Gauge]:
    """Every declared gauge, by key."""
    return [_gauges[key] for key in sorted(_gauges)]


def metrics() -> list[Metric]:
    """Every declared metric, by key."""
    return [_metrics[key] for key in sorted(_metrics)]


def gauge(key: str) -> Gauge:
    """The declaration behind a gauge's key."""
    return _gauges[key]


def measure(key: str) -> Measure:
    """The declaration behind a key."""
    return _measures[key]


def declared(key: str) -> Measure | Gauge | Metric:
    """The declaration behind any key."""
    return _metrics.get(key) or _measures.get(key) or _gauges[key]


Sums = dict[type[models.Model], Counter[tuple[Any, ...]]]
TABLES: dict[type[models.Model], tuple[str, ...]] = {  # and what makes a row of each unique
    MeasureDay: ("key", "person_id", "department_id", "day"),
    MeasureMonth: ("key", "person_id", "department_id", "month"),
    MeasureDepartment: ("key", "department_id", "month"),
    MeasureSubject: ("key", "kind", "subject_id", "person_id", "department_id", "month"),
}


def bump(items: Iterable[Bump]) -> None:
    """Add to the measures: summed in memory, then one sorted upsert per table; called by projections."""
    for model, sums in _summed(items).items():
        unique = TABLES[model]
        add_rows(model, (*unique, "value"), unique, [(*key, value) for key, value in sums.items() if value])


def _summed(items: Iterable[Bump]) -> Sums:
    """What is to be added to the rows of each table."""
    sums: Sums = {model: Counter() for model in TABLES}
    for item in items:
        value, day = scaled(item.value), day_key(item.day)
        month = day // 100
        sums[MeasureDay][item.key, item.person_id, item.department_id, day] += value
        sums[MeasureMonth][item.key, item.person_id, item.department_id, month] += value
        sums[MeasureDepartment][item.key, item.department_id, month] += value
        for kind, subject_id in item.subjects:
            sums[MeasureSubject][item.key, kind, subject_id, item.person_id, item.department_id, month] += value
    return sums


def add_rows(
    model: type[models.Model], columns: Sequence[str], unique: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows, or add their values to the columns beyond the unique ones: one statement a chunk.

    The ORM's upsert can only replace; sorted rows keep two writers from locking each other.
    """
    added = [column for column in columns if column not in unique]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    sets = ", ".join(f"{quote(c)} = {table}.{quote(c)} + excluded.{quote(c)}" for c in added)
    place = f"({', '.join(['%s'] * len(columns))})"
    ordered = sorted(rows)
    with connection.cursor() as cursor:
        for chunk in in_sets(ordered, CHUNK):
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(map(quote, columns))}) VALUES {', '.join([place] * len(chunk))} "
                f"ON CONFLICT ({', '.join(map(quote, unique))}) DO UPDATE SET {sets}",
                [value for row in chunk for value in row],
            )


@dataclass(frozen=True)
class Whose:
    """Whose figures to sum: the actor's whole sight by default, or some people, or some departments within it."""

    people: frozenset[int] | None = None
    departments: frozenset[int] | None = None

    def condition(self, actor: Actor) -> Q:
        """The filter on person and department; never wider than the actor's sight."""
        condition = Q()
        if not actor.sight.everyone:
            condition = Q(person_id__in=sorted(actor.sight.people)) | Q(
                department_id__in=sorted(actor.sight.departments)
            )
        if self.people is not None:
            condition &= Q(person_id__in=sorted(self.people))
        if self.departments is not None:
            condition &= Q(department_id__in=sorted(self.departments))
        return condition

    def departments_only(self, actor: Actor) -> Q | None:
        """The same as a filter on departments alone, where people do not matter; else None."""
        if self.people is not None:
            return None
        if self.departments is not None:
            inside = actor.sight.everyone or self.departments <= actor.sight.departments
            return Q(department_id__in=sorted(self.departments)) if inside else None
        return Q() if actor.sight.everyone else None


EVERYBODY = Whose()


def totals(actor: Actor, keys: Sequence[str], period: Period, whose: Whose = EVERYBODY) -> dict[str, Decimal]:
    """Each measure summed over a period: whole months from the month tables, days at either end from the day table."""
    return {key[0]: value for key, value in _grouped(actor, keys, period, whose, ()).items()}


def by_person(
    actor: Actor, keys: Sequence[str], period: Period, whose: Whose = EVERYBODY
) -> dict[tuple[str, int], Decimal]:
    """The same per (key, person)."""
    return {(k[0], k[1]): v for k, v in _grouped(actor, keys, period, whose, ("person_id",)).items()}


def by_department(
    actor: Actor, keys: Sequence[str], period: Period, whose: Whose = EVERYBODY
) -> dict[tuple[str, int], Decimal]:
    """The same per (key, department credited)."""
    return {(k[0], k[1]): v for k, v in _grouped(actor, keys, period, whose, ("department_id",)).items()}


def by_month(
    actor: Actor, keys: Sequence[str], period: Period, whose: Whose = EVERYBODY
) -> dict[tuple[str, int], Decimal]:
    """The same per (key, month key); the period should be whole months."""
    table, condition = _month_table(actor, whose, ())
    rows = (
        table.filter(condition, key__in=keys, month__range=(period.first_month, period.last_month))
        .values_list("key", "month")
        .annotate(total=Sum("value"))
    )
    return {(key, month): unscaled(total) for key, month, total in rows}


def by_day(
    actor: Actor, keys: Sequence[str], period: Period, whose: Whose = EVERYBODY
) -> dict[tuple[str, int], Decimal]:
    """The same per (key, day key)."""
    rows = (
        MeasureDay.objects.filter(whose.condition(actor), key__in=keys, day__range=_days(period))
        .values_list("key", "day")
        .annotate(total=Sum("value"))
    )
    return {(key, day): unscaled(total) for key, day, total in rows}


def by_subject(
    actor: Actor, keys: Sequence[str], kind: str, months: tuple[int, int], whose: Whose = EVERYBODY
) -> dict[tuple[str, int], Decimal]:
    """Per (key, product or customer) over whole months, both month keys included."""
    rows = (
        MeasureSubject.objects.filter(whose.condition(actor), key__in=keys, kind=kind, month__range=months)
        .values_list("key", "subject_id")
        .annotate(total=Sum("value"))
    )
    return {(key, subject): unscaled(total) for key, subject, total in rows}


def _grouped(
    actor: Actor, keys: Sequence[str], period: Period, whose: Whose, by: tuple[str, ...]
) -> dict[tuple[Any, ...], Decimal]:
    months, rest = period.whole_months()
    sums: Counter[tuple[Any, ...]] = Counter()
    if months is not None:
        table, condition = _month_table(actor, whose, by)
        rows = table.filter(condition, key__in=keys, month__range=(months.first_month, months.last_month))
        _sum_into(sums, rows, by)
    for part in rest:
        rows = MeasureDay.objects.filter(whose.condition(actor), key__in=keys, day__range=_days(part))
        _sum_into(sums, rows, by)
    found = {key: unscaled(value) for key, value in sums.items()}
    return found if by else {(key,): found.get((key,), Decimal(0)) for key in keys}


def _month_table(actor: Actor, whose: Whose, by: tuple[str, ...]) -> tuple[models.QuerySet[Any], Q]:
    condition = whose.departments_only(actor)
    if condition is not None and "person_id" not in by:
        return MeasureDepartment.objects.all(), condition
    return MeasureMonth.objects.all(), whose.condition(actor)


def _sum_into(sums: Counter[tuple[Any, ...]], rows: models.QuerySet[Any], by: tuple[str, ...]) -> None:
    for *group, total in rows.values_list("key", *by).annotate(total=Sum("value")):
        sums[tuple(group)] += total


def _days(period: Period) -> tuple[int, int]:
    return day_key(period.first), day_key(period.last)


def bump_gauge(key: str, values: Iterable[tuple[int, Decimal | int]]) -> None:
    """Add to a gauge of customers, (customer id, more or less of it): two who do so at once lose nothing."""
    sums: Counter[int] = Counter()
    for customer, value in values:
        sums[customer] += scaled(value)
    rows = [(customer, key, value) for customer, value in sums.items() if value]
    add_rows(GaugeValue, ("customer_id", "key", "value"), ("customer_id", "key"), rows)


def keep_gauge(key: str, values: Mapping[int, Decimal | int], counted_on: dt.date | None = None) -> int:
    """Make a gauge say exactly this, and on which day it was counted; gives how many customers' values changed.

    Only what changed is written, in short transactions, so that others may write meanwhile; what is interrupted the
    next count completes.
    """
    new = {customer: scaled(value) for customer, value in values.items()}
    kept = dict(GaugeValue.objects.filter(key=key).exclude(customer_id=COUNTED).values_list("customer_id", "value"))
    gone = sorted(kept.keys() - new.keys())
    changed = sorted(customer for customer, value in new.items() if kept.get(customer) != value)
    for some in in_sets(gone, CHUNK):
        GaugeValue.objects.filter(key=key, customer_id__in=some).delete()
    for some in in_sets(changed, CHUNK):
        _put(key, {customer: new[customer] for customer in some})
    if counted_on is not None:
        _put(key, {COUNTED: scaled(day_key(counted_on))})
    return len(gone) + len(changed)


def put_gauge(key: str, values: Mapping[int, Decimal | int]) -> None:
    """Replace a gauge of some customers."""
    _put(key, {customer: scaled(value) for customer, value in values.items()})


def drop_gauge(key: str, customers: Collection[int]) -> None:
    """Take a gauge away from some customers."""
    GaugeValue.objects.filter(key=key, customer_id__in=customers).delete()


def _put(key: str, values: Mapping[int, int]) -> None:
    rows = [GaugeValue(customer_id=customer, key=key, value=value) for customer, value in sorted(values.items())]
    unique = ["customer_id", "key"]
    GaugeValue.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["value"])


@dataclass(frozen=True)
class Gauges:
    """The gauges of one customer by key, and on which day those that the clock counts were counted."""

    values: dict[str, Decimal]
    counted_on: dict[str, dt.date]


def read_gauges(customer_id: int) -> Gauges:
    """The gauges of one customer that the caller has already been allowed to see."""
    found = _GAUGES(customer_id)
    return Gauges(
        {key: unscaled(value) for key, customer, value in found if customer != COUNTED},
        {key: day_of_key(int(unscaled(value))) for key, customer, value in found if customer == COUNTED},
    )


_GAUGES = Prepared(
    lambda customer: GaugeValue.objects.filter(customer_id__in=[customer, COUNTED]).values_list(
        "key", "customer_id", "value"
    )
)


def gauge_of(key: str) -> Subquery:
    """The stored value of a gauge, to annotate customers with; read it with `gauge_words`."""
    return Subquery(GaugeValue.objects.filter(customer_id=OuterRef("pk"), key=key).values("value")[:1])


def gauge_words(key: str, value: int | None) -> Sentence:
    """The words for a stored value of a coded gauge; empty where a customer has none."""
    item = gauge(key)
    return item.words.get(item.code_of(unscaled(value)), "")


def gauged_as(key: str, codes: Collection[str]) -> Q:
    """Customers whose coded gauge has one of these values; the empty code means those that have none."""
    kept = GaugeValue.objects.filter(customer_id=OuterRef("pk"), key=key)
    numbers = [scaled(gauge(key).number_of(code)) for code in codes if code]
    found = Q(Exists(kept.filter(value__in=numbers))) if numbers else Q(pk__in=[])
    return found | ~Q(Exists(kept)) if "" in codes else found


def gauged(key: str, lookup: str, value: Decimal | int) -> Q:
    """Customers whose gauge is `gte` or `lte` a value; one that was never noted is 0."""
    kept = GaugeValue.objects.filter(customer_id=OuterRef("pk"), key=key)
    nothing_is_enough = value <= 0 if lookup == "gte" else value >= 0
    if nothing_is_enough:
        return ~Q(Exists(kept.filter(**{f"value__{'lt' if lookup == 'gte' else 'gt'}": scaled(value)})))
    return Q(Exists(kept.filter(**{f"value__{lookup}": scaled(value)})))


def summed_by_customer(key: str, since_month: int, lookup: str, value: Decimal | int) -> Q:
    """Customers whose measure, over the months since one, is `gte` or `lte` a value; of whom nothing is counted, 0."""
    rows = MeasureSubject.objects.filter(kind="customer", subject_id=OuterRef("pk"), key=key, month__gte=since_month)
    sums = rows.order_by().values("subject_id").annotate(total=Sum("value"))
    nothing_is_enough = value <= 0 if lookup == "gte" else value >= 0
    if nothing_is_enough:
        return ~Q(Exists(sums.filter(**{f"total__{'lt' if lookup == 'gte' else 'gt'}": scaled(value)})))
    return Q(Exists(sums.filter(**{f"total__{lookup}": scaled(value)})))


def rebuild() -> None:
    """Throw the measures and gauges away and count them again from the modules' own facts."""
    with transaction.atomic():
        for table in (MeasureDay, MeasureMonth, MeasureDepartment, MeasureSubject, GaugeValue):
            table._default_manager.all().delete()
        for item in measures():
            bump(item.facts())
        for gauge in gauges():
            bump_gauge(gauge.key, gauge.facts())


def differences() -> list[tuple[str, int, int, int]]:
    """(key, day, month or customer, kept, counted) wherever a row differs from the facts; empty when all is well."""
    counted = _summed(bump for item in measures() for bump in item.facts())
    found = []
    for model, unique in TABLES.items():
        kept = {tuple(row[:-1]): row[-1] for row in model._default_manager.values_list(*unique, "value").iterator()}
        facts = counted[model]
        for at in kept.keys() | facts.keys():
            if kept.get(at, 0) != facts[at]:
                found.append((at[0], at[-1], kept.get(at, 0), facts[at]))
    return sorted([*found, *_gauge_differences()])


def _gauge_differences() -> Iterable[tuple[str, int, int, int]]:
    kept = {
        (key, customer): value for key, customer, value in GaugeValue.objects.values_list("key", "customer_id", "value")
    }
    facts = {(gauge.key, customer): scaled(value) for gauge in gauges() for customer, value in gauge.facts()}
    for at in kept.keys() | facts.keys():
        if kept.get(at, 0) != facts.get(at, 0):
            yield (*at, kept.get(at, 0), facts.get(at, 0))
