"""Money is Decimal(18, 4) in one company currency; documents round to the minor unit once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .rules import Rules, rule

LARGEST = Decimal("99999999999999.9999")
SCALE = 10_000  # measures keep ten-thousandths as integers


class MoneyRules(Rules):
    """The company's one currency."""

    currency: str = rule(
        "CNY",
        _("公司币种"),
        _("所有金额都以这个币种记录。"),
        choices={"CNY": "¥", "TWD": "NT$", "HKD": "HK$", "USD": "$"},
    )
    minor_digits: int = rule(2, _("单据小数位"), _("单据金额四舍五入到这个位数。"), choices={0: "0", 2: "2", 3: "3"})


def money_field(**options: Any) -> models.DecimalField[Any, Any]:
    """A column for an amount in the company currency."""
    validators = [MinValueValidator(-LARGEST), MaxValueValidator(LARGEST)]
    return models.DecimalField(max_digits=18, decimal_places=4, validators=validators, **options)


def round_minor(amount: Decimal, digits: int = 2) -> Decimal:
    """An amount rounded half up to the minor unit, as a document prints it."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def split(amount: Decimal, shares: Sequence[Decimal], digits: int = 2) -> list[Decimal]:
    """An amount divided by shares that sum to 1, to the minor unit, the remainder to the largest fractions.

    The parts always sum to the amount exactly; what lies below the minor unit goes to the first part.
    """
    if sum(shares) != 1:
        raise ValueError("shares must sum to exactly 1")
    unit = Decimal(1).scaleb(-digits)
    whole = int(amount / unit)
    exact = [share * whole for share in shares]
    units = [int(part) for part in exact]
    by_fraction = sorted(range(len(shares)), key=lambda i: abs(exact[i] - units[i]), reverse=True)
    step = 1 if whole >= 0 else -1
    for i in by_fraction[: abs(whole - sum(units))]:
        units[i] += step
    parts = [unit * count for count in units]
    parts[0] += amount - sum(parts)
    return parts


def scaled(value: Decimal | int) -> int:
    """A value as the integer of ten-thousandths that measures and rollups keep."""
    return int(value * SCALE)


def unscaled(value: int | None) -> Decimal:
    """The decimal value behind an integer of ten-thousandths; nothing counts as zero."""
    return Decimal(value or 0) / SCALE
