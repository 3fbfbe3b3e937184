"""Events of expenses -> measures."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import bump

from .events import ExpenseCancelled, ExpenseCorrected, ExpenseRecorded
from .measures import expense_bumps


@projects(ExpenseRecorded)
def count_spent(events: Sequence[ExpenseRecorded]) -> None:
    """Add up expenses for whoever spent them."""
    bump(item for event in events for item in expense_bumps(event.rows, 1))


@projects(ExpenseCorrected)
def count_anew(events: Sequence[ExpenseCorrected]) -> None:
    """What was wrong goes, what is right comes instead."""
    bump(item for event in events for item in expense_bumps(event.former, -1))
    bump(item for event in events for item in expense_bumps(event.rows, 1))


@projects(ExpenseCancelled)
def count_no_more(events: Sequence[ExpenseCancelled]) -> None:
    """What is cancelled counts nowhere."""
    bump(item for event in events for item in expense_bumps(event.former, -1))
