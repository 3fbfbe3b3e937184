"""However a phone is typed, it is the same phone."""

from __future__ import annotations

import json
from random import Random

import phonenumbers
import pytest

from tests.support.shared import shared_data
from xiaocheng.foundation.kernel.phones import Phone, phone_digits, phone_key, phone_keys, phones_in


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


def test_mixed_cells_hold_the_numbers_that_they_hold() -> None:
    rows = json.loads(shared_data("import_files", "zh", "phones_mixed.json").read_text())["rows"]
    wanted = {row["raw"]: [(number, extension or "") for _region, number, extension in row["oracle"]] for row in rows}
    assert {raw: [(phone.number, phone.extension) for phone in phones_in(raw)] for raw in wanted} == wanted
    for raw, numbers in wanted.items():
        assert phone_key(raw) == (numbers[0][0] if numbers else phone_digits(raw))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("021-6888 1234", "+862168881234"),
        ("0086-021-68881234", "+862168881234"),
        ("(86-21)6888-1234", "+862168881234"),
        ("+86(0)21 6888 1234", "+862168881234"),
        ("0755-83123456转8001", "+8675583123456"),
        ("00852 2123 4567", "+85221234567"),
        ("+853 2821 2345", "+85328212345"),
        ("02-2123-4567 分機 12", "+886221234567"),
        ("６８８８１２３４", "68881234"),
        ("1312345678", "1312345678"),
        ("无", ""),
    ],
)
def test_a_key_is_the_number_as_the_whole_world_writes_it(typed: str, number: str) -> None:
    assert phone_key(typed) == number
    assert phone_key(phone_key(typed)) == number


def test_of_several_numbers_each_has_its_key_and_its_extension() -> None:
    assert phone_keys("13800138000、021-68881234转12") == ("+8613800138000", "+862168881234")
    assert phones_in("021-68881234转12") == (Phone("+862168881234", "12"),)
    assert phone_keys("6888 1234") == ("68881234",)
    assert phone_keys("没有") == ()


def test_plain_mobile_numbers_are_known_as_the_library_knows_them() -> None:
    random = Random(3)
    for first in range(1000, 2000):
        typed = f"{first}{random.randrange(10**7):07d}"
        known = phonenumbers.is_valid_number(phonenumbers.parse(typed, "CN"))
        assert phone_key(typed) == (f"+86{typed}" if known else typed)
