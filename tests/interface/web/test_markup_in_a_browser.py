"""What people type is text: markup in any name, note or file name makes no element and runs nothing, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.access import rows
from tests.world import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MARKUP = '\'"><img class=hit src=x onerror=hit() alt=">{{7*7}}'
PAGES = (
    "today/", "customers/", "customers/{customer}/", "customers/{customer}/?tab=files", "opportunities/",
    "opportunities/board/", "opportunities/{opportunity}/", "opportunities/{opportunity}/?tab=story",
    "plans/{plan}/", "visits/", "visits/{visit}/", "reports/{report}/", "tasks/", "insight/funnel/?kind=all",
    "insight/revenue/?kind=all", "search/?q=img",
)  # fmt: skip


@pytest.fixture
def tab(world: World, live_server: Any, context: BrowserContext) -> Iterator[Page]:
    """A tab of the outsider's browser; fails for whatever the policy blocked or the script threw."""
    session = world.client(rows.OUTSIDER).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    yield page
    assert faults == []


def test_markup_in_every_text_stays_text(
    world: World, live_server: Any, tab: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MARKER", MARKUP)
    made = rows.rows_of_the_outsider(world)
    shown = 0
    for path in PAGES:
        answer = tab.goto(f"{live_server.url}/{path.format(**made)}", wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, path
        assert tab.locator(".hit").count() == 0, path
        shown += "onerror=hit()" in tab.inner_text("body")
    assert shown > len(PAGES) // 2, "most of the pages show what was typed"
