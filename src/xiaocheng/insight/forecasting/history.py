"""The company's deals as arrays, read once for all forecasts of a night."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.expressions import EpochSeconds, Filled, Real
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.facts import INVALID, MOVED_PROCESS
from xiaocheng.selling.pipeline.models.processes import DRAFT, LOST, OPEN, WON

from .drawing import Deals
from .hazards import Bools, Floats, Ints, Stays

BECAUSE = "a forecast learns from all deals of the company; what is shown is narrowed to whose it is"
LEARNT_FROM = 50_000  # deals: of more, evenly chosen ones teach the hazards
LOOKS_BACK = 400  # days of openings and closings, where not all are read
DAY = 86_400
NOTHING = 0  # for a product that nobody named


@dataclass(frozen=True)
class History:
    """Deals by day, and which person, product and opportunity the numbers in them are; day 0 is `first`."""

    deals: Deals
    first: dt.date
    people: list[int]
    products: list[int]
    opportunities: Ints  # of each stay
    teaches: Bools  # whether the hazards are learnt from each stay
    is_whole: bool  # False: they are learnt from the stays of a part of the deals

    def day(self, day: dt.date) -> float:
        """A company day as a number."""
        return float((day - self.first).days)

    @property
    def teaching(self) -> Stays:
        """The stays from which the hazards are learnt."""
        return self.deals.stays.only(self.teaches)


def read() -> History | None:
    """All deals whose times were recorded; None where there are none."""
    every = Opportunity.objects.beyond_sight(because=BECAUSE)
    step = max(1, math.ceil(every.count() / LEARNT_FROM))
    since = None if step == 1 else clock.today() - dt.timedelta(days=LOOKS_BACK)
    stages, ends = stage_numbers()
    spans = _spans(step, stages)
    if not len(spans.opportunity):
        return None
    openings, wins, lost = _openings(since), _wins(since), _losses(since)
    owners = every.filter(state=OPEN).order_by().values_list("owner_id", flat=True).distinct()
    people = np.unique(np.concatenate([spans.person, openings.person, wins.person, np.array(owners, dtype=np.int64)]))
    products = np.unique(np.concatenate([spans.product, wins.product]))
    first = clock.day_of(dt.datetime.fromtimestamp(float(spans.entered.min()), dt.UTC))
    zero = clock.instant(first).timestamp()
    entered = (spans.entered - zero) / DAY
    stage = _numbered(spans.stage, stages)
    stays = Stays(
        len(set(stages.values())), stage, _exits(spans, stages, ends), entered, entered + _lengths(spans.dwell)
    )
    teaches = spans.opportunity % step == 0
    begins = teaches & np.append(True, spans.opportunity[1:] != spans.opportunity[:-1])
    deals = Deals(
        stays=stays,
        person=np.searchsorted(people, spans.person),
        product=np.searchsorted(products, spans.product),
        amount=spans.amount,
        known=(spans.known - zero) / DAY,
        opened=(openings.at - zero) / DAY,
        opened_person=np.searchsorted(people, openings.person),
        begun=entered[begins],
        begun_stage=stage[begins],
        won=(wins.at - zero) / DAY,
        won_amount=wins.amount,
        won_person=np.searchsorted(people, wins.person),
        won_department=wins.department,
        won_product=np.searchsorted(products, wins.product),
        lost=(lost - zero) / DAY,
        people=len(people),
        products=len(products),
    )
    return History(deals, first, people.tolist(), products.tolist(), spans.opportunity, teaches, step == 1)


def as_they_stand(history: History) -> Deals:
    """The deals with present owner, amount and product of those that are open: what a forecast of today goes by."""
    deals = history.deals
    person, product = deals.person.copy(), deals.product.copy()
    amount, known = deals.amount.copy(), deals.known.copy()
    people = {pk: number for number, pk in enumerate(history.people)}
    products = {pk: number for number, pk in enumerate(history.products)}
    place = {history.opportunities[at]: at for at in np.flatnonzero(np.isinf(deals.stays.left))}
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).filter(state=OPEN).order_by()
    for pk, owner, worth, what in rows.values_list("pk", "owner_id", Real("amount"), "product_id"):
        at = place.get(pk)
        if at is not None:
            person[at] = people.get(owner, person[at])
            product[at] = products.get(what or NOTHING, product[at])
            amount[at], known[at] = np.nan if worth is None else worth, -np.inf
    return replace(deals, person=person, product=product, amount=amount, known=known)


def stage_numbers() -> tuple[dict[int, int], dict[int, int]]:
    """The number of each open stage, one for all editions of its process; of the stages of wins and losses."""
    rows = list(
        Stage.objects.exclude(version__state=DRAFT).order_by("pk").values_list("pk", "version__process", "code", "kind")
    )
    numbers: dict[tuple[int, str], int] = {}
    opened = {pk: numbers.setdefault((process, code), len(numbers)) for pk, process, code, kind in rows if kind == OPEN}
    ends = {WON: len(numbers), LOST: len(numbers) + 1}
    return opened, {pk: ends[kind] for pk, _process, _code, kind in rows if kind in ends}


def _exits(spans: _Spans, stages: dict[int, int], ends: dict[int, int]) -> Ints:
    """The number of the stage, win or loss that each stay led to; -1 while it lasts, or where its process changed."""
    gone = (spans.exit != "") & (spans.exit != MOVED_PROCESS)
    return np.where(gone, _numbered(spans.next_stage, {**stages, **ends}), -1)


def _numbered(ids: Ints, numbers: dict[int, int]) -> Ints:
    """The number of each id; -1 where it has none."""
    table = np.full(max([*numbers, int(ids.max(initial=0))]) + 1, -1, dtype=np.int64)
    table[list(numbers)] = list(numbers.values())
    found: Ints = table[ids]
    return found


def _lengths(seconds: Floats) -> Floats:
    """Days in a stage; endless while it lasts."""
    found: Floats = np.where(np.isnan(seconds), np.inf, seconds / DAY)
    return found


@dataclass(frozen=True)
class _Spans:
    """Stays by opportunity and order, a column each; times are seconds since 1970."""

    opportunity: Ints
    stage: Ints
    entered: Floats
    dwell: Floats
    exit: Any
    next_stage: Ints
    person: Ints
    amount: Floats
    product: Ints
    known: Floats


def _spans(step: int, stages: dict[int, int]) -> _Spans:
    """Stays in open stages whose entry was recorded, and their end where they ended.

    Where not all deals teach: all stays of those that do, then the present ones of the others that are open.
    """
    rows = StageSpan.objects.beyond_sight(because=BECAUSE).filter(is_invented=False, stage_id__in=stages)
    ended = rows.exclude(~Q(exit_kind=""), dwell_seconds__isnull=True)  # left at a time that nobody recorded
    if step == 1:
        return _Spans(*_stays(ended))
    every = Opportunity.objects.beyond_sight(because=BECAUSE).annotate(rest=F("pk") % step)
    taught = _stays(ended.filter(opportunity_id__in=every.filter(rest=0).values("pk")))
    others = rows.annotate(rest=F("opportunity_id") % step).filter(rest__gt=0, exit_kind="")
    return _Spans(*map(np.concatenate, zip(taught, _stays(others), strict=True)))


def _stays(rows: QuerySet[StageSpan]) -> list[Any]:
    return _columns(
        rows.order_by("opportunity_id", "seq"),
        (np.int64, "opportunity_id"),
        (np.int64, "stage_id"),
        (np.float64, EpochSeconds("occurred_at")),
        (np.float64, "dwell_seconds"),
        (np.str_, "exit_kind"),
        (np.int64, Filled("next_stage_id", 0)),
        (np.int64, "credit_person_id"),
        (np.float64, Real("amount")),
        (np.int64, Filled("product_id", NOTHING)),
        (np.float64, EpochSeconds("recorded_at")),
    )


def _columns(rows: QuerySet[Any], *asked: tuple[Any, Any]) -> list[Any]:
    """An array of each column; nothing is not a number."""
    found = list(zip(*rows.values_list(*(what for _kind, what in asked)), strict=True)) or [()] * len(asked)
    return [np.array(values, dtype=kind) for (kind, _what), values in zip(asked, found, strict=True)]


@dataclass(frozen=True)
class _Openings:
    """When each deal whose beginning was recorded was opened (seconds since 1970), and by whom."""

    at: Floats
    person: Ints


def _openings(since: dt.date | None) -> _Openings:
    rows = StageTransition.objects.beyond_sight(because=BECAUSE).filter(from_stage__isnull=True, is_invented=False)
    if since is not None:
        rows = rows.filter(booked_on__gte=since)
    asked = (np.float64, EpochSeconds("occurred_at")), (np.int64, "credit_person_id")
    return _Openings(*_columns(rows.order_by(), *asked))


@dataclass(frozen=True)
class _Wins:
    """Wins that still stand (seconds since 1970)."""

    at: Floats
    amount: Floats
    person: Ints
    department: Ints
    product: Ints


def _wins(since: dt.date | None) -> _Wins:
    asked = (
        (np.float64, EpochSeconds("occurred_at")),
        (np.float64, Filled(Real("amount"), 0.0)),
        (np.int64, "credit_person_id"),
        (np.int64, "credit_department_id"),
        (np.int64, Filled("product_id", NOTHING)),
    )
    return _Wins(*_columns(_closings(WON, since), *asked))


def _losses(since: dt.date | None) -> Floats:
    """When deals were lost (seconds since 1970); those that never were deals are left out."""
    rows = _closings(LOST, since).exclude(reason=INVALID)
    found: Floats = _columns(rows, (np.float64, EpochSeconds("occurred_at")))[0]
    return found


def _closings(verdict: str, since: dt.date | None) -> QuerySet[Closing]:
    rows = Closing.objects.beyond_sight(because=BECAUSE).filter(verdict=verdict, sign=1, reversed_on__isnull=True)
    return (rows if since is None else rows.filter(booked_on__gte=since)).order_by()
