"""Text as people type it is made comparable."""

from __future__ import annotations

import pytest
from django.utils import translation

from xiaocheng.foundation.kernel.text import (
    WORDS,
    listed,
    name_sort_key,
    normal,
    sort_key,
    syllables,
)


def test_width_case_and_blanks_do_not_matter() -> None:
    assert normal(" Ａｃｍｅ　 Co ") == "acme co"


def test_a_surname_is_read_as_a_surname() -> None:
    assert name_sort_key("曾国强").startswith("zeng")
    assert name_sort_key("单田芳").startswith("shan")
    assert sort_key("单位").startswith("dan")


def test_names_sort_by_pinyin() -> None:
    assert sorted(["赵六", "张三", "李四", "Bob"], key=name_sort_key) == ["Bob", "李四", "张三", "赵六"]


def test_a_character_without_known_reading_stands_for_itself() -> None:
    assert syllables("㐂甲") == ["㐂", "jia"]


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("重庆长安汽车", "chongqingchanganqiche"),
        ("招商银行长沙分行", "zhaoshangyinhangchangshafenhang"),
        ("厦门大厦", "xiamendasha"),
        ("成都重型机械", "chengduzhongxingjixie"),
        ("旅行社行业协会", "lvxingshehangyexiehui"),
    ],
)
def test_a_character_is_read_as_its_word_asks(name: str, reading: str) -> None:
    assert "".join(syllables(name)) == reading


def test_every_word_has_a_reading_for_each_of_its_characters() -> None:
    assert {word: len(reading) for word, reading in WORDS.items()} == {word: len(word) for word in WORDS}


def test_words_are_listed_with_the_comma_of_the_reader() -> None:
    for language, said in (("zh-hans", "金额、客户"), ("zh-hant", "金额、客户"), ("en", "金额, 客户")):
        with translation.override(language):
            assert listed(["金额", "客户"]) == said
    assert listed([]) == ""
