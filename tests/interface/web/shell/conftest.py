"""The house: a small family of pages served instead of the product's own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xiaocheng.interface.web.shell import access, finding, navigation
from xiaocheng.interface.web.shell.navigation import Item, Quick
from xiaocheng.interface.web.shell.templatetags import ui

from . import house as pages


@pytest.fixture
def house(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Serve the house's pages; gives the list of what its commands did."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.interface.web.shell.house"
    items = [
        Item("我的", "me", icon="user-circle", group="", phone=5),
        Item("人员", "house:people", icon="users", group="team", phone=2),
        Item("机密", "house:secret", icon="lock", group="company"),
    ]
    monkeypatch.setattr(navigation, "_items", {item.url_name: item for item in items})
    monkeypatch.setattr(navigation, "_quick", {"house:new": Quick("人员", "house:new", icon="user-plus")})
    monkeypatch.setattr(navigation, "_corner", {})
    monkeypatch.setattr(finding, "_finders", [kind for kind in finding._finders if kind.source is finding.pages])
    pages.done.clear()
    _forget_what_is_kept()
    yield pages.done
    _forget_what_is_kept()


def _forget_what_is_kept() -> None:
    """The policies of the pages and the bars that lead to them: the house has its own."""
    for kept in (access._policies, navigation.marked, ui._side_bar, ui._bottom_bar, ui._top_bar):
        kept.cache_clear()
