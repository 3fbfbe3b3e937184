"""What leaving out a stage changed: deals that left it out against deals that entered it, from that moment on.

Both are looked at from the moment of the move: what came before is known, what came later is the result. So who was
won within a few days cannot count as "had no time to be looked at" (a landmark, Anderson, Cain and Gelber 1983).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import department_and_below, department_tree
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageSpan
from xiaocheng.selling.pipeline.models.facts import ADVANCED, INVALID, SKIPPED
from xiaocheng.selling.pipeline.models.processes import DRAFT, OPEN, WON

from .measures import SKIP_EFFECT_DAYS, SKIP_EFFECT_WON
from .models import COMPANY, SkipEffect
from .rules import SkippingRules

BECAUSE = "what leaving out a stage changes is learnt from all deals; what is shown is narrowed to whose it is"
LOOKS_BACK = 730  # days of moves
LEARNT_FROM = 100_000  # deals: of more, evenly chosen ones are looked at
NEWEST = 10_000  # moves by which a stage is judged
FEWEST_ALIKE = 20  # deals of a person or source, below which they are one of "the rest"
AT_ONCE = dt.timedelta(days=1)  # what was written down later may have been known only at the end
SET = 5_000

Key = tuple[int, str]  # process, code of the stage


@dataclass(frozen=True)
class Case:
    """A deal at the moment at which it left a stage out or entered it, and how it ended."""

    skipped: bool
    at: dt.datetime
    owner_id: int
    department_id: int
    amount: float | None
    source: str
    is_repeat: bool  # the customer had bought before
    won_after: float | None  # days; None: not won until now


@dataclass(frozen=True)
class Outcome:
    """Something that may come of a deal; None where it cannot be told of it."""

    key: str
    name: Sentence
    metric: str
    of: Callable[[Case, int], float | None]
    is_share: bool


def _is_won(case: Case, within: int) -> float:
    return float(case.won_after is not None and case.won_after <= within)


def _days_until_won(case: Case, within: int) -> float | None:
    return case.won_after if _is_won(case, within) else None


OUTCOMES = (
    Outcome("won", _("赢单"), SKIP_EFFECT_WON, _is_won, is_share=True),
    Outcome("days", _("赢单用时"), SKIP_EFFECT_DAYS, _days_until_won, is_share=False),
)


def estimate(today: dt.date) -> int:
    """Store what leaving out stages changed, as can be told today, once a day; gives the number of estimates."""
    if SkipEffect.objects.filter(as_of=today).exists():
        return 0
    within = rules(SkippingRules, today).within_days
    cases = cases_of(today, within)
    units = {unit.id: department_and_below(unit.id) for unit in department_tree(SYSTEM, active=None)}
    rows = [row for key, of in sorted(cases.items()) for row in _rows(key, of, units, today, within)]
    with transaction.atomic():
        SkipEffect.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def cases_of(today: dt.date, within: int) -> dict[Key, list[Case]]:
    """The cases by stage: moves of the last two years that were so many days ago, of deals that were not a mistake."""
    last = clock.instant(today) - dt.timedelta(days=within)
    first = last - dt.timedelta(days=LOOKS_BACK)
    ends = _ends(first)
    found: dict[Key, list[Case]] = defaultdict(list)
    for deal, moves in _moves(first).items():
        end = ends.get(deal)
        if end is not None and end.is_unknown:
            continue
        for key, skipped, move in moves:
            if first <= move.at < last:
                found[key].append(_case(move, skipped, end))
    return found


class _Stay(NamedTuple):
    deal: int
    stage_id: int
    exit: str
    at: dt.datetime
    is_invented: bool
    is_first: bool
    owner_id: int
    department_id: int
    recorded: dt.datetime
    amount: Any
    source: str
    customer_since: dt.date | None


class _End(NamedTuple):
    won_at: dt.datetime | None
    is_unknown: bool  # a mistake or a double, or nobody knows when


def _case(move: _Stay, skipped: bool, end: _End | None) -> Case:
    won_at = end.won_at if end is not None else None
    after = (won_at - move.at).total_seconds() / 86_400 if won_at is not None else None
    since = move.customer_since
    return Case(
        skipped,
        move.at,
        move.owner_id,
        move.department_id,
        None if move.amount is None or move.recorded - move.at > AT_ONCE else float(move.amount),
        move.source,
        since is not None and since < clock.day_of(move.at),
        None if after is None or after < 0 else after,
    )


def _moves(first: dt.datetime) -> dict[int, list[tuple[Key, bool, _Stay]]]:
    """Of each deal the stages that it left out or entered going forward, each once, with the stay that began then."""
    stages = {stage.pk: stage for stage in Stage.objects.exclude(version__state=DRAFT).select_related("version")}
    worked: dict[int, list[Stage]] = defaultdict(list)
    for stage in stages.values():
        if stage.kind == OPEN:
            worked[stage.version_id].append(stage)
    found: dict[int, list[tuple[Key, bool, _Stay]]] = {}
    for deal, stays in _by_deal(first):
        seen: dict[Key, tuple[Key, bool, _Stay]] = {}
        for before, now in pairwise(stays):
            here, there = stages.get(before.stage_id), stages.get(now.stage_id)
            if here is None or there is None or now.is_invented or before.exit not in {ADVANCED, SKIPPED}:
                continue
            if there.kind != OPEN or here.version_id != there.version_id:
                continue
            passed = before.exit == SKIPPED
            for stage in worked[there.version_id]:
                left_out = passed and here.position < stage.position < there.position
                if left_out or (stage.pk == there.pk and now.is_first):
                    key = (there.version.process_id, stage.code)
                    seen.setdefault(key, (key, left_out, now))
        if seen:
            found[deal] = list(seen.values())
    return found


def _by_deal(first: dt.datetime) -> Iterator[tuple[int, list[_Stay]]]:
    rows = StageSpan.objects.beyond_sight(because=BECAUSE).filter(opportunity__last_activity_at__gte=first)
    columns = _chosen(rows).order_by("opportunity_id", "seq").values_list(
        "opportunity_id", "stage_id", "exit_kind", "occurred_at", "is_invented", "is_first", "credit_person_id",
        "credit_department_id", "recorded_at", "amount", "source", "opportunity__customer__became_customer_on",
    )  # fmt: skip
    stays: list[_Stay] = []
    for row in columns.iterator(SET):
        stay = _Stay(*row)
        if stays and stays[0].deal != stay.deal:
            yield stays[0].deal, stays
            stays = []
        stays.append(stay)
    if stays:
        yield stays[0].deal, stays


def _ends(first: dt.datetime) -> dict[int, _End]:
    rows = Closing.objects.beyond_sight(because=BECAUSE).filter(sign=1, reversed_on__isnull=True)
    rows = _chosen(rows.filter(booked_on__gte=clock.day_of(first)))
    columns = rows.order_by().values_list(
        "opportunity_id", "verdict", "reason", "occurred_at", "transition__is_invented"
    )
    return {
        deal: _End(at if verdict == WON else None, is_invented or (verdict != WON and reason == INVALID))
        for deal, verdict, reason, at, is_invented in columns.iterator(SET)
    }


def _chosen(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows that belong to deals those of every so manyth deal."""
    deals = Opportunity.objects.beyond_sight(because=BECAUSE).count()
    step = math.ceil(deals / LEARNT_FROM)
    return rows.annotate(rest=F("opportunity_id") % step).filter(rest=0) if step > 1 else rows


