"""Reads the product's own source for the tests of its architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
