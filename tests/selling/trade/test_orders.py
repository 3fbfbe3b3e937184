"""Orders are entered by hand or on a visit, numbered by the company, cancelled by their opposite, and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import merge, undo_merge
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact
from xiaocheng.selling.fieldwork.models import Visit
from xiaocheng.selling.trade import commands, queries
from xiaocheng.selling.trade.commands import OrderDraft, OrderLineDraft
from xiaocheng.selling.trade.models import Order

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=False) as found:
        yield found


@pytest.fixture
def pump() -> int:
    return add_product(SYSTEM, ProductDraft(code="P-1", name="水泵", list_price=Decimal("33.335"))).pk


def draft(customer: int, pump: int, pieces: int = 3, **more: object) -> OrderDraft:
    lines = [OrderLineDraft(product_id=pump, quantity=Decimal(pieces))]
    said = {"customer_id": customer, "ordered_on": clock.today(), "lines": lines} | more
    return OrderDraft(**said)  # type: ignore[arg-type]


def visited(world: World, customer: int, at: dt.datetime) -> Visit:
    said = ContactDraft(
        customer_id=customer, kind="visit", outcome="met_decider", result="order", note="要三台", occurred_at=at
    )
    return log_contact(world.actor("east_rep"), said)


def stage(customer: int) -> tuple[str, dt.date | None]:
    row = Customer.objects.visible_to(SYSTEM).get(pk=customer)
    return row.stage, row.became_customer_on


def test_an_order_is_numbered_rounded_once_counted_and_cancelled_by_its_opposite(
    world: World, traveller: time_machine.Traveller, pump: int
) -> None:
    rep, buyer = world.actor("east_rep"), Deals(world).customer()
    prospect = stage(buyer)
    cheap = OrderLineDraft(product_id=pump, quantity=Decimal("0.5"), price=Decimal("0.01"))
    first = commands.place_order(rep, draft(buyer, pump))
    both = [cheap, OrderLineDraft(product_id=pump, quantity=Decimal(1))]
    second = commands.place_order(rep, draft(buyer, pump, lines=both))
    assert [row.number for row in (first, second)] == ["DH260302-001", "DH260302-002"]
    assert (first.amount, second.amount) == (Decimal("100.01"), Decimal("33.35")), "100.005 and 0.005 + 33.335"
    assert (first.credit_person_id, first.credit_department_id) == (world.id("east_rep"), world.department_ids["east"])
    assert stage(buyer) == ("customer", FIRST.date()), "the first order makes a customer"

    traveller.move_to(FIRST + 2 * DAY)
    back = commands.cancel_order(rep, second.pk, "客户改主意")
    assert (back.amount, back.booked_on, back.reverses_id) == (-second.amount, FIRST.date() + 2 * DAY, second.pk)
    assert [line.quantity for line in back.lines.all()] == [Decimal("-0.5"), Decimal(-1)]
    for again in (second.pk, back.pk):
        with pytest.raises(RuleBroken):
            commands.cancel_order(rep, again, "再来")
    assert stage(buyer) == ("customer", FIRST.date())
    assert next(it.sentence for it in timeline("customers.customer", buyer)) == (
        "取消订单 DH260302-002-C,金额 -33.35:客户改主意"
    )
    rows = queries.counted_orders(rep, MARCH, world.id("east_rep"))
    assert (sum(row.amount for row in rows), rows.count()) == (Decimal("100.01"), 3)
    assert measures.differences() == []

    with pytest.raises(RuleBroken):
        commands.cancel_order(rep, first.pk, " ")
    commands.cancel_order(rep, first.pk, "客户停产")
    assert stage(buyer) == prospect, "of nothing that stands he is a customer"
    assert commands.place_order(rep, draft(buyer, pump, ordered_on=FIRST.date())).number == "DH260302-003"
    assert measures.differences() == []


def test_what_is_no_order_is_refused_and_leaves_nothing_behind(
    world: World, traveller: time_machine.Traveller, pump: int
) -> None:
    deals, rep = Deals(world), world.actor("east_rep")
    buyer, other = deals.customer(), deals.opened()
    free = add_product(SYSTEM, ProductDraft(code="P-2", name="样品")).pk
    for wrong in (
        {"pieces": 0},
        {"lines": []},
        {"ordered_on": FIRST.date() + DAY},
        {"opportunity_id": other.pk},
        {"lines": [OrderLineDraft(product_id=free, quantity=Decimal(1))]},
        {"lines": [OrderLineDraft(product_id=pump, quantity=Decimal(1), price=Decimal(-1))]},
        {"lines": [OrderLineDraft(product_id=pump, quantity=Decimal(10) ** 13, price=Decimal(1000))]},
        {"lines": [OrderLineDraft(product_id=0, quantity=Decimal(1))]},
    ):
        with pytest.raises(RuleBroken):
            commands.place_order(rep, draft(buyer, pump, **wrong))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        commands.place_order(world.actor("south_rep"), draft(buyer, pump))
    with pytest.raises((NotAllowed, NotFound)):
        commands.place_order(world.actor("promoter"), draft(buyer, pump))
    assert not Order.objects.visible_to(SYSTEM).exists()
    mine = commands.place_order(rep, draft(buyer, pump))
    with pytest.raises(NotFound):
        commands.cancel_order(world.actor("south_rep"), mine.pk, "错了")


def test_an_order_belongs_to_the_visit_of_its_day_or_of_the_week_before(
    world: World, traveller: time_machine.Traveller, pump: int
) -> None:
    deals, rep = Deals(world), world.actor("east_rep")
    buyer, other = deals.customer(), deals.opened().customer_id or 0
    visit = visited(world, buyer, FIRST)
    assert commands.place_order(rep, draft(buyer, pump)).visit_id == visit.pk, "that of the day, unsaid"
    assert commands.place_order(rep, draft(other, pump)).visit_id is None
    with pytest.raises(RuleBroken):
        commands.place_order(rep, draft(other, pump, visit_id=visit.pk))
    traveller.move_to(FIRST + 7 * DAY)
    assert commands.place_order(rep, draft(buyer, pump)).visit_id is None
    assert commands.place_order(rep, draft(buyer, pump, visit_id=visit.pk)).visit_id == visit.pk
    traveller.move_to(FIRST + 8 * DAY)
    with pytest.raises(RuleBroken):
        commands.place_order(rep, draft(buyer, pump, visit_id=visit.pk))


def test_what_a_merged_customer_ordered_the_survivor_ordered(
    world: World, traveller: time_machine.Traveller, pump: int
) -> None:
    deals, director = Deals(world), world.actor("director")
    kept, gone = deals.customer(), deals.opened().customer_id or 0
    commands.place_order(director, draft(gone, pump))
    done = merge(director, kept, gone)
    assert queries.orders(director, customer_id=kept).count() == 1
    assert measures.differences() == []
    undo_merge(director, done.merge_id)
    assert queries.orders(director, customer_id=gone).count() == 1
    assert measures.differences() == []


def test_orders_stand_on_pages_and_are_entered_there_and_by_a_program(
    world: World, traveller: time_machine.Traveller, pump: int
) -> None:
    deals, client = Deals(world), world.client("east_rep")
    deal = deals.opened()
    visit = visited(world, deal.customer_id or 0, FIRST)
    assert f"visit={visit.pk}" in client.get(f"/visits/{visit.pk}/").content.decode()
    form = client.get(f"/orders/new/?customer={deal.customer_id}&visit={visit.pk}").content.decode()
    assert f'value="{visit.pk}"' in form and "订货明细" in form
    said = {"customer_id": deal.customer_id, "opportunity_id": deal.pk, "ordered_on": "2026-03-02"}
    lines = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-product_id": pump, "lines-0-price": ""}
    assert client.post("/orders/new/", said | lines | {"lines-0-quantity": "0"}).status_code == 422
    once = said | lines | {"lines-0-quantity": "3", "visit_id": visit.pk, "_key": "one"}
    assert [client.post("/orders/new/", once).status_code for _twice in range(2)] == [302, 302]
    [row] = queries.orders(world.actor("east_rep"))
    for page in (
        "/orders/?q=DH260302-001",
        f"/orders/{row.pk}/",
        f"/customers/{deal.customer_id}/?tab=orders",
        f"/opportunities/{deal.pk}/",
        f"/visits/{visit.pk}/",
        "/numbers/orders/?key=trade.orders&first=2026-03-01&last=2026-03-31",
    ):
        assert "DH260302-001" in client.get(page).content.decode(), page
    assert "登记订单 DH" not in client.get(f"/visits/{visit.pk}/").content.decode(), "amounts are not for all who visit"
    assert "水泵" in client.get(f"/orders/{row.pk}/").content.decode()
    assert client.post(f"/orders/{row.pk}/cancel/", {"reason": "记错"}).status_code == 302
    ajax = {"content_type": "application/json"}
    body = said | {"lines": [{"product_id": pump, "quantity": "2", "price": "10"}]}
    answer = client.post("/api/v1/orders", body, **ajax).json()
    assert (answer["number"], Decimal(answer["amount"])) == ("DH260302-002", 20)
    assert Decimal(client.get(f"/api/v1/orders/{answer['id']}").json()["lines"][0]["price"]) == 10
    back = client.post(f"/api/v1/orders/{answer['id']}/cancel", {"reason": "退"}, **ajax).json()
    assert back["reverses_id"] == answer["id"]
    assert len(client.get(f"/api/v1/orders?opportunity_id={deal.pk}").json()["items"]) == 4
    assert world.client("promoter").get("/orders/").status_code == 403
    assert client.get("/orders/export/").status_code in (200, 403)
