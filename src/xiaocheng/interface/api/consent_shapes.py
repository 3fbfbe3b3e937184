"""What people agreed to and refused, as programs read it and narrow lists by it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.db.models import QuerySet
from ninja import Schema as Answer

from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.queries import CONSENTS, Consent, Words

from .schemas import shaped

State = Literal["given", "refused", "unasked"]


class ConsentOut(Answer):
    """Agreed or refused, when it was noted and on what basis; `is_imported`: a file told it."""

    contact_id: int | None
    channel: str
    is_given: bool
    note: str
    noted_by_id: int | None
    noted_at: dt.datetime
    is_imported: bool


class Consented(Answer):
    """The last word on each way of being reached, to narrow a list by; left out: whatever it is."""

    consent_phone: State | None = None
    consent_sms: State | None = None
    consent_email: State | None = None
    consent_wechat: State | None = None

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows, contacts or customers, whose last words are these."""
        for name, state in self.model_dump(exclude_none=True).items():
            rows = rows.filter(queries.has_said(rows.model, CONSENTS[name], state))
        return rows

    @property
    def is_asked(self) -> bool:
        """True when a list is narrowed by any."""
        return bool(self.model_dump(exclude_none=True))


def consent_out(row: Consent) -> ConsentOut:
    """One note."""
    return shaped(ConsentOut, row)


def consents_out(known: Words) -> list[ConsentOut]:
    """The last word on each way of being reached."""
    return [consent_out(row) for row in known.values()]
