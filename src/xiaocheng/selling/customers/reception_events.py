"""What happened at the showroom and the hotline; announced as part of `events`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import changes_of
from xiaocheng.foundation.kernel.journal import Change, Event, about, personal

from .models.reception import Channel, Outcome


class GuestReceived(Event):
    """A party was received, or a caller."""

    reception_id: int = about("customers.reception")
    customer_id: int | None = about("customers.customer")
    person_id: int
    department_id: int
    booked_on: dt.date
    channel: str
    outcome: str
    owner_id: int | None
    name: str = personal()
    says = _("接待了「%(name)s」:%(channel)s,%(outcome)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """How they came and what it meant, in words."""
        return values | {"channel": Channel(values["channel"]).label, "outcome": Outcome(values["outcome"]).label}


class OwnerStoodInFor(Event):
    """Somebody received a customer in place of the owner, who was not there; it stays the owner's."""

    reception_id: int = about("customers.reception")
    customer_id: int
    owner_id: int
    says = _("代负责人接待了客户,归属不变")


class ReceptionEdited(Event):
    """What was noted about a reception changed; the former and new values are personal."""

    reception_id: int = about("customers.reception")
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    says = _("修改了接待登记")

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each field with what stood there and what stands there now."""
        return changes_of("customers.Reception", values, called={"helpers": _("协助的同事")})


class ReceptionCancelled(Event):
    """A reception was registered by mistake."""

    reception_id: int = about("customers.reception")
    customer_id: int | None = about("customers.customer")
    person_id: int
    department_id: int
    booked_on: dt.date
    reason: str = personal()
    takes_back = GuestReceived
    says = _("作废了接待登记:%(reason)s")


class TurnPassed(Event):
    """Somebody's turn at a showroom or hotline was passed on."""

    site_id: int = about("org.dutysite")
    person_id: int = about("org.person")
    site: str
    reason: str
    says = _("让过了「%(site)s」的一轮:%(reason)s")
