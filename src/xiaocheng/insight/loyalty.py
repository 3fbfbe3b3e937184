"""How loyal a customer is: what of order rhythm, full price and years is known of it, and how it stands. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .rules import LoyaltyRules

LOW, MEDIUM, HIGH = "low", "medium", "high"
FEWEST_DAYS = 3  # with an order: fewer have no rhythm
FEWEST_LINES = 3  # with a discount noted: of fewer nothing is told
FEWEST_PARTS = 2  # of one alone no loyalty is told


@dataclass(frozen=True)
class Loyalty:
    """What is known, None for what is not, and the level that follows."""

    keeps_rhythm: bool | None
    pays_in_full: bool | None
    is_long: bool | None

    @property
    def level(self) -> str:
        """High where all that is known speaks for it, low where less than half does; empty where too little is."""
        known = [part for part in (self.keeps_rhythm, self.pays_in_full, self.is_long) if part is not None]
        if len(known) < FEWEST_PARTS:
            return ""
        return HIGH if all(known) else LOW if 2 * sum(known) < len(known) else MEDIUM


def keeps_rhythm(days: int, first: dt.date | None, last: dt.date | None, today: dt.date, percent: int) -> bool | None:
    """True when the last order is not longer ago than the mean gap between days with orders, by so many percent."""
    if days < FEWEST_DAYS or first is None or last is None:
        return None
    return (today - last).days * 100 * (days - 1) <= (last - first).days * percent


def is_price_led(discounted: int, known: int, percent: int) -> bool | None:
    """True when so many percent of the lines whose discount is known were sold at an extra discount."""
    return None if known < FEWEST_LINES else discounted * 100 >= known * percent


def is_long(since: dt.date | None, today: dt.date, years: int) -> bool | None:
    """True when the first deal is so many years ago; unknown without one."""
    if since is None:
        return None
    return (since.year + years, since.month, since.day) <= (today.year, today.month, today.day)


def loyalty(
    days: int,
    first: dt.date | None,
    last: dt.date | None,
    lines: tuple[int, int],
    since: dt.date | None,
    today: dt.date,
    limits: LoyaltyRules,
) -> Loyalty:
    """The parts of one customer; `lines` are those at an extra discount, and those whose discount is known."""
    price_led = is_price_led(*lines, limits.price_led_percent)
    return Loyalty(
        keeps_rhythm=keeps_rhythm(days, first, last, today, limits.rhythm_percent),
        pays_in_full=None if price_led is None else not price_led,
        is_long=is_long(since, today, limits.long_years),
    )
