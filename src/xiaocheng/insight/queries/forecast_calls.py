"""What people themselves say will be won in a month, beside the forecast, and how near earlier calls came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period, day_of_key, months_after, period
from xiaocheng.foundation.org.queries import department_and_below
from xiaocheng.foundation.org.queries import people as all_people
from xiaocheng.insight.access import CALL, SEE
from xiaocheng.insight.figures import Figure, plain
from xiaocheng.insight.forecasting.scoring import bias, wape
from xiaocheng.insight.measures import FORECAST_BIAS, FORECAST_CALL, FORECAST_WAPE
from xiaocheng.insight.models import ForecastCall
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.sums import sums
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.pipeline.models.processes import OPEN

from .forecast import ForecastScope, may_see, usual_scope

JUDGED_BY = 3  # the day of the month up to which a call counts as its beginning
FEWEST_CALLED = 3  # months, before anything is said of how near the calls came
MOST_CALLED = 26  # months that are judged


@dataclass(frozen=True)
class CategorySum:
    """Open deals expected to close in the month whose stage has one forecast category."""

    category: str
    deals: int
    amount: Decimal


@dataclass(frozen=True)
class Called:
    """The calls of a scope for a month, what those beneath said for it, and how near earlier months came."""

    scope: ForecastScope
    month: dt.date
    stands: ForecastCall | None  # the newest
    at_start: ForecastCall | None  # the newest given up to the third day of the month
    beneath: tuple[ForecastCall, ...]  # the newest of each: departments, whom somebody leads, people
    amount: Figure
    wape: Figure
    bias: Figure
    categories: tuple[CategorySum, ...]

    @property
    def people(self) -> list[ForecastCall]:
        """What people beneath said of themselves: these can be added up, departments count the same again."""
        return [row for row in self.beneath if row.person_id is not None]

    @property
    def is_judged(self) -> bool:
        """True when enough months are over for which a call stood at their beginning."""
        return self.wape.n >= FEWEST_CALLED


def may_call(actor: Actor, scope: ForecastScope) -> bool:
    """True for one's own scope: what one is usually shown, or oneself."""
    if actor.person_id is None or not actor.can(SEE, CALL):
        return False
    return scope == ForecastScope(person_id=actor.person_id) or scope == usual_scope(actor)


def months_to_call() -> tuple[dt.date, dt.date]:
    """The first days of this month and the next: what is over cannot be foretold."""
    first = clock.today().replace(day=1)
    return first, months_after(first, 1)


def forecast_calls(
    actor: Actor, month: dt.date | None = None, scope: ForecastScope | None = None
) -> QuerySet[ForecastCall]:
    """The calls that the actor sees, perhaps of a month or of one scope, the newest first."""
    actor.require(SEE)
    rows: QuerySet[ForecastCall] = ForecastCall.objects.visible_to(actor)
    if month is not None:
        rows = rows.filter(month=month.replace(day=1))
    if scope is not None:
        rows = rows.filter(**asdict(scope))
    return rows.select_related("author", "person", "department", "led_by").order_by("-pk")


def called(actor: Actor, scope: ForecastScope, month: dt.date) -> Called:
    """What was said of a month by whose it is and by those beneath; what is out of sight is not found."""
    actor.require(SEE)
    if not may_see(actor, scope):
        raise NotFound
    days = period("month", month)
    since = months_after(days.first, -MOST_CALLED)
    by_month: dict[dt.date, list[ForecastCall]] = {}
    for row in forecast_calls(actor, scope=scope).filter(month__range=(since, days.first)):
        by_month.setdefault(row.month, []).append(row)
    own = by_month.get(days.first, [])
    stands = own[0] if own else None
    over = {first: _at_start(rows) for first, rows in by_month.items() if first < min(days.first, _this_month())}
    judged = {first: row.amount for first, row in over.items() if row is not None}
    pairs = _pairs(actor, scope, judged) if len(judged) >= FEWEST_CALLED else []
    return Called(
        scope,
        days.first,
        stands,
        _at_start(own),
        tuple(_newest_of_each(_beneath(actor, scope, days.first))),
        plain(FORECAST_CALL, stands.amount if stands else None, 1 if stands else 0),
        _share(FORECAST_WAPE, wape(pairs), len(judged)),
        _share(FORECAST_BIAS, bias(pairs), len(judged)),
        tuple(_categories(actor, scope, days)),
    )


