"""What was won and lost: win rate, revenue and the work per order, as a whole, by person, team and the like."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.measures import totals
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.insight.breakdown import COLUMN, By, Key, line_names, months_of
from xiaocheng.insight.counting import RESULT_COLUMNS
from xiaocheng.insight.figures import Figure, cases, plain, quotient, rate
from xiaocheng.insight.measures import CUSTOMERS_PER_DEAL, DEALS_PER_ORDER, MEAN_ORDER, WIN_RATE, WIN_RATE_AMOUNT
from xiaocheng.insight.rules import RatioRules
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.sums import sums
from xiaocheng.selling.customers.measures import CONVERTED, REGISTERED
from xiaocheng.selling.pipeline.measures import INVALID_COUNT, LOST_COUNT, WON_AMOUNT, WON_COUNT

from .rows import credited


@dataclass(frozen=True)
class Result:
    """What was won and lost in the period; net of what was opened again."""

    orders: Figure
    revenue: Figure
    mean_order: Figure
    lost: Figure
    lost_amount: Decimal
    invalid: Figure
    win_rate: Figure
    win_rate_amount: Figure

    @property
    def is_empty(self) -> bool:
        """True when nothing was closed."""
        return not (self.orders.numerator or self.lost.numerator or self.invalid.numerator)


@dataclass(frozen=True)
class Line:
    """The result of one person, team, product, source (of the opportunity) or month; id 0 or "" is "none"."""

    id: Key
    name: str
    result: Result


def result(actor: Actor, selection: Selection) -> Result:
    """Wins, losses and rates of the whole selection."""
    return _result(sums(actor, selection, RESULT_COLUMNS)[()])


def results_by(actor: Actor, selection: Selection, by: By) -> list[Line]:
    """The same by person, team (the department credited), product, source or month; no past month is left out."""
    column = COLUMN[by]
    summed = sums(actor, selection, RESULT_COLUMNS, (column,))
    found: dict[Key, Counter[str]] = {at[0]: values for at, values in summed.items() if any(values.values())}
    keys = months_of(selection, found) if by == "month" else list(found)
    names = line_names(actor, by, keys)
    lines = [Line(key, names.get(key, ""), _result(found.get(key, Counter()))) for key in keys]
    return lines if by == "month" else sorted(lines, key=lambda line: (-line.result.revenue.numerator, line.name))


def deals_per_order(actor: Actor, selection: Selection) -> Figure:
    """Opportunities opened per order won: the quotient that older texts print as "win rate"."""
    opened = sums(actor, selection, ("opened",))[()]["opened"]
    won = unscaled(sums(actor, selection, ("deals_won",))[()]["deals_won"])
    return quotient(DEALS_PER_ORDER, opened, won, cases(won))


def customers_per_deal(actor: Actor, selection: Selection) -> Figure:
    """Customers registered per opportunity opened: the quotient that older texts print as "conversion rate"."""
    asked = replace(selection, process_id=None, product_id=None)
    registered = new_customers(actor, asked)[REGISTERED].n
    opened = sums(actor, asked, ("opened",))[()]["opened"]
    return quotient(CUSTOMERS_PER_DEAL, registered, opened, opened)


def shows_workload_first(actor: Actor) -> bool:
    """True where the company wants the workload before the rate."""
    return rules(RatioRules, clock.today()).first == "workload"


def new_customers(actor: Actor, selection: Selection) -> dict[str, Figure]:
    """Customers registered, and with their first deal, perhaps of a source; they know no product or process."""
    keys = (REGISTERED, CONVERTED)
    if selection.source is not None:
        found = {key: Decimal(credited(actor, selection, key).count()) for key in keys}
    else:
        found = totals(actor, keys, selection.period, selection.whose)
    return {key: plain(key, found[key], int(found[key])) for key in keys}


def _result(values: Counter[str]) -> Result:
    won, lost, invalid = (unscaled(values[name]) for name in ("deals_won", "deals_lost", "deals_invalid"))
    won_amount, lost_amount = unscaled(values["deals_won_amount"]), unscaled(values["deals_lost_amount"])
    return Result(
        plain(WON_COUNT, won, cases(won)),
        plain(WON_AMOUNT, won_amount, cases(won)),
        quotient(MEAN_ORDER, won_amount, won, cases(won)),
        plain(LOST_COUNT, lost, cases(lost)),
        lost_amount,
        plain(INVALID_COUNT, invalid, cases(invalid)),
        rate(WIN_RATE, won, won + lost),
        quotient(WIN_RATE_AMOUNT, won_amount, won_amount + lost_amount, cases(won + lost)),
    )


NO_RESULT = _result(Counter())  # that of who closed nothing
