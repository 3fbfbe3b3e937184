"""What is counted about expenses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import BigIntegerField, F, Sum
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Measure, declare
from xiaocheng.foundation.kernel.money import SCALE, unscaled

from .models import Expense


def _about(customer_id: int | None) -> tuple[tuple[str, int], ...]:
    return () if customer_id is None else (("customer", customer_id),)


def _spent() -> Iterator[Bump]:
    rows = Expense.objects.beyond_sight(because="measures are rebuilt from all rows").filter(cancelled_at=None)
    grouped = rows.values_list("credit_person", "credit_department", "booked_on", "customer")
    exact = Cast(Round(F("amount") * SCALE), BigIntegerField())  # so that SQLite adds it up exactly
    for person, department, day, customer, total in grouped.annotate(n=Sum(exact)).order_by():
        yield Bump(SPENT, person, department, day, unscaled(total), _about(customer))


def expense_bumps(rows: Iterable[Expense], sign: int) -> Iterator[Bump]:
    """What expenses add to the measure, or take from it."""
    for row in rows:
        value, about = sign * row.amount, _about(row.customer_id)
        yield Bump(SPENT, row.credit_person_id, row.credit_department_id, row.booked_on, value, about)


SPENT = declare(
    Measure(
        key="expenses.amount",
        name=_("费用"),
        unit="money",
        formula=_("期间内发生的费用合计,取消的不计;记在花费的人名下"),
        facts=_spent,
        by=frozenset({"customer"}),
    )
)
