"""What the pages of insight show, to whom, and that every number on them leads to as many rows."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from unicodedata import normalize

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.insight.conftest import Sales, day
from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.pipeline.commands import hand_over
from xiaocheng.selling.pipeline.models import Opportunity

PAGES = ("funnel", "conformance", "win-rate", "cycle", "deal-cohorts", "revenue", "sources")
REMEMBERED = ("kernel_rulevalue", "fields_option")  # by the process, for some seconds
OF_THE_SHELL = 1 + 3  # the bell; session, person, standing
LINK = re.compile(r'<a href="(/insight/rows/[^"]+)">([^<]+)</a>')
YEAR = "kind=year&on=2026-06-30"


def read(client: Client, address: str) -> str:
    """The page as text; full-width punctuation reads like plain."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return normalize("NFKC", unescape(answer.content.decode()))


def page(client: Client, name: str, query: str = YEAR) -> str:
    return read(client, f"/insight/{name}/?{query}")


@pytest.fixture
def sold(sales: Sales) -> Sales:
    made_once("sold pumps", lambda: _sell(sales))
    return sales


def _sell(sales: Sales) -> None:
    pump = add_product(SYSTEM, ProductDraft(code="P1", name="水泵")).pk
    for n in range(8):
        deal = sales.open("east_rep", n, amount=1000 + n, product_id=pump)
        sales.move(deal, "quote", n + 2)
        if n % 2:
            sales.win(deal, n + 30)
        elif n % 4:
            sales.lose(deal, n + 20)
    sales.move(sales.open("shanghai_rep", 1), "talk", 3)
    sales.lose(sales.open("south_rep", 2), 5, "invalid")


@pytest.mark.parametrize("name", PAGES)
def test_without_data_every_page_says_what_to_do(world: World, name: str) -> None:
    assert "这段时间没有记录" in page(world.client("director"), name)
    assert "看全部时间" in page(world.client("director"), name)


@pytest.mark.parametrize("name", PAGES)
def test_a_promoter_may_not_open_the_pages(world: World, name: str) -> None:
    assert world.client("promoter").get(f"/insight/{name}/").status_code == 403


def test_the_funnel_says_where_deals_are_lost(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "funnel")
    assert "流失最多的阶段是「报价」:2 次" in shown
    assert "流程「三步」" in shown
    assert "2026 年度" in shown


def test_the_funnel_says_what_is_expected_and_how_long_stays_last(sold: Sales) -> None:
    with clock.as_of(day(60)):
        shown = page(sold.world.client("director"), "funnel")
        rows = {text: address for address, text in LINK.findall(shown) if "exit=recorded" in address}
        listed = read(sold.world.client("director"), rows["2.0 天"])
    assert re.search(r"停留最久的是「报价」:一半在 [\d.]+ 天内离开。", shown), re.findall(r"停留最久[^<]*", shown)
    assert "占全部流失 2/2" in shown
    assert "n=8 · " in shown
    assert "时间有记录" in listed
    assert len(re.findall('<tr class="', listed)) == 9


def test_the_steps_say_what_was_left_out(sold: Sales) -> None:
    sold.move(sold.open("south_rep", 3), "talk", 4)
    director = sold.world.client("director")
    shown = page(director, "conformance")
    assert "跳阶 2 次" in shown
    assert "跳得最多的是从「报价」到「成交」:4 次。" in shown
    square = next(address for address, _text in LINK.findall(shown) if "stage=meet&to=talk" in address)
    rows = read(director, square)
    assert "「认识」到「谈判」" in rows
    assert len(re.findall('<tr class="', rows)) == 2
    assert "钱外人" in page(director, "conformance", f"{YEAR}&by=person")


def test_half_that_has_not_left_yet_is_said_so(sales: Sales) -> None:
    for n in range(8):
        deal = sales.open(at=0)
        if n < 3:
            sales.move(deal, "quote", n + 1)
    with clock.as_of(day(12)):
        shown = page(sales.world.client("director"), "funnel")
    assert "「认识」还没有一半离开。" in shown
    assert ">未达到<" in shown
    assert ">37.5%<" in shown
    assert "63% 未定" in shown


def test_of_very_few_stays_only_k_of_n_is_said_in_grey(sales: Sales) -> None:
    sales.move(sales.open(), "quote", 2)
    shown = page(sales.world.client("director"), "funnel")
    assert re.search(r'class="num few"[^>]*><a [^>]*>1/1<', shown)


def test_in_english_too_the_funnels_sentences_stand_apart(sold: Sales) -> None:
    director = sold.world.client("director")
    director.post("/me/", {"language": "en", "theme": "auto"})
    assert re.search(r"of all losses\. “.+” takes longest to advance", page(director, "funnel"))


