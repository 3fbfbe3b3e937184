"""The reference pages say what the code declares."""

from __future__ import annotations

from pathlib import Path

from tools.reference import metrics_page, outdated, pages, rules_page
from xiaocheng.foundation.kernel.measures import gauges, measures, metrics
from xiaocheng.foundation.kernel.rules import Rules, rule_fields


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    assert outdated(pages()) == [], "run: python -m tools.reference"


def test_every_measure_and_metric_is_there_with_its_formula() -> None:
    page = metrics_page()
    for item in (*measures(), *gauges(), *metrics()):
        if item.key.partition(".")[0] in {"customers", "pipeline", "fieldwork", "reports", "insight"}:
            assert f"| `{item.key}` |" in page
            assert str(item.formula)


def test_every_rule_is_there() -> None:
    page = rules_page()
    for kind in Rules.registry.values():
        if kind.__module__.startswith("xiaocheng."):
            assert all(f"`{item.key}`" in page for item in rule_fields(kind))


def test_a_page_that_says_something_else_is_found(tmp_path: Path) -> None:
    page = tmp_path / "metrics.md"
    assert outdated({page: "new"}) == [page]
    page.write_text("old", encoding="utf-8")
    assert outdated({page: "new"}) == [page]
    page.write_text("new", encoding="utf-8")
    assert outdated({page: "new"}) == []
