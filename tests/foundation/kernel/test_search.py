"""What a person types finds what he means, on both databases alike."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.foundation.kernel.conftest import Note
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.search import CreateSearchIndex, SearchIndex, digit_tokens, name_tokens, words_of

NOTES = SearchIndex("sketch_note_search")
ROWS = {
    "上海宏图机械设备有限公司": "021-6888 1234",
    "宏达贸易": "13800138000",
    "北京Acme科技": "",
    "O'Neill & Söhne": "+86 139 1234 5678",
    "ACME Trading": "",
    "International Paper": "",
    "重庆PowerLink动力": "",
}


@pytest.fixture
def index(notes: None) -> None:
    with connection.schema_editor() if connection.vendor == "postgresql" else _Direct() as editor:
        CreateSearchIndex(NOTES.table).database_forwards("sketch", editor, None, None)
    rows = [(Note.objects.add(Note(title=name[:20])), name, phone) for name, phone in ROWS.items()]
    NOTES.put((row.pk, name_tokens(name) | digit_tokens(phone)) for row, name, phone in rows)


class _Direct:
    """Runs a schema statement on SQLite inside the test's transaction, where its schema editor will not start."""

    connection = connection

    def __enter__(self) -> _Direct:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def found(query: str) -> set[str]:
    return {row.title for row in NOTES.matching(Note.objects.visible_to(SYSTEM), query)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("宏图", {"上海宏图机械设备有限公司"}),
        ("宏", {"上海宏图机械设备有限公司", "宏达贸易"}),
        ("机械设备有限公司", {"上海宏图机械设备有限公司"}),
        ("上海宏图机械设备有限公司", {"上海宏图机械设备有限公司"}),
        ("hongtu", {"上海宏图机械设备有限公司"}),
        ("hong", {"上海宏图机械设备有限公司", "宏达贸易"}),
        ("HTJX", {"上海宏图机械设备有限公司"}),
        ("shhtjxsb", {"上海宏图机械设备有限公司"}),
        ("shhtjxdd", {"上海宏图机械设备有限公司"}),  # the first six initials tell enough
        ("shhtdd", set()),
        ("宏图机械设", {"上海宏图机械设备有限公司"}),
        ("宏图机械工", set()),
        ("021688812345", set()),
        ("shht", {"上海宏图机械设备有限公司"}),
        ("hd my", {"宏达贸易"}),
        ("hdmy", {"宏达贸易"}),
        ("acme", {"北京Acme科技", "ACME Trading"}),
        ("cme tra", {"ACME Trading"}),
        ("trading acme", {"ACME Trading"}),
        ("acme 北京", {"北京Acme科技"}),
        ("8001", {"宏达贸易"}),
        ("68881234", {"上海宏图机械设备有限公司"}),
        ("1391234", {"O'Neill & Söhne"}),
        ("宏达", {"宏达贸易"}),
        ("neill", {"O'Neill & Söhne"}),
        ("o'neill", {"O'Neill & Söhne"}),
        ("söhne", {"O'Neill & Söhne"}),
        ("international", {"International Paper"}),
        ("ternational", {"International Paper"}),
        ("a very long word that no name has got internationally", set()),
        ("chongqing", {"重庆PowerLink动力"}),
        ("cqpower", {"重庆PowerLink动力"}),
        ("powerlinkdongli", {"重庆PowerLink动力"}),
        ("powerlink动力", {"重庆PowerLink动力"}),
        ("owerlink", {"重庆PowerLink动力"}),
        ("dl", {"重庆PowerLink动力"}),
        ("限公司", {"上海宏图机械设备有限公司"}),
        ("jixieshebeiyouxiangongsi", {"上海宏图机械设备有限公司"}),
        ("广州", set()),
        ("", set()),
        ("   ", set()),
        ("''\";--", set()),
        ("* OR 1=1", set()),
        ("NEAR(acme, 5)", set()),
        ("a:b !c & | <->", set()),
    ],
)
def test_typing_finds(index: None, query: str, names: set[str]) -> None:
    assert found(query) == names


def test_a_row_is_found_by_its_new_name_and_no_longer_by_the_former(index: None) -> None:
    row = Note.objects.visible_to(SYSTEM).get(title="宏达贸易")
    NOTES.put([(row.pk, name_tokens("远大集团"))])
    assert found("宏达") == set()
    assert found("yuanda") == {"宏达贸易"}
    NOTES.remove([row.pk])
    assert found("远大") == set()


def test_a_long_query_is_cut_not_refused(index: None) -> None:
    assert found("宏图" * 200) == set()
    assert len(words_of("词 " * 50)) <= 6


def test_the_country_code_does_not_hide_a_phone() -> None:
    assert "13912345678" in digit_tokens("+86 139-1234-5678")
    assert digit_tokens("12") == set()