def _rows(
    key: Key, cases: Sequence[Case], units: Mapping[int, Iterable[int]], today: dt.date, within: int
) -> Iterator[SkipEffect]:
    """The estimates of one stage: of the company and of every department that has left it out."""
    if not any(case.skipped for case in cases):
        return
    newest = sorted(cases, key=lambda case: case.at)[-NEWEST:]
    for unit, below in [(COMPANY, None), *units.items()]:
        of = newest if below is None else [case for case in newest if case.department_id in below]
        if any(case.skipped for case in of):
            yield from (_row(key, unit, of, outcome, today, within) for outcome in OUTCOMES)


def _row(key: Key, unit: int, cases: Sequence[Case], outcome: Outcome, today: dt.date, within: int) -> SkipEffect:
    import numpy as np  # loaded by whoever estimates

    from .adjusting import adjusted

    told = [(case, value) for case in cases if (value := outcome.of(case, within)) is not None]
    took = np.array([float(case.skipped) for case, _value in told])
    result = np.array([value for _case, value in told])
    found = adjusted(_columns([case for case, _value in told]), took, result, is_share=outcome.is_share)
    return SkipEffect(
        as_of=today,
        department_id=unit,
        process_id=key[0],
        stage=key[1],
        outcome=outcome.key,
        within_days=within,
        skipped=found.taken,
        comparable=found.comparable,
        **{name: _kept(getattr(found, name)) for name in ("difference", "low", "high", "e_value")},
    )


def _columns(cases: Sequence[Case]) -> Any:
    """What was known at the moment: whose deal, from where, how large, whether the customer had bought before."""
    import numpy as np

    from .fitting import indicators

    amount = np.array([math.nan if case.amount is None else math.log1p(case.amount) for case in cases])
    known = ~np.isnan(amount)
    size = np.zeros(len(cases))
    if known.any() and np.ptp(amount[known]):
        size[known] = (amount[known] - amount[known].mean()) / amount[known].std()
    again = np.array([float(case.is_repeat) for case in cases])
    return np.column_stack(
        [
            np.ones(len(cases)),
            again,
            size,
            size**2,
            again * size,
            ~known,
            indicators([case.source for case in cases], FEWEST_ALIKE),
            indicators([case.owner_id for case in cases], FEWEST_ALIKE),
        ]
    )


def _kept(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
