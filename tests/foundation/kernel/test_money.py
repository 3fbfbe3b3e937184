"""No cent is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from xiaocheng.foundation.kernel.money import LARGEST, money_field, round_minor, scaled, split, unscaled

amounts = st.decimals(-LARGEST, LARGEST, places=4)
cents = st.decimals(Decimal("-99999999999.99"), Decimal("99999999999.99"), places=2)


@st.composite
def shares(draw: st.DrawFn) -> list[Decimal]:
    weights = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(sum))
    parts = [Decimal(weight) / sum(weights) for weight in weights]
    parts = [part.quantize(Decimal("0.000001"), rounding="ROUND_DOWN") for part in parts]
    parts[0] += 1 - sum(parts)
    return parts


@given(amounts, shares())
def test_the_parts_of_an_amount_sum_to_it_exactly(amount: Decimal, parts: list[Decimal]) -> None:
    assert sum(split(amount, parts)) == amount


@given(cents, shares(), st.sampled_from([0, 2]))
def test_each_part_is_within_one_unit_of_its_share(amount: Decimal, parts: list[Decimal], digits: int) -> None:
    unit = Decimal(1).scaleb(-digits)
    amount = amount.quantize(unit, rounding="ROUND_DOWN")
    for part, share in zip(split(amount, parts, digits), parts, strict=True):
        assert abs(part - amount * share) < unit
        assert part == part.quantize(unit)


def test_the_remainder_goes_to_the_largest_fractions() -> None:
    third = Decimal(1) / 3
    thirds = [third, third, 1 - 2 * third]
    assert split(Decimal("100.00"), thirds) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert split(Decimal("0.05"), [Decimal("0.5"), Decimal("0.5")]) == [Decimal("0.03"), Decimal("0.02")]
    assert split(Decimal("-0.05"), [Decimal("0.5"), Decimal("0.5")]) == [Decimal("-0.03"), Decimal("-0.02")]


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to exactly 1"):
        split(Decimal(1), [Decimal("0.5"), Decimal("0.4999")])


@given(amounts)
def test_a_measure_keeps_every_digit_of_an_amount(amount: Decimal) -> None:
    assert unscaled(scaled(amount)) == amount


def test_documents_round_half_up() -> None:
    assert [round_minor(Decimal(text)) for text in ("0.005", "0.004", "-0.005")] == [
        Decimal("0.01"), Decimal("0.00"), Decimal("-0.01"),
    ]  # fmt: skip
    assert round_minor(Decimal("2.5"), 0) == 3


@pytest.mark.parametrize("amount", [LARGEST + 1, Decimal("0.00001"), Decimal("NaN"), "many"])
def test_an_amount_that_the_column_cannot_keep_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        money_field().clean(amount, None)
