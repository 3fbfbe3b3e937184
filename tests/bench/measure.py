"""Measure one database, in a process of its own: settings are read once. Prints the results as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from tests.bench.pages import Page


def main() -> None:
    """Serve, ask, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--reading", action="store_true", help="only what leaves the database as it is")
    asked = parser.parse_args()
    django.setup()
    json.dump(list(_results(asked.only, asked.seconds, asked.reading)), sys.stdout)


def _results(only: list[str], seconds: float, reading: bool) -> Iterator[dict[str, Any]]:
    from tests.bench.pages import FLOORS, PAGES
    from tests.bench.server import proportional_memory, serving

    pages = [page for page in (*PAGES, *FLOORS) if _wanted(page.key, only)]
    if reading:
        pages = [page for page in PAGES if page in pages and page.expect == 200]
    with serving({}) as (port, parent):
        yield from _pages(port, pages, seconds)
        if not reading and _wanted("memory", only):
            total, files = proportional_memory(parent)
            yield {"key": "memory", "value": total, "of_files": files}
    if not reading:
        yield from _imports(only)
        yield from _lapses(only)
        yield from _groups(only)
        yield from _insight(only)


def _wanted(key: str, only: list[str]) -> bool:
    return not only or any(word in key for word in only)


def _pages(port: int, pages: list[Page], seconds: float) -> Iterator[dict[str, Any]]:
    from tests.bench.company import PASSWORD
    from tests.bench.load import measure, sign_in
    from tests.bench.pages import NOBODY, Facts

    facts = Facts.read()
    cookies = {who: sign_in(port, who, PASSWORD) if who != NOBODY else {} for who in {page.who for page in pages}}
    for page in pages:
        found = measure(port, cookies[page.who], page.ask(facts), expect=page.expect, seconds=seconds)
        yield {"key": page.key, **vars(found)}


def _imports(only: list[str]) -> Iterator[dict[str, Any]]:
    from tests.bench.imports import Imports

    measured = {
        "import": "by_command",
        "import-file": "from_file",
        "import-sales": "sales_from_file",
        "floor-import": "bare_rows",
    }
    for key, name in measured.items():
        if _wanted(key, only):
            yield {"key": key, "value": getattr(Imports(), name)()}


def _lapses(only: list[str]) -> Iterator[dict[str, Any]]:
    from tests.bench.lapses import sweep

    if _wanted("lapse", only):
        yield {"key": "lapse", "value": sweep()}


def _groups(only: list[str]) -> Iterator[dict[str, Any]]:
    from tests.bench.groups import evaluated

    if _wanted("group", only):
        yield {"key": "group", "value": evaluated()}


def _insight(only: list[str]) -> Iterator[dict[str, Any]]:
    from tests.bench.upkeep import Upkeep, night

    if _wanted("upkeep", only):
        yield {"key": "upkeep", "value": Upkeep().measured()}
    if _wanted("night", only):
        yield {"key": "night", "value": night()}


if __name__ == "__main__":
    main()