def _this_month() -> dt.date:
    return clock.today().replace(day=1)


def _at_start(rows: Iterable[ForecastCall]) -> ForecastCall | None:
    """Of the calls of a month, the newest first, the one that stood on its third day."""
    return next((row for row in rows if clock.day_of(row.given_at) <= row.month.replace(day=JUDGED_BY)), None)


def _pairs(actor: Actor, scope: ForecastScope, said: dict[dt.date, Decimal]) -> list[tuple[float, float]]:
    """What was said and what was won, as the results have it, of each month."""
    within = Period(min(said), period("month", max(said)).last)
    found = sums(actor, Selection(within, _whose(scope)), ("deals_won_amount",), ("month",))
    won = {day_of_key(month): unscaled(values["deals_won_amount"]) for (month,), values in found.items()}
    return [(float(amount), float(won.get(month, 0))) for month, amount in said.items()]


def _whose(scope: ForecastScope) -> Whose:
    """Whom a win is credited to that counts for a scope."""
    if scope.department_id is not None:
        return Whose(departments=department_and_below(scope.department_id))
    if scope.led_by_id is not None:
        return Whose(people=_led(scope.led_by_id))
    return Whose(None if scope.person_id is None else frozenset({scope.person_id}))


def _led(person_id: int) -> frozenset[int]:
    """Whom somebody leads now, himself included; sight narrows it to whom the actor sees."""
    rows = all_people(_NOBODY, active=None).filter(line_path__contains=f"/{person_id}/")
    return frozenset(rows.order_by().values_list("pk", flat=True))


_NOBODY = Actor(person_id=None)  # colleagues' names are no secret; what they sell is narrowed by sight


def _beneath(actor: Actor, scope: ForecastScope, month: dt.date) -> list[ForecastCall]:
    """Calls of a month for parts of the scope, the newest first."""
    if scope.person_id is not None:
        return []
    rows = forecast_calls(actor, month).exclude(**asdict(scope))
    if scope.department_id is not None:
        below = department_and_below(scope.department_id)
        units = Q(department__in=below) | Q(person__department__in=below) | Q(led_by__department__in=below)
        rows = rows.filter(units)
    elif scope.led_by_id is not None:
        line = f"/{scope.led_by_id}/"
        rows = rows.filter(Q(person__line_path__contains=line) | Q(led_by__line_path__contains=line))
    return list(rows)


def _newest_of_each(rows: Iterable[ForecastCall]) -> list[ForecastCall]:
    """The newest call of each part: departments first, then whom somebody leads, then people."""
    found: dict[tuple[int | None, ...], ForecastCall] = {}
    for row in rows:
        found.setdefault((row.department_id, row.led_by_id, row.person_id), row)
    return sorted(found.values(), key=lambda row: (row.department_id is None, row.led_by_id is None, -row.amount))


def _categories(actor: Actor, scope: ForecastScope, days: Period) -> list[CategorySum]:
    """Open deals in sight expected to close in the month, by the forecast category of their stage."""
    rows = Opportunity.objects.visible_to(actor).filter(state=OPEN, expected_close_on__range=(days.first, days.last))
    if scope.department_id is not None:
        rows = rows.filter(owner__department__in=department_and_below(scope.department_id))
    elif scope.led_by_id is not None:
        rows = rows.filter(owner__line_path__contains=f"/{scope.led_by_id}/")
    elif scope.person_id is not None:
        rows = rows.filter(owner=scope.person_id)
    grouped = rows.order_by().values_list("stage__forecast_category").annotate(n=Count("pk"), total=Sum("amount"))
    return [CategorySum(category, n, total or Decimal(0)) for category, n, total in grouped]


def _share(key: str, value: float | None, n: int) -> Figure:
    return plain(key, None if value is None else Decimal(str(round(value, 4))), n)