def test_the_page_says_whose_figures_they_are(sold: Sales) -> None:
    client = sold.world.client
    assert "全公司的业绩" in page(client("director"), "funnel")
    assert "计入我的部门(含下级)的业绩" in page(client("east_manager"), "funnel")
    assert "现在归我管的人员的业绩" in page(client("east_manager"), "funnel", f"{YEAR}&basis=people")
    assert "计在我名下的业绩" in page(client("east_rep"), "funnel")
    assert "计在我名下的业绩" in page(client("east_rep"), "funnel", f"{YEAR}&basis=company")


@pytest.mark.parametrize(("who", "least"), [("director", 40), ("east_manager", 40), ("east_rep", 30), ("south_rep", 1)])
def test_every_count_on_every_page_leads_to_as_many_rows(sold: Sales, who: str, least: int) -> None:
    client = sold.world.client(who)
    breakdowns = ("&by=team", "&by=person", "&by=product", "&by=source", "&by=month")
    steps = [("conformance", "&by=stage"), ("conformance", "&by=person")]
    pages = [
        ("funnel", ""),
        *steps,
        *((name, by) for name in ("win-rate", "cycle", "deal-cohorts", "revenue") for by in breakdowns),
    ]
    counts = {
        (address, int(text))
        for name, more in pages
        for address, text in LINK.findall(page(client, name, YEAR + more))
        if text.isdigit()
    }
    assert len(counts) >= least
    for address, count in counts:
        assert len(re.findall('<tr class="', read(client, address))) == count, address


def test_a_rate_opens_to_the_deals_it_counts(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "win-rate")
    assert "66.7%" in shown
    assert "95% 区间 30.0%–90.3%" in shown
    assert "资料原文口径" in shown
    assert "2.5 个/单" in shown
    rows = read(sold.world.client("director"), next(a for a, text in LINK.findall(shown) if text == "66.7%"))
    assert len(re.findall('<tr class="', rows)) == 6


def test_few_cases_are_shown_as_k_of_n_and_none_as_a_dash(sales: Sales) -> None:
    sales.win(sales.open(), 2)
    sales.lose(sales.open(), 2)
    assert ">1/2<" in page(sales.world.client("director"), "win-rate")


def test_the_cycle_has_mean_and_median(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "cycle")
    assert "平均 30.0 天(n=4)" in shown


def test_the_cycle_is_shown_by_month_team_person_and_product(sold: Sales) -> None:
    client = sold.world.client("director")
    for by, name in (("month", "2026-04"), ("team", "华东区"), ("person", "张三"), ("product", "水泵")):
        shown = page(client, "cycle", f"{YEAR}&by={by}")
        [line] = re.findall(rf"<tr><th>{name}</th>.*?</tr>", shown)
        assert all(text in line for text in (">30.0 天<", ">30.0–30.0 天<", ">4<")), line


def test_the_cohort_says_how_many_are_won_in_the_end_and_by_when(sold: Sales) -> None:
    with clock.as_of(day(150)):
        shown = page(sold.world.client("director"), "deal-cohorts")
    assert "新建的 9 个商机,到现在赢单 4 个、输单 2 个,还有 3 个在途" in shown, "the invalid one does not count"
    assert "批次赢单率(预计最终)" in shown and "90 天内赢单" in shown
    assert "2026-03" in shown and "180 天内" in shown


def test_the_cycle_says_the_velocity_with_what_it_is_made_of(sold: Sales) -> None:
    shown = page(sold.world.client("director"), "cycle")
    assert "销售速率(每天)" in shown and "在途、已过第一阶段的商机" in shown


def test_revenue_is_shown_by_month_team_person_product_and_source(sold: Sales) -> None:
    client = sold.world.client("director")
    assert "2026-04" in page(client, "revenue", f"{YEAR}&by=month")
    assert "华东区" in page(client, "revenue", f"{YEAR}&by=team")
    assert "张三" in page(client, "revenue", f"{YEAR}&by=person")
    assert "水泵" in page(client, "revenue", f"{YEAR}&by=product")
    assert "<th>未记录</th>" in page(client, "revenue", f"{YEAR}&by=source")


def test_the_period_before_stands_beside_when_asked_for(sold: Sales) -> None:
    client = sold.world.client("director")
    april = "kind=month&on=2026-04-10"
    assert '"beside">上一期' not in page(client, "revenue", april)
    assert '"beside">上一期' in page(client, "revenue", f"{april}&compare=on")
    for name in PAGES:
        page(client, name, "kind=quarter&on=2026-06-10&compare=on")


