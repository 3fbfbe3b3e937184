"""Some months ago each rep decided about some customers; a few of these decisions are to be looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.queries import Person, actor_for
from xiaocheng.insight.commands import decide
from xiaocheng.insight.queries import values

REASONS = {
    "court": "量还能翻一倍,先把设备部门拉进来",
    "keep": "关系稳定,按季度拜访即可",
    "drop": "只在清仓时下单,每单都亏",
}
DAYS_AGO, REVIEWED_AFTER = 80, (60, 75, 200)


def add_decisions(reps: Sequence[Person], today: dt.date) -> None:
    """Decide about every rep's most and least valuable customers, as seen some months ago."""
    ago = today - dt.timedelta(days=DAYS_AGO)
    for at, rep in enumerate(reps):
        actor = actor_for(rep)
        ids = list(values(actor).exclude(klass="").order_by("-value").values_list("customer_id", flat=True))
        review_on = ago + dt.timedelta(days=REVIEWED_AFTER[at % len(REVIEWED_AFTER)])
        with clock.as_of(clock.instant(ago, dt.time(17))):
            for verdict, part in (("court", ids[:2]), ("keep", ids[2:4]), ("drop", ids[-1:])):
                if part:
                    decide(actor, part, verdict, REASONS[verdict], review_on=review_on)
