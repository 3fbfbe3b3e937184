"""Browsers of the world's people, on a phone or at a desk, at eight o'clock of a working Monday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.world import World
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel import clock

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
MONDAY = dt.date(2026, 3, 2)
Visit = Callable[..., Page]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the product's clock stand at a time of Monday, in the threads of the server too."""

    def stand_at(text: str) -> None:
        moment = clock.instant(MONDAY, dt.time.fromisoformat(text)).astimezone(dt.UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stand_at


@pytest.fixture
def browse(world: World, live_server: Any, browser: Browser, tmp_path: Any, monkeypatch: Any) -> Iterator[Visit]:
    """Open a page as somebody; fails for whatever the policy blocked or a script threw, and for a sideways scroll."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    faults: list[str] = []
    pages: list[Page] = []

    def open_as(key: str, path: str, size: Any = DESK) -> Page:
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size, base_url=live_server.url
        )
        context.set_default_timeout(10_000)
        session = world.client(key).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        pages.append(page)
        page.goto(path)
        return page

    yield open_as
    for page in pages:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        page.context.close()
    forget_cached()
    assert faults == []