def test_filters_narrow_and_stay_in_the_links(sold: Sales) -> None:
    client = sold.world.client("director")
    narrowed = f"{YEAR}&team={sold.world.department_ids['shanghai']}"
    shown = page(client, "funnel", narrowed)
    assert f"team={sold.world.department_ids['shanghai']}" in shown
    assert len(re.findall('<tr class="', read(client, LINK.findall(shown)[0][0]))) == 1


def test_the_filters_open_on_demand_and_keep_what_is_set(sold: Sales) -> None:
    client = sold.world.client("director")
    closed = page(client, "revenue", f"{YEAR}&by=team&source=referral")
    assert "filter-fields" not in closed
    address = next(unescape(found) for found in re.findall(r'href="(\?[^"]*filter=open)"', closed))
    opened = read(client, f"/insight/revenue/{address}")
    assert "filter-fields" in opened
    assert '<option value="referral" selected>' in opened
    assert '<input type="hidden" name="by" value="team">' in opened


def test_a_filter_that_makes_no_sense_falls_back(sold: Sales) -> None:
    client = sold.world.client("director")
    for query in (
        "kind=century",
        "kind=custom&first=x&last=2026-13-01",
        "kind=custom&first=2026-05-01&last=2026-01-01",
        "on=99999",
        "team=x&person=-1&product=9e9",
        "process=99999999999999999999",
        "source=nowhere",
    ):
        for name in PAGES:
            page(client, name, query)


def test_an_unknown_kind_of_rows_is_not_found(sold: Sales) -> None:
    client = sold.world.client("director")
    for address in (
        "stays/?exit=x",
        "closings/?verdict=x",
        "wins/?timed=x",
        "customers/?key=x",
        "source-customers/?of=x",
    ):
        assert client.get(f"/insight/rows/{address}").status_code == 404


def test_a_deal_out_of_sight_is_named_without_a_link(sold: Sales) -> None:
    deals = Opportunity.objects.visible_to(SYSTEM).filter(owner=sold.world.id("shanghai_rep"))
    hand_over(SYSTEM, [deals.get().pk], sold.world.id("south_rep"))
    named = {}
    for who in ("shanghai_rep", "east_rep"):
        rows = read(sold.world.client(who), f"/insight/rows/stays/?{YEAR}").split('class="list"')[1]
        table = rows.split("</table>")[0]
        named[who] = (table.count("机会"), table.count('<a href="/opportunities/'))
    assert named["shanghai_rep"] == (2, 0)
    assert named["east_rep"][0] == named["east_rep"][1] > 0


def test_rows_behind_nought_offer_no_filter_to_clear(world: World) -> None:
    shown = read(world.client("director"), "/insight/rows/closings/?kind=all")
    assert "没有对应的记录" in shown
    assert "清除" not in shown.split("<main")[1]


def test_a_deal_that_is_still_in_its_stage_has_not_left_at_an_unknown_time(sold: Sales) -> None:
    rows = read(sold.world.client("director"), f"/insight/rows/stays/?{YEAR}")
    assert "仍在" in rows
    assert "未记录" not in rows


def test_new_customers_are_listed_by_name(world: World) -> None:
    register(world.actor("east_rep"), CustomerDraft(name="东海商贸"))
    client = world.client("east_manager")
    shown = page(client, "revenue", "kind=all")
    address = next(a for a, text in LINK.findall(shown) if "customers.registered" in a)
    assert "东海商贸" in read(client, address)


@pytest.fixture
def sourced(sales: Sales) -> Sales:
    """Two sources of six customers each: three of the one bought, one of the other; and one without a source."""
    for n in range(6):
        for source, buyers in (("referral", 3), ("exhibition", 1)):
            with clock.as_of(day(n)):
                draft = CustomerDraft(name=f"{source} {n}", source=source, despite_duplicates=True)
                customer = register(sales.rep("east_rep"), draft).pk
            deal = sales.open("east_rep", n, amount=100, customer_id=customer)
            if n < buyers:
                sales.win(deal, n + 20)
    with clock.as_of(day(1)):
        register(sales.rep("south_rep"), CustomerDraft(name="来路不明"))
    return sales


def test_the_sources_say_which_one_turns_into_customers(sourced: Sales) -> None:
    with clock.as_of(day(50)):
        shown = page(sourced.world.client("director"), "sources")
    assert "转化率最高的来源是「客户推荐」:50.0%(n=6)" in shown
    assert "赢单金额最多的是「客户推荐」:300 元" in shown
    assert "差别可能只是巧合" in shown
    assert "其中 13 位登记还不满 90 天" in shown
    assert "按客户的登记日期分批,结果截至目前" in shown
    for text in (
        "<th>未记录</th>",
        "<th>网站与线上推广</th>",
        "<th>合计</th>",
        "50.0% (18.8%–81.2%)",
        "3 单,平均 100 元",
        ">20.0 天<",
    ):
        assert text in shown, text


