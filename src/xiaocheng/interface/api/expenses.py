"""What people spend at work: recorded, corrected and cancelled by whoever spent it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.expenses import commands, queries
from xiaocheng.selling.expenses.access import SPEND
from xiaocheng.selling.expenses.commands import ExpenseDraft, ExpenseText
from xiaocheng.selling.expenses.queries import Expense

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["expenses"])


class ExpenseOut(Answer):
    """An expense of `credit_person_id`; one with `cancelled_at` counts nowhere."""

    id: int
    spent_on: dt.date
    booked_on: dt.date
    kind: str
    amount: Decimal
    customer_id: int | None
    visit_id: int | None
    note: str
    credit_person_id: int
    credit_department_id: int
    recorded_at: dt.datetime
    cancelled_at: dt.datetime | None
    reason: str
    version: int


class ExpensesAsked(Body):
    """Which expenses: all, those that stand, or the caller's own that stand; of a customer or visit, of some days."""

    view: Literal["all", "standing", "mine"] = "standing"
    customer_id: Id | None = None
    visit_id: Id | None = None
    since: Day | None = None
    until: Day | None = None


class ExpenseIn(Body):
    """What is known; `kind` is a code of the list expenses.kind."""

    spent_on: Day
    kind: Annotated[str, Field(max_length=40)]
    amount: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
    customer_id: Id | None = None
    note: Annotated[str, Field(max_length=1000)] = ""


class NewExpense(ExpenseIn):
    """One's own expense, perhaps on a visit of one's own: then it is for the customer of the visit."""

    visit_id: Id | None = None


class ExpenseCorrection(ExpenseIn):
    """The whole of what is known; `version` is the one that the correction started from."""

    version: Id


class ExpenseMistake(Body):
    """Why an expense is cancelled."""

    reason: Annotated[str, Field(max_length=500)]
    version: Id


@router.get("/expenses", response=Page[ExpenseOut])
def expenses(request: ApiRequest, paging: Query[Paging], asked: Query[ExpensesAsked]) -> Page[ExpenseOut]:
    """The expenses that one sees."""
    request.actor.require(SPEND)
    rows = queries.expenses(request.actor, asked.view, customer_id=asked.customer_id, visit_id=asked.visit_id)
    if asked.since is not None:
        rows = rows.filter(spent_on__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(spent_on__lte=asked.until)
    return page_of(rows.select_related(None), paging, _expense)


@router.get("/expenses/{expense_id}", response=ExpenseOut)
def expense(request: ApiRequest, expense_id: Id) -> ExpenseOut:
    """One expense."""
    request.actor.require(SPEND)
    return _expense(queries.expense(request.actor, expense_id))


@router.post("/expenses", response=ExpenseOut)
def record_expense(request: ApiRequest, body: NewExpense) -> ExpenseOut:
    """Record what one spent oneself."""
    return _expense(commands.record_expense(request.actor, ExpenseDraft(**body.model_dump())))


@router.put("/expenses/{expense_id}", response=ExpenseOut)
def correct_expense(request: ApiRequest, expense_id: Id, body: ExpenseCorrection) -> ExpenseOut:
    """Correct one's own expense; without `customer_id` one that is not on a visit is for nobody."""
    text = ExpenseText(**body.model_dump(exclude={"version"}))
    return _expense(commands.correct_expense(request.actor, expense_id, body.version, text))


@router.post("/expenses/{expense_id}/cancel", response=ExpenseOut)
def cancel_expense(request: ApiRequest, expense_id: Id, body: ExpenseMistake) -> ExpenseOut:
    """Take back one's own expense that was entered by mistake."""
    return _expense(commands.cancel_expense(request.actor, expense_id, body.version, body.reason))


def _expense(row: Expense) -> ExpenseOut:
    return shaped(ExpenseOut, row, version=row.edit_version)
