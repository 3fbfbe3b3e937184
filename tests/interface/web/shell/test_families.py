"""Pages of one family stand in the left bar as one place, and each shows the others."""

import re

import pytest

from tests.world import World
from xiaocheng.interface.web.shell import navigation
from xiaocheng.interface.web.shell.navigation import Item, navigate


def bar(page: str) -> str:
    """The left bar of a page."""
    return page[page.index('<aside class="side">') : page.index("</aside>")]


def current(part: str) -> list[str]:
    """What is marked as the page that is open."""
    return re.findall(r'aria-current="page">(?:<svg.*?</svg>)?([^<]*)<', part)


def test_a_family_is_one_place_and_is_marked_on_each_of_its_pages(world: World) -> None:
    for address in ("/insight/revenue/", "/insight/win-rate/", "/insight/cycle/"):
        shown = world.client("director").get(address).content.decode()
        assert current(bar(shown)) == ["业绩分析"]
        assert "赢单率" not in bar(shown)


def test_each_page_of_a_family_shows_the_others_above_its_title(world: World) -> None:
    shown = world.client("director").get("/insight/win-rate/").content.decode()
    family = shown[shown.index('<nav class="family"') : shown.index('<div class="page-top">')]
    assert re.findall(r'href="([^"]*)"', family)[:3] == ["/insight/revenue/", "/insight/win-rate/", "/insight/cycle/"]
    assert current(family) == ["赢单率"]


def test_who_may_open_one_page_of_a_family_sees_it_by_its_own_name(world: World) -> None:
    director = world.actor("director")
    alone = navigation._together([navigation._items["insight:cycle"]], "insight:cycle")
    assert (str(alone.label), alone.current) == ("成交周期", True)
    assert navigation.relatives(director, "insight:forecast") == []


def test_the_phone_and_the_search_know_every_page(world: World) -> None:
    names = [str(place.label) for place in navigation.places(world.actor("director"))]
    assert {"赢单率", "成交周期", "客户矩阵"} <= set(names)


def test_a_family_that_nobody_named_is_refused() -> None:
    with pytest.raises(ValueError, match="no family"):
        navigate(Item("页面", "insight:funnel", icon="route", group="insight", family="nowhere"))
