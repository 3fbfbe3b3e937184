"""What the people of the demo company asked for about their attendance: one waits, the others were decided."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.queries import actor_for, next_workday, person_by_username
from xiaocheng.selling.fieldwork.commands import RequestDraft, ask_attendance, grant_attendance, refuse_attendance

# by whom, for the how-many-th workday from today on, what, and what the supervisor said: None while it waits
ASKED = (
    ("rep1", 2, "leave", "annual", "陪父母体检", None),
    ("rep3", 1, "trip", "", "去无锡参加客户的设备验收", ""),
    ("rep4", 1, "leave", "personal", "搬家", "月底盘点，请换到下周"),
    ("lead1", 3, "trip", "", "到合肥拜访经销商", None),
    ("rep2", 0, "late_return", "", "去昆山的客户较远，回来要九点以后", None),
)


def ask_for_absences(today: dt.date) -> None:
    """Ask, and decide what is decided."""
    for username, days, kind, leave_kind, reason, word in ASKED:
        person = person_by_username(username)
        if person is None or person.manager is None:
            continue
        with clock.as_of(clock.instant(today, dt.time(8, 20))):
            draft = RequestDraft(
                kind=kind, leave_kind=leave_kind, reason=reason, first_on=next_workday(today, days) if days else today
            )
            row = ask_attendance(actor_for(person), draft)
            if word is not None:
                decide = refuse_attendance if word else grant_attendance
                decide(actor_for(person.manager), row.pk, word)
