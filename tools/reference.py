"""docs/metrics.md and docs/rules.md, made from the declarations: `python -m tools.reference`; `--check` only looks.

Names in three languages come from the catalogues as they stand in the repository, not from the compiled ones.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "xiaocheng" / "locale"
MADE = "<!-- Made by `python -m tools.reference` from the declarations in the code; do not edit. -->"


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of one language by source text."""
    entries = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry.msgstr for entry in entries if not entry.msgctxt}


def said(text: object, language: str = "zh_Hans") -> str:
    """A declared text in a language; what is not translated yet stays empty, the source text stands for itself."""
    from django.utils.translation import override

    with override(None):
        source = str(text)
    translated = catalogue(language).get(source, "")
    return (translated or source) if language == "zh_Hans" else translated


def row(*cells: object) -> str:
    """One row of a table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def table(*heads: str) -> Iterator[str]:
    """The head of a table."""
    yield row(*heads)
    yield row(*("---" for _head in heads))


def names(text: object) -> tuple[str, str, str]:
    """A name in Simplified and Traditional Chinese and in English."""
    return said(text), said(text, "zh_Hant"), said(text, "en")


def metrics_page() -> str:
    """Every measure, gauge and metric with its names, unit and formula."""
    from xiaocheng.foundation.kernel.measures import Metric, gauges, measures, metrics

    lines = ["# Measures and metrics", "", MADE, ""]
    parts = (
        (
            "Measures",
            "Counted where the work happens, by person, department and day; every screen reads the same.",
            measures(),
        ),
        ("Gauges", "The present value of something about one customer.", gauges()),
        (
            "Metrics",
            "Computed from measures or facts; a share shows its n, and below 100 cases its 95 % interval.",
            metrics(),
        ),
    )
    for title, about, items in parts:
        if not items:
            continue
        lines += [f"## {title}", "", about, "", *table("key", "简体", "繁體", "English", "unit", "formula", "公式")]
        for item in items:
            divided = isinstance(item, Metric) and item.denominator
            formula = said(item.formula)
            if divided and isinstance(item, Metric):
                formula += f"〔{said(item.numerator)} ÷ {said(item.denominator)}〕"
            lines.append(row(f"`{item.key}`", *names(item.name), item.unit, said(item.formula, "en"), formula))
        lines.append("")
    return "\n".join(lines)


def rules_page() -> str:
    """Every value that a company may adjust, with its default and what it does."""
    from xiaocheng.foundation.kernel.rules import Rules, rule_fields

    lines = ["# Rules that a company may change", "", MADE, ""]
    lines += ["A change holds from a day on: earlier days keep the values that held then.", ""]
    for _name, kind in sorted(Rules.registry.items()):
        if not kind.__module__.startswith("xiaocheng."):
            continue
        lines += [f"## {kind.__name__}", "", (kind.__doc__ or "").splitlines()[0], ""]
        lines += table("key", "简体", "繁體", "English", "default", "what it does", "说明")
        for item in rule_fields(kind):
            default = "" if item.default == "" else f"`{item.default}`"
            lines.append(row(f"`{item.key}`", *names(item.name), default, said(item.help, "en"), said(item.help)))
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[Path, str]:
    """Each file and what it should say."""
    return {ROOT / "docs" / "metrics.md": metrics_page(), ROOT / "docs" / "rules.md": rules_page()}


def outdated(found: dict[Path, str]) -> list[Path]:
    """The files that say something else."""
    return [path for path, text in found.items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is out of date")
    given = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaocheng.config.settings")
    import django

    django.setup()
    found = pages()
    wrong = outdated(found)
    for path in wrong:
        if given.check:
            print(f"{path.relative_to(ROOT)} is out of date: python -m tools.reference", file=sys.stderr)
        else:
            path.write_text(found[path], encoding="utf-8")
            print(path.relative_to(ROOT))
    return 1 if given.check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
