"""What happened to attendance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about

from .models import RequestKind


class ClockedIn(Event):
    """Somebody began his day."""

    person_id: int = about("org.person")
    day: dt.date
    says = _("上班打卡")


class ClockedOut(Event):
    """Somebody ended his day, perhaps anew."""

    person_id: int = about("org.person")
    day: dt.date
    says = _("下班打卡")


class AttendanceAsked(Event):
    """Somebody asked for leave, a trip, a late return or a corrected tap."""

    request_id: int = about("fieldwork.attendancerequest")
    person_id: int = about("org.person")
    kind_of: str
    day: dt.date
    needs_signature: bool
    says = _("提交了考勤申请:%(kind_of)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What is asked for, in words."""
        return in_words(values)


class AttendanceGranted(Event):
    """A request holds from now on."""

    request_id: int = about("fieldwork.attendancerequest")
    person_id: int = about("org.person")
    kind_of: str
    day: dt.date
    says = _("同意了考勤申请:%(kind_of)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What is granted, in words."""
        return in_words(values)


class AttendanceRefused(Event):
    """A request was sent back."""

    request_id: int = about("fieldwork.attendancerequest")
    person_id: int = about("org.person")
    kind_of: str
    says = _("退回了考勤申请:%(kind_of)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What is refused, in words."""
        return in_words(values)


class AttendanceWithdrawn(Event):
    """Somebody took his request back."""

    request_id: int = about("fieldwork.attendancerequest")
    person_id: int = about("org.person")
    kind_of: str
    says = _("撤回了考勤申请:%(kind_of)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What is not wanted any more, in words."""
        return in_words(values)


def in_words(values: dict[str, Any]) -> dict[str, Any]:
    """The kind of a request as people say it."""
    return values | {"kind_of": RequestKind(values["kind_of"]).label}
