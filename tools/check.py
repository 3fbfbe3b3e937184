"""`make check`: everything that can be said of the source without running it; all checks run, then the verdict."""

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy"],
    "import contracts": ["lint-imports"],
    "templates": ["djlint", "--lint", "--quiet", "src/xiaocheng/interface/web/templates"],
    "migrations": ["xiaocheng", "makemigrations", "--check", "--dry-run"],
    "system": ["xiaocheng", "check", "--fail-level", "WARNING"],
    "translations": ["python", "-m", "tools.messages", "--check"],
    "locks": ["python", "-m", "tools.lock", "--check"],
}


def main() -> int:
    """Run every check; show what the failed ones printed."""
    failed = []
    for name, (program, *arguments) in CHECKS.items():
        began = time.monotonic()
        result = subprocess.run([BIN / program, *arguments], capture_output=True, text=True, check=False)
        verdict = "FAILED" if result.returncode else "ok"
        print(f"{name}: {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout, result.stderr, sep="\n", flush=True)
    print(f"Checks failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
