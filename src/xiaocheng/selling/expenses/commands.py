"""Every way to change expenses: recorded, corrected and cancelled by whoever spent them."""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.changes import differing, kept_of
from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.money import LARGEST, MoneyRules, round_minor
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.fieldwork.queries import Visit, visit

from .access import SPEND
from .events import ExpenseCancelled, ExpenseCorrected, ExpenseRecorded
from .models import Expense
from .options import EXPENSE_KIND

KIND = "expenses.expense"
TOLD = ("spent_on", "kind", "amount", "customer_id", "note")
LONGEST_NOTE, LONGEST_REASON = 1000, 500


@dataclass(frozen=True, kw_only=True)
class ExpenseText:
    """What is known about an expense; one on a visit is for the customer of the visit."""

    spent_on: dt.date
    kind: str
    amount: Decimal
    customer_id: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ExpenseDraft(ExpenseText):
    """An expense as it is recorded, perhaps on a visit of one's own."""

    visit_id: int | None = None


def record_expense(actor: Actor, draft: ExpenseDraft, receipt: tuple[str, bytes] | None = None) -> Expense:
    """Record what one spent oneself, on a day up to today; with the picture of a receipt, both or neither."""
    with transaction.atomic():
        made_on = None if draft.visit_id is None else visit(actor, draft.visit_id)
        customer_id = _customer_of(actor, draft, made_on)
        actor.require(SPEND)
        person_id, _department = actor.credited()
        if made_on is not None and made_on.credit_person_id != person_id:
            raise RuleBroken(_("只能在自己的拜访中登记费用。"), field="visit_id")
        row: Expense = Expense.objects.add(
            Expense(
                **_values(draft, person_id),
                customer_id=customer_id,
                visit=made_on,
                credit_person_id=person_id,
                recorded_at=clock.now(),
            )
        )
        record(
            actor,
            ExpenseRecorded(expense_id=row.pk, kind_of=row.kind, amount=row.amount, spent_on=row.spent_on, rows=(row,)),
        )
        if receipt is not None:
            attach(actor, KIND, row.pk, *receipt)
    return row


def correct_expense(actor: Actor, expense_id: int, version: int, text: ExpenseText) -> Expense:
    """Correct one's own expense while the period in which it counts is open."""
    with transaction.atomic():
        row = _own(actor, expense_id)
        customer_id = row.customer_id
        if text.customer_id != row.customer_id:
            customer_id = _customer_of(actor, text, row.visit)
        former, told = copy(row), kept_of(row, TOLD)
        save_edit(row, version, **_values(text, row.credit_person_id, former), customer_id=customer_id)
        before, after = differing(told, kept_of(row, TOLD))
        if before:
            record(
                actor,
                ExpenseCorrected(expense_id=row.pk, before=before, after=after, former=(former,), rows=(row,)),
            )
    return row


def cancel_expense(actor: Actor, expense_id: int, version: int, reason: str) -> Expense:
    """Take back one's own expense that was entered by mistake; it stays to be seen and counts nowhere."""
    with transaction.atomic():
        row = _own(actor, expense_id)
        why = reason.strip()
        if not why or len(why) > LONGEST_REASON:
            raise RuleBroken(_("请写明取消的原因,不超过 %(count)s 个字。") % {"count": LONGEST_REASON}, field="reason")
        former = copy(row)
        save_edit(row, version, cancelled_at=clock.now(), reason=why)
        record(actor, ExpenseCancelled(expense_id=row.pk, amount=row.amount, reason=why, former=(former,)))
    return row


def _own(actor: Actor, expense_id: int) -> Expense:
    """The actor's own expense that may still be changed."""
    row: Expense = Expense.objects.locked(actor, expense_id)
    actor.require(SPEND)
    if row.credit_person_id != actor.person_id:
        raise RuleBroken(_("费用由花费的人自己更正或取消,您可以查看。"))
    if row.cancelled_at is not None:
        raise RuleBroken(_("这笔费用已经取消。"))
    if booking_day(row.booked_on) != row.booked_on:
        raise RuleBroken(_("这笔费用记在已关账的期间,不能更正或取消。"))
    return row


def _customer_of(actor: Actor, text: ExpenseText, made_on: Visit | None) -> int | None:
    """For whom: as it was said, else the customer of the visit; a masked or invisible one is nobody's expense."""
    if made_on is not None:
        if text.customer_id not in (None, made_on.customer_id):
            raise RuleBroken(_("这次拜访不是这位客户的。"), field="customer_id")
        return made_on.customer_id
    if text.customer_id is None:
        return None
    row = customer(actor, text.customer_id)
    if row.is_masked_for(actor):
        raise RuleBroken(_("客户在公海中,领取或分配之后才能登记费用。"), field="customer_id")
    return row.pk


def _values(text: ExpenseText, person_id: int, former: Expense | None = None) -> dict[str, Any]:
    """The columns of what is known, checked; a kind that stands there already may stay though it is out of use."""
    kind = resolved(EXPENSE_KIND, text.kind)
    if not usable(EXPENSE_KIND, [kind]) and (former is None or kind != former.kind):
        raise RuleBroken(_("请从列出的选项中选择。"), field="kind")
    if text.spent_on > clock.today():
        raise RuleBroken(_("费用的日期不能晚于今天。"), field="spent_on")
    amount = round_minor(text.amount, rules(MoneyRules, text.spent_on).minor_digits)
    if not 0 < amount <= LARGEST:
        raise RuleBroken(_("金额要大于 0,并且不能太大。"), field="amount")
    if former is not None and former.amount == amount:
        amount = former.amount  # the journal would take 40.00 and 40.0000 for a change
    if len(text.note.strip()) > LONGEST_NOTE:
        raise RuleBroken(_("备注不超过 %(count)s 个字。") % {"count": LONGEST_NOTE}, field="note")
    values = {"kind": kind, "amount": amount, "note": text.note.strip()}
    if former is not None and former.spent_on == text.spent_on:
        return values
    return values | {
        "spent_on": text.spent_on,
        "booked_on": booking_day(text.spent_on),
        "credit_department_id": credited_departments([person_id], text.spent_on)[person_id],
    }
