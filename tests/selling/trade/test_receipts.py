"""Money received is entered by hand, taken back by its opposite, and read strictly it is what stops the time limit."""

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
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import Contacted
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.queries import limit_for
from xiaocheng.selling.fieldwork.commands import check_in
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.tasks.models import Task
from xiaocheng.selling.trade import commands, queries
from xiaocheng.selling.trade.commands import ReceiptDraft
from xiaocheng.selling.trade.queries import Receipt

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=False) as found:
        yield found


def won(deals: Deals, **values: object) -> Opportunity:
    row = deals.opened(**values)
    return pipeline.win(deals.world.actor("director"), row.pk, "价格合适", bypass=True)


def draft(row: Opportunity, amount: int, **more: object) -> ReceiptDraft:
    said = {"customer_id": row.customer_id, "opportunity_id": row.pk, "received_on": clock.today()} | more
    return ReceiptDraft(amount=Decimal(amount), **said)  # type: ignore[arg-type]


def customer_of(row: Opportunity) -> Customer:
    return Customer.objects.visible_to(SYSTEM).get(pk=row.customer_id)


def lapses_on(row: Opportunity) -> dt.date | None:
    limit = limit_for(customer_of(row))
    return limit and limit.on


def test_what_came_in_is_entered_counted_and_taken_back(world: World, traveller: time_machine.Traveller) -> None:
    deals = Deals(world)
    rep, deal = world.actor("east_rep"), won(deals)
    first = commands.enter_receipt(rep, draft(deal, 400, means="transfer", number="T-1"))
    second = commands.enter_receipt(rep, draft(deal, 700, opportunity_id=None, received_on=FIRST.date() - DAY))
    assert (first.credit_person_id, first.booked_on) == (world.id("east_rep"), FIRST.date())
    money = queries.money_of(rep, deal.customer_id or 0)
    assert (money.won, money.received, money.left) == (1000, 1100, 0)
    for wrong in (
        {"amount": 0},
        {"amount": 5, "received_on": FIRST.date() + DAY},
        {"amount": 5, "means": "gold"},
        {"amount": 5, "customer_id": deals.customer()},
    ):
        with pytest.raises(RuleBroken):
            commands.enter_receipt(rep, draft(deal, **wrong))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        commands.enter_receipt(world.actor("south_rep"), draft(deal, 5, opportunity_id=None))
    with pytest.raises(NotFound):
        commands.reverse_receipt(world.actor("south_rep"), first.pk, "错了")
    with pytest.raises((NotAllowed, NotFound)):
        commands.enter_receipt(world.actor("promoter"), draft(deal, 5))

    with pytest.raises(RuleBroken):
        commands.reverse_receipt(rep, second.pk, " ")
    back = commands.reverse_receipt(rep, second.pk, "记错客户")
    assert (back.amount, back.reverses_id, back.received_on) == (-700, second.pk, FIRST.date())
    for again in (second.pk, back.pk):
        with pytest.raises(RuleBroken):
            commands.reverse_receipt(rep, again, "再来")
    assert queries.money_of(rep, deal.customer_id or 0).left == 600
    assert [row.amount for row in queries.receipts(rep, customer_id=deal.customer_id)] == [-700, 400, 700]
    assert [item.sentence for item in timeline("customers.customer", deal.customer_id or 0)][:2] == [
        "冲销回款 -700.00:记错客户",
        "登记回款 700.00(2026-03-01 收到)",
    ]
    march = Period(FIRST.date() - DAY, FIRST.date() + 30 * DAY)
    rows = queries.counted_receipts(rep, march)
    assert sum(row.amount for row in rows) == 400
    assert measures.differences() == []


def test_receipts_stand_on_pages_and_are_entered_there_and_by_a_program(
    world: World, traveller: time_machine.Traveller
) -> None:
    deals, client = Deals(world), world.client("east_rep")
    deal = won(deals)
    form = client.get(f"/receipts/new/?customer={deal.customer_id}&opportunity={deal.pk}").content.decode()
    assert "换线项目" in form and "银行转账" in form
    said = {"customer_id": deal.customer_id, "opportunity_id": deal.pk, "received_on": "2026-03-02"}
    assert client.post("/receipts/new/", said | {"amount": "0"}).status_code == 422
    assert client.post("/receipts/new/", said | {"amount": "600", "number": "T-7"}).status_code == 302
    [row] = queries.receipts(world.actor("east_rep"))
    tab = client.get(f"/customers/{deal.customer_id}/?tab=money").content.decode()
    assert [text in tab for text in ("未收齐的商机", "600.00", "400.00", "T-7")] == [True] * 4
    page = client.get(f"/opportunities/{deal.pk}/").content.decode()
    assert "未收" in page and "登记回款" in page
    assert "T-7" in client.get("/receipts/?q=T-7").content.decode()
    assert "T-7" in client.get(f"/receipts/{row.pk}/").content.decode()
    assert client.post(f"/receipts/{row.pk}/reverse/", {"reason": "记错"}).status_code == 302
    ajax = {"content_type": "application/json"}
    answer = client.post("/api/v1/receipts", said | {"amount": "1000"}, **ajax).json()
    assert (Decimal(answer["amount"]), answer["credit_person_id"]) == (1000, world.id("east_rep"))
    money = client.get(f"/api/v1/customers/{deal.customer_id}/money").json()
    assert ([Decimal(money[name]) for name in ("won", "received", "left")], money["unpaid"]) == ([1000, 1000, 0], [])
    assert "已收齐" in client.get(f"/opportunities/{deal.pk}/").content.decode()
    back = client.post(f"/api/v1/receipts/{answer['id']}/reverse", {"reason": "退票"}, **ajax).json()
    assert back["reverses_id"] == answer["id"]
    assert len(client.get(f"/api/v1/receipts?opportunity_id={deal.pk}").json()["items"]) == 4
    assert client.get("/numbers/receipts/?key=trade.received&first=2026-03-01&last=2026-03-31").status_code == 200
    assert world.client("promoter").get("/receipts/").status_code == 403


