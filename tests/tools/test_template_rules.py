"""What the page's policy would block is refused by the linter of the templates."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<script>go()</script>", "X001"),
        ('<p style="color:red">x</p>', "X002"),
        ('<p onclick="go()">x</p>', "X003"),
        ('<p hx-on:click="go()">x</p>', "X003"),
        ('<p hx-trigger="keyup[ctrlKey]">x</p>', "X004"),
        ("""<p hx-vals='js:{a: 1}'>x</p>""", "X004"),
    ],
)
def test_inline_code_is_refused(tmp_path: Path, markup: str, rule: str) -> None:
    assert rule in lint(tmp_path, markup)


def test_ordinary_markup_passes(tmp_path: Path) -> None:
    markup = '<script src="a.js"></script>\n<p class="once" hx-confirm="x" hx-trigger="click" data-on="x">x</p>\n'
    assert "X00" not in lint(tmp_path, markup)


def lint(folder: Path, markup: str) -> str:
    (folder / "page.html").write_text(markup)
    rules = ["--configuration", str(ROOT / "pyproject.toml"), "--rules", str(ROOT / ".djlint_rules.yaml")]
    done = subprocess.run(
        [sys.executable, "-m", "djlint", "--lint", str(folder), *rules], capture_output=True, text=True
    )
    assert "did not finish" not in done.stdout + done.stderr
    return done.stdout
