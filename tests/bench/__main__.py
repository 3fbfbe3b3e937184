"""`python -m tests.bench`: the speed figures of the product, on a generated company, beside the floor of the machine.

The first run makes the databases (var/bench), which takes minutes for 100,000 customers and long for 1,000,000.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")  # the report names pages of the product

CUSTOMERS, PAIR = 100_000, (10_000, 1_000_000)


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    import django

    django.setup()
    from tests.bench import databases
    from tests.bench.report import Report, machine

    report = Report(asked.markdown)
    report.title(f"Bench: {machine()}")
    for kind in ("sqlite", "postgres") if asked.database == "both" else (asked.database,):
        with databases.opened(kind) as places:
            with places.copied(asked.customers or CUSTOMERS) as address:
                report.title(f"{places.name}, {asked.customers or CUSTOMERS:,} customers")
                report.main_table(_measure(address, asked))
            if asked.pair:
                small, large = (_of_size(places, size, asked) for size in asked.pair)
                report.flatness(asked.pair, small, large)
    sys.exit(1 if asked.check and report.missed else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--customers", type=int, help=f"size of the company (default {CUSTOMERS:,}); leaves --pair out")
    parser.add_argument("--pair", type=int, nargs=2, metavar="N", help=f"two sizes to compare (default {PAIR})")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="lines whose key has the word")
    parser.add_argument("--quick", action="store_true", help="one second a line instead of four, no --pair")
    parser.add_argument("--markdown", action="store_true", help="tables for a document")
    parser.add_argument("--check", action="store_true", help="fail if a target is missed")
    asked = parser.parse_args()
    if asked.pair is None and not (asked.customers or asked.quick):
        asked.pair = PAIR
    return asked


def _measure(address: str, asked: argparse.Namespace, *more: str) -> dict[str, dict[str, float]]:
    from tests.bench.databases import run

    only = [part for word in asked.only for part in ("--only", word)]
    said = run("tests.bench.measure", address, "--seconds", "1" if asked.quick else "4", *only, *more)
    return {result["key"]: result for result in json.loads(said)}


def _of_size(places, size: int, asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    with places.kept(size) as address:
        return _measure(address, asked, "--reading")


if __name__ == "__main__":
    main()
