"""Reads the product's own source for the tests of its architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "xiaocheng"


def modules(under: Path = SOURCE) -> Iterator[tuple[str, ast.Module]]:
    """Every source file below a folder: its path relative to the package, and its syntax tree."""
    for path in sorted(under.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(under).as_posix(), ast.parse(path.read_text())


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a file that other files may call."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def layers(contracts: Path) -> dict[str, list[list[str]]]:
    """The modules of each wing as the import contracts list them, highest first; siblings stand together."""
    parser = ConfigParser()
    parser.read(contracts)
    found = {}
    for section in parser.sections():
        container = parser.get(section, "containers", fallback="").strip()
        if container.startswith("xiaocheng."):
            rows = parser.get(section, "layers").strip().splitlines()
            found[container.split(".")[1]] = [[name.strip(" ()") for name in row.split("|")] for row in rows]
    return found
