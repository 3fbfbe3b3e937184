"""The generic list: search, filters, order, paging, parts, bulk acts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.org.models import Person
from xiaocheng.foundation.org.queries import people
from xiaocheng.interface.web.shell.paging import LAST, count_of, page_of

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def names(html: str) -> list[str]:
    return re.findall(r'phone-title"><a href="[^"]+">([^<]+)</a>', html)


def body(client: Client, query: str = "", **headers: str) -> str:
    return client.get(f"/house/people/{query}", headers=headers).content.decode()


@pytest.fixture
def rep(world: World, house: list[Any]) -> Client:
    return world.client("east_rep")


def link(html: str, rel: str) -> str:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}">', html)
    return found.group(1).replace("&amp;", "&").removeprefix("/house/people/") if found else ""


def test_paging_forwards_shows_every_row_once(rep: Client) -> None:
    seen, query = [], "?"
    while query:
        html = body(rep, query)
        seen += names(html)
        query = link(html, "next")
    assert seen == list(people(None, "").values_list("name", flat=True))  # type: ignore[arg-type]


def test_paging_backwards_from_the_last_page_shows_the_same(rep: Client) -> None:
    seen, query = [], "?at=last"
    while query:
        html = body(rep, query)
        seen = names(html) + seen
        query = link(html, "prev")
    assert seen == list(people(None, "").values_list("name", flat=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("order", [["department_id"], ["-department_id"], ["department_id", "-name"], ["pk"]])
@pytest.mark.parametrize("size", [1, 3, 4, 50])
def test_pages_join_without_gap_or_repetition_where_many_rows_are_equal(
    world: World, order: list[str], size: int
) -> None:
    whole = read_both_ways(order, size)
    assert len(whole) == Person.objects.count()


@pytest.mark.parametrize("order", [["manager_id"], ["-manager_id"], ["manager_id", "-name"]])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 50])
def test_rows_without_a_value_come_last_either_way_and_none_is_lost(world: World, order: list[str], size: int) -> None:
    whole = read_both_ways(order, size)
    values = [row.manager_id for row in whole]
    having = [value for value in values if value is not None]
    assert values == [*sorted(having, reverse=order[0].startswith("-")), *[None] * (len(values) - len(having))]
    assert None in values and len(whole) == Person.objects.count()


def read_both_ways(order: list[str], size: int) -> list[Person]:
    """All rows page by page, which are the same from either end and at once."""
    whole = page_of(Person.objects.all(), order, 1000).rows
    forwards, cursor = [], "start"
    while cursor:
        page = page_of(Person.objects.all(), order, size, cursor)
        forwards += page.rows
        cursor = page.after
    backwards, cursor = [], LAST
    while cursor:
        page = page_of(Person.objects.all(), order, size, cursor)
        backwards = page.rows + backwards
        cursor = page.before
    assert forwards == whole
    assert backwards == whole
    return whole


@pytest.mark.parametrize(
    "cursor", ["after", "after !!!", "before e30=", "after WzFd", "after WyJ4IiwgInkiXQ==", "x y z"]
)
def test_a_cursor_that_does_not_fit_means_the_first_page(world: World, cursor: str) -> None:
    page = page_of(Person.objects.all(), ["department_id"], 3, cursor)
    assert page.before == ""
    assert len(page.rows) == 3


def test_a_page_whose_rows_are_gone_shows_the_first_one(world: World) -> None:
    rows = Person.objects.all()
    beyond = page_of(rows, ["sort_key"], len(rows) - 1).after
    few = rows.filter(pk=page_of(rows, ["sort_key"], 1).rows[0].pk)
    assert page_of(few, ["sort_key"], 5, beyond).rows == list(few)


def test_search_finds_by_initials_of_pinyin(rep: Client) -> None:
    assert set(names(body(rep, "?q=zs"))) == {"张三", "周上海"}


def test_a_search_without_result_says_so_and_leads_back(rep: Client) -> None:
    html = body(rep, "?q=nobodyhere")
    assert "没有符合条件的记录" in html and "清除搜索和筛选" in html


def test_a_filter_narrows_the_list_and_nonsense_in_it_shows_nothing(rep: Client) -> None:
    assert "李华东" in body(rep, "?role=manager") and "张三" not in names(body(rep, "?role=manager"))
    assert names(body(rep, "?role=king")) == []


def test_a_click_on_a_column_sorts_by_it_and_again_turns_it_round(rep: Client) -> None:
    usernames = sorted(Person.objects.filter(is_active=True).values_list("username", flat=True))
    first = Person.objects.get(username=usernames[0]).name
    last = Person.objects.get(username=usernames[-1]).name
    up = body(rep, "?order=username")
    assert names(up)[0] == first and 'aria-sort="ascending"' in up and "order=-username" in up
    assert names(body(rep, "?order=-username"))[0] == last


def test_an_order_that_no_column_offers_is_ignored(rep: Client) -> None:
    assert names(body(rep, "?order=password")) == names(body(rep))


def test_htmx_gets_the_rows_alone_and_the_number_alone(rep: Client) -> None:
    rows = body(rep, "?", **PART, **{"HX-Target": "div#rows"})
    assert "<html" not in rows and len(names(rows)) == 4
    assert body(rep, "?", **PART, **{"HX-Target": "span#count"}) == "共 10 条"


def test_the_number_is_there_at_once_when_all_rows_are_on_the_page(rep: Client) -> None:
    assert "共 2 条" in body(rep, "?q=zs")


def test_counting_stops_at_ten_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaocheng.interface.web.shell.paging.COUNTED", 5)
    assert count_of(Person.objects.all()) == 6


def test_a_name_is_text_never_markup(world: World, rep: Client) -> None:
    Person.objects.filter(pk=world.id("director")).update(name="<script>alert(1)</script>", sort_key="a")
    html = body(rep)
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html


def test_a_bulk_act_gets_the_ticked_rows(world: World, rep: Client, house: list[Any]) -> None:
    answer = rep.post("/house/people/call/", {"ids": [1, 2]})
    assert answer.status_code == 302
    assert house == [["1", "2"]]


def test_a_list_is_one_query_however_many_rows(
    rep: Client, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body(rep)  # the process reads the company's rules once
    counts = []
    for rows in (2, 50):
        monkeypatch.setattr("tests.interface.web.shell.house.People.per_page", rows)
        with django_assert_max_num_queries(20) as made:
            body(rep)
        counts.append(len(made))
        assert len([query for query in made if f"LIMIT {rows + 1}" in query["sql"]]) == 1
    assert counts[0] == counts[1]


def test_a_filter_that_is_not_set_says_all(rep: Client) -> None:
    assert '<option value="" selected>全部</option>' in body(rep, "?filter=open")


def test_the_filters_are_there_when_they_are_opened_or_set(rep: Client) -> None:
    closed = body(rep)
    assert "<select" not in closed and "filter=open" in closed
    assert "<select" in body(rep, "?role=manager")
    part = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#filters"}
    opened = rep.get("/house/people/?filter=open", headers=part).content.decode()
    assert "<select" in opened and "<table" not in opened and "<html" not in opened
