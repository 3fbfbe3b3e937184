"""Pictures of the demo company: the main pages in three languages and two widths, and those of the user guide.

`python -m tools.shots [ADDRESS]` writes into var/shots, from a product of its own unless an address is given;
`--guide` makes the pictures of docs/guide anew. Their figures are fullest once the demo's older months are loaded.
"""

import argparse
import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.server import free_port
from tests.support.browser import ARGUMENTS
from tools.browser import ensure

OUT, GUIDE = Path("var/shots"), Path("docs/guide/pictures")
LANGUAGES = ("zh-hans", "zh-hant", "en")
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
MAIN = {  # what each of the demo's people looks at most
    "rep1": ("today", "plan", "visits", "report", "customers", "opportunities", "opportunities/board", "tasks"),
    "lead1": ("team", "inbox", "team/day", "insight/funnel"),
    "director": ("company", "insight/win-rate", "insight/revenue", "insight/cycle", "insight/sources"),
    "admin": ("company/people", "company/departments", "company/rules", "processes", "imports"),
}
OPENED = {"customers", "opportunities", "visits"}  # lists of which the first row is looked at, too
SHEET = """客户名称,电话,来源,级别
苏州示例包装有限公司,13800000001,展会,A
广州示例食品有限公司,13800000002,客户推荐,重点
"""


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


@contextmanager
def signed_in(browser: Browser, address: str, who: str, language: str, size: tuple[int, int]) -> Iterator[Page]:
    """A page of one of the demo's people, who reads a language."""
    context = browser.new_context(base_url=address, viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page = context.new_page()
    page.goto("/account/login/")
    page.click(f"form.people button[value={who}]")
    page.wait_for_selector(".frame")
    page.goto("/me/")
    page.check(f"input[name=language][value={language}]", force=True)
    with page.expect_navigation():
        page.click("main form.fading button.btn-primary")
    yield page
    context.close()


def take(page: Page, folder: Path, name: str) -> None:
    """The whole page; in one language by dark, too."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    if LANGUAGES[0] in name:
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=folder / f"{name}-dark.png", full_page=True)
        page.emulate_media(color_scheme="light")


def main_pages(browser: Browser, address: str) -> None:
    """Take what each person looks at most, in every language and width."""
    for who, paths in MAIN.items():
        for language in LANGUAGES:
            for width, size in WIDTHS.items():
                with signed_in(browser, address, who, language, size) as page:
                    for path in paths:
                        page.goto(f"/{path}/", wait_until="networkidle")
                        take(page, OUT / who, f"{path.replace('/', '-')}-{language}-{width}")
                        if path in OPENED:
                            first_row(page)
                            page.wait_for_load_state("networkidle")
                            take(page, OUT / who, f"{path}-one-{language}-{width}")
        print(f"{who}: {len(list((OUT / who).glob('*.png')))} pictures in {OUT / who}", flush=True)


@dataclass(frozen=True)
class Picture:
    """One picture of the guide: who looks at which page, and what is done there first."""

    name: str
    who: str
    path: str
    steps: Callable[[Page], object] | None = None
    size: tuple[int, int] = (1200, 720)


def first_row(page: Page) -> None:
    """Open the first row of a list."""
    page.click("main table tbody a")


def likely_customer(page: Page) -> None:
    """Begin to type a customer that is there already."""
    page.click(".page-top .acts a")
    page.fill(".drawer input[name=name]", "苏州远景")
    page.wait_for_selector(".drawer #likely .notice")


def upload(page: Page) -> None:
    """Give a small file to the import and go on to its columns."""
    page.set_input_files(
        "main input[type=file]", {"name": "customers.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.click("main .form-acts button")
    page.wait_for_selector(".map-list")


def signed_out(page: Page) -> None:
    """Back to the login page."""
    page.context.clear_cookies()
    page.goto("/account/login/")


PHONE = (390, 780)
PICTURES = (
    Picture("login", "rep1", "/me/", signed_out, (900, 960)),
    Picture("today", "rep1", "/today/"),
    Picture("today-phone", "rep1", "/today/", size=PHONE),
    Picture("customers", "rep1", "/customers/"),
    Picture("likely", "rep1", "/customers/", likely_customer),
    Picture("customer", "rep1", "/customers/?stage=customer", first_row),
    Picture("receptions", "lead1", "/receptions/"),
    Picture("dispute", "director", "/disputes/?tab=open", first_row),
    Picture("handover", "manager1", "/handovers/", first_row),
    Picture("value", "director", "/insight/value/"),
    Picture("matrix", "manager1", "/insight/value/matrix/"),
    Picture("board", "lead1", "/opportunities/board/?tab=team"),
    Picture("opportunity", "rep1", "/opportunities/", first_row),
    Picture("plan", "rep1", "/plan/"),
    Picture("report", "rep1", "/report/"),
    Picture("offline-phone", "rep1", "/offline/", size=PHONE),
    Picture("team", "manager1", "/team/"),
    Picture("inbox", "manager1", "/inbox/"),
    Picture("health", "director", "/insight/health/?kind=year"),
    Picture("funnel", "director", "/insight/funnel/"),
    Picture("conformance", "director", "/insight/conformance/?kind=year"),
    Picture("movement", "director", "/insight/movement/?kind=month"),
    Picture("win-rate", "director", "/insight/win-rate/"),
    Picture("deal-cohorts", "director", "/insight/deal-cohorts/?kind=year", size=(1200, 900)),
    Picture("people", "director", "/insight/people/?kind=year", size=(1200, 1000)),
    Picture("sales-report", "manager1", "/insight/sales-report/?kind=quarter"),
    Picture("forecast", "director", "/insight/forecast/?horizon=quarter"),
    Picture("sources", "director", "/insight/sources/?kind=year"),
    Picture("import", "admin", "/imports/new/", upload),
    Picture("process", "admin", "/processes/", first_row),
    Picture("rules", "admin", "/company/rules/"),
    Picture("tasks", "rep1", "/tasks/"),
    Picture("notifications", "lead1", "/notifications/", size=PHONE),
    Picture("tokens", "admin", "/me/tokens/"),
)


def guide(browser: Browser, address: str, only: Collection[str] = ()) -> None:
    """Take the pictures of the guide, all or some by name, small enough to be kept with the source."""
    for language, folder in (("zh-hans", GUIDE), ("en", GUIDE / "en")):
        folder.mkdir(parents=True, exist_ok=True)
        for picture in [picture for picture in PICTURES if not only or picture.name in only]:
            with signed_in(browser, address, picture.who, language, picture.size) as page:
                page.goto(picture.path, wait_until="networkidle")
                if picture.steps:
                    picture.steps(page)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(400)  # a drawer slides in, a chart is drawn
                shot = page.context.new_cdp_session(page).send(
                    "Page.captureScreenshot", {"format": "webp", "quality": 72}
                )
                (folder / f"{picture.name}.webp").write_bytes(base64.b64decode(shot["data"]))
        print(
            f"{language}: {sum(file.stat().st_size for file in folder.glob('*.webp')):,} bytes in {folder}", flush=True
        )


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description="Take pictures of the demo company.")
    parser.add_argument("address", nargs="?", help="of a product that runs already")
    parser.add_argument("--guide", action="store_true", help="the pictures of docs/guide instead of var/shots")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="with --guide: this picture")
    asked = parser.parse_args()
    take = partial(guide, only=asked.only) if asked.guide else main_pages
    path = ensure()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        if asked.address:
            take(browser, asked.address)
        else:
            with product() as address:
                take(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
