"""Finds Chinese that people would read but that is not marked for translation."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

CHINESE = re.compile("[㐀-鿿]")
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKERS |= {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
# Chinese as data: characters to look for, names to guess from, a company's own rows, the names of languages.
DATA = (
    "config/settings.py",
    "foundation/kernel/*.txt",
    "foundation/kernel/company_names.py",
    "foundation/kernel/lunar.py",
    "foundation/kernel/phones.py",
    "foundation/kernel/text.py",
    "foundation/kernel/search.py",
    "*/demo/*",
    "*/imports.py",
    "selling/customers/with_con*.py",
    "foundation/import_export/cells.py",
    "foundation/import_export/kinds.py",
    "foundation/import_export/reading/*",
    "selling/pipeline/former_stages.py",
    "insight/scoring.py",
    "insight/suggesting.py",
    "interface/web/shell/forms.py",
    "*/cli/supervise.py",
)
MARKED = re.compile(
    r"\{%-?\s*blocktrans(?:late)?\b.*?\{%-?\s*endblocktrans(?:late)?\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->",
    re.DOTALL,
)
COMMENT = re.compile(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", re.DOTALL)
# Inside a tag a literal is translated by translate, by _("…"), or not at all.
TAG = re.compile(r"\{[%{].*?[%}]\}", re.DOTALL)
TRANSLATES = re.compile(r"^\{%-?\s*(?:blocktrans|trans|endtrans|endblocktrans|plural)")
WRAPPED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")


def unmarked(path: Path, root: Path) -> Iterator[str]:
    """Give a sentence for every unmarked Chinese text of the file."""
    name = path.relative_to(root).as_posix()
    if any(fnmatch(name, pattern) for pattern in DATA):
        return
    lines = _in_python(path.read_text()) if path.suffix == ".py" else _in_template(path.read_text())
    for line, text in lines:
        yield f"{name}:{line}: {text.strip()[:40]!r} is not marked for translation"


def _in_python(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    skipped = {id(node) for root in ast.walk(tree) if _speaks_for_itself(root) for node in ast.walk(root)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in skipped else None
        if isinstance(text, str) and CHINESE.search(text):
            yield node.lineno, text


def _speaks_for_itself(node: ast.AST) -> bool:
    """A docstring, or a call of gettext."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    return name in MARKERS


def _in_template(source: str) -> Iterator[tuple[int, str]]:
    blank = lambda match: "\n" * match[0].count("\n")  # noqa: E731
    source = COMMENT.sub(blank, source)
    for number, line in enumerate(MARKED.sub(blank, source).splitlines(), start=1):
        if CHINESE.search(line):
            yield number, line
    for match in TAG.finditer(source):
        if not TRANSLATES.match(match[0]) and CHINESE.search(WRAPPED.sub("", match[0])):
            yield source.count("\n", 0, match.start()) + 1, match[0]
