"""Past sales as they come in: whose they are, whom they make a customer, who sees them, and how they go again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.import_export import commands as imports
from xiaocheng.foundation.import_export import queries as imported
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import Whose
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, assign, register
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity, win
from xiaocheng.selling.trade import queries
from xiaocheng.selling.trade.commands import SaleDraft, record_sales
from xiaocheng.selling.trade.models import CustomerNumber, SaleLine

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 1)
APRIL = dt.date(2026, 4, 20)


@pytest.fixture(autouse=True)
def _in_april():
    with clock.as_of(clock.instant(APRIL, dt.time(10))):
        yield


@pytest.fixture
def clerk(world: World):
    return world.actor("administrator")


def draft(customer: str, day: dt.date = MARCH, amount: str = "100", **said: object) -> SaleDraft:
    return SaleDraft(customer=customer, occurred_on=day, amount=Decimal(amount), **said)  # type: ignore[arg-type]


def customer_of(name: str) -> Customer:
    return Customer.objects.visible_to(SYSTEM).get(name=name)


def lines() -> list[SaleLine]:
    return list(SaleLine.objects.visible_to(SYSTEM).order_by("pk"))


def refusals(outcomes: list) -> list[str]:
    return [str(outcome.refusal) for outcome in outcomes if outcome.refusal]


def test_a_line_is_credited_to_its_seller_else_to_whose_the_customer_was_that_day(world: World, clerk) -> None:
    with clock.as_of(clock.instant(MARCH, dt.time(9))):
        known = register(world.actor("east_rep"), CustomerDraft(name="甲公司"))
    with clock.as_of(clock.instant(MARCH + dt.timedelta(days=10), dt.time(9))):
        assign(SYSTEM, [known.pk], world.id("east_peer"))
    days = (MARCH - dt.timedelta(days=30), MARCH + dt.timedelta(days=5), MARCH + dt.timedelta(days=15))
    record_sales(
        clerk,
        [
            *(draft("甲有限公司", day, number=f"N{at}") for at, day in enumerate(days)),
            draft("甲公司", number="N3", seller_id=world.id("south_rep")),
            draft("新公司", number="N4", seller_id=world.id("south_rep")),
            draft("无主公司", number="N5"),
        ],
    )
    people = ["east_rep", "east_rep", "east_peer", "south_rep", "south_rep", "administrator"]
    assert [line.credit_person_id for line in lines()] == [world.id(name) for name in people]
    assert lines()[3].credit_department_id == world.department_ids["south"]
    assert customer_of("新公司").owner_id == world.id("south_rep")
    assert customer_of("无主公司").pool.code == "imported"
    assert Customer.objects.visible_to(SYSTEM).count() == 3
    assert measures.differences() == []


def test_the_number_of_the_erp_tells_two_of_the_same_name_apart(world: World, clerk) -> None:
    register(clerk, CustomerDraft(name="曾惠"))
    first, second = draft("曾惠", customer_number="K1", number="A"), draft("曾惠", customer_number="K2", number="B")
    assert refusals(record_sales(clerk, [first, second, draft("曾惠", number="C")])) == []
    assert Customer.objects.visible_to(SYSTEM).filter(name="曾惠").count() == 2
    assert [line.customer_id for line in lines()][::2] == [customer_of_number("K1")] * 2
    renamed = draft("曾惠的新店", customer_number="K2", number="D")
    record_sales(clerk, [renamed])
    assert lines()[-1].customer_id == customer_of_number("K2") != customer_of_number("K1")


def customer_of_number(number: str) -> int:
    return CustomerNumber.objects.get(number=number).customer_id


def test_the_same_line_again_adds_nothing_and_another_under_its_number_is_refused(world: World, clerk) -> None:
    product = add_product(SYSTEM, ProductDraft(code="P1", name="水泵"))
    sold = [
        draft("甲公司", number="N1", line="1", product="水 泵"),
        draft("甲公司", number="N1", line="2", product="p1", amount="-20.12345"),
        draft("甲公司", product="没有的"),
    ]
    assert [outcome.is_new for outcome in record_sales(clerk, sold)] == [True] * 3
    assert [outcome.is_new for outcome in record_sales(clerk, sold[::2])] == [False] * 2
    assert [line.product_id for line in lines()] == [None, product.pk, None]
    assert lines()[2].number == "2026-03-01"
    refused = record_sales(
        clerk, [draft("乙公司", number="N1", line="1", amount="7"), draft("丙公司", APRIL.replace(year=2027))]
    )
    assert ["已经导入过" in refusals(refused)[0], "在将来" in refusals(refused)[1]] == [True, True]
    assert not Customer.objects.visible_to(SYSTEM).filter(name__in=["乙公司", "丙公司"]).exists()
    with pytest.raises(NotAllowed):
        record_sales(world.actor("east_manager"), sold)


def test_the_first_sale_makes_a_customer_however_the_file_is_sorted(world: World, clerk) -> None:
    rep = world.actor("east_rep")
    with clock.as_of(clock.instant(MARCH, dt.time(9))):
        known = register(rep, CustomerDraft(name="甲公司"))
    assert known.clock_since is not None
    install_template(SYSTEM, "standard")
    deal = open_opportunity(rep, OpportunityDraft(customer_id=known.pk, amount=Decimal(10), next_step="看样"))
    win(world.actor("director"), deal.pk, "price", bypass=True)
    april = Period(APRIL, APRIL)
    assert converted(april) == 1
    record_sales(
        clerk, [draft("甲公司", MARCH + dt.timedelta(days=3), number="B"), draft("甲公司", number="R", amount="-5")]
    )
    record_sales(clerk, [draft("甲公司", MARCH + dt.timedelta(days=1), number="A")])
    row = customer_of("甲公司")
    assert (row.stage, row.became_customer_on) == ("customer", MARCH + dt.timedelta(days=1))
    assert (row.clock_since, row.converted_by_id) == (None, world.id("east_rep"))
    assert (converted(april), converted(Period(MARCH, APRIL))) == (0, 1)
    change_rule(SYSTEM, "PeriodRules.closed_through", "2026-03-31", since=dt.date(2026, 1, 1))
    record_sales(clerk, [draft("甲公司", MARCH - dt.timedelta(days=9), number="Z")])
    assert customer_of("甲公司").became_customer_on == MARCH + dt.timedelta(days=1)
    assert lines()[-1].booked_on == APRIL
    assert measures.differences() == []


def converted(days: Period) -> Decimal:
    return measures.totals(SYSTEM, ["customers.converted"], days)["customers.converted"]


def test_lines_are_seen_by_whom_they_are_credited_to_and_by_whose_the_customer_is(world: World, clerk) -> None:
    customer = register(world.actor("east_rep"), CustomerDraft(name="甲公司"))
    record_sales(
        clerk,
        [
            draft("甲公司", number="OLD", seller_id=world.id("south_rep"), profit=Decimal("30.5"), quantity=Decimal(2)),
            draft("甲公司", APRIL, number="NEW", profit=Decimal("10")),
            draft("别家", number="ELSE", seller_id=world.id("east_peer")),
        ],
    )

    def seen(name: str) -> set[str]:
        return set(queries.sales(world.actor(name)).values_list("number", flat=True))

    assert seen("east_rep") == {"OLD", "NEW"}
    assert seen("south_rep") == seen("south_manager") == {"OLD"}
    assert seen("east_peer") == {"ELSE"}
    assert seen("shanghai_rep") == set()
    assert seen("east_manager") == seen("director") == {"OLD", "NEW", "ELSE"}
    rep, days = world.actor("east_rep"), Period(MARCH, APRIL)
    assert measures.totals(rep, ["trade.sales"], days)["trade.sales"] == 100
    assert [row.number for row in queries.counted_sales(rep, "trade.sales", days)] == ["NEW"]
    own = Whose(frozenset({rep.person_id or 0}))
    by_customer = measures.by_subject(SYSTEM, ["trade.profit"], "customer", (202603, 202604), own)
    assert by_customer == {("trade.profit", customer.pk): Decimal(10)}
    found = queries.history(rep, customer.pk)
    assert (found.total.amount, found.total.profit, found.total.orders) == (200, Decimal("40.5"), 2)
    assert queries.history(world.actor("south_rep"), customer.pk).total.amount == 100


def test_what_a_customer_bought_is_summed_by_year_and_product_with_its_rhythm(world: World, clerk) -> None:
    days = [dt.date(2024, 2, 1), dt.date(2025, 4, 20), dt.date(2025, 4, 21), dt.date(2025, 5, 11), dt.date(2026, 4, 1)]
    sold = [draft("甲公司", day, number=f"N{at}", product=f"第{at % 2}种") for at, day in enumerate(days)]
    record_sales(clerk, [*sold, draft("甲公司", number="BACK", amount="-40", product="第0种")])
    found = queries.history(clerk, customer_of("甲公司").pk)
    assert [(year.name, year.amount) for year in found.years] == [("2026", 60), ("2025", 300), ("2024", 100)]
    assert [(item.name, item.amount) for item in found.products] == [("第0种", 260), ("第1种", 200)]
    assert (found.lately.amount, found.lately.orders) == (260, 4)  # the 20th of April a year ago is not among them
    assert (found.last_on, found.gap) == (dt.date(2026, 4, 1), 172)
    told = [item.sentence for item in timeline("customers.customer", customer_of("甲公司").pk)]
    assert "导入 6 行销售记录,金额合计 460.00(2024-02-01 至 2026-04-01)" in told


HEAD = "单号,行号,日期,客户,客户编号,产品,数量,金额,毛利,业务员,城市\n"
FILE = HEAD + (
    "S1,1,2026/3/1,甲公司,K1,水泵,2,\"1,200.50\",300,张三,上海\n"
    "S1,2,2026/3/1,甲公司,K1,阀门,１,９９,-3,张三,上海\n"
    "S2,1,2026/4/2,乙公司,K2,水泵,-1,-600,,,北京\n"
)  # fmt: skip


def take_in(actor, text: str):
    job = imports.upload(actor, "订单.csv", lambda path: path.write_text(text, encoding="utf-8"))
    assert job.target == "sales"
    job = imports.map_columns(actor, job.pk, job.columns)
    job = imports.check(actor, job.pk, lambda rows: None)
    assert imported.sentences(actor, job) == []
    return imports.run(actor, job.pk, lambda rows: None)


def test_a_file_comes_in_once_and_goes_again_without_a_trace(world: World, clerk, tmp_path, settings) -> None:
    settings.DATA_DIR = tmp_path
    rep = world.actor("east_rep")
    with clock.as_of(clock.instant(MARCH, dt.time(9))):
        known = register(rep, CustomerDraft(name="甲公司"))
    record_sales(clerk, [draft("甲公司", MARCH + dt.timedelta(days=20), number="BEFORE")])
    name = world.person("east_rep").name
    job = take_in(clerk, FILE.replace("张三", name))
    assert job.counts == {"new": 3, "changed": 0, "same": 0, "refused": 0}
    assert lines()[1].amount == Decimal("1200.5")
    assert (lines()[2].quantity, lines()[2].note) == (Decimal(1), "城市: 上海")
    assert take_in(clerk, FILE.replace("张三", name)).counts == {"new": 0, "changed": 0, "same": 3, "refused": 0}
    assert customer_of("甲公司").became_customer_on == MARCH
    imports.ask_undo(clerk, job.pk)
    call_command("work", once=True)
    assert imported.import_job(clerk, job.pk).state == "undone"
    assert [line.number for line in lines()] == ["BEFORE"]
    row = customer_of("甲公司")
    assert (row.became_customer_on, row.stage) == (MARCH + dt.timedelta(days=20), "customer")
    assert CustomerNumber.objects.count() == 1
    assert measures.differences() == []
    assert [known.pk] == list(measures_customers())


def measures_customers() -> list[int]:
    found = measures.by_subject(SYSTEM, ["trade.sales"], "customer", (202601, 202612))
    return [pk for (_key, pk), value in found.items() if value]


def test_who_is_left_without_any_sale_is_a_prospect_again(world: World, clerk, tmp_path, settings) -> None:
    settings.DATA_DIR = tmp_path
    rep = world.actor("east_rep")
    for name in ("甲公司", "乙公司"):
        register(rep, CustomerDraft(name=name))
    install_template(SYSTEM, "standard")
    deal = open_opportunity(
        rep, OpportunityDraft(customer_id=customer_of("乙公司").pk, amount=Decimal(1), next_step="看")
    )
    win(world.actor("director"), deal.pk, "price", bypass=True)
    job = take_in(clerk, HEAD + "S1,1,2026/3/1,甲公司,,,,5,,,\nS2,1,2026/3/1,乙公司,,,,5,,,\n")
    assert {customer_of(name).became_customer_on for name in ("甲公司", "乙公司")} == {MARCH}
    imports.ask_undo(clerk, job.pk)
    call_command("work", once=True)
    first, second = customer_of("甲公司"), customer_of("乙公司")
    assert (first.stage, first.became_customer_on) == ("prospect", None)
    assert first.clock_since is not None
    assert (second.stage, second.became_customer_on) == ("customer", APRIL)
    assert measures.differences() == []
