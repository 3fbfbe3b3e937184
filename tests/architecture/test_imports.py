"""Each import contract catches the fault that it is there for, planted in a copy of the product."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .source import ROOT, SOURCE

# contract -> planted file, what it imports
FAULTS = {
    "Wings": ("selling/customers/planted.py", "xiaocheng.control.reports.queries"),
    "Foundation": ("foundation/kernel/planted.py", "xiaocheng.foundation.org.queries"),
    "Selling": ("selling/catalogue/planted.py", "xiaocheng.selling.pipeline.queries"),
    "Control": ("control/handbook/planted.py", "xiaocheng.control.meetings.queries"),
    "Interface": ("interface/notifications/planted.py", "xiaocheng.interface.cli.main"),
    "Across modules": ("selling/fieldwork/planted.py", "xiaocheng.selling.customers.models.customer"),
}
# What the last contract has to see through: tables, a module's inside, and a reader that is not insight.
TOO_DEEP = {
    "selling/service/planted.py": "xiaocheng.selling.pipeline.models",
    "selling/pipeline/planted.py": "xiaocheng.foundation.org.sight",
    "control/reports/planted.py": "xiaocheng.insight.models",
    "interface/api/planted.py": "xiaocheng.selling.trade.imports",
    "insight/planted.py": "xiaocheng.foundation.org.models.people",
}
ALLOWED = {
    "selling/pipeline/fine.py": "xiaocheng.selling.customers.commands",
    "control/reports/fine.py": "xiaocheng.selling.fieldwork.queries.day",
    "insight/fine.py": "xiaocheng.selling.pipeline.models",
    "selling/trade/fine.py": "xiaocheng.foundation.kernel.money",
    "selling/fieldwork/fine.py": "xiaocheng.foundation.org.models.facts",
}


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says about a copy of the product with all faults in it."""
    copy = copy_of_the_product(tmp_path_factory.mktemp("planted"))
    for file, imported in [*FAULTS.values(), *TOO_DEEP.items(), *ALLOWED.items()]:
        plant(copy, file, imported)
    return complaints_about(copy)


def copy_of_the_product(folder: Path) -> Path:
    unread = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    return Path(shutil.copytree(SOURCE, folder / "xiaocheng", ignore=unread))


def complaints_about(copy: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{copy.parent}{os.pathsep}{ROOT}", "COLUMNS": "400"}
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", linter, "--no-cache", "--no-logo", "--config", str(ROOT / ".importlinter")]
    done = subprocess.run(command, cwd=copy.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def plant(copy: Path, file: str, imported: str) -> None:
    """Write a file with one import, and make sure that the imported module is there."""
    target = copy.parent / (imported.replace(".", "/") + ".py")
    if not target.exists() and not (target.with_suffix("") / "__init__.py").exists():
        write(copy, target, "")
    write(copy, copy / file, f"import {imported}\n")


def write(copy: Path, path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.relative_to(copy).parents:
        (copy / folder / "__init__.py").touch()
    path.write_text(content)


def dotted(file: str) -> str:
    return "xiaocheng." + file.removesuffix(".py").replace("/", ".")


@pytest.mark.parametrize("contract", FAULTS)
def test_each_contract_catches_its_planted_fault(verdict: str, contract: str) -> None:
    file, imported = FAULTS[contract]
    section = section_of(verdict, contract)
    assert any(dotted(file) in line and imported in line for line in section.splitlines()), section


@pytest.mark.parametrize("file", TOO_DEEP)
def test_reaching_past_what_a_module_shows_is_found(verdict: str, file: str) -> None:
    assert f"{dotted(file)} -> {TOO_DEEP[file]} " in section_of(verdict, "Across modules")


@pytest.mark.parametrize("file", ALLOWED)
def test_what_a_module_shows_may_be_used(verdict: str, file: str) -> None:
    assert dotted(file) not in section_of(verdict, "Across modules")


def test_a_module_without_a_place_is_found(tmp_path: Path) -> None:
    """The lists are exhaustive: a sixth wing is not simply left alone."""
    copy = copy_of_the_product(tmp_path)
    write(copy, copy / "utils" / "things.py", "")
    assert "xiaocheng.utils" in complaints_about(copy)


def section_of(verdict: str, contract: str) -> str:
    """The part of the report that is about one contract."""
    lines = verdict[verdict.index("Broken contracts") :].splitlines()
    heads = [number for number, line in enumerate(lines) if number + 1 < len(lines) and lines[number + 1][:3] == "---"]
    for place, start in enumerate(heads):
        if lines[start].startswith(contract):
            end = heads[place + 1] if place + 1 < len(heads) else len(lines)
            return "\n".join(lines[start:end])
    return ""
