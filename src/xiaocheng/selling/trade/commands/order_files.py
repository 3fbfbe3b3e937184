"""Orders come in from a file, line by line, and go again where that was a mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import one_of
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.money import MoneyRules, round_minor
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.selling.catalogue.queries import ids_by_name as products_by_name
from xiaocheng.selling.customers.commands import Deal, note_first_deals
from xiaocheng.selling.fieldwork.queries import Kind, visits
from xiaocheng.selling.trade.access import IMPORT_SALES
from xiaocheng.selling.trade.buyers import key_of
from xiaocheng.selling.trade.drafts import SaleDraft, unknown_product
from xiaocheng.selling.trade.events import OrderPlaced, OrderUndone
from xiaocheng.selling.trade.models import Order, OrderLine

from .file_desk import FileDesk
from .firsts import undo_false_firsts
from .history import Recorded

BECAUSE = "an order is imported once, whoever may see it"
PRICE = Decimal("0.0001")


@dataclass
class _Taken:
    """An order that is taken in, with its lines."""

    order: Order
    lines: list[OrderLine]


def import_orders(actor: Actor, drafts: Sequence[SaleDraft]) -> list[Recorded]:
    """Take in the lines of orders, with an outcome for each; an order comes in whole or not, and only once."""
    of_orders: dict[str, list[SaleDraft]] = {}
    for draft in drafts:
        of_orders.setdefault(draft.number, []).append(draft)
    with transaction.atomic():
        take_turn("trade.orders")
        actor.require(IMPORT_SALES)
        there = _there(of_orders)
        new = [draft for draft in drafts if draft.number not in there]
        desk = FileDesk.opened(actor, new)
        products = products_by_name(actor, {draft.product for draft in new if draft.product})
        outcomes: dict[str, Recorded] = {}
        taken: list[_Taken] = []
        for number, lines in of_orders.items():
            try:
                if number in there:
                    outcomes[number] = _same(lines, there[number])
                else:
                    taken.append(_taken(desk, products, lines))
            except Refusal as refusal:
                outcomes[number] = Recorded(refusal=refusal)
        outcomes |= {order.number: Recorded(order.pk, is_new=True) for order in _write(actor, taken)}
    return [outcomes[draft.number] for draft in drafts]


def undo_orders(actor: Actor, order_ids: Sequence[int]) -> None:
    """Remove orders that were taken in by mistake; those of a closed period stay."""
    with transaction.atomic():
        rows = list(Order.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=order_ids))
        actor.require(IMPORT_SALES)
        if len(rows) < len(order_ids):
            raise NotFound
        for row in rows:
            if booking_day(row.booked_on) != row.booked_on:
                raise RuleBroken(_("订单 %(number)s 记在已关账的期间,不能撤销。") % {"number": row.number})
        record(actor, *(_undone(row) for row in rows))
        Order.objects.visible_to(actor).filter(pk__in=order_ids).delete()
        undo_false_firsts(actor, {row.customer_id for row in rows})


def _there(numbers: Mapping[str, object]) -> dict[str, Order]:
    rows = Order.objects.beyond_sight(because=BECAUSE).filter(number__in=one_of({*numbers}))
    return {row.number: row for row in rows}


def _same(lines: Sequence[SaleDraft], there: Order) -> Recorded:
    """The order is there; another one under its number is refused, or it would get lost unnoticed."""
    digits = rules(MoneyRules, there.ordered_on).minor_digits
    amount = sum((round_minor(line.amount, digits) for line in lines), Decimal(0))
    if (there.ordered_on, there.amount) == (lines[0].occurred_on, amount):
        return Recorded(there.pk)
    sentence = _("订单 %(number)s 已经登记过,但日期或金额不同。请核对订单号。")
    raise RuleBroken(sentence % {"number": there.number}, field="number")


def _taken(desk: FileDesk, products: Mapping[str, int], lines: Sequence[SaleDraft]) -> _Taken:
    """An order from its lines, which must tell of the same day, customer and person."""
    first = lines[0]
    if len({(key_of(line), line.occurred_on, line.seller_id) for line in lines}) > 1:
        sentence = _("订单 %(number)s 各行的客户、日期或业务员不同。") % {"number": first.number}
        raise RuleBroken(sentence, field="number")
    customer = desk.customer_of(first)
    person = desk.credited(first, customer)
    if person is None:
        raise RuleBroken(_("客户没有负责人,不知道业绩记在谁名下。"), field="seller")
    digits = rules(MoneyRules, first.occurred_on).minor_digits
    rows = [_line(products, line, digits) for line in lines]
    amount = sum((row.amount for row in rows), Decimal(0))
    if amount <= 0:
        sentence = _("订单 %(number)s 的金额要大于 0;退货请在系统中取消订单。") % {"number": first.number}
        raise RuleBroken(sentence, field="amount")
    order = Order(
        number=first.number,
        ordered_on=first.occurred_on,
        customer_id=customer,
        amount=amount,
        note="\n".join(dict.fromkeys(line.note for line in lines if line.note))[:1000],
        credit_person_id=person,
        credit_department_id=desk.departments[person],
        booked_on=desk.booked_on(first.occurred_on),
        recorded_at=desk.now,
        entered_by_id=desk.actor.person_id,
    )
    return _Taken(order, rows)


def _line(products: Mapping[str, int], said: SaleDraft, digits: int) -> OrderLine:
    """A line with its price: the amount by the quantity, one where the file says none."""
    product = products.get(said.product)
    if product is None:
        raise RuleBroken(unknown_product(said.product), field="product")
    quantity = Decimal(1) if said.quantity is None else said.quantity
    if quantity <= 0 or said.amount < 0:
        raise RuleBroken(_("数量要大于 0,金额不能小于 0;退货请在系统中取消订单。"), field="quantity")
    amount = round_minor(said.amount, digits)
    return OrderLine(product_id=product, quantity=quantity, price=(amount / quantity).quantize(PRICE), amount=amount)


def _write(actor: Actor, taken: Sequence[_Taken]) -> list[Order]:
    _find_visits(actor, [it.order for it in taken])
    orders: list[Order] = Order.objects.add_many([it.order for it in taken])
    for order, it in zip(orders, taken, strict=True):
        for position, line in enumerate(it.lines, start=1):
            line.order_id, line.position = order.pk, position
    OrderLine.objects.bulk_create([line for it in taken for line in it.lines])
    record(actor, *(OrderPlaced.of(order) for order in orders))
    firsts: dict[int, Deal] = {}
    for order in sorted(orders, key=lambda order: order.ordered_on):
        deal = Deal(order.ordered_on, order.credit_person_id, order.credit_department_id)
        firsts.setdefault(order.customer_id, deal)
    note_first_deals(actor, firsts)
    return orders


def _find_visits(actor: Actor, orders: Sequence[Order]) -> None:
    """An order belongs to the visit of the credited person to the customer on the same day, as one entered by hand."""
    if not orders:
        return
    days = [order.ordered_on for order in orders]
    since, until = clock.bounds(min(days), max(days))
    there = visits(actor).filter(kind=Kind.VISIT, occurred_at__gte=since, occurred_at__lt=until)
    there = there.filter(customer_id__in={order.customer_id for order in orders})
    made = {
        (customer, person, clock.day_of(at)): pk
        for pk, customer, person, at in there.values_list("pk", "customer_id", "credit_person_id", "occurred_at")
    }
    for order in orders:
        order.visit_id = made.get((order.customer_id, order.credit_person_id, order.ordered_on))


def _undone(row: Order) -> OrderUndone:
    return OrderUndone(customer_id=row.customer_id, order_id=row.pk, number=row.number, amount=row.amount, rows=(row,))
