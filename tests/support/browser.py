"""A real browser for the tests marked e2e: the machine's own Chromium, else the one that Playwright fetched."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


def find(playwright: Playwright) -> str | None:
    """Return the path of a browser that can be started, or None."""
    own = next((path for name in NAMES if (path := shutil.which(name))), None)
    fetched = playwright.chromium.executable_path
    return own or (fetched if Path(fetched).exists() else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once; without one the test is skipped with a reason, or fails in CI."""
    # Playwright's loop makes Django think that it runs in async code; the tests are ordinary ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = find(playwright)
        if path is None:
            _missing("no Chromium found; `make test` installs one where it can")
        try:
            started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as reason:
            _missing(f"Chromium does not start: {reason}")
        yield started
        started.close()


def _missing(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile in the product's first language."""
    fresh = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    fresh.set_default_timeout(10_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One open tab."""
    return context.new_page()
