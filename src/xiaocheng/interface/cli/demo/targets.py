"""What the supervisors of the demo company set their people as targets for the last month and this one."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal

from xiaocheng.control.targets.commands import TargetDraft, set_targets
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import months_after
from xiaocheng.foundation.org.queries import Person, actor_for

# measure -> what a month asks of a rep at least, in which steps above
ASKED = {
    "pipeline.won_amount": (400_000, 50_000),
    "trade.order_amount": (300_000, 50_000),
    "trade.received": (250_000, 50_000),
    "fieldwork.visited": (60, 5),
    "fieldwork.effective": (35, 5),
    "customers.registered": (3, 1),
}


def aim(reps: Iterable[Person], today: dt.date, seed: int) -> None:
    """Each supervisor sets his own reps' targets on the eve of the month."""
    teams: dict[int, list[Person]] = {}
    for rep in reps:
        if rep.manager is not None:
            teams.setdefault(rep.manager.pk, []).append(rep)
    for month in (months_after(today, -1), months_after(today, 0)):
        for team in teams.values():
            _set(team, month, seed)


def _set(team: list[Person], month: dt.date, seed: int) -> None:
    drafts = []
    for rep in team:
        dice = random.Random(f"{seed} {rep.username} targets")  # noqa: S311 - the demo company shall be the same
        for key, (least, step) in ASKED.items():
            value = Decimal(least + step * dice.randrange(5))
            drafts.append(
                TargetDraft(person_id=rep.pk, measure=key, month=month, value=value, basis="按去年同期加一成")
            )
    with clock.as_of(clock.instant(month - dt.timedelta(days=3), dt.time(16))):
        manager = team[0].manager
        if manager is not None:
            set_targets(actor_for(manager), drafts)
