"""What happened in the field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import changes_of
from xiaocheng.foundation.kernel.journal import Change, Event, about, personal

from .attendance_events import AttendanceAsked as AttendanceAsked
from .attendance_events import AttendanceGranted as AttendanceGranted
from .attendance_events import AttendanceRefused as AttendanceRefused
from .attendance_events import AttendanceWithdrawn as AttendanceWithdrawn
from .attendance_events import ClockedIn as ClockedIn
from .attendance_events import ClockedOut as ClockedOut
from .market_events import MarketAlarmed as MarketAlarmed
from .market_events import MarketClosed as MarketClosed
from .market_events import MarketMerged as MarketMerged
from .market_events import MarketReopened as MarketReopened
from .market_events import MarketReported as MarketReported
from .market_events import MarketReportEdited as MarketReportEdited
from .market_events import MarketTakenUp as MarketTakenUp
from .market_events import MarketUnmerged as MarketUnmerged
from .models import Kind, LineOutcome, Outcome, Result

LINKED = {"contact_id": _("联系人"), "opportunity_id": _("商机")}


class PlanSubmitted(Event):
    """A plan was laid before the supervisor; `first` tells the first time from a renewed one."""

    plan_id: int = about("fieldwork.plan")
    person_id: int = about("org.person")
    department_id: int
    day: dt.date
    version: int
    first: bool
    lines: int
    done: int  # lines already done when a late plan was submitted
    late_minutes: int
    needs_signature: bool
    says = _("提交了 %(day)s 的拜访计划(%(lines)s 家)")


class PlanChanged(Event):
    """Lines of a submitted plan changed; `added` is how many more (or fewer) it has."""

    plan_id: int = about("fieldwork.plan")
    person_id: int = about("org.person")
    department_id: int
    day: dt.date
    version: int
    added: int
    after_signing: bool
    says = _("修改了 %(day)s 已提交的拜访计划")


class PlanReordered(Event):
    """The lines of a plan were put into another order."""

    plan_id: int = about("fieldwork.plan")
    person_id: int
    day: dt.date
    version: int
    says = _("调整了 %(day)s 拜访计划的顺序")


class PlanSigned(Event):
    """The supervisor agreed to a plan."""

    plan_id: int = about("fieldwork.plan")
    person_id: int = about("org.person")
    day: dt.date
    version: int
    says = _("签核了 %(day)s 的拜访计划")


class PlanReturned(Event):
    """The supervisor sent a plan back with an instruction."""

    plan_id: int = about("fieldwork.plan")
    person_id: int = about("org.person")
    day: dt.date
    version: int
    says = _("退回了 %(day)s 的拜访计划")


class LineSettled(Event):
    """A planned visit did not take place: it was moved to another day or dropped, with the reason."""

    plan_id: int = about("fieldwork.plan")
    line_id: int
    customer_id: int | None = about("customers.customer")
    outcome: str
    moved_to: dt.date | None
    says = _("计划的拜访没有进行:%(outcome)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Moved or not made, in words."""
        return values | {"outcome": LineOutcome(values["outcome"]).label}


class VisitStarted(Event):
    """Somebody checked in."""

    visit_id: int = about("fieldwork.visit")
    customer_id: int | None = about("customers.customer")
    person_id: int
    is_off_plan: bool
    says = _("签到,开始拜访")


class VisitEnded(Event):
    """Somebody checked out."""

    visit_id: int = about("fieldwork.visit")
    customer_id: int | None
    person_id: int
    says = _("拜访签退")


class PlaceConsentNoted(Event):
    """Somebody agreed that the place of his check-ins is kept, or withdrew that."""

    person_id: int = about("org.person")
    is_given: bool
    says = _("%(is_given)s签到位置的记录")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Agreed or not, in words."""
        return values | {"is_given": _("同意") if values["is_given"] else _("不再同意")}


class VisitCompleted(Event):
    """The result of a visit was recorded."""

    visit_id: int = about("fieldwork.visit")
    customer_id: int | None = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    person_id: int
    department_id: int
    booked_on: dt.date
    plan_day: dt.date | None  # of the submitted plan whose line this visit fulfils
    plan_department_id: int | None
    outcome: str
    result: str
    next_on: dt.date | None
    is_effective: bool
    is_off_plan: bool
    says = _("完成拜访:%(outcome)s,%(result)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The two answers in words."""
        return in_words(values)


class VisitAmended(Event):
    """A recorded result was corrected; `effective_change` is +1 or -1 when that changed its being effective.

    The former and new values are personal: they tell of whom one talked to.
    """

    visit_id: int = about("fieldwork.visit")
    customer_id: int | None = about("customers.customer")
    person_id: int
    department_id: int
    booked_on: dt.date
    effective_change: int
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    says = _("更正了拜访记录")

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each answer with what it was and what it is now."""
        return changes_of("fieldwork.Visit", values, called=LINKED)


class ContactLogged(Event):
    """A call, message or demonstration was recorded."""

    visit_id: int = about("fieldwork.visit")
    customer_id: int | None = about("customers.customer")
    opportunity_id: int | None = about("pipeline.opportunity")
    person_id: int
    department_id: int
    booked_on: dt.date
    kind_of: str
    outcome: str
    result: str
    next_on: dt.date | None
    says = _("%(kind_of)s联系:%(result)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The kind and the result in words."""
        return in_words(values) | {"kind_of": Kind(values["kind_of"]).label}


def in_words(values: dict[str, Any]) -> dict[str, Any]:
    """Whom one met and what came of it, as people say it."""
    return values | {"outcome": Outcome(values["outcome"]).label, "result": Result(values["result"]).label}
