"""Handovers of the demo company: one carried out last week, one that a manager prepares."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.queries import Person, actor_for
from xiaocheng.selling.customers.commands import (
    HandoverDraft,
    carry_out_handover,
    plan_handover,
    share_handover,
)
from xiaocheng.selling.customers.queries import handover_lines

from .company import Staff

MOVED = 6


def hand_over(staff: Staff, today: dt.date) -> None:
    """Somebody of the south gave six customers away with his area; somebody of the east leaves for half a year."""
    *others, mover = staff.reps["south"]
    manager = actor_for(staff.managers["south"])
    with clock.as_of(clock.instant(today - dt.timedelta(days=1), dt.time(8))):
        note = "辖区调整，广州以外的客户转给同组同事。"
        done = plan_handover(manager, HandoverDraft(person_id=mover.pk, kind="moving", note=note))
        ids = list(handover_lines(manager, done.pk).values_list("customer_id", flat=True)[:MOVED])
        share_handover(manager, done.pk, ids, _ids(others[-2:]))
        carry_out_handover(manager, done.pk)
    *others, leaver = staff.reps["east"]
    draft = HandoverDraft(
        person_id=leaver.pk, kind="away", to_ids=_ids(others[-2:]), successor_id=others[-1].pk, note="产假，预计半年。"
    )
    plan_handover(actor_for(staff.managers["east"]), draft)


def _ids(people: list[Person]) -> list[int]:
    return [row.pk for row in people]
