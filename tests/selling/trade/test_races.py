"""Orders and receipts entered by several people at the same moment."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.threads import MOST, at_once, rounds
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.measures import differences
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.trade import commands
from xiaocheng.selling.trade.commands import OrderDraft, OrderLineDraft, PaymentDraft, SaleDraft
from xiaocheng.selling.trade.models import Order, Receipt

pytestmark = pytest.mark.django_db(transaction=True)


@rounds(5)
def test_orders_entered_at_once_by_hand_and_from_a_file_have_numbers_of_their_own(world: World, rounds: int) -> None:
    rep, clerk = world.actor("east_rep"), world.actor("administrator")
    customer = register(rep, CustomerDraft(name="甲公司"))
    product = add_product(SYSTEM, ProductDraft(code="P1", name="水泵", list_price=Decimal(10)))
    draft = OrderDraft(
        customer_id=customer.pk,
        ordered_on=clock.today(),
        lines=[OrderLineDraft(product_id=product.pk, quantity=Decimal(1))],
    )
    for number in range(rounds):
        line = SaleDraft(
            customer="甲公司", occurred_on=clock.today(), amount=Decimal(5), number=f"F{number}", product="水泵"
        )

        def enter(n: int, line: SaleDraft = line) -> object:
            return commands.place_order(rep, draft) if n % 2 else commands.import_orders(clerk, [line])

        answers = at_once(enter)
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
    numbers = list(Order.objects.visible_to(SYSTEM).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == rounds * (MOST // 2 + 1)
    assert differences() == []


@rounds(5)
def test_of_those_who_cancel_an_order_or_bring_in_a_receipt_at_once_one_does(world: World, rounds: int) -> None:
    rep, clerk = world.actor("east_rep"), world.actor("administrator")
    customer = register(rep, CustomerDraft(name="甲公司"))
    product = add_product(SYSTEM, ProductDraft(code="P1", name="水泵", list_price=Decimal(10)))
    lines = [OrderLineDraft(product_id=product.pk, quantity=Decimal(1))]
    for number in range(rounds):
        order = commands.place_order(rep, OrderDraft(customer_id=customer.pk, ordered_on=clock.today(), lines=lines))
        answers = at_once(lambda n, order=order: commands.cancel_order(rep, order.pk, "不要了"))  # type: ignore[misc]
        assert sum(isinstance(answer, Order) for answer in answers) == 1
        assert all(isinstance(answer, (Order, RuleBroken)) for answer in answers), answers
        paid = PaymentDraft(customer="甲公司", occurred_on=clock.today(), amount=Decimal(5), number=f"R{number}")
        answers = at_once(lambda n, paid=paid: commands.import_receipts(clerk, [paid]))  # type: ignore[misc]
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Receipt.objects.visible_to(SYSTEM).count() == rounds
    assert differences() == []
