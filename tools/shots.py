"""Pictures of the demo's main pages: each role, three languages, a desk and a phone; into var/shots.

`python -m tools.shots [ADDRESS]` starts a product of its own unless an address is given.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.server import free_port
from tests.support.browser import ARGUMENTS
from tools.browser import ensure

OUT = Path("var/shots")
LANGUAGES = ("zh-hans", "zh-hant", "en")
WIDTHS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@contextmanager
def product() -> Iterator[str]:
    """Run the product with its demo company in a folder of its own; give its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XIAOCHENG_DATA_DIR": folder, "XIAOCHENG_DATABASE_URL": ""}
        command = [sys.executable, "-m", "xiaocheng", "run", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            for line in process.stdout or ():
                if f":{port}/" in line:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def places(page: Page) -> list[str]:
    """Return the addresses that the navigation offers, and the first row behind each list."""
    found = [urlsplit(link).path for link in page.eval_on_selector_all("nav a[href]", "all => all.map(a => a.href)")]
    found = list(dict.fromkeys(["/", *found]))
    rows = []
    for path in found:
        page.goto(path)
        if row := page.query_selector("main table tbody a[href]"):
            rows.append(urlsplit(row.evaluate("a => a.href")).path)
    return list(dict.fromkeys([*found, *rows]))


def name_of(path: str) -> str:
    """Return a file name for an address."""
    return path.strip("/").replace("/", "-") or "home"


def shoot(browser: Browser, address: str, role: int) -> str:
    """Take every picture of one of the demo's people; return the login name."""
    desk = browser.new_context(base_url=address, viewport=WIDTHS["desk"])
    page = desk.new_page()
    page.goto("/account/login/")
    button = page.locator("form.people button").nth(role)
    who = button.get_attribute("value") or str(role)
    button.click()
    page.wait_for_url(f"{address}/")
    paths = places(page)
    for language in LANGUAGES:
        page.goto("/me/")
        page.check(f"input[name=language][value={language}]")
        page.click("main form.fading button.btn-primary")
        page.wait_for_load_state("networkidle")
        for width, viewport in WIDTHS.items():
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            for path in paths:
                page.goto(path, wait_until="networkidle")
                page.screenshot(path=OUT / who / f"{name_of(path)}-{language}-{width}.png", full_page=True)
        page.set_viewport_size(WIDTHS["desk"])  # type: ignore[arg-type]
    desk.close()
    return who


def take(address: str) -> None:
    """Take the login page, then all pages of every person whom the demo offers."""
    path = ensure()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(base_url=address, viewport=WIDTHS["desk"])
        page.goto("/account/login/")
        OUT.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=OUT / "login.png")
        for role in range(page.locator("form.people button").count()):
            who = shoot(browser, address, role)
            print(f"{who}: {len(list((OUT / who).glob('*.png')))} pictures in {OUT / who}", flush=True)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1])
    else:
        with product() as started:
            take(started)
