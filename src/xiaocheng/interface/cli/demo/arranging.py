"""What the demo company has arranged: deputies, a mentor, a colleague on loan, and papers on file."""

from __future__ import annotations

import datetime as dt

from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import delegate, lend, mentor
from xiaocheng.foundation.org.queries import actor_for, person_by_username
from xiaocheng.selling.customers.commands import write_note
from xiaocheng.selling.customers.queries import customers

from . import words
from .company import Staff

PAPERS_OF = ("rep1", "rep4", "rep8")  # who has papers on file, and notes
MOST_PAPERS = 3


def arrange(staff: Staff, today: dt.date) -> None:
    """From today on: a manager on a trip, another on leave soon; a new colleague with a mentor; one who helps out."""
    weeks = [today + dt.timedelta(weeks=n) for n in range(13)]
    south = staff.managers["south"]
    delegate(SYSTEM, south.pk, staff.leads[2].pk, today, weeks[1], "出差参加行业展会")
    delegate(SYSTEM, staff.managers["east"].pk, staff.leads[0].pk, weeks[4], weeks[5], "年休假")
    delegate(SYSTEM, staff.managers["north"].pk, staff.director.pk, weeks[2], weeks[3], "年休假")
    guide, mentee, *_others = staff.reps["southwest"]
    mentor(SYSTEM, mentee.pk, guide.pk, today, weeks[12], "三个月内独立完成需求分析和报价")
    lend(
        SYSTEM,
        staff.reps["south"][-1].pk,
        staff.managers["north"].department_id,
        today,
        weeks[6],
        reason="支援新区开发",
    )


def leave_notes() -> None:
    """A supervisor asks about the newest customer of a few reps, and they answer."""
    for username, (question, answer) in zip(PAPERS_OF, words.NOTES, strict=False):
        person = person_by_username(username)
        if person is None or person.manager is None:
            continue
        row = customers(actor_for(person), "mine").order_by("-pk").first()
        if row is not None:
            write_note(actor_for(person.manager), row.pk, question, [person.pk])
            write_note(actor_for(person), row.pk, answer, [person.manager.pk])


def file_papers() -> None:
    """Put minutes and lists with the newest customers of a few reps."""
    for username in PAPERS_OF:
        person = person_by_username(username)
        if person is not None:
            actor = actor_for(person)
            for row in customers(actor, "mine").order_by("-pk")[:MOST_PAPERS]:
                name, text = words.PAPERS[row.pk % len(words.PAPERS)]
                content = text.format(about=row.name, day=clock.today())
                attach(actor, "customers.customer", row.pk, name, content.encode())
