"""What happened to complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import changes_of
from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.journal import Change, Event, about, carried, personal
from xiaocheng.selling.fieldwork.states import Severity

from .models import ComplaintClosing, Satisfaction
from .options import COMPLAINT_KIND

LINKED = {"contact_id": _("联系人"), "product_id": _("产品")}


class ComplaintRaised(Event):
    """A customer complained."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    person_id: int
    department_id: int
    booked_on: dt.date
    kind_of: str
    severity: str
    says = _("登记了客户投诉:%(kind_of)s,%(severity)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Kind and severity in words."""
        return in_words(values)


class ComplaintEdited(Event):
    """What is known about a complaint was changed."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    says = _("更新了客户投诉")

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each field with what it was and what it is now."""
        return changes_of("service.Complaint", values, {"kind": COMPLAINT_KIND}, LINKED)


class ComplaintHandedOn(Event):
    """Somebody else is responsible for a complaint: it was given to him, or came with the customer or the work."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    from_id: int | None
    to_id: int
    to_name: str
    says = _("投诉交由 %(to_name)s 处理")


class ComplaintAlarmed(Event):
    """A complaint that cannot wait was told to people up the line: at once, or because nobody took it up in time."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    severity: str
    told: tuple[int, ...]
    in_vain: bool
    says = _("投诉(%(severity)s)已上报主管")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The severity in words."""
        return values | {"severity": Severity(values["severity"]).label}


class ComplaintTakenUp(Event):
    """Somebody has begun to handle a complaint."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    person_id: int  # who took it down
    says = _("受理了客户投诉")


class ComplaintClosed(Event):
    """The measures were taken."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    person_id: int  # who took it down
    closings: tuple[ComplaintClosing, ...] = carried()
    says = _("客户投诉已结案")


class ComplaintReopened(Event):
    """What was done did not help."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    to_id: int
    reason: str = personal()
    closings: tuple[ComplaintClosing, ...] = carried()
    says = _("客户投诉重新处理:%(reason)s")


class ComplaintJudged(Event):
    """The customer said what he thinks of how his complaint was handled."""

    complaint_id: int = about("service.complaint")
    customer_id: int = about("customers.customer")
    satisfaction: str
    says = _("客户对投诉处理的评价:%(satisfaction)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The answer in words."""
        return values | {"satisfaction": Satisfaction(values["satisfaction"]).label}


def in_words(values: dict[str, Any]) -> dict[str, Any]:
    """Kind and severity as people say them."""
    kind = names(COMPLAINT_KIND).get(values["kind_of"], values["kind_of"])
    return values | {"kind_of": kind, "severity": Severity(values["severity"]).label}
