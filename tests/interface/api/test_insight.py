"""The API gives the figures of the pages, narrowed to what the program's person may see, with their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.insight.conftest import Sales, day, sales
from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.customers.commands import CustomerDraft, register

__all__ = ["sales"]
YEAR = "kind=year&on=2026-06-30"


@pytest.fixture
def sold(sales: Sales) -> Sales:
    for n in range(6):
        deal = sales.open("east_rep", n, amount="1000.10")
        sales.move(deal, "quote", n + 2)
        if n % 3:
            sales.win(deal, n + 20)
    sales.lose(sales.open("south_rep", 1), 4)
    return sales


def test_the_funnel_is_that_of_the_page(sold: Sales, program: Callable[[str], Any]) -> None:
    found = program("director").get(f"/insight/funnel?{YEAR}")
    assert found["scope"] == {"first": "2026-01-01", "last": "2026-12-31", "basis": "company"}
    quote = next(stage for stage in found["stages"] if stage["code"] == "quote")
    assert quote["entries"]["n"] == 6
    assert {item["way"]: item["entries"] for item in quote["exits"]} == {
        "advanced": 4, "skipped": 0, "back": 0, "lost": 0, "staying": 2,
    }  # fmt: skip
    conversion = quote["conversion"]
    assert (conversion["value"], conversion["numerator"], conversion["denominator"]) == ("0.666667", "4", "6")
    assert conversion["low"] < conversion["value"] < conversion["high"]
    assert "进入次数" in conversion["formula"]
    assert (found["won"]["entries"]["n"], found["lost"]["entries"]["n"]) == (4, 1)


def test_a_stage_comes_with_what_is_expected_of_it(sold: Sales, program: Callable[[str], Any]) -> None:
    with clock.as_of(day(40)):
        found = program("director").get(f"/insight/funnel?{YEAR}")
    meet, quote = found["stages"][:2]
    assert (meet["expected"]["value"], meet["expected"]["numerator"], meet["expected"]["n"]) == ("0.857143", "6", 7)
    assert meet["expected"]["low"] < meet["expected"]["value"] < meet["expected"]["high"]
    assert (meet["loss"]["value"], meet["loss_share"]["numerator"], meet["undecided"]) == ("0.142857", "1", "0")
    assert (meet["stay"]["median"]["value"], meet["stay"]["three_quarters"]) == ("2", "2")
    assert quote["expected"]["value"] == "0.666667"
    assert quote["skip_rate"]["value"] is None  # four went on
    assert found["bottleneck"] is None
    seen = program("director").get(
        f"/insight/rows/stays?{YEAR}&process_id={found['process_id']}&stage=meet&way=recorded"
    )
    assert len(seen["items"]) == 7


def test_two_funnels_are_set_side_by_side(sold: Sales, program: Callable[[str], Any]) -> None:
    world, asked = sold.world, "/insight/funnel/comparison?kind=quarter&on=2026-03-31"
    with clock.as_of(day(60)):
        found = program("director").get(f"{asked}&against=person&other_id={world.id('south_rep')}&within=7")
        before = program("director").get(f"{asked}&against=before")
        unseen = program("east_manager").get(f"{asked}&against=person&other_id={world.id('south_rep')}")
    meet = found["stages"][0]
    assert [meet[side]["entries"]["n"] for side in ("one", "other")] == [7, 1]
    assert (meet["within_one"]["value"], meet["within_other"]["value"], found["within_days"]) == ("0.857143", None, 7)
    assert meet["conversion"] == {"value": None, "low": None, "high": None, "is_beyond_chance": False}
    assert before["other_scope"]["last"] == "2025-12-31"
    assert unseen["stages"][0]["other"]["entries"]["n"] == 0


def test_the_funnel_and_its_rows_come_as_of_a_past_day(sold: Sales, program: Callable[[str], Any]) -> None:
    then = f"{YEAR}&as_of=2026-03-04"  # day 2: three had been opened, one had gone on
    with clock.as_of(day(60)):
        director = program("director")
        found = director.get(f"/insight/funnel?{then}")
        asked = f"/insight/rows/stays?{then}&process_id={found['process_id']}&stage=meet"
        staying = director.get(f"{asked}&way=staying")["items"]
        of_other = director.get(
            f"/insight/funnel/comparison?{then}&against=person&other_id={sold.world.id('south_rep')}"
        )
        now = director.get(f"/insight/funnel?{YEAR}")
        of_outsider = program("south_rep").get(f"/insight/funnel?{then}")
    assert (found["as_of"], of_other["as_of"], now["as_of"]) == ("2026-03-04", "2026-03-04", None)
    assert [stage["entries"]["n"] for stage in found["stages"][:2]] == [4, 1]
    assert {item["way"]: item["entries"] for item in found["stages"][0]["exits"]}["staying"] == len(staying) == 3
    assert {(row["exit"], row["left_at"], row["days"]) for row in staying} == {("", None, None)}
    assert now["stages"][0]["entries"]["n"] == 7
    assert of_outsider["stages"][0]["entries"]["n"] == of_other["stages"][0]["other"]["entries"]["n"] == 1


@pytest.mark.parametrize("of", ["2026-12-31", "2025-12-31", "2026-02-31", "yesterday"])
def test_a_day_that_cannot_be_is_refused(sold: Sales, program: Callable[[str], Any], of: str) -> None:
    with clock.as_of(day(60)):
        for path in ("funnel", "funnel/comparison", "rows/stays"):
            answer = program("director").ask("GET", f"/insight/{path}?{YEAR}&as_of={of}&against=person&other_id=1")
            assert answer.status == 422, path


def test_the_movement_adds_up_and_lists_its_changes(sold: Sales, program: Callable[[str], Any]) -> None:
    month = "kind=month&on=2026-03-31"
    found = program("director").get(f"/insight/movement?{month}")
    told = {item["kind"]: int(item["deals"]["numerator"]) for item in found["changes"]}
    assert told == {"new": 7, "reopened": 0, "up": 0, "down": 0, "handed": 0, "won": -4, "lost": -1}
    assert (found["start"]["deals"]["n"], found["end"]["deals"]["n"]) == (0, 2)
    won = program("director").get(f"/insight/rows/changes?{month}&change=won")["items"]
    assert [(row["n"], row["amount"]) for row in won] == [(-1, "-1000.1000")] * 4
    assert len(program("director").get(f"/insight/rows/standing?{month}&at=end")["items"]) == 2
    assert program("director").get(f"/insight/rows/standing?{month}&at=start")["items"] == []
    assert program("south_rep").get(f"/insight/movement?{month}")["end"]["deals"]["n"] == 0


def test_new_customers_are_reported_by_source(sold: Sales, program: Callable[[str], Any]) -> None:
    buyer = register(sold.rep("east_rep"), CustomerDraft(name="新新", source="referral")).pk
    sold.win(sold.open("east_rep", 1, amount=70, customer_id=buyer), 3)
    found = program("director").get(f"/insight/new-customers/report?{YEAR}&by=source")
    assert found["whole"]["new"]["value"] == "1"
    assert [(line["id"], line["newcomers"]["amount"]["value"]) for line in found["lines"]] == [("referral", "70")]
    assert len(program("director").get(f"/insight/rows/newcomer-wins?{YEAR}&of=new")["items"]) == 1
    assert program("director").get(f"/insight/rows/newcomer-wins?{YEAR}&of=returned")["items"] == []
    assert program("south_rep").get(f"/insight/new-customers/report?{YEAR}")["whole"]["new"]["value"] == "0"


def test_the_sales_report_tells_each_member(sold: Sales, program: Callable[[str], Any]) -> None:
    found = program("director").get(f"/insight/sales-report?{YEAR}")
    assert [line["name"] for line in found["members"]] == ["张三", "钱外人"]
    assert (found["everybody"]["result"]["orders"]["value"], found["everybody"]["opened"]["value"]) == ("4", "7")
    assert program("south_rep").get(f"/insight/sales-report?{YEAR}")["everybody"]["result"]["orders"]["value"] == "0"


def test_the_steps_are_those_of_the_page(sold: Sales, program: Callable[[str], Any]) -> None:
    found = program("director").get(f"/insight/conformance?{YEAR}")
    meet = found["stages"][0]
    assert meet["steps"] == [{"to": "quote", "n": 6, "mark": ""}, {"to": "lost", "n": 1, "mark": ""}]
    assert (found["skip_rate"]["numerator"], found["skip_rate"]["n"]) == ("0", 10)
    won = f"/insight/rows/stays?{YEAR}&process_id={found['process_id']}&stage=quote&to=won"
    assert len(program("director").get(won)["items"]) == 4
    assert [line["name"] for line in found["people"]] == ["张三", "钱外人"]


def test_results_and_their_lines(sold: Sales, program: Callable[[str], Any]) -> None:
    found = program("director").get(f"/insight/results?{YEAR}&by=person")
    assert found["result"]["revenue"]["value"] == "4000.4"
    assert found["result"]["win_rate"]["value"] == "0.8"
    assert found["deals_per_order"]["value"] == "1.75"
    assert [(line["name"], line["result"]["orders"]["n"]) for line in found["lines"]] == [("张三", 4), ("钱外人", 0)]


def test_a_share_of_very_few_is_null_with_its_parts(sold: Sales, program: Callable[[str], Any]) -> None:
    rate = program("south_rep").get(f"/insight/results?{YEAR}")["result"]["win_rate"]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == (None, "0", "1")


def test_the_cycle_and_new_customers(sold: Sales, program: Callable[[str], Any]) -> None:
    found = program("director").get(f"/insight/cycle?{YEAR}")
    assert (found["mean"]["value"], found["median"]["value"], found["untimed"]) == ("20", "20", 0)
    assert [figure["key"] for figure in program("director").get(f"/insight/new-customers?{YEAR}")] == [
        "customers.registered",
        "customers.converted",
    ]


def test_the_cycle_comes_line_by_line_when_asked(sold: Sales, program: Callable[[str], Any]) -> None:
    assert program("director").get(f"/insight/cycle?{YEAR}")["lines"] == []
    for by, name in (("person", "张三"), ("team", "华东区"), ("product", "")):
        [line] = program("director").get(f"/insight/cycle?{YEAR}&by={by}")["lines"]
        assert (line["name"], line["cycle"]["median"]["value"], line["cycle"]["mean"]["n"]) == (name, "20", 4)
    months = program("director").get(f"/insight/cycle?{YEAR}&by=month")["lines"]
    assert sum(line["cycle"]["mean"]["n"] for line in months) == 4
    assert program("east_peer").get(f"/insight/cycle?{YEAR}&by=person")["lines"] == []
    assert program("director").ask("GET", f"/insight/cycle?{YEAR}&by=weather").status == 422


@pytest.mark.parametrize(
    ("who", "count"), [("director", 7), ("east_manager", 6), ("south_manager", 1), ("east_peer", 0)]
)
def test_the_rows_are_those_the_person_may_see(
    sold: Sales, program: Callable[[str], Any], who: str, count: int
) -> None:
    asking = program(who)
    assert len(asking.get(f"/insight/rows/stays?{YEAR}&way=opened")["items"]) == count
    found = asking.get(f"/insight/results?{YEAR}")["result"]
    assert len(asking.get(f"/insight/rows/closings?{YEAR}&verdict=won")["items"]) == found["orders"]["n"]
    assert len(asking.get(f"/insight/rows/wins?{YEAR}&timed=true")["items"]) == found["orders"]["n"]
    assert asking.get(f"/insight/rows/new-customers?{YEAR}&key=customers.registered")["items"] == []


def test_the_sources_and_their_rows(sold: Sales, program: Callable[[str], Any]) -> None:
    with clock.as_of(day(0)):
        customer = register(sold.rep("east_rep"), CustomerDraft(name="东海商贸", source="referral"))
    sold.win(sold.open(customer_id=customer.pk, amount=500), 9)
    for who, count in (("director", 1), ("east_manager", 1), ("east_rep", 1), ("east_peer", 0), ("south_rep", 0)):
        asking = program(who)
        found = asking.get("/insight/sources?kind=all")
        referral = next(line["cohort"] for line in found["lines"] if line["source"] == "referral")
        assert referral["registered"]["n"] == referral["converted"]["n"] == found["whole"]["opened"]["n"] == count
        assert referral["revenue"]["value"] == ("500" if count else "0")
        rows = asking.get("/insight/rows/source-customers?kind=all&source=referral&of=converted")["items"]
        assert [row["name"] for row in rows] == ["东海商贸"] * count
        assert len(asking.get("/insight/rows/source-wins?kind=all")["items"]) == count
    lines = program("director").get("/insight/results?kind=all&by=source")["lines"]
    assert [(line["id"], line["result"]["orders"]["n"]) for line in lines] == [("", 5)]
    assert program("director").ask("GET", "/insight/rows/source-customers?of=all").status == 422


def test_the_sources_tell_how_soon_there_was_an_opportunity(sales: Sales, program: Callable[[str], Any]) -> None:
    for n in range(6):
        with clock.as_of(day(n)):
            customer = register(sales.rep("east_rep"), CustomerDraft(name=f"客户{n}", despite_duplicates=True)).pk
        if n % 2:
            sales.open("east_rep", n + 40, customer_id=customer)
    with clock.as_of(day(80)):
        whole = program("east_rep").get(f"/insight/sources?{YEAR}")["whole"]
        rows = {of: program("east_rep").get(f"/insight/rows/source-customers?{YEAR}&of=opened_{of}")["items"]
                for of in (30, 60)}  # fmt: skip
        outsider = program("south_rep").get(f"/insight/rows/source-customers?{YEAR}&of=opened_60")["items"]
    assert [(item["key"], item["value"], item["numerator"]) for item in whole["opening_within"]] == [
        ("insight.cohort_opening_30", "0", "0"),
        ("insight.cohort_opening_60", "0.5", "3"),
        ("insight.cohort_opening_90", None, "0"),
    ]
    assert whole["opening_within"][1]["low"] < "0.5" < whole["opening_within"][1]["high"]
    assert ({of: len(found) for of, found in rows.items()}, outsider) == ({30: 0, 60: 3}, [])
    assert "opportunity" not in str(rows[60])


def test_what_makes_no_sense_is_refused(sold: Sales, program: Callable[[str], Any]) -> None:
    for query in ("kind=century", "on=9999-99-99", "person_id=0", "way=up", "on=1066-10-14"):
        assert program("director").ask("GET", f"/insight/rows/stays?{query}").status == 422, query


def test_a_promoters_program_gets_no_figures(sold: Sales, program: Callable[[str], Any]) -> None:
    paths = ["funnel", "results", "cycle", "new-customers", "sources"]
    rows = ["stays", "closings", "wins", "source-customers", "source-wins"]
    for path in [*paths, *(f"rows/{name}" for name in rows)]:
        assert program("promoter").ask("GET", f"/insight/{path}").status == 403, path