def test_read_strictly_the_time_limit_runs_until_a_won_customer_has_paid(
    world: World, traveller: time_machine.Traveller
) -> None:
    deals, rep = Deals(world), world.actor("east_rep")
    deal = won(deals)
    assert lapses_on(deal) is None, "signed: it stands still"
    traveller.move_to(FIRST + 20 * DAY)
    change_rule(SYSTEM, "FirstContactRules.skips_holidays", "", since=clock.today())
    change_rule(SYSTEM, "FirstContactRules.until", "paid", since=clock.today())
    assert lapses_on(deal) == clock.today() + 8 * DAY, "nobody lapses for what was allowed before"
    customers.note_contacts(rep, [Contacted(deal.customer_id or 0, world.id("east_rep"), FIRST + 22 * DAY)])
    traveller.move_to(FIRST + 29 * DAY)
    assert customers.lapse_overdue(SYSTEM) == 0
    paid = commands.enter_receipt(rep, draft(deal, 1000))
    assert lapses_on(deal) is None
    traveller.move_to(FIRST + 31 * DAY)
    assert customers.lapse_overdue(SYSTEM) == 0, "paid in full"
    commands.reverse_receipt(rep, paid.pk, "退票")
    assert lapses_on(deal) == clock.today() + 8 * DAY
    pipeline.edit(rep, deal.pk, Opportunity.objects.visible_to(rep).get(pk=deal.pk).edit_version, amount=Decimal(0))
    assert lapses_on(deal) is None
    pipeline.edit(rep, deal.pk, Opportunity.objects.visible_to(rep).get(pk=deal.pk).edit_version, amount=Decimal(900))
    commands.enter_receipt(rep, draft(deal, 899))
    traveller.move_to(FIRST + 39 * DAY)
    assert customers.lapse_overdue(SYSTEM) == 1
    row = customer_of(deal)
    assert row.owner_id is None and row.unpaid_since is not None, "it still owes, whoever takes it next"
    customers.assign(world.actor("east_manager"), [row.pk], world.id("east_peer"))
    assert lapses_on(deal) == clock.today() + 8 * DAY, "the next owner has the whole time"
    pipeline.reopen(world.actor("director"), deal.pk, "还没有定")
    assert customer_of(deal).unpaid_since is None


def test_an_owner_is_reminded_of_what_is_not_paid_until_it_is(world: World, traveller: time_machine.Traveller) -> None:
    deals, rep = Deals(world), world.actor("east_rep")
    deal = won(deals)
    paid = won(deals)
    commands.enter_receipt(rep, draft(paid, 1000))
    traveller.move_to(FIRST + 29 * DAY)
    assert commands.remind_unpaid(SYSTEM) == 0
    traveller.move_to(FIRST + 31 * DAY)
    assert [commands.remind_unpaid(SYSTEM) for _ in range(2)] == [1, 1]
    [task] = Task.objects.visible_to(SYSTEM).filter(kind="trade.unpaid")
    assert (task.person_id, task.customer_id, task.state) == (world.id("east_rep"), deal.customer_id, "open")
    assert "换线项目" in task.title
    commands.enter_receipt(rep, draft(deal, 1000))
    task.refresh_from_db()
    assert task.state == "withdrawn"
    change_rule(SYSTEM, "ReceiptRules.remind_days", "0", since=clock.today())
    assert commands.remind_unpaid(SYSTEM) == 0


def test_money_paid_on_a_visit_belongs_to_it_for_a_few_days(world: World) -> None:
    rep = world.actor("east_rep")
    with clock.as_of(clock.instant(dt.date(2026, 4, 1), dt.time(10))):
        customer, other = (
            customers.register(rep, customers.CustomerDraft(name=name)) for name in ("访客公司", "别家公司")
        )
        made_on = check_in(rep, customer_id=customer.pk)
    with clock.as_of(clock.instant(dt.date(2026, 4, 20), dt.time(10))):

        def pay(day: int, payer: int = customer.pk) -> Receipt:
            day_of = dt.date(2026, 4, day)
            draft = ReceiptDraft(customer_id=payer, amount=Decimal(5), received_on=day_of, visit_id=made_on.pk)
            return commands.enter_receipt(rep, draft)

        paid = pay(8)
        with pytest.raises(RuleBroken, match="7 天内"):
            pay(9)
        with pytest.raises(RuleBroken, match="不是这位客户的"):
            pay(8, other.pk)
        assert list(queries.receipts(rep, visit_id=made_on.pk)) == [paid]
        back = commands.reverse_receipt(rep, paid.pk, "记错")
        assert set(queries.receipts(rep, visit_id=made_on.pk)) == {paid, back}
        with pytest.raises(NotFound):
            commands.enter_receipt(
                world.actor("south_rep"),
                ReceiptDraft(
                    customer_id=customers.register(
                        world.actor("south_rep"), customers.CustomerDraft(name="南方公司")
                    ).pk,
                    amount=Decimal(1),
                    received_on=dt.date(2026, 4, 8),
                    visit_id=made_on.pk,
                ),
            )
