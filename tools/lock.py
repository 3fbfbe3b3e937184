"""The locks: `python -m tools.lock` resolves anew, `--check` holds them against pyproject.toml and package.json."""

import argparse
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import hatch_build

ROOT = Path(__file__).resolve().parent.parent
# For every platform, each file by its hash, and no word about where it came from.
COMPILE = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-config", "--python-version", "3.11", "-q"]
LOCKS = {
    "build": ["requirements/build.in"],
    "base": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--extra", "dev", "-c", "requirements/base.lock"],
}


def resolve() -> None:
    """Write all locks with the newest versions that the requirements allow."""
    for name, sources in LOCKS.items():
        lock = f"requirements/{name}.lock"
        command = [sys.executable, "-m", "uv", "pip", "compile", *sources, *COMPILE, "--upgrade", "-o", lock]
        subprocess.run(command, cwd=ROOT, check=True)
    hatch_build.npm(ROOT, "install", "--package-lock-only")


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package in a lock."""
    found = {}
    for line in lock.splitlines():
        if "==" in line and line[0].isalnum():
            name, _, rest = line.partition("==")
            found[canonicalize_name(name)] = rest.split()[0]
    return found


def unmet(wanted: list[str], found: dict[str, str], where: str) -> Iterator[str]:
    """Give a sentence for every requirement that the lock does not fulfil."""
    for requirement in map(Requirement, wanted):
        pinned = found.get(canonicalize_name(requirement.name))
        if pinned is None:
            yield f"{where} lacks {requirement.name}"
        elif not requirement.specifier.contains(pinned, prereleases=True):
            yield f"{where} has {requirement.name} {pinned}, wanted is {requirement.specifier}"


def faults() -> Iterator[str]:
    """Give a sentence for everything in which the locks and their sources disagree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    text = {name: (ROOT / "requirements" / f"{name}.lock").read_text() for name in LOCKS}
    found = {name: pins(lock) for name, lock in text.items()}
    dependencies = project["project"]["dependencies"]
    yield from unmet(dependencies, found["base"], "base.lock")
    yield from unmet([*dependencies, *project["project"]["optional-dependencies"]["dev"]], found["dev"], "dev.lock")
    yield from unmet(project["build-system"]["requires"], found["build"], "build.lock")
    for package, pinned in found["base"].items():
        if found["dev"].get(package) != pinned:
            yield f"dev.lock has {package} {found['dev'].get(package)}, base.lock {pinned}"
    for name, lock in text.items():
        if "http://" in lock or "https://" in lock:
            yield f"{name}.lock names the host of a registry"
    yield from front_end()


def front_end() -> Iterator[str]:
    """Give a sentence for every difference between package.json and its lock."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    package = json.loads((ROOT / "package.json").read_text())
    for group in ("dependencies", "devDependencies"):
        if lock["packages"][""].get(group, {}) != package.get(group, {}):
            yield f"package-lock.json and package.json differ in {group}"
    if any("resolved" in entry for entry in lock["packages"].values()):
        yield "package-lock.json names the host of a registry"


def main() -> int:
    """Resolve, or with --check only compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        resolve()
    wrong = list(faults())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
