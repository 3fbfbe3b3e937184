"""The company's deals as arrays, read once for all forecasts of a night."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import F, Q

from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.facts import INVALID, MOVED_PROCESS
from xiaocheng.selling.pipeline.models.processes import DRAFT, LOST, OPEN, WON

from .drawing import Deals
from .hazards import Floats, Ints, Stays

BECAUSE = "a forecast learns from all deals of the company; what is shown is narrowed to whose it is"
SET = 5_000
LEARNT_FROM = 100_000  # deals: of more, evenly chosen ones teach the hazards
LOOKS_BACK = 400  # days of openings and closings, where not all are read
DAY = 86_400


@dataclass(frozen=True)
class History:
    """Deals by day, and which person, product and opportunity the numbers in them are; day 0 is `first`."""

    deals: Deals
    first: dt.date
    people: list[int]
    products: dict[int | None, int]
    opportunities: Ints  # of each stay
    is_whole: bool  # False: the hazards are learnt from a part of the deals

    def day(self, day: dt.date) -> float:
        """A company day as a number."""
        return float((day - self.first).days)


class _Numbers:
    """Small numbers for ids, in the order in which they come."""

    def __init__(self) -> None:
        self.found: dict[int | None, int] = {}

    def of(self, key: int | None) -> int:
        return self.found.setdefault(key, len(self.found))


def read() -> History | None:
    """All deals whose times were recorded; None where there are none."""
    every = Opportunity.objects.beyond_sight(because=BECAUSE)
    step = max(1, math.ceil(every.count() / LEARNT_FROM))
    stages, ends = _stages()
    people, products = _Numbers(), _Numbers()
    for owner in every.filter(state=OPEN).order_by().values_list("owner_id", flat=True).distinct():
        people.of(owner)
    spans = [row for row in _spans(step) if row[1] in stages]
    if not spans:
        return None
    first = clock.day_of(min(row[2] for row in spans))
    zero = clock.instant(first).timestamp()
    entered = np.array([(row[2].timestamp() - zero) / DAY for row in spans])
    dwell = np.array([np.inf if row[3] is None else row[3] / DAY for row in spans])
    to = [-1 if row[3] is None else ends.get(row[5], stages.get(row[5], -1)) for row in spans]
    moved = np.array([row[4] == MOVED_PROCESS for row in spans])
    stays = Stays(
        len(set(stages.values())),
        np.array([stages[row[1]] for row in spans], dtype=np.int64),
        np.where(moved, -1, np.array(to, dtype=np.int64)),
        entered,
        entered + dwell,
    )
    who = np.array([people.of(row[6]) for row in spans], dtype=np.int64)
    what = np.array([products.of(row[8]) for row in spans], dtype=np.int64)
    begins = np.array([row[10] for row in spans], dtype=bool)
    since = None if step == 1 else clock.today() - dt.timedelta(days=LOOKS_BACK)
    opened, opened_person = _openings(zero, people, since)
    closings = _closings(zero, people, products, since)
    deals = Deals(
        stays=stays,
        person=who,
        product=what,
        amount=np.array([np.nan if row[7] is None else float(row[7]) for row in spans]),
        known=np.array([(row[9].timestamp() - zero) / DAY for row in spans]),
        opened=opened,
        opened_person=opened_person,
        begun=entered[begins],
        begun_stage=stays.stage[begins],
        won=closings.won,
        won_amount=closings.amount,
        won_person=closings.person,
        won_department=closings.department,
        won_product=closings.product,
        lost=closings.lost,
        people=len(people.found),
        products=len(products.found),
    )
    ids = [key for key in people.found if key is not None]
    return History(deals, first, ids, products.found, np.array([row[0] for row in spans], dtype=np.int64), step == 1)


def as_they_stand(history: History) -> Deals:
    """The deals with present owner, amount and product of those that are open: what a forecast of today goes by."""
    deals = history.deals
    person, product = deals.person.copy(), deals.product.copy()
    amount, known = deals.amount.copy(), deals.known.copy()
    numbers = {pk: number for number, pk in enumerate(history.people)}
    place = {history.opportunities[at]: at for at in np.flatnonzero(np.isinf(deals.stays.left))}
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).filter(state=OPEN)
    for pk, owner, worth, what in rows.values_list("pk", "owner_id", "amount", "product_id").iterator(SET):
        at = place.get(pk)
        if at is not None:
            person[at] = numbers.get(owner, person[at])
            product[at] = history.products.get(what, product[at])
            amount[at], known[at] = np.nan if worth is None else float(worth), -np.inf
    return replace(deals, person=person, product=product, amount=amount, known=known)


def _stages() -> tuple[dict[int, int], dict[int, int]]:
    """The number of each open stage, one for all editions of its process; of the stages of wins and losses."""
    rows = list(
        Stage.objects.exclude(version__state=DRAFT).order_by("pk").values_list("pk", "version__process", "code", "kind")
    )
    numbers: dict[tuple[int, str], int] = {}
    opened = {pk: numbers.setdefault((process, code), len(numbers)) for pk, process, code, kind in rows if kind == OPEN}
    ends = {WON: len(numbers), LOST: len(numbers) + 1}
    return opened, {pk: ends[kind] for pk, _process, _code, kind in rows if kind in ends}


def _spans(step: int) -> Iterator[tuple[Any, ...]]:
    """Stays whose entry was recorded, and their end where they ended; the last column: the first one of its deal."""
    rows = StageSpan.objects.beyond_sight(because=BECAUSE).filter(is_invented=False)
    if step > 1:
        rows = rows.filter(opportunity_id__in=_chosen(step))
    columns = rows.order_by("opportunity_id", "seq").values_list(
        "opportunity_id",
        "stage_id",
        "occurred_at",
        "dwell_seconds",
        "exit_kind",
        "next_stage_id",
        "credit_person_id",
        "amount",
        "product_id",
        "recorded_at",
    )
    before = None
    for row in columns.iterator(SET):
        if row[4] and row[3] is None:
            continue  # left at a time that nobody recorded
        yield (*row, row[0] != before)
        before = row[0]


def _chosen(step: int) -> Any:
    """Every so manyth deal, and all that are open."""
    rows = Opportunity.objects.beyond_sight(because=BECAUSE).annotate(rest=F("pk") % step)
    return rows.filter(Q(rest=0) | Q(state=OPEN)).values("pk")


def _openings(zero: float, people: _Numbers, since: dt.date | None) -> tuple[Floats, Ints]:
    """Day and person of every opening whose time was recorded."""
    rows = StageTransition.objects.beyond_sight(because=BECAUSE).filter(from_stage__isnull=True, is_invented=False)
    if since is not None:
        rows = rows.filter(booked_on__gte=since)
    found = [
        ((at.timestamp() - zero) / DAY, people.of(person))
        for at, person in rows.order_by().values_list("occurred_at", "credit_person_id").iterator(SET)
    ]
    return np.array([day for day, _person in found]), np.array([person for _day, person in found], dtype=np.int64)


@dataclass(frozen=True)
class _Closings:
    """Wins that still stand, and the days of losses."""

    won: Floats
    amount: Floats
    person: Ints
    department: Ints
    product: Ints
    lost: Floats


def _closings(zero: float, people: _Numbers, products: _Numbers, since: dt.date | None) -> _Closings:
    rows = Closing.objects.beyond_sight(because=BECAUSE).filter(sign=1, reversed_on__isnull=True)
    rows = rows.exclude(verdict=LOST, reason=INVALID).order_by()
    if since is not None:
        rows = rows.filter(verdict__in=[WON, LOST], booked_on__gte=since)
    won, lost = [], []
    columns = rows.values_list(
        "verdict", "occurred_at", "amount", "credit_person_id", "credit_department_id", "product_id"
    )
    for verdict, at, amount, person, department, product in columns.iterator(SET):
        day = (at.timestamp() - zero) / DAY
        if verdict == WON:
            won.append((day, float(amount or 0), people.of(person), department, products.of(product)))
        else:
            lost.append(day)
    return _Closings(
        np.array([row[0] for row in won]),
        np.array([row[1] for row in won]),
        np.array([row[2] for row in won], dtype=np.int64),
        np.array([row[3] for row in won], dtype=np.int64),
        np.array([row[4] for row in won], dtype=np.int64),
        np.array(lost),
    )
