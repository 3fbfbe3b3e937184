"""From what happens to opportunities to changes of the open pipeline, and to their sums by day."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.bulk import RowMaker, in_sets
from xiaocheng.foundation.kernel.measures import add_rows
from xiaocheng.foundation.kernel.money import scaled
from xiaocheng.foundation.kernel.periods import booking_day, day_key
from xiaocheng.selling.pipeline.models import Opportunity, StageSpan
from xiaocheng.selling.pipeline.models.processes import OPEN

from .counting import Rows
from .models import COMPANY, NONE, PipelineChange, PipelineDay
from .models.movement import CLOSING, DOWN, HANDED, LOST, NEW, REOPENED, UP, WON

BECAUSE = "the open pipeline is followed whoever changes it"
KEY, COLUMNS = ("person_id", "department_id", "day", "kind"), ("n", "amount")
CHUNK = 2_000
change_row = RowMaker(PipelineChange)


@dataclass(frozen=True)
class Stand:
    """Where an opportunity stands: open at an amount with somebody, or closed by a win or a loss."""

    person_id: int
    department_id: int
    worth: Decimal
    closed: str = ""  # won or lost

    @classmethod
    def of(cls, row: PipelineChange) -> Stand:
        """After a change."""
        closed = row.kind if row.kind in CLOSING else ""
        return cls(row.credit_person_id, row.credit_department_id, row.worth, closed)


@dataclass(frozen=True)
class When:
    """At which instant, and on which day it counts."""

    occurred_at: dt.datetime
    booked_on: dt.date

    @classmethod
    def now(cls) -> When:
        """Now."""
        return cls(clock.now(), booking_day(clock.today()))


def changes(opportunity_id: int, was: Stand | None, now: Stand, when: When) -> Iterator[PipelineChange]:
    """What leads from one stand to another: every change of number and money has its row."""

    def row(kind: str, n: int, amount: Decimal, at: Stand, worth: Decimal) -> PipelineChange:
        return change_row(
            opportunity_id=opportunity_id,
            kind=kind,
            n=n,
            amount=amount,
            worth=worth,
            credit_person_id=at.person_id,
            credit_department_id=at.department_id,
            recorded_at=clock.now(),
            **vars(when),
        )

    if was is None or was.closed:
        if not now.closed:
            yield row(REOPENED if was else NEW, 1, now.worth, now, now.worth)
        return
    if (was.person_id, was.department_id) != (now.person_id, now.department_id):
        yield row(HANDED, -1, -was.worth, was, Decimal(0))
        yield row(HANDED, 1, was.worth, now, was.worth)
    if difference := now.worth - was.worth:
        yield row(UP if difference > 0 else DOWN, 0, difference, now, now.worth)
    if now.closed:
        yield row(now.closed, -1, -now.worth, now, Decimal(0))


def follow(opportunity_ids: Collection[int], when: When | None = None) -> None:
    """Write what changed of opportunities since their newest change; of unchanged ones nothing."""
    ids = sorted(set(opportunity_ids))
    stands = _stands(ids)
    rows = _deals().filter(pk__in=ids).order_by("pk")
    columns = rows.values_list("pk", "owner_id", "owner__department_id", "amount", "state")
    made = [
        change
        for pk, person, department, amount, state in columns
        for change in changes(pk, stands.get(pk), _stand(person, department, amount, state), when or When.now())
    ]
    write(made)


def open_deals_of(people: Collection[int]) -> list[int]:
    """The open opportunities of people."""
    rows = _deals().filter(owner__in=people, state=OPEN)
    return list(rows.values_list("pk", flat=True))


def take_back(opportunity_ids: Collection[int]) -> None:
    """Remove the newest change of each that closed or reopened it: the click was undone, and left no trace."""
    newest = _newest(opportunity_ids)
    _remove([row for row in newest.values() if row.kind in {*CLOSING, REOPENED}])


def forget(opportunity_ids: Collection[int]) -> None:
    """Remove all changes of opportunities that are unknown again."""
    _remove(list(_all().filter(opportunity__in=opportunity_ids)))


def bring_in(opportunity_ids: Iterable[int]) -> int:
    """Write the changes of opportunities that have none from their stays in stages; gives how many.

    An amount or owner that changed between two stays counts on the day of the later one, the last on that of the last.
    """
    number = 0
    for ids in in_sets(sorted(opportunity_ids), CHUNK):
        stays: dict[int, list[Any]] = defaultdict(list)
        spans = StageSpan.objects.beyond_sight(because=BECAUSE).filter(opportunity__in=ids)
        for row in spans.order_by("opportunity_id", "seq").values_list(
            "opportunity_id", "credit_person_id", "credit_department_id", "amount", "stage__kind", "occurred_at",
            "booked_on",
        ):  # fmt: skip
            stays[row[0]].append(row[1:])
        opportunities = _deals().filter(pk__in=ids)
        present = opportunities.values_list("pk", "owner_id", "owner__department_id", "amount", "state")
        made = [change for pk, *stand in present for change in _history(pk, stays[pk], _stand(*stand))]
        write(made)
        number += len(made)
    return number


def _history(pk: int, stays: list[Any], present: Stand) -> Iterator[PipelineChange]:
    was: Stand | None = None
    when = None
    for *stay, occurred_at, booked_on in stays:
        now, when = _stand(*stay), When(occurred_at, booked_on)
        yield from changes(pk, was, now, when)
        was = now
    if when is not None and not present.closed:
        yield from changes(pk, was, present, when)


def _stand(person_id: int, department_id: int, amount: Decimal | None, state: str) -> Stand:
    closed = "" if state == OPEN else LOST if state == LOST else WON
    return Stand(person_id, department_id, amount or Decimal(0), closed)


def _deals() -> QuerySet[Opportunity]:
    return Opportunity.objects.beyond_sight(because=BECAUSE)


def _all() -> QuerySet[PipelineChange]:
    return PipelineChange.objects.beyond_sight(because=BECAUSE)


def _newest(opportunity_ids: Collection[int]) -> dict[int, PipelineChange]:
    return {row.opportunity_id: row for row in _all().filter(opportunity__in=opportunity_ids).order_by("pk")}


def _stands(opportunity_ids: Collection[int]) -> Mapping[int, Stand]:
    return {pk: Stand.of(row) for pk, row in _newest(opportunity_ids).items()}


def write(rows: list[PipelineChange]) -> None:
    """Insert changes, and add them to the sums of their days."""
    if rows:
        PipelineChange.objects.add_many(rows)
        add_days(day_rows(_told(rows)))


def _remove(rows: list[PipelineChange]) -> None:
    if rows:
        add_days(day_rows(_told(rows), sign=-1))
        _all().filter(pk__in=[row.pk for row in rows]).delete()


def _told(rows: Iterable[PipelineChange]) -> Iterator[tuple[int, int, dt.date, str, int, Decimal]]:
    for row in rows:
        yield row.credit_person_id, row.credit_department_id, row.booked_on, row.kind, row.n, row.amount


def day_rows(changed: Iterable[tuple[int, int, dt.date, str, int, Decimal]], sign: int = 1) -> Rows:
    """What changes add to the sums of a day: of the person, of the department, of the company."""
    rows: Rows = defaultdict(Counter)
    for person, department, day, kind, n, amount in changed:
        for unit in ((person, department), (NONE, department), (NONE, COMPANY)):
            at = rows[*unit, day_key(day), kind]
            at["n"] += sign * n
            at["amount"] += sign * scaled(amount)
    return rows


def add_days(rows: Rows) -> None:
    """Add rows to the sums of days."""
    told = [(*at, *(values[name] for name in COLUMNS)) for at, values in rows.items() if any(values.values())]
    add_rows(PipelineDay, (*KEY, *COLUMNS), KEY, told)


def days_of_facts() -> Rows:
    """The sums of all days, from the changes themselves."""
    columns = ("credit_person_id", "credit_department_id", "booked_on", "kind", "n", "amount")
    return day_rows(_all().order_by().values_list(*columns).iterator(chunk_size=5000))


def rebuild_days() -> int:
    """Count the sums again from the changes, which are written where an opportunity has none; gives how many rows."""
    bring_in_missing()
    PipelineDay.objects.all().delete()
    rows = days_of_facts()
    add_days(rows)
    return len(rows)


def bring_in_missing() -> int:
    """Write the changes of the opportunities that have none; gives how many."""
    known = _all().filter(opportunity=OuterRef("pk"))
    return bring_in(_deals().filter(~Exists(known)).values_list("pk", flat=True))


def fill_changes() -> int:
    """Write the changes of all opportunities where there are none yet, as after the version that brought them."""
    return 0 if _all().exists() else bring_in_missing()


def wrong_stands() -> list[str]:
    """Opportunities whose newest change says otherwise than they do themselves."""
    rows = _deals().order_by("pk")
    wrong = []
    for some in in_sets(list(rows.values_list("pk", "owner_id", "owner__department_id", "amount", "state")), CHUNK):
        kept = _stands([pk for pk, *_stand_now in some])
        for pk, *columns in some:
            now, was = _stand(*columns), kept.get(pk)
            if any(changes(pk, was, now, When.now())):
                wrong.append(f"PipelineChange of opportunity {pk}: {was}, it is {now}")
    return wrong