@pytest.mark.parametrize(("who", "least"), [("director", 10), ("east_rep", 9), ("south_rep", 2)])
def test_every_count_of_the_sources_leads_to_as_many_rows(sourced: Sales, who: str, least: int) -> None:
    client = sourced.world.client(who)
    counts = {(address, int(text)) for address, text in LINK.findall(page(client, "sources")) if text.isdigit()}
    assert len(counts) >= least
    for address, count in counts:
        assert len(re.findall('<tr class="', read(client, address))) == count, address


def test_the_amount_of_a_source_leads_to_its_wins(sourced: Sales) -> None:
    client = sourced.world.client("director")
    address = next(a for a, text in LINK.findall(page(client, "sources")) if text == "300 元")
    rows = read(client, address)
    assert len(re.findall('<tr class="', rows)) == 3
    assert "登记的客户,不论何时赢单" in rows


def test_the_sources_offer_no_filter_that_customers_know_nothing_of(sourced: Sales) -> None:
    client = sourced.world.client("director")
    for kind in ("kind=year", "kind=all", "kind=custom"):
        opened = page(client, "sources", f"{kind}&filter=open")
        assert 'name="source"' in opened
        assert not any(f'name="{name}"' in opened for name in ("process", "product", "compare"))
    assert page(client, "sources", f"{YEAR}&product=7&process=8").count("<th>客户推荐</th>") == 1


def test_the_number_of_queries_of_each_page_is_pinned(sold: Sales) -> None:
    client = sold.world.client("director")
    for name, own in (
        ("funnel", 4),
        ("conformance", 7),
        ("win-rate", 5),
        ("cycle", 6),
        ("deal-cohorts", 4),
        ("revenue", 3),
        ("sources", 4),
    ):
        with CaptureQueriesContext(connection) as found:
            page(client, name)
        asked = [query["sql"] for query in found if not any(table in query["sql"] for table in REMEMBERED)]
        assert len(asked) == OF_THE_SHELL + own, (name, asked)


@pytest.mark.parametrize("name", PAGES)
def test_a_changed_filter_loads_the_figures_alone(sold: Sales, name: str) -> None:
    part = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#insight"}
    answer = sold.world.client("director").get(f"/insight/{name}/?{YEAR}", headers=part)
    assert "<html" not in answer.content.decode()
    assert "全公司的业绩" in answer.content.decode()


@pytest.mark.parametrize(
    "against",
    ["against=before", "against=year", "against=days&against_first=2026-01-01&against_last=2026-02-28", "compare=on",
     "against=team&against_team=%(south)s", "against=person&against_person=%(south_rep)s",
     "against=source&against_source=referral", "against=process&against_process=%(process)s"],
)  # fmt: skip
def test_the_funnel_is_set_against_another_and_every_number_of_both_opens(sold: Sales, against: str) -> None:
    ids = {"south": sold.world.department_ids["south"], "south_rep": sold.world.id("south_rep")}
    query = against % {**ids, "process": sold.process.pk}
    client = sold.world.client("director")
    shown = page(client, "funnel", f"kind=quarter&on=2026-03-31&{query}")
    assert "对比:「" in shown
    found = LINK.findall(shown)
    assert found
    for address, told in found:
        if told.isdigit():
            assert len(re.findall('<tr class="', read(client, address))) == int(told), address
    opened = page(client, "funnel", f"kind=quarter&on=2026-03-31&filter=open&{query}")
    assert 'name="within"' in opened or "compare=on" in query


def test_two_periods_are_compared_within_as_many_days_and_not_by_what_the_younger_had_no_time_for(sales: Sales) -> None:
    for n in range(30):
        for at in (n / 10, 50 + n / 10):  # both alike: whatever is opened goes on after twelve days
            sales.move(sales.open("east_rep", at), "quote", at + 12) if at + 12 < 60 else sales.open("east_rep", at)
    client = sales.world.client("director")
    with clock.as_of(day(60)):
        within, month = clock.today() - dt.timedelta(days=15), clock.today() - dt.timedelta(days=75)
        former = f"against=days&against_first={month}&against_last={within - dt.timedelta(days=1)}&within=7"
        shown = page(client, "funnel", f"kind=custom&first={within}&last={clock.today()}&{former}")
        team = page(client, "funnel", f"kind=all&against=team&against_team={sales.world.department_ids['south']}")
    assert "时间长短不同,不比较" in shown
    assert "转化率的差别超出偶然" not in shown
    assert "时间长短不同,不比较" not in team


