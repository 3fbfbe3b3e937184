"""What a day at work is judged by: when somebody shall be there, when he was, and what is missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

MINUTE = dt.timedelta(minutes=1)
Span = tuple[dt.datetime, dt.datetime]
OF_ROLE = re.compile(r"([\w-]+)=(company|customer|post)(?: (\d\d:\d\d)-(\d\d:\d\d))?")


class Way(models.TextChoices):
    """Where the day begins and ends, and so what tells of it."""

    COMPANY = "company", _("公司")
    CUSTOMER = "customer", _("第一家客户")
    POST = "post", _("岗位")


class Finding(models.TextChoices):
    """What is wrong with a day."""

    NOT_YET = "not_yet", _("尚未到岗")
    LATE = "late", _("迟到")
    EARLY = "early", _("早退")
    NO_ARRIVAL = "no_arrival", _("缺上班卡")
    NO_LEAVING = "no_leaving", _("缺下班卡")
    ABSENT = "absent", _("缺勤")


@dataclass(frozen=True)
class Hours:
    """How a role attends on a day: where, from when to when."""

    way: str
    begins_at: dt.time
    ends_at: dt.time


def hours_by_role(text: str) -> dict[str, tuple[str, dt.time | None, dt.time | None]]:
    """How each role attends, as a rule writes it: "rep=customer, promoter=post 10:00-19:00"; ValueError otherwise."""
    found: dict[str, tuple[str, dt.time | None, dt.time | None]] = {}
    for part in filter(None, (it.strip() for it in re.split(r"[,,、;;]", text))):
        match = OF_ROLE.fullmatch(part)
        if match is None:
            raise ValueError(part)
        role, way, begins, ends = match.groups()
        if begins and begins >= ends:
            raise ValueError(part)
        found[role] = (way, _time(begins), _time(ends))
    return found


def _time(text: str | None) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


def degrees(text: str) -> tuple[Decimal, Decimal] | None:
    """A place as a rule writes it, "31.230416, 121.473701"; ValueError for what is none."""
    if not text.strip():
        return None
    try:
        latitude, longitude = (Decimal(part.strip()) for part in re.split("[,,]", text))
    except InvalidOperation:
        raise ValueError(text) from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(text)
    return latitude, longitude


@dataclass(frozen=True, kw_only=True)
class Traces:
    """What tells of a day: the taps of the clock, and the visits."""

    clocked_in: dt.datetime | None = None
    clocked_out: dt.datetime | None = None
    first_visit: dt.datetime | None = None
    last_visit: dt.datetime | None = None

    def arrival(self, way: str) -> dt.datetime | None:
        """When the day began: the clock, or the first check-in where the day begins at a customer's."""
        visit = self.first_visit if way == Way.CUSTOMER else None
        return min(filter(None, (self.clocked_in, visit)), default=None)

    def leaving(self, way: str) -> dt.datetime | None:
        """When it ended: the clock, or the last check-out where the day ends at a customer's."""
        visit = self.last_visit if way == Way.CUSTOMER else None
        return max(filter(None, (self.clocked_out, visit)), default=None)

    @property
    def any(self) -> bool:
        """True when something tells that he worked."""
        return any((self.clocked_in, self.clocked_out, self.first_visit, self.last_visit))


@dataclass(frozen=True)
class Found:
    """A finding, and by how many minutes where it is about time."""

    finding: str
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Attended:
    """A day of attendance: whether it was due, when somebody came and left, what is missing."""

    way: str
    is_due: bool
    was_there: bool
    arrived_at: dt.datetime | None = None
    left_at: dt.datetime | None = None
    excuse: str = ""  # "leave" or "trip", for the day or a part of it
    returns_late: bool = False
    found: tuple[Found, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As a report keeps it."""
        moments = {name: at.isoformat() if (at := getattr(self, name)) else None for name in ("arrived_at", "left_at")}
        found = [[it.finding, it.minutes] for it in self.found]
        plain = {name: getattr(self, name) for name in ("way", "is_due", "was_there", "excuse", "returns_late")}
        return plain | {"found": found} | moments

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> Attended:
        """As it was kept."""
        moments = {
            name: dt.datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("arrived_at", "left_at")
        }
        found = tuple(Found(finding, minutes) for finding, minutes in kept["found"])
        return cls(**kept | moments | {"found": found})


@dataclass(frozen=True)
class Excused:
    """What was granted for a day: from when to when away, for which reason in the first place, and to return late."""

    spans: tuple[Span, ...] = ()
    why: str = ""
    returns_late: bool = False


NOTHING_GRANTED = Excused()


def without(work: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """What is left of hours of work when some spans are taken out."""
    left = list(work)
    for first, until in spans:
        cut = [((begins, min(ends, first)), (max(begins, until), ends)) for begins, ends in left]
        left = [(begins, ends) for parts in cut for begins, ends in parts if begins < ends]
    return left


def judge(
    way: str,
    hours: Sequence[Span],
    traces: Traces,
    excused: Excused = NOTHING_GRANTED,
    *,
    grace: int,
    now: dt.datetime,
    over: bool,
) -> Attended:
    """What is to be said of a day by now; `hours` are those of work, none on a day off; `over`: midnight is past.

    What was granted is taken out of the hours; who returns late needs not be seen to leave. Until the hours are over
    only the clock says that somebody has left: after one visit comes the next.
    """
    work = without(hours, excused.spans)
    going_on = bool(work) and now < work[-1][1]
    ends_where = Way.POST if going_on else Way.CUSTOMER if excused.returns_late else way
    arrived, left = traces.arrival(way), traces.leaving(ends_where)
    found = _found(work, arrived, left, traces, grace, now, over) if work else []
    if excused.returns_late:
        found = [it for it in found if it.finding not in (Finding.EARLY, Finding.NO_LEAVING)]
    return Attended(
        way=way,
        is_due=bool(work),
        was_there=traces.any,
        arrived_at=arrived,
        left_at=left,
        excuse=excused.why if work != list(hours) else "",
        returns_late=excused.returns_late,
        found=tuple(found),
    )


def _found(
    work: Sequence[Span],
    arrived: dt.datetime | None,
    left: dt.datetime | None,
    traces: Traces,
    grace: int,
    now: dt.datetime,
    over: bool,
) -> list[Found]:
    begins, ends = work[0][0], work[-1][1]
    if not traces.any:
        missing = Finding.ABSENT if over else Finding.NOT_YET
        return [Found(missing)] if over or now > begins + grace * MINUTE else []
    late = _minutes(arrived - begins) if arrived else 0
    early = _minutes(ends - left) if left and now >= ends else 0
    said = {
        Found(Finding.LATE, late): late > grace,
        Found(Finding.NO_ARRIVAL): arrived is None and (over or left is not None),
        Found(Finding.EARLY, early): early > grace,
        Found(Finding.NO_LEAVING): left is None and over,
    }
    return [item for item, holds in said.items() if holds]


def _minutes(time: dt.timedelta) -> int:
    """Whole minutes, rounded up; none of what lies before."""
    return max(0, -(-time // MINUTE))
