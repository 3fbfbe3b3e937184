"""`make test`: the fast tests on both databases; `--full` adds the slow ones."""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.support import postgres
from tests.support.databases import migrated
from tools.browser import ensure

RUNS = {
    "sqlite": {"fast": "not full", "full": ""},
    "postgres": {"fast": "not full and not once and not e2e", "full": "not e2e"},  # a browser sees no difference
}


def main() -> int:
    """Run pytest once for each database; fail if either run fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    tier = "full" if parser.parse_args().full else "fast"
    get_ready()
    processes = str(min(os.cpu_count() or 1, 8))
    codes = []
    for database, marks in RUNS.items():
        began = time.monotonic()
        command = ["-m", "pytest", f"--db={database}", "-m", marks[tier], "-n", processes, "--dist", "worksteal", "-q"]
        codes.append(subprocess.run([sys.executable, *command], check=False).returncode)
        print(f"{database}: {time.monotonic() - began:.0f} s\n", flush=True)
    return max(codes)


def get_ready() -> None:
    """Make both databases and see to a browser, all at once: each of them keeps one processor busy, or none."""
    with ThreadPoolExecutor() as beside:
        made = [beside.submit(migrated, database) for database in RUNS if database == "sqlite" or postgres.available()]
        if ensure() is None:
            print("No Chromium was found and none could be installed: the tests in a browser will not run.", flush=True)
    for each in made:
        each.result()


if __name__ == "__main__":
    sys.exit(main())