def test_what_makes_no_comparison_shows_the_funnel_alone(sold: Sales) -> None:
    client = sold.world.client("director")
    for query in ("kind=all&against=before", f"{YEAR}&against=team", f"{YEAR}&against=days", f"{YEAR}&against=moon"):
        assert "对比:「" not in page(client, "funnel", query)


def test_somebody_out_of_sight_is_compared_without_name_or_number(sold: Sales) -> None:
    other = sold.world.id("south_rep")
    shown = page(sold.world.client("east_manager"), "funnel", f"{YEAR}&against=person&against_person={other}")
    assert sold.world.person("south_rep").name not in shown
    assert "与「—」" in shown


def test_the_movement_starts_with_this_week_and_every_number_opens_to_its_rows(sold: Sales) -> None:
    client = sold.world.client("director")
    with clock.as_of(day(31)):
        week = page(client, "movement", "")
        shown = page(client, "movement", "kind=month&on=2026-03-31")
        assert "期初+变化=期末" in week
        assert "商机从 0 个到 7 个" in shown
        assert "变化最大的是「新建」" in shown
        found = [(address, told) for address, told in LINK.findall(shown) if re.fullmatch(r"[+-]?\d+", told)]
        assert len(found) == 7 + 1  # nothing was open at the start
        for address, told in found:
            assert len(re.findall('<tr class="', read(client, address))) == abs(int(told)), address


def test_the_movement_of_a_quiet_time_says_what_to_do(sales: Sales) -> None:
    assert "这段时间没有记录" in page(sales.world.client("director"), "movement", "kind=month&on=2026-03-31")


def test_nobody_sees_the_movement_of_others(sold: Sales) -> None:
    shown = page(sold.world.client("south_rep"), "movement", YEAR)
    assert "张三" not in shown
    for address, _told in LINK.findall(shown):
        assert "张三" not in read(sold.world.client("south_rep"), address)


@pytest.mark.parametrize("by", ["month", "source", "person", "team"])
def test_new_customers_are_listed_every_way_and_every_count_opens_to_its_rows(sold: Sales, by: str) -> None:
    for n in range(3):
        who = ("east_rep", "shanghai_rep", "south_rep")[n]
        with clock.as_of(day(n)):
            buyer = register(sold.rep(who), CustomerDraft(name=f"客户{n}", source=("referral", "")[n % 2])).pk
        sold.win(sold.open(who, n, amount=100 + n, customer_id=buyer), n + 2)
    client = sold.world.client("director")
    shown = page(client, "new-customers", f"{YEAR}&by={by}")
    assert "合计" in shown
    found = [(address, told) for address, told in LINK.findall(shown) if told.isdigit()]
    assert len(found) >= 6
    for address, told in found:
        assert len(re.findall('<tr class="', read(client, address))) == int(told), address
    money = next(address for address, told in LINK.findall(shown) if "of=new" in address)
    assert "新客户的赢单" in read(client, money)


def test_without_new_customers_the_report_says_what_to_do(world: World) -> None:
    assert "先登记几位客户" in page(world.client("director"), "new-customers")


@pytest.mark.parametrize("who", ["director", "east_manager", "east_rep"])
def test_every_count_of_the_sales_report_opens_to_its_rows(sold: Sales, who: str) -> None:
    client = sold.world.client(who)
    with clock.as_of(day(60)):
        shown = page(client, "sales-report")
        assert "口径说明" in shown
        assert "data-print" in shown
        found = [(address, told) for address, told in LINK.findall(shown) if told.isdigit()]
        assert len(found) >= 6
        for address, told in found:
            assert len(re.findall('<tr class="', read(client, address))) == int(told), address


def test_a_company_may_see_the_workload_before_the_rate_and_its_name_changes_with_it(sold: Sales) -> None:
    client = sold.world.client("director")
    register(sold.rep("east_rep"), CustomerDraft(name="客户"))

    def workload_is_first() -> list[bool]:
        rates, sources = page(client, "win-rate"), page(client, "sources", "kind=all")
        assert "资料原文口径:客户数÷商机数" in sources
        return [
            rates.index("每单所需商机数<") < rates.index("赢单率(按金额)<"),
            sources.index("每个商机对应客户数<") < sources.index("商机转化率(截至目前)<"),
        ]

    assert workload_is_first() == [False, False]
    change_rule(sold.world.actor("administrator"), "RatioRules.first", "workload", dt.date(2026, 1, 1))
    assert workload_is_first() == [True, True]
