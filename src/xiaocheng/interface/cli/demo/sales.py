"""Two years of orders as an ERP would list them: few customers bring most, some order less and less."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal

from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.trade.commands import SaleDraft, record_sales

DAYS = 730
BUYERS = 7  # of each rep's customers
DECLINING = 5  # every so many customers, one of the larger, orders less and less
PRICE_LED = 11  # every so many customers buys only below the usual price
DEEP = (Decimal("0.12"), Decimal("0.15"), Decimal("0.2"))
DISCOUNTS = (Decimal(0), Decimal(0), Decimal(0), Decimal("0.05"), Decimal("0.1"))


def add_sales(buyers: Sequence[str], products: Sequence[tuple[str, Decimal]], today: dt.date, seed: int) -> None:
    """Take in what the customers, the largest first, have bought; again the same."""
    dice = random.Random(f"{seed} sales")  # noqa: S311 - the demo company shall be the same each time
    for start in range(0, len(buyers), 100):
        part = list(enumerate(buyers))[start : start + 100]
        record_sales(SYSTEM, [line for rank, name in part for line in _orders(dice, name, rank, products, today)])


def _orders(
    dice: random.Random, name: str, rank: int, products: Sequence[tuple[str, Decimal]], today: dt.date
) -> list[SaleDraft]:
    """One customer's orders: the higher its rank, the more often and the more."""
    gap = dice.choice((30, 45, 60, 90)) * (1 + rank // 40)
    ends = 0 if rank % DECLINING else dice.randrange(60, 200)
    bought = dice.sample(list(products), k=dice.randint(1, 3))
    lines: list[SaleDraft] = []
    day = today - dt.timedelta(days=dice.randrange(DAYS - gap, DAYS))
    while day <= today - dt.timedelta(days=ends):
        number = f"XS{day:%y%m%d}-{rank:03d}"
        for at, (product, price) in enumerate(bought[: dice.randint(1, len(bought))], 1):
            lines.append(_line(dice, name, rank, day, number, str(at), product, price))
        day += dt.timedelta(days=max(5, round(gap * dice.lognormvariate(0, 0.35))))
    return lines[-20:]


def _line(
    dice: random.Random, name: str, rank: int, day: dt.date, number: str, at: str, product: str, price: Decimal
) -> SaleDraft:
    quantity, discount = (
        Decimal(1 + dice.randrange(max(2, 60 // (rank + 4)))),
        dice.choice(DISCOUNTS if rank % PRICE_LED else DEEP),
    )
    amount = (quantity * price / 20 * (1 - discount)).quantize(Decimal("0.01"))
    if dice.random() < 0.02:
        amount, quantity = -amount, -quantity
    margin = Decimal(dice.randrange(-2, 36)) / 100 - discount / 2
    return SaleDraft(
        customer=name, occurred_on=day, number=number, line=at, product=product,
        quantity=quantity, amount=amount, discount=discount, profit=(amount * margin).quantize(Decimal("0.01")),
    )  # fmt: skip
