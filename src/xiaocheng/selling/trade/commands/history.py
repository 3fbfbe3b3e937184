"""Past sales come in from an ERP or a spreadsheet, and go again where that was a mistake."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import RowMaker, one_of
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.selling.catalogue.queries import ids_by_name as products_by_name
from xiaocheng.selling.customers.commands import Deal, note_first_deals
from xiaocheng.selling.trade.access import IMPORT_SALES
from xiaocheng.selling.trade.drafts import SaleDraft
from xiaocheng.selling.trade.events import SalesRecorded, SalesUndone
from xiaocheng.selling.trade.models import CustomerNumber, SaleLine

from .file_desk import FileDesk
from .firsts import undo_false_firsts

MOST = 2000  # lines of one transaction: others wait meanwhile
BECAUSE = "a line is imported once, whoever may see it"
sale_row = RowMaker(SaleLine)
Place = tuple[str, str]


@dataclass(frozen=True)
class Recorded:
    """What became of one line: its row and whether it is new, or why it was refused."""

    row_id: int | None = None
    is_new: bool = False
    refusal: Refusal | None = None


def record_sales(actor: Actor, drafts: Sequence[SaleDraft]) -> list[Recorded]:
    """Take in up to 2,000 lines, with an outcome for each; one that is there already adds nothing."""
    if len(drafts) > MOST:
        raise ValueError(f"at most {MOST} in one set")
    with transaction.atomic():
        there = _there(drafts)
        actor.require(IMPORT_SALES)
        known = {i: _same(draft, there) for i, draft in enumerate(drafts) if (draft.document, draft.place) in there}
        new = [draft for i, draft in enumerate(drafts) if i not in known]
        desk = FileDesk.opened(actor, new)
        products = products_by_name(actor, {draft.product for draft in new if draft.product})
        decided = [known.get(i) or _decided(desk, products, draft) for i, draft in enumerate(drafts)]
        rows = SaleLine.objects.add_many([row for row in decided if isinstance(row, SaleLine)])
        of_customers = _by_customer(rows)
        record(actor, *(_recorded(customer, lines) for customer, lines in of_customers.items()))
        note_first_deals(actor, _first_deals(of_customers))
    return [Recorded(row.pk, is_new=True) if isinstance(row, SaleLine) else row for row in decided]


def _there(drafts: Sequence[SaleDraft]) -> dict[Place, SaleLine]:
    """The lines of these documents that are there; nobody else takes lines in until the transaction ends."""
    take_turn("trade.lines")
    rows = SaleLine.objects.beyond_sight(because=BECAUSE)
    rows = rows.filter(number__in=one_of({draft.document for draft in drafts}))
    return {(row.number, row.line): row for row in rows.only("number", "line", "occurred_on", "amount", "product_text")}


def _same(draft: SaleDraft, there: Mapping[Place, SaleLine]) -> Recorded:
    """The line is there; another one under the same number is refused, or a sale would get lost unnoticed."""
    row = there[draft.document, draft.place]
    if (row.occurred_on, row.amount, row.product_text) == (draft.occurred_on, draft.amount, draft.product):
        return Recorded(row.pk)
    sentence = _("单号 %(number)s 的第 %(line)s 行已经导入过,但日期、产品或金额不同。请核对单号和行号。")
    return Recorded(refusal=RuleBroken(sentence % {"number": draft.document, "line": draft.place}, field="number"))


def _decided(desk: FileDesk, products: Mapping[str, int], draft: SaleDraft) -> SaleLine | Recorded:
    """The row for a line, or the refusal."""
    try:
        customer = desk.customer_of(draft)
    except Refusal as refusal:
        return Recorded(refusal=refusal)
    person = desk.credited(draft, customer)
    return sale_row(
        credit_person_id=person,
        credit_department_id=desk.departments.get(person) if person else None,
        recorded_at=desk.now,
        booked_on=desk.booked_on(draft.occurred_on),
        occurred_on=draft.occurred_on,
        number=draft.document,
        line=draft.place,
        customer_id=customer,
        product_id=products.get(draft.product),
        product_text=draft.product,
        quantity=draft.quantity,
        amount=draft.amount,
        profit=draft.profit,
        discount=draft.discount,
        note=draft.note,
    )


def _by_customer(rows: Sequence[SaleLine]) -> dict[int, list[SaleLine]]:
    ordered = sorted(rows, key=attrgetter("customer_id", "occurred_on"))
    return {customer: list(lines) for customer, lines in groupby(ordered, key=attrgetter("customer_id"))}


def _recorded(customer_id: int, lines: Sequence[SaleLine]) -> SalesRecorded:
    return SalesRecorded(
        customer_id=customer_id,
        lines=len(lines),
        amount=sum((row.amount for row in lines), Decimal(0)),
        first_on=lines[0].occurred_on,
        last_on=lines[-1].occurred_on,
        rows=tuple(lines),
    )


def _first_deals(of_customers: Mapping[int, Sequence[SaleLine]]) -> dict[int, Deal]:
    """The first sale to each customer, what came back left out."""
    firsts = {
        customer: next((row for row in lines if row.amount > 0), None) for customer, lines in of_customers.items()
    }
    return {
        customer: Deal(row.occurred_on, row.credit_person_id, row.credit_department_id)
        for customer, row in firsts.items()
        if row is not None
    }


def undo_sales(actor: Actor, line_ids: Sequence[int]) -> None:
    """Remove lines that were taken in by mistake; those of a closed period stay."""
    with transaction.atomic():
        rows = list(SaleLine.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=line_ids))
        actor.require(IMPORT_SALES)
        if len(rows) < len(line_ids):
            raise NotFound
        for row in rows:
            if booking_day(row.booked_on) != row.booked_on:
                raise RuleBroken(_("单号 %(number)s 记在已关账的期间,不能撤销。") % {"number": row.number})
        SaleLine.objects.visible_to(actor).filter(pk__in=line_ids).delete()
        of_customers = _by_customer(rows)
        record(actor, *(_undone(customer, lines) for customer, lines in of_customers.items()))
        undo_false_firsts(actor, of_customers.keys())
        _forget_numbers(of_customers.keys())


def _undone(customer_id: int, lines: Sequence[SaleLine]) -> SalesUndone:
    amount = sum((row.amount for row in lines), Decimal(0))
    return SalesUndone(customer_id=customer_id, lines=len(lines), amount=amount, rows=tuple(lines))


def _forget_numbers(customer_ids: Collection[int]) -> None:
    remaining = SaleLine.objects.beyond_sight(because=BECAUSE).filter(customer__in=customer_ids)
    gone = set(customer_ids) - set(remaining.values_list("customer_id", flat=True))
    CustomerNumber.objects.filter(customer__in=gone).delete()
