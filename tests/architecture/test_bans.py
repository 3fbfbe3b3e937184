"""The linter refuses what the house bans, in the ways in which it would be written."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from .source import ROOT

LINT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
BANNED = sorted(LINT["flake8-tidy-imports"]["banned-api"])
# what is written -> the rule that refuses it
FAULTS = {
    **{f"from {name.rpartition('.')[0]} import {name.rpartition('.')[2]}": "TID251" for name in BANNED},
    "from django.utils import timezone as zone; at = zone.now()": "TID251",
    "from django import forms as f; Choice = f.ModelChoiceField": "TID251",
    "from django.db.models.signals import post_save": "TID251",
    "from django.dispatch import receiver": "TID251",
    "from django.http import HttpResponse": "TID253",
    "from django.shortcuts import render": "TID253",
    "import datetime as dt; at = dt.datetime.now()": "DTZ005",
    "import datetime as dt; day = dt.date.today()": "DTZ011",
    "import datetime as dt; at = dt.datetime(2026, 1, 1)": "DTZ001",
    "print('x')": "T201",
    "from os import path; path.join('a', 'b')": "PTH118",
    "eval('1')": "S307",
    "def public(): return 1": "D103",
}
NAMED = {"django.db.models.signals", "django.dispatch", "django.utils.timezone.now", "django.forms.ModelForm"}


def found(lines: list[str], at: str) -> dict[int, set[str]]:
    """The rules that each line breaks if it stood in that file."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    done = subprocess.run(
        [*command, "--stdin-filename", str(ROOT / at), "-"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode in {0, 1}, done.stderr
    rules: dict[int, set[str]] = {}
    for complaint in done.stdout.splitlines():
        if complaint.startswith(at):
            _file, line, _column, rule = complaint.split(":", 3)
            rules.setdefault(int(line), set()).add(rule.split()[0])
    return rules


@pytest.fixture(scope="module")
def verdict() -> dict[str, set[str]]:
    """What the linter says about each fault, planted in a module of selling."""
    broken = found(list(FAULTS), "src/xiaocheng/selling/planted.py")
    return {fault: broken.get(line, set()) for line, fault in enumerate(FAULTS, 1)}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_planted_fault_is_refused(verdict: dict[str, set[str]], fault: str) -> None:
    assert FAULTS[fault] in verdict[fault]


def test_the_bans_that_the_design_names_are_there() -> None:
    assert set(BANNED) >= NAMED
    assert {"django.http", "django.shortcuts"} <= set(LINT["flake8-tidy-imports"]["banned-module-level-imports"])


def test_pages_may_speak_http_and_only_the_clock_reads_the_time() -> None:
    http, now = "from django.http import HttpResponse", "from django.utils.timezone import now"
    assert "TID253" not in found([http], "src/xiaocheng/interface/web/planted.py").get(1, set())
    assert "TID251" not in found([now], "src/xiaocheng/foundation/kernel/clock.py").get(1, set())
    assert "TID251" in found([now], "src/xiaocheng/foundation/kernel/planted.py")[1]
