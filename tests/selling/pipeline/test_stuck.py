"""Which opportunities stick is asked of the database, by the same rules as each one's own page."""

from __future__ import annotations

import datetime as dt

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.pipeline import commands, queries

from .deals import Deals


def test_the_database_finds_those_that_their_pages_call_overdue_idle_or_stagnant(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    change_rule(SYSTEM, "PipelineRules.stale_days", "12", dt.date(2026, 1, 1))
    commands.keep_stale_days(SYSTEM, {(deals.process.pk, "contact"): 21, (deals.process.pk, "quote"): 3})
    first = clock.instant(dt.date(2026, 3, 2), dt.time(23, 30))
    for n in range(12):
        with clock.as_of(first + dt.timedelta(days=n)):
            row = deals.opened("east_rep", name=f"{n}")
            if n % 3:
                row = deals.move(row, "contact")
            if n in {7, 8, 10}:
                row = deals.move(row, "quote")
            if n == 8:
                commands.note_evidence(SYSTEM, row.pk, "quote", "quote-8", clock.now(), is_contact=False)
            if n % 4 == 1:
                commands.note_evidence(SYSTEM, row.pk, "call", f"call-{n}", clock.now() + dt.timedelta(days=6))
            if n % 5 == 2:
                day = clock.today() + dt.timedelta(days=15)
                commands.edit(rep, row.pk, deals.fresh(row).edit_version, next_step="再访", next_step_on=day)
            if n == 11:
                commands.lose(rep, row.pk, "timing")
    found: set[int] = set()
    missed: set[int] = set()
    stale: dict[int, int] = {}
    for days in range(40):
        with clock.as_of(first + dt.timedelta(days=days, hours=days % 24)):
            rows = list(queries.opportunities(rep, "all"))
            paces = queries.pace_of(rep, rows)
            told = {
                "overdue": {pk for pk, pace in paces.items() if pace.is_overdue},
                "idle": {pk for pk, pace in paces.items() if pace.is_idle},
            }
            told["missed_quote"] = {pk for pk, pace in paces.items() if pace.is_quote_missed}
            missed |= told["missed_quote"]
            told["stale"] = {pk for pk, pace in paces.items() if pace.is_stale}
            stale |= {int(row.name): days for row in rows if row.pk in told["stale"] and int(row.name) not in stale}
            told["stuck"] = told["overdue"] | told["idle"] | told["missed_quote"] | told["stale"]
            told["no_step"] = {row.pk for row in rows if queries.lacks_step(row)}
            for kind, expected in told.items():
                asked = queries.opportunities(rep, "all").filter(queries.of_pace(rep, kind))
                assert {row.pk for row in asked} == expected, (kind, days)
                found |= expected
    assert len(found) == 11
    assert len(missed) == 2
    # 12 days after the last activity in the first stage and in quoting, 21 in between; 1, 5 and 9 were called once
    in_between, called = {1, 2, 4, 5}, {1, 5, 9}
    assert stale == {n: n + (21 if n in in_between else 12) + (6 if n in called else 0) for n in range(11)}


def test_a_stage_without_limits_or_with_a_very_long_one_lets_nothing_stick(deals: Deals) -> None:
    row = deals.opened("east_rep")
    for limit in (None, 2_000_000_000):
        deals.version.stages.update(expected_days=limit, idle_days=limit)
        with clock.as_of(row.opened_at + dt.timedelta(days=60)):
            assert not queries.stuck(deals.world.actor("east_manager")).exists(), limit


def test_a_manager_sees_those_of_his_team_the_longest_in_its_stage_first(world: World, deals: Deals) -> None:
    now = clock.now()
    for days, who in ((200, "east_rep"), (300, "east_peer"), (1, "east_rep"), (400, "south_rep")):
        with clock.as_of(now - dt.timedelta(days=days)):
            deals.opened(who, name=f"{who} {days}")
    assert [row.name for row in queries.stuck(world.actor("east_manager"))] == ["east_peer 300", "east_rep 200"]
