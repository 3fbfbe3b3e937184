"""Pages show Chinese punctuation, whatever keyboard the source was typed with."""

from __future__ import annotations

import pytest

from tools.typeset import typeset

COMMA, COLON, OPEN, CLOSE, QUESTION = "\uff0c", "\uff1a", "\uff08", "\uff09", "\uff1f"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("请先停用,再试。", f"请先停用{COMMA}再试。"),
        ("%(day)s 及以前,%(n)s 行", f"%(day)s 及以前{COMMA}%(n)s 行"),
        ("%(where)s:认不出", f"%(where)s{COLON}认不出"),
        ("成交率(赢单率)", f"成交率{OPEN}赢单率{CLOSE}"),
        ("格式如 2026-01-31,空为未关账", f"格式如 2026-01-31{COMMA}空为未关账"),
        ("好吗?", f"好吗{QUESTION}"),
    ],
)
def test_marks_beside_chinese_become_full_width(typed: str, shown: str) -> None:
    assert typeset(typed) == shown


@pytest.mark.parametrize("typed", ["Idempotency-Key, 2", "时间 08:30", "1,5 即 1.5", "https://例.com", "%(count)s 个"])
def test_other_marks_stay(typed: str) -> None:
    assert typeset(typed) == typed


def test_setting_twice_changes_nothing_more() -> None:
    once = typeset("逗号(1,5)按小数点读取,冒号:是")
    assert typeset(once) == once
