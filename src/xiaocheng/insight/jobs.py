"""What the clock asks of insight. What learns from all deals runs apart: its arrays would stay with the worker."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import apart, daily

from .commands import (
    count_values,
    remind_of_process_reviews,
    remind_of_reviews,
)


@daily(dt.time(2))
def count_what_customers_are_worth(slot: dt.datetime) -> None:
    """While nobody works, every customer's class and loyalty are counted up to the new day."""
    count_values(SYSTEM)


@daily(dt.time(2, 30))
def foretell_what_will_come_in(slot: dt.datetime) -> None:
    """In the night the forecasts of the day are made, and those whose window has passed are scored."""
    apart("rebuild", "forecasts")


@daily(dt.time(2, 45))
def estimate_what_leaving_out_stages_changes(slot: dt.datetime) -> None:
    """In the night what leaving out stages changed is estimated up to the new day."""
    apart("rebuild", "skipping")


@daily(dt.time(2, 50))
def tell_how_likely_deals_are_won(slot: dt.datetime) -> None:
    """In the night the chances of the open deals are told, where past deals could be told apart."""
    apart("rebuild", "chances")


@daily(dt.time(2, 55))
def learn_how_long_deals_stay(slot: dt.datetime) -> None:
    """In the night it is learned by when most deals leave each stage."""
    apart("rebuild", "stays")


@daily(dt.time(7, 30))
def remind_of_what_is_to_be_reviewed(slot: dt.datetime) -> None:
    """Before the day's work owners and those who decided hear which decisions about customers are to be looked at."""
    remind_of_reviews(SYSTEM, clock.day_of(slot))


@daily(dt.time(7, 30))
def remind_of_the_next_review_of_a_process(slot: dt.datetime) -> None:
    """Before the day's work whoever reviewed a process hears that the day of the next review has come."""
    remind_of_process_reviews(SYSTEM, clock.day_of(slot))
