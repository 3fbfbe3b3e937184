"""Customers by class, loyalty and potential: every cell is its customers, and what is suggested follows the rules."""

from __future__ import annotations

from decimal import Decimal
from html import unescape

import pytest

from tests.insight.test_worth import TODAY
from tests.insight.test_worth import sold as sold
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.insight import queries
from xiaocheng.insight.commands import count_values
from xiaocheng.insight.models import CustomerValue
from xiaocheng.insight.suggesting import Traits, cases, suggestion
from xiaocheng.selling.customers.commands import CustomerDraft, Edit, edit_many, register
from xiaocheng.selling.customers.queries import ids_by_name


@pytest.fixture
def rated(sold: World) -> World:
    """甲 and 癸 have a high potential, 壬 a low one; 新 has bought nothing yet, but could buy much."""
    rated = {"甲": "high", "壬": "low", "癸": "high"}
    known = ids_by_name(SYSTEM, [f"{name}厂" for name in rated])
    edit_many(SYSTEM, [Edit(known[f"{name}厂"], {"potential": level}) for name, level in rated.items()])
    register(sold.actor("south_rep"), CustomerDraft(name="新厂", potential="high"))
    return sold


def counts(found: queries.Matrix | None) -> dict[tuple[str, str], int]:
    return {at: cell.count for at, cell in found.cells.items()} if found else {}


@pytest.mark.django_db
def test_every_cell_counts_the_customers_that_it_opens(rated: World) -> None:
    director = rated.actor("director")
    assert queries.matrix(director, "value") is None
    assert count_values(SYSTEM) == 11
    both = queries.matrix(director, "both")
    assert counts(both) == {
        ("high", "top"): 1, ("", "top"): 1, ("", "middle"): 6, ("low", "bottom"): 1, ("high", "bottom"): 1,
        ("high", ""): 1,
    }  # fmt: skip
    assert both is not None and both.cells["high", "top"].planned == 48, "4 hours in each of 12 months"
    assert (both.cells["high", "top"].sales, both.cells["high", "bottom"].profit) == (1000, -20)
    assert both.cells["high", "bottom"].suggested == {"court": 1}
    assert both.cells["low", "bottom"].suggested == {"drop": 1}
    assert counts(queries.matrix(director, "potential")) == {("high", ""): 3, ("low", ""): 1, ("", ""): 7}
    quarter = queries.matrix(director, "both", 3)
    assert quarter is not None and counts(quarter) == counts(both)
    assert quarter.cells["high", "top"].sales == 1000
    assert quarter.cells["high", "top"].planned == 12
    south = queries.matrix(director, "value", team_id=rated.department("south").pk)
    assert counts(south) == {("middle", ""): 2, ("bottom", ""): 2, ("", ""): 1}
    assert counts(queries.matrix(rated.actor("east_manager"), "value")) == {("top", ""): 2, ("middle", ""): 4}
    assert counts(queries.matrix(rated.actor("east_manager"), "value", person_id=rated.id("south_rep"))) == {}
    with pytest.raises(NotAllowed):
        queries.matrix(rated.actor("promoter"), "value")
    for code in ("court", "keep", "drop", ""):
        rows = queries.values(director).select_related("customer")
        by_sql = set(rows.filter(queries.suggested_as(director, code)).values_list("pk", flat=True))
        says = queries.suggestion_of(director)
        assert by_sql == {row.pk for row in rows if says(row) == code}, code
    change_rule(SYSTEM, "SuggestionRules.court", "没有购买+高潜力", since=TODAY)
    again = queries.matrix(director, "both")
    assert again is not None and again.cells["high", "bottom"].suggested == {"keep": 1}


@pytest.mark.django_db
def test_pages_and_programs_open_the_cells(rated: World) -> None:
    rep, director = rated.client("east_rep"), rated.client("director")
    assert "还没有计算客户价值" in rep.get("/insight/value/matrix/").content.decode()
    count_values(SYSTEM)
    page = unescape(director.get("/insight/value/matrix/?view=both").content.decode())
    assert "建议争取 3 位,维持 7 位,放弃 1 位。" in page
    for query, names in (
        ("potential=high&klass=bottom&months=12", ["癸厂"]),
        ("potential=high&klass=none&months=3", ["新厂"]),
        ("suggestion=drop", ["壬厂"]),
        (f"team={rated.department('south').pk}&klass=middle", ["庚厂", "辛厂"]),
    ):
        listed = director.get(f"/insight/value/customers/?{query}").content.decode()
        assert [f"{name}厂" for name in "甲乙丙丁戊己庚辛壬癸新" if f"{name}厂" in listed] == names, query
    mine = unescape(rep.get("/insight/value/matrix/?months=3&view=nonsense&team=x").content.decode())
    assert ["6 位" not in mine, "2 位" in mine, "4 位" in mine] == [True] * 3
    found = director.get("/api/v1/insight/matrix?view=both").json()
    assert sum(cell["count"] for cell in found["cells"]) == 11
    assert Decimal(found["cells"][0]["sales"]) + 0 >= 0
    assert rated.client("promoter").get("/insight/value/matrix/").status_code == 403
    assert rated.client("promoter").get("/api/v1/insight/matrix").status_code == 403
    assert CustomerValue.objects.visible_to(SYSTEM).count() == 11


def test_cases_are_written_as_people_write_them() -> None:
    court, drop = cases("高潜力, 顶层+低忠诚;top + medium loyalty"), cases("底层、price-led")
    told = {
        Traits("bottom", "low", "high"): "court", Traits("top", "low"): "court", Traits("top", "medium"): "court",
        Traits("top", "high"): "keep", Traits("bottom", "high"): "drop", Traits("middle", price_led=True): "drop",
        Traits("", "", "medium"): "", Traits(): "",
    }  # fmt: skip
    assert {traits: suggestion(traits, court, drop) for traits in told} == told
    assert cases("") == []
    for text in ("高", "顶层+", "顶层+底层", "+"):
        with pytest.raises(ValueError):
            cases(text)
