"""`make test`: the fast tests on both databases; `--full` adds the slow ones."""

import argparse
import os
import subprocess
import sys
import time

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
    if ensure() is None:
        print("No Chromium was found and none could be installed: the tests in a browser will not run.", flush=True)
    processes = str(min(os.cpu_count() or 1, 8))
    codes = []
    for database, marks in RUNS.items():
        began = time.monotonic()
        command = ["-m", "pytest", f"--db={database}", "-m", marks[tier], "-n", processes, "--dist", "worksteal", "-q"]
        codes.append(subprocess.run([sys.executable, *command], check=False).returncode)
        print(f"{database}: {time.monotonic() - began:.0f} s\n", flush=True)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
