"""Text as people type it is made comparable."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from tests.support.shared import shared_data
from xiaocheng.foundation.kernel.text import (
    WORDS,
    company_key,
    listed,
    name_sort_key,
    normal,
    phone_digits,
    sort_key,
    syllables,
)


def test_width_case_and_blanks_do_not_matter() -> None:
    assert normal(" Ａｃｍｅ　 Co ") == "acme co"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海宏图机械有限公司", "上海宏图机械"),
        ("上海宏图(机械)股份有限公司", "上海宏图（机械）有限责任公司"),
        ("ACME Co., Ltd.", "acme"),
        ("ＡＣＭＥ Inc", "Acme GmbH"),
        ("宏图 机械", "宏图机械"),
    ],
)
def test_the_same_company_has_the_same_key(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("上海宏图机械", "上海宏达机械"), ("有限公司", "股份公司"), ("Costco", "st")]
)
def test_different_companies_have_different_keys(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("021-6888 1234", "02168881234"),
        ("8613", "8613"),
        ("13123456789/13123456780", "13123456789"),
        ("010 1234 5678转801", "01012345678"),
        ("+86-10-12345678", "01012345678"),
        ("886-2-2123-4567", "0221234567"),
        ("400-800-1024", "4008001024"),
        ("1.3123456789E+10", "13123456789"),
        ("13123456789.0", "13123456789"),
        ("手机:13123456789", "13123456789"),
        ("010-12345678 ext. 12", "01012345678"),
        ("转801", ""),
        ("", ""),
    ],
)
def test_a_phone_is_its_digits(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits


def test_the_digits_of_digits_are_the_same() -> None:
    for typed in ("+86-10-12345678", "+886 912 345 678", "0086-13800138000", "02-21234567#123"):
        assert phone_digits(phone_digits(typed)) == phone_digits(typed)


def test_however_a_number_is_spelt_it_is_the_same_number() -> None:
    rows = json.loads(shared_data("import_files", "zh", "phones_mixed.json").read_text())["rows"]
    numbers: dict[str, set[str]] = {}
    for row in rows:
        if row["oracle"]:
            numbers.setdefault(row["oracle"][0][1], set()).add(phone_digits(row["raw"]))
    assert {number: len(keys) for number, keys in numbers.items()} == dict.fromkeys(numbers, 1)
    assert len({key for keys in numbers.values() for key in keys}) == len(numbers)


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
