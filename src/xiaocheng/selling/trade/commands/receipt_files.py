"""Money received comes in from a file, and goes again where that was a mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import one_of
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.selling.pipeline.queries import Opportunity, quoted
from xiaocheng.selling.trade.access import IMPORT_SALES
from xiaocheng.selling.trade.drafts import PaymentDraft
from xiaocheng.selling.trade.events import ReceiptEntered, ReceiptUndone
from xiaocheng.selling.trade.models import Receipt

from .file_desk import FileDesk
from .history import Recorded
from .receipts import settle

BECAUSE = "a receipt is imported once, whoever may see it"


def import_receipts(actor: Actor, drafts: Sequence[PaymentDraft]) -> list[Recorded]:
    """Take in money received, with an outcome for each line; one that is there already adds nothing."""
    with transaction.atomic():
        take_turn("trade.receipts")
        actor.require(IMPORT_SALES)
        there = _there(drafts)
        deals = quoted(actor, sorted({draft.opportunity for draft in drafts if draft.opportunity}))
        known = {i: _same(draft, there[draft.identity]) for i, draft in enumerate(drafts) if draft.identity in there}
        new = [draft for i, draft in enumerate(drafts) if i not in known]
        desk = FileDesk.opened(actor, new, [deal.owner_id for deal in deals.values()])
        decided = [known.get(i) or _decided(desk, deals, draft) for i, draft in enumerate(drafts)]
        rows = Receipt.objects.add_many([row for row in decided if isinstance(row, Receipt)])
        record(actor, *(ReceiptEntered.of(row) for row in rows))
        settle(actor, {row.customer_id for row in rows})
    return [Recorded(row.pk, is_new=True) if isinstance(row, Receipt) else row for row in decided]


def undo_receipts(actor: Actor, receipt_ids: Sequence[int]) -> None:
    """Remove receipts that were taken in by mistake; those of a closed period stay."""
    with transaction.atomic():
        rows = list(Receipt.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=receipt_ids))
        actor.require(IMPORT_SALES)
        if len(rows) < len(receipt_ids):
            raise NotFound
        for row in rows:
            if booking_day(row.booked_on) != row.booked_on:
                raise RuleBroken(_("回款 %(number)s 记在已关账的期间,不能撤销。") % {"number": row})
        record(actor, *(_undone(row) for row in rows))
        Receipt.objects.visible_to(actor).filter(pk__in=receipt_ids).delete()
        settle(actor, {row.customer_id for row in rows})


def _there(drafts: Sequence[PaymentDraft]) -> dict[str, Receipt]:
    """The receipts that came from such lines, or that somebody entered under the same number."""
    identities = one_of({draft.identity for draft in drafts})
    rows = Receipt.objects.beyond_sight(because=BECAUSE).filter(reverses=None)
    found = rows.filter(Q(imported_as__in=identities) | Q(number__in=identities)).order_by("-pk")
    return {row.imported_as or row.number: row for row in found}


def _same(draft: PaymentDraft, there: Receipt) -> Recorded:
    """The receipt is there; another one under its number is refused, or it would get lost unnoticed."""
    if (there.received_on, there.amount) == (draft.occurred_on, draft.amount):
        return Recorded(there.pk)
    sentence = _("单据号 %(number)s 的回款已经登记过,但日期或金额不同。请核对单据号。")
    return Recorded(refusal=RuleBroken(sentence % {"number": there.number}, field="number"))


def _decided(desk: FileDesk, deals: Mapping[str, Opportunity], draft: PaymentDraft) -> Receipt | Recorded:
    """The row for a line, or the refusal."""
    try:
        return _row(desk, deals, draft)
    except Refusal as refusal:
        return Recorded(refusal=refusal)


def _row(desk: FileDesk, deals: Mapping[str, Opportunity], draft: PaymentDraft) -> Receipt:
    if draft.amount <= Decimal(0):
        raise RuleBroken(_("金额要大于 0;登记错了请冲销。"), field="amount")
    customer = desk.customer_of(draft)
    deal = deals.get(draft.opportunity)
    if draft.opportunity and (deal is None or deal.customer_id != customer):
        sentence = _("这位客户没有编号为 %(number)s 的商机。") % {"number": draft.opportunity}
        raise RuleBroken(sentence, field="opportunity")
    said = draft.seller_id or (deal.owner_id if deal is not None else None)
    person = said or desk.credited(draft, customer)
    if person is None:
        raise RuleBroken(_("客户没有负责人,不知道业绩记在谁名下。"), field="seller")
    return Receipt(
        received_on=draft.occurred_on,
        customer_id=customer,
        opportunity=deal,
        amount=draft.amount,
        means=draft.means,
        number=draft.number,
        note=draft.note,
        imported_as=draft.identity,
        credit_person_id=person,
        credit_department_id=desk.departments[person],
        booked_on=desk.booked_on(draft.occurred_on),
        recorded_at=desk.now,
        entered_by_id=desk.actor.person_id,
    )


def _undone(row: Receipt) -> ReceiptUndone:
    return ReceiptUndone(
        customer_id=row.customer_id, opportunity_id=row.opportunity_id, receipt_id=row.pk, amount=row.amount,
        rows=(row,),
    )  # fmt: skip
