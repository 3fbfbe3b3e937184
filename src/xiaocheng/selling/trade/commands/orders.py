"""What customers order is entered by hand or from a visit, and cancelled by a second entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.money import LARGEST, MoneyRules, round_minor
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.catalogue.queries import Product, products
from xiaocheng.selling.customers.commands import Deal, note_first_deals
from xiaocheng.selling.customers.queries import Customer, customer
from xiaocheng.selling.fieldwork.queries import Kind, Visit, visit, visits
from xiaocheng.selling.pipeline.queries import Opportunity, opportunity
from xiaocheng.selling.trade.access import ORDER
from xiaocheng.selling.trade.events import OrderCancelled, OrderPlaced
from xiaocheng.selling.trade.made_on import check_visit
from xiaocheng.selling.trade.models import Order, OrderLine

from .firsts import undo_false_firsts

MOST_LINES = 100
LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class OrderLineDraft:
    """So much of a product; without a price at its list price."""

    product_id: int
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OrderDraft:
    """What a customer ordered, perhaps on a visit or for one of its deals."""

    customer_id: int
    ordered_on: dt.date
    lines: Sequence[OrderLineDraft]
    opportunity_id: int | None = None
    visit_id: int | None = None
    note: str = ""


def place_order(actor: Actor, draft: OrderDraft) -> Order:
    """Enter what a customer whom one may see ordered; credited to whose the deal, else the customer, is.

    Without a visit it belongs to that of the credited person to the customer on the same day, if there was one.
    """
    with transaction.atomic():
        buyer = customer(actor, draft.customer_id)
        deal = None if draft.opportunity_id is None else opportunity(actor, draft.opportunity_id)
        made_on = None if draft.visit_id is None else visit(actor, draft.visit_id)
        actor.require(ORDER)
        _check(actor, draft, buyer, deal)
        check_visit(made_on, draft.customer_id, draft.ordered_on, "ordered_on")
        lines = _lines(actor, draft)
        person = deal.owner_id if deal is not None else buyer.owner_id or actor.person_id
        if person is None:
            raise RuleBroken(_("客户没有负责人,不知道业绩记在谁名下。"), field="customer_id")
        take_turn("trade.orders")
        row: Order = Order.objects.add(
            Order(
                number=_next_number(draft.ordered_on),
                ordered_on=draft.ordered_on,
                customer=buyer,
                opportunity=deal,
                visit=made_on or _visit_of_the_day(actor, draft, person),
                amount=_total(lines),
                note=draft.note.strip(),
                credit_person_id=person,
                credit_department_id=credited_departments([person], draft.ordered_on)[person],
                booked_on=booking_day(draft.ordered_on),
                recorded_at=clock.now(),
                entered_by_id=actor.person_id,
            )
        )
        _write_lines(row, lines)
        record(actor, OrderPlaced.of(row))
        note_first_deals(actor, {buyer.pk: Deal(row.ordered_on, row.credit_person_id, row.credit_department_id)})
    return row


def cancel_order(actor: Actor, order_id: int, reason: str) -> Order:
    """Take an order back by its opposite, booked today and credited alike; orders are never edited."""
    with transaction.atomic():
        row: Order = Order.objects.locked(actor, order_id)
        actor.require(ORDER)
        if row.reverses_id is not None or Order.objects.visible_to(actor).filter(reverses=row).exists():
            raise RuleBroken(_("这个订单已经取消。"))
        if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
            raise RuleBroken(_("请写明取消的原因,不超过 %(count)s 个字。") % {"count": LONGEST_REASON}, field="reason")
        today = clock.today()
        kept = ("credit_person_id", "credit_department_id", "customer_id", "opportunity_id", "visit_id")
        back: Order = Order.objects.add(
            Order(
                **{name: getattr(row, name) for name in kept},
                number=f"{row.number}-C",
                amount=-row.amount,
                ordered_on=today,
                booked_on=today,
                recorded_at=clock.now(),
                note=reason.strip(),
                entered_by_id=actor.person_id,
                reverses=row,
            )
        )
        _write_lines(back, [_opposite(line) for line in row.lines.all()])
        record(actor, _cancelled(back))
        undo_false_firsts(actor, [row.customer_id])
    return back


def _check(actor: Actor, draft: OrderDraft, buyer: Customer, deal: Opportunity | None) -> None:
    if buyer.is_masked_for(actor):
        raise RuleBroken(_("客户在公海中,领取或分配之后才能登记订单。"), field="customer_id")
    if deal is not None and deal.customer_id != buyer.pk:
        raise RuleBroken(_("这个商机不是这位客户的。"), field="opportunity_id")
    if draft.ordered_on > clock.today():
        raise RuleBroken(_("订货日期不能晚于今天。"), field="ordered_on")
    if not 0 < len(draft.lines) <= MOST_LINES:
        raise RuleBroken(_("订单要有 1 到 %(count)s 行产品。") % {"count": MOST_LINES}, field="lines")


def _visit_of_the_day(actor: Actor, draft: OrderDraft, person_id: int) -> Visit | None:
    since, until = clock.bounds(draft.ordered_on, draft.ordered_on)
    there = visits(actor, customer_id=draft.customer_id).filter(credit_person_id=person_id, kind=Kind.VISIT)
    return there.filter(occurred_at__gte=since, occurred_at__lt=until).first()


def _lines(actor: Actor, draft: OrderDraft) -> list[OrderLine]:
    """The lines with their amounts, each rounded once to the minor unit."""
    offered = products(actor, active_only=True).filter(pk__in=[line.product_id for line in draft.lines])
    known = {product.pk: product for product in offered}
    digits = rules(MoneyRules, draft.ordered_on).minor_digits
    return [_line(said, known.get(said.product_id), digits) for said in draft.lines]


def _line(said: OrderLineDraft, product: Product | None, digits: int) -> OrderLine:
    if product is None:
        raise RuleBroken(_("请选择在售的产品。"), field="lines")
    if said.quantity <= 0:
        raise RuleBroken(_("「%(product)s」的数量要大于 0。") % {"product": product.name}, field="lines")
    price = product.list_price if said.price is None else said.price
    if price is None or price < 0:
        raise RuleBroken(_("请填写「%(product)s」的单价。") % {"product": product.name}, field="lines")
    if said.quantity * price > LARGEST:
        raise RuleBroken(_("金额太大。"), field="lines")
    amount = round_minor(said.quantity * price, digits)
    return OrderLine(product=product, quantity=said.quantity, price=price, amount=amount)


def _total(lines: Sequence[OrderLine]) -> Decimal:
    total = sum((line.amount for line in lines), Decimal(0))
    if total > LARGEST:
        raise RuleBroken(_("金额太大。"), field="lines")
    return total


def _opposite(line: OrderLine) -> OrderLine:
    return OrderLine(product_id=line.product_id, quantity=-line.quantity, price=line.price, amount=-line.amount)


def _write_lines(row: Order, lines: Sequence[OrderLine]) -> None:
    for position, line in enumerate(lines, start=1):
        line.order, line.position = row, position
    OrderLine.objects.bulk_create(lines)


def _next_number(day: dt.date) -> str:
    """The company's next number of a day, as DH260302-001; whoever calls has the turn."""
    start = f"DH{day:%y%m%d}-"
    taken = Order.objects.beyond_sight(because="a number is given once, whoever sees the order")
    numbers = taken.filter(number__startswith=start, reverses=None).values_list("number", flat=True)
    tails = [number.removeprefix(start) for number in numbers]
    last = max((int(tail) for tail in tails if tail.isdecimal()), default=0)  # a file may bring others
    return f"{start}{last + 1:03d}"


def _cancelled(row: Order) -> OrderCancelled:
    return OrderCancelled(
        customer_id=row.customer_id,
        opportunity_id=row.opportunity_id,
        visit_id=row.visit_id,
        order_id=row.pk,
        number=row.number,
        amount=row.amount,
        reason=row.note,
        rows=(row,),
    )
