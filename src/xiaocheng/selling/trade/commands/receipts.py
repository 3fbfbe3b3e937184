"""Money received is entered by hand, and taken back by a second entry where it was a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.foundation.org.queries import credited_departments, people
from xiaocheng.selling.customers.commands import note_debts
from xiaocheng.selling.customers.queries import Customer, customer, unpaid_owners
from xiaocheng.selling.fieldwork.queries import visit
from xiaocheng.selling.pipeline.queries import Opportunity, opportunity
from xiaocheng.selling.tasks import commands as tasks
from xiaocheng.selling.trade.access import ENTER
from xiaocheng.selling.trade.debts import Debt, debts
from xiaocheng.selling.trade.events import ReceiptEntered, ReceiptReversed
from xiaocheng.selling.trade.made_on import check_visit
from xiaocheng.selling.trade.models import Receipt
from xiaocheng.selling.trade.options import MEANS
from xiaocheng.selling.trade.rules import ReceiptRules

UNPAID = "trade.unpaid"
SET = 2000
LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class ReceiptDraft:
    """Money from a customer, perhaps for one of its deals or on a visit; `number` is that of the document."""

    customer_id: int
    amount: Decimal
    received_on: dt.date
    opportunity_id: int | None = None
    visit_id: int | None = None
    means: str = ""
    number: str = ""
    note: str = ""


def enter_receipt(actor: Actor, draft: ReceiptDraft) -> Receipt:
    """Enter money received from a customer whom one may see; credited to whose the deal, else the customer, is."""
    with transaction.atomic():
        payer = customer(actor, draft.customer_id)
        deal = None if draft.opportunity_id is None else opportunity(actor, draft.opportunity_id)
        made_on = None if draft.visit_id is None else visit(actor, draft.visit_id)
        actor.require(ENTER)
        check_visit(made_on, payer.pk, draft.received_on, "received_on")
        draft = replace(draft, means=resolved(MEANS, draft.means))
        _check(actor, draft, payer, deal)
        take_turn("trade.receipts")
        person = deal.owner_id if deal is not None else payer.owner_id or actor.person_id
        row: Receipt = Receipt.objects.add(_row(actor, draft, person))
        record(actor, ReceiptEntered.of(row))
        settle(actor, [row.customer_id])
    return row


def reverse_receipt(actor: Actor, receipt_id: int, reason: str) -> Receipt:
    """Take a receipt back by its opposite, booked today and credited alike; amounts are never edited."""
    with transaction.atomic():
        row: Receipt = Receipt.objects.locked(actor, receipt_id)
        actor.require(ENTER)
        if row.reverses_id is not None or Receipt.objects.visible_to(actor).filter(reverses=row).exists():
            raise RuleBroken(_("这笔回款已经冲销。"))
        if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
            raise RuleBroken(_("请写明冲销的原因,不超过 %(count)s 个字。") % {"count": LONGEST_REASON}, field="reason")
        take_turn("trade.receipts")
        kept = ("credit_person_id", "credit_department_id", "customer_id", "opportunity_id", "visit_id")
        today = clock.today()
        back: Receipt = Receipt.objects.add(
            Receipt(
                **{name: getattr(row, name) for name in kept},
                means=row.means,
                number=row.number,
                amount=-row.amount,
                received_on=today,
                booked_on=today,
                recorded_at=clock.now(),
                note=reason.strip(),
                entered_by_id=actor.person_id,
                reverses=row,
            )
        )
        record(actor, _reversed(back))
        settle(actor, [row.customer_id])
    return back


def settle(actor: Actor, customer_ids: Collection[int]) -> None:
    """Tell the customers' module who owes something now; whoever paid needs no reminder."""
    found = debts(customer_ids)
    owing = {pk for pk, debt in found.items() if debt.left > 0}
    note_debts(actor, owing, set(customer_ids) - owing)
    unpaid = {deal.opportunity_id for pk in owing for deal in found[pk].unpaid()}
    paid = {deal.opportunity_id for debt in found.values() for deal in debt.deals} - unpaid
    if paid:
        tasks.withdraw(actor, UNPAID, [_about(pk) for pk in paid])


def remind_unpaid(actor: Actor) -> int:
    """Put won deals that are not paid in time on their owners' lists, each once; gives how many are not."""
    actor.require_system()
    days = rules(ReceiptRules, clock.today()).remind_days
    if not days:
        return 0
    before = clock.now() - dt.timedelta(days=days)
    owners = unpaid_owners(actor)
    ids, count = list(owners), 0
    for some in in_sets(ids, SET):
        drafts = _reminders(debts(some), owners, before)
        tasks.push(actor, drafts)
        count += len(drafts)
    return count


def _reminders(found: dict[int, Debt], owners: dict[int, int], before: dt.datetime) -> list[tasks.TaskDraft]:
    late = [(pk, deal) for pk, debt in found.items() for deal in debt.unpaid() if deal.since < before]
    languages = dict(people(SYSTEM).filter(pk__in={owners[pk] for pk, _deal in late}).values_list("pk", "language"))
    drafts = []
    for pk, deal in late:
        with override(languages.get(owners[pk])):
            title = _("催收:「%(name)s」已赢单,尚未收齐款项") % {"name": deal.name}
        drafts.append(
            tasks.TaskDraft(
                kind=UNPAID,
                about=_about(deal.opportunity_id),
                occurrence=clock.day_of(deal.since).isoformat(),
                person_id=owners[pk],
                title=title[:200],
                due_on=clock.today(),
                customer_id=pk,
            )
        )
    return drafts


def _about(opportunity_id: int) -> str:
    return f"pipeline.opportunity:{opportunity_id}"


def _check(actor: Actor, draft: ReceiptDraft, payer: Customer, deal: Opportunity | None) -> None:
    if payer.is_masked_for(actor):
        raise RuleBroken(_("客户在公海中,领取或分配之后才能登记回款。"), field="customer_id")
    if deal is not None and deal.customer_id != payer.pk:
        raise RuleBroken(_("这个商机不是这位客户的。"), field="opportunity_id")
    if draft.amount <= 0:
        raise RuleBroken(_("金额要大于 0;登记错了请冲销。"), field="amount")
    if draft.received_on > clock.today():
        raise RuleBroken(_("收款日期不能晚于今天。"), field="received_on")
    if draft.means and not usable(MEANS, [draft.means]):
        raise RuleBroken(_("请从列出的选项中选择。"), field="means")


def _row(actor: Actor, draft: ReceiptDraft, person_id: int | None) -> Receipt:
    if person_id is None:
        raise RuleBroken(_("客户没有负责人,不知道业绩记在谁名下。"), field="customer_id")
    return Receipt(
        **vars(draft) | {"number": draft.number.strip(), "note": draft.note.strip()},
        credit_person_id=person_id,
        credit_department_id=credited_departments([person_id], draft.received_on)[person_id],
        booked_on=booking_day(draft.received_on),
        recorded_at=clock.now(),
        entered_by_id=actor.person_id,
    )


def _reversed(row: Receipt) -> ReceiptReversed:
    return ReceiptReversed(
        customer_id=row.customer_id,
        opportunity_id=row.opportunity_id,
        receipt_id=row.pk,
        amount=row.amount,
        reason=row.note,
        rows=(row,),
    )
