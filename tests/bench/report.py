"""What was measured, with the target beside it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.pages import FLOORS, PAGES, Page

IMPORTS = {
    "import": "import of 5,000 customers, by the command",
    "import-file": "the same, from a CSV file",
    "import-sales": "10,000 lines of past sales, from a CSV file",
}
ROWS_A_SECOND, MEGABYTES, SECONDS, TIMES_SLOWER, MS_AN_EVENT = 5_000, 200, 10, 1.5, 1.0
Results = Mapping[str, Mapping[str, Any]]
PAGE_HEAD = ("", "p50 ms", "p95 ms", "8 clients, pages/s", "KB", "target", "reached")
OTHER_HEAD = ("", "measured", "target", "reached")
FLAT_HEAD = ("", "p50 ms", "p50 ms", "KB", "KB", "ratio", "target", "reached")


@dataclass
class Report:
    """Tables as plain text, or as Markdown; `missed` counts the targets that were not reached."""

    markdown: bool
    missed: int = 0

    def title(self, text: str) -> None:
        """A heading."""
        _say(f"\n## {text}\n" if self.markdown else f"\n{text}")

    def main_table(self, results: Results) -> None:
        """Pages, floors, and the figures that are not pages."""
        self._table(PAGE_HEAD, [self._page(page, results[page.key]) for page in PAGES if page.key in results])
        floors = [self._page(page, results[page.key]) for page in FLOORS if page.key in results]
        if floors:
            self.title("Floor of this machine in the same run")
            self._table(PAGE_HEAD, floors)
        others = self._others(results)
        if others:
            self.title("Beside the pages")
            self._table(OTHER_HEAD, others)

    def flatness(self, sizes: tuple[int, int], small: Results, large: Results) -> None:
        """The same pages on a small and a large company."""
        self.title(f"{sizes[1]:,} customers against {sizes[0]:,}, one client")
        rows = []
        for page in PAGES:
            if page.key not in large:
                continue
            few, many = small[page.key], large[page.key]
            ratio = many["p50_ms"] / few["p50_ms"]
            target = page.target is not None
            rows.append(
                (
                    page.title,
                    f"{few['p50_ms']:.1f}",
                    f"{many['p50_ms']:.1f}",
                    f"{few['bytes'] / 1024:.0f}",
                    f"{many['bytes'] / 1024:.0f}",
                    f"{ratio:.2f}",
                    f"≤ {TIMES_SLOWER}" if target else "",
                    self._said(ratio <= TIMES_SLOWER) if target else "",
                )
            )
        self._table(FLAT_HEAD, rows)

    def _page(self, page: Page, found: Mapping[str, Any]) -> tuple[str, ...]:
        target = reached = ""
        if page.target:
            most, fewest = page.target
            target = f"≤ {most:g} ms, ≥ {fewest:g}/s"
            reached = self._said(found["p50_ms"] <= most and found["per_second"] >= fewest)
        return (
            page.title,
            f"{found['p50_ms']:.1f}",
            f"{found['p95_ms']:.1f}",
            f"{found['per_second']:.0f}",
            f"{found['bytes'] / 1024:.0f}",
            target,
            reached,
        )

    def _others(self, results: Results) -> list[tuple[str, ...]]:
        rows = []
        for key, title in IMPORTS.items():
            if key in results:
                rate = results[key]["value"]
                reached = self._said(rate >= ROWS_A_SECOND)
                rows.append((title, f"{rate:,.0f} rows/s", f"≥ {ROWS_A_SECOND:,} rows/s", reached))
        if "floor-import" in results:
            rows.append(("floor: the same rows, bare", f"{results['floor-import']['value']:,.0f} rows/s", "", ""))
        if "lapse" in results:
            spent = results["lapse"]["value"]
            rows.append(("10,000 customers lapse", f"{spent:.1f} s", f"≤ {SECONDS} s", self._said(spent <= SECONDS)))
        if "group" in results:
            rows.append(("rule group of everybody's customers, all read", f"{results['group']['value']:.2f} s", "", ""))
        if "upkeep" in results:
            spent = results["upkeep"]["value"]
            reached = self._said(spent <= MS_AN_EVENT)
            rows.append(("upkeep of a rollup, an event of a deal", f"{spent:.2f} ms", f"≤ {MS_AN_EVENT:g} ms", reached))
        if "night" in results:
            spent = results["night"]["value"]
            rows.append(
                ("forecasts of a first night", f"{spent:.1f} s", f"≤ {SECONDS} s", self._said(spent <= SECONDS))
            )
        if "memory" in results:
            total, files = results["memory"]["value"], results["memory"]["of_files"]
            measured = f"{total:.0f} MB, {files:.0f} of it mapped files"
            rows.append(("memory of web and worker", measured, f"≤ {MEGABYTES} MB", self._said(total <= MEGABYTES)))
        return rows

    def _said(self, reached: bool) -> str:
        self.missed += not reached
        return "yes" if reached else "NO"

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        lines = [
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
            for row in (head, *rows)
        ]
        if self.markdown:
            lines.insert(1, ["-" * w if not i else "-" * (w - 1) + ":" for i, w in enumerate(widths)])
        for line in lines:
            _say(f"| {' | '.join(line)} |" if self.markdown else "  ".join(line).rstrip())


def machine() -> str:
    """What it was measured on, and how busy it was with other things."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores, {cpu}, Python {platform.python_version()}, load before {os.getloadavg()[0]:.1f}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
