"""Orders and money received as files bring them in: whole, once, credited as by hand; and go again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.import_export import checking
from xiaocheng.foundation.import_export import commands as imports
from xiaocheng.foundation.import_export import queries as imported
from xiaocheng.foundation.import_export.models import ImportProblem
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.fieldwork.commands import check_in
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity, win
from xiaocheng.selling.trade.commands import (
    OrderDraft,
    OrderLineDraft,
    PaymentDraft,
    ReceiptDraft,
    SaleDraft,
    enter_receipt,
    import_orders,
    import_receipts,
    place_order,
)
from xiaocheng.selling.trade.models import Order, Receipt
from xiaocheng.selling.trade.queries import money_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 20)
ORDERS = "订单号,订货日期,客户,产品,数量,金额,业务员\n"
RECEIPTS = "收款单号,收款日期,客户,收款金额,付款方式,商机编号\n"


@pytest.fixture(autouse=True)
def _in_april(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    with clock.as_of(clock.instant(DAY, dt.time(10))):
        yield


@pytest.fixture
def clerk(world: World):
    return world.actor("administrator")


@pytest.fixture
def pump() -> int:
    return add_product(SYSTEM, ProductDraft(code="P1", name="水泵", list_price=Decimal(10))).pk


def line(number: str, customer: str = "甲公司", amount: str = "100", **said: object) -> SaleDraft:
    said = {"product": "水泵", "occurred_on": DAY, **said}
    return SaleDraft(number=number, customer=customer, amount=Decimal(amount), **said)  # type: ignore[arg-type]


def paid(number: str = "", customer: str = "甲公司", amount: str = "100", **said: object) -> PaymentDraft:
    said = {"occurred_on": DAY, **said}
    return PaymentDraft(number=number, customer=customer, amount=Decimal(amount), **said)  # type: ignore[arg-type]


def orders() -> list[Order]:
    return list(Order.objects.visible_to(SYSTEM).order_by("number"))


def receipts() -> list[Receipt]:
    return list(Receipt.objects.visible_to(SYSTEM).order_by("pk"))


def refusals(outcomes: list) -> list[str]:
    return [str(outcome.refusal) for outcome in outcomes if outcome.refusal]


def upload(actor, target: str, text: str):
    job = imports.upload(actor, "表.csv", lambda path: path.write_text(text, encoding="utf-8"))
    assert job.target == target
    job = imports.map_columns(actor, job.pk, job.columns)
    return imports.check(actor, job.pk, lambda rows: None)


def undone(actor, job) -> None:
    imports.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert imported.import_job(actor, job.pk).state == "undone"


def test_an_order_comes_in_with_its_lines_for_whose_the_customer_was_and_belongs_to_his_visit(
    world: World, clerk, pump
) -> None:
    rep = world.actor("east_rep")
    customer = register(rep, CustomerDraft(name="甲公司"))
    visit = check_in(rep, customer_id=customer.pk)
    outcomes = import_orders(clerk, [line("A1", quantity=Decimal(3)), line("A1", amount="0.5"), line("B1", "新公司")])
    assert [outcome.is_new for outcome in outcomes] == [True] * 3
    first, second = orders()
    assert (first.amount, first.credit_person_id, first.visit_id) == (Decimal("100.5"), rep.person_id, visit.pk)
    prices = first.lines.values_list("quantity", "price", "amount")
    assert list(prices) == [(3, Decimal("33.3333"), 100), (1, Decimal("0.5"), Decimal("0.5"))]
    assert (second.credit_person_id, second.visit_id) == (clerk.person_id, None)
    assert Customer.objects.visible_to(SYSTEM).get(name="甲公司").became_customer_on == DAY
    assert measures.differences() == []


def test_the_same_order_again_adds_nothing_and_another_under_its_number_is_refused(world: World, clerk, pump) -> None:
    rep = world.actor("east_rep")
    customer = register(rep, CustomerDraft(name="甲公司"))
    by_hand = place_order(
        rep,
        OrderDraft(
            customer_id=customer.pk, ordered_on=DAY, lines=[OrderLineDraft(product_id=pump, quantity=Decimal(2))]
        ),
    )
    import_orders(clerk, [line("A1")])
    again = import_orders(clerk, [line("A1"), line(by_hand.number, amount="20")])
    assert [(outcome.is_new, outcome.row_id) for outcome in again] == [(False, orders()[0].pk), (False, by_hand.pk)]
    assert "金额不同" in refusals(import_orders(clerk, [line("A1", amount="7")]))[0]
    assert len(orders()) == 2
    with pytest.raises(NotAllowed):
        import_orders(world.actor("east_manager"), [line("C1")])


def test_a_number_of_a_file_that_looks_like_ours_does_not_stop_ours(world: World, clerk, pump) -> None:
    import_orders(clerk, [line("DH260420-X"), line("DH260420-007")])
    customer = register(world.actor("east_rep"), CustomerDraft(name="乙公司"))
    draft = OrderDraft(
        customer_id=customer.pk, ordered_on=DAY, lines=[OrderLineDraft(product_id=pump, quantity=Decimal(1))]
    )
    assert place_order(world.actor("east_rep"), draft).number == "DH260420-008"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line("A1"), line("A1", "乙公司")], "客户、日期或业务员不同"),
        ([line("A1", product="没有的")], "没有名为「没有的」的产品"),
        ([line("A1", quantity=Decimal(0))], "数量要大于 0"),
        ([line("A1", amount="0")], "金额要大于 0"),
        ([line("A1", occurred_on=DAY + dt.timedelta(days=1))], "在将来"),
    ],
)
def test_an_order_with_a_wrong_line_stays_out_as_a_whole(world: World, clerk, pump, lines, said) -> None:
    outcomes = import_orders(clerk, [*lines, line("GOOD")])
    assert [said in sentence for sentence in refusals(outcomes)] == [True] * len(lines)
    assert [order.number for order in orders()] == ["GOOD"]


def test_the_rows_of_one_order_come_in_all_or_none_wherever_a_set_ends(world: World, clerk, pump, monkeypatch) -> None:
    monkeypatch.setattr(checking, "SET", 2)
    text = (
        "A,2026/4/1,甲公司,水泵,1,10,\nB,2026/4/1,甲公司,水泵,1,10,\nB,2026/4/1,甲公司,水泵,2,20,\n"
        "B,2026/4/1,甲公司,水泵,3,30,\nC,2026/4/1,甲公司,水泵,1,10,\nC,2026/4/1,甲公司,水泵,x,10,\n"
        "D,2026/4/1,甲公司,水泵,1,10,\nE,2026/4/1,甲公司,水泵,1,10,\nD,2026/4/1,甲公司,水泵,2,10,\n"
    )
    job = upload(clerk, "orders", ORDERS + text)
    told = dict(ImportProblem.objects.filter(job=job).values_list("row", "sentence"))
    assert sorted(told) == [6, 7, 8, 10]
    assert ["那一行有问题" in told[6], "没有排在一起" in told[8], "没有排在一起" in told[10]] == [True] * 3
    job = imports.run(clerk, job.pk, lambda rows: None)
    assert job.counts == {"new": 5, "changed": 0, "same": 0, "refused": 4}
    assert [(order.number, order.amount) for order in orders()] == [("A", 10), ("B", 60), ("E", 10)]
    undone(clerk, job)
    assert orders() == []


def test_orders_go_again_without_a_trace(world: World, clerk, pump) -> None:
    register(world.actor("east_rep"), CustomerDraft(name="甲公司"))
    job = upload(clerk, "orders", ORDERS + "A,2026/4/1,甲公司,水泵,1,10,\nA,2026/4/1,甲公司,水泵,2,20,\n")
    job = imports.run(clerk, job.pk, lambda rows: None)
    row = Customer.objects.visible_to(SYSTEM).get(name="甲公司")
    assert (row.stage, orders()[0].amount) == ("customer", 30)
    undone(clerk, job)
    row.refresh_from_db()
    assert (orders(), row.stage) == ([], "prospect")
    assert measures.differences() == []


def test_money_comes_in_for_its_deal_and_settles_what_was_owed(world: World, clerk) -> None:
    rep = world.actor("east_rep")
    customer = register(rep, CustomerDraft(name="甲公司"))
    install_template(SYSTEM, "standard")
    deal = open_opportunity(rep, OpportunityDraft(customer_id=customer.pk, amount=Decimal(100), next_step="看样"))
    win(world.actor("director"), deal.pk, "price", bypass=True)
    assert money_of(rep, customer.pk).left == 100
    text = RECEIPTS + f"R1,2026/4/1,甲公司,60,银行转账,{deal.label_number}\n,2026/4/2,甲公司,40,,\n"
    job = imports.run(clerk, upload(clerk, "receipts", text).pk, lambda rows: None)
    assert [(row.amount, row.means, row.opportunity_id) for row in receipts()] == [
        (60, "transfer", deal.pk),
        (40, "", None),
    ]
    assert {row.credit_person_id for row in receipts()} == {rep.person_id}
    assert money_of(rep, customer.pk).left == 0
    again = imports.run(clerk, upload(clerk, "receipts", text).pk, lambda rows: None)
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "refused": 0}
    undone(clerk, job)
    assert (receipts(), money_of(rep, customer.pk).left) == ([], 100)
    assert measures.differences() == []


def test_money_that_is_there_adds_nothing_and_what_cannot_be_is_refused(world: World, clerk) -> None:
    rep = world.actor("east_rep")
    customer = register(rep, CustomerDraft(name="甲公司"))
    by_hand = enter_receipt(
        rep, ReceiptDraft(customer_id=customer.pk, amount=Decimal(100), received_on=DAY, number="R1")
    )
    assert import_receipts(clerk, [paid("R1")])[0].row_id == by_hand.pk
    wrong = [
        paid("R1", amount="7"),
        paid("R2", amount="-1"),
        paid("R3", opportunity="SJ-没有"),
        paid("R4", occurred_on=DAY + dt.timedelta(days=1)),
    ]
    told = refusals(import_receipts(clerk, wrong))
    expected = ["已经登记过", "金额要大于 0", "没有编号为 SJ-没有 的商机", "在将来"]
    assert [some in sentence for some, sentence in zip(expected, told, strict=True)] == [True] * 4
    assert receipts() == [by_hand]
    with pytest.raises(NotAllowed):
        import_receipts(world.actor("east_manager"), [paid("R9")])


def test_what_a_closed_period_holds_cannot_be_taken_back(world: World, clerk, pump) -> None:
    job = imports.run(clerk, upload(clerk, "orders", ORDERS + "A,2026/3/1,甲公司,水泵,1,10,\n").pk, lambda rows: None)
    change_rule(SYSTEM, "PeriodRules.closed_through", "2026-03-31", since=dt.date(2026, 1, 1))
    imports.ask_undo(clerk, job.pk)
    call_command("work", once=True)
    assert (imported.import_job(clerk, job.pk).state, len(orders())) == ("done", 1)
