"""What happened to expenses. `former` and `rows` are carried to the counts, not kept.

Told on the page of the expense alone: the stories of customers and visits are read by others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import changes_of
from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.journal import Change, Event, about, carried, personal

from .models import Expense
from .options import EXPENSE_KIND

LINKED = {"customer_id": _("客户")}


class ExpenseRecorded(Event):
    """Somebody spent something."""

    expense_id: int = about("expenses.expense")
    kind_of: str
    amount: Decimal
    spent_on: dt.date
    rows: tuple[Expense, ...] = carried()
    says = _("登记费用 %(amount)s(%(kind_of)s,%(spent_on)s)")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The kind in words, the amount as people write it."""
        kind = names(EXPENSE_KIND).get(values["kind_of"], values["kind_of"])
        return values | {"kind_of": kind, "amount": f"{Decimal(values['amount']):,.2f}"}


class ExpenseCorrected(Event):
    """Something about an expense was wrong."""

    expense_id: int = about("expenses.expense")
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    former: tuple[Expense, ...] = carried()
    rows: tuple[Expense, ...] = carried()
    says = _("更正了费用")

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each field with what it was and what it is now."""
        return changes_of("expenses.Expense", values, {"kind": EXPENSE_KIND}, LINKED)


class ExpenseCancelled(Event):
    """An expense was entered by mistake: it counts no more."""

    expense_id: int = about("expenses.expense")
    amount: Decimal
    reason: str = personal()
    former: tuple[Expense, ...] = carried()
    says = _("取消费用 %(amount)s:%(reason)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The amount as people write it."""
        return values | {"amount": f"{Decimal(values['amount']):,.2f}"}
