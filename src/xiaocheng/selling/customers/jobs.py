"""What the clock asks of customers: nobody presses a button when a time limit passes."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.jobs import daily, every
from xiaocheng.foundation.kernel.rules import rules

from .commands import (
    begin_clocks,
    end_waiting,
    find_duplicates,
    forget_merged,
    hand_out_by_turn,
    lapse_overdue,
    shorten_access_log,
    warn_owners,
)
from .first_contact import FirstContactRules
from .queries import start_is_due


@daily(dt.time(0))
def keep_time_limits(slot: dt.datetime) -> None:
    """At midnight of the company's day customers lapse, and those that nobody received go to the pool."""
    begin_clocks(SYSTEM)
    lapse_overdue(SYSTEM)
    end_waiting(SYSTEM)
    forget_merged(SYSTEM)


@every(seconds=300, when=start_is_due)
def begin_today(slot: dt.datetime) -> None:
    """The day on which sleeping time limits begin may be today."""
    begin_clocks(SYSTEM)


@daily(dt.time(3, 20))
def look_for_duplicates(slot: dt.datetime) -> None:
    """While nobody works the list of likely duplicates is brought up to date."""
    find_duplicates(SYSTEM)


@daily(dt.time(7, 30))
def warn_of_lapses(slot: dt.datetime) -> None:
    """Before the day's work owners hear which customers are about to lapse."""
    warn_owners(SYSTEM, clock.day_of(slot))


@every(seconds=600, when=lambda: rules(FirstContactRules, clock.today()).hands_out)
def hand_out(slot: dt.datetime) -> None:
    """From opening time on, customers that lapsed go by turn to those on duty, where the company wants that."""
    hand_out_by_turn(SYSTEM)


@daily(dt.time(3, 40))
def keep_the_access_log_as_long_as_agreed(slot: dt.datetime) -> None:
    """Notes of who looked at personal details go when their term is over, where the company set one."""
    shorten_access_log(SYSTEM)
