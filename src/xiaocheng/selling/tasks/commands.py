"""Ways to change tasks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import assignable
from xiaocheng.selling.customers import queries as customers

from .access import USE
from .events import TaskDone, TaskNoted
from .models import DONE, NOTED, OPEN, WITHDRAWN, Task

PUSHED = "upper modules push and withdraw what they have decided themselves"


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    """A task that an upper module pushes: about a row ("customers.customer:7"), one of its occurrences."""

    kind: str
    about: str
    person_id: int
    title: str
    due_on: dt.date
    occurrence: str = ""
    customer_id: int | None = None


def push(actor: Actor, drafts: Sequence[TaskDraft]) -> None:
    """Put tasks on people's lists; what is there already, even done or withdrawn, stays as it is."""
    Task.objects.beyond_sight(because=PUSHED).bulk_create(
        [Task(**vars(draft), added_at=clock.now()) for draft in drafts], ignore_conflicts=True, batch_size=2000
    )


def withdraw(actor: Actor, kind: str, abouts: Sequence[str]) -> int:
    """Take back the open tasks of a kind about some rows: their reason is gone. Returns how many."""
    rows = Task.objects.beyond_sight(because=PUSHED)
    return rows.filter(kind=kind, about__in=abouts, state=OPEN).update(state=WITHDRAWN)


def note(
    actor: Actor, title: str, due_on: dt.date, *, person_id: int | None = None, customer_id: int | None = None
) -> Task:
    """Note a task for oneself or for somebody in one's team, perhaps about a customer that one sees."""
    with transaction.atomic():
        whose = person_id or actor.person_id
        if customer_id is not None:
            customers.customer(actor, customer_id)
        actor.require(USE)
        if not title.strip():
            raise RuleBroken(_("请写明要做什么。"), field="title")
        if whose is None or not assignable(actor).filter(pk=whose).exists():
            raise RuleBroken(_("请选择您团队中的一位在职人员。"), field="person_id")
        row: Task = Task.objects.add(
            Task(
                kind=NOTED,
                about=uuid.uuid4().hex,
                customer_id=customer_id,
                person_id=whose,
                title=title.strip(),
                due_on=due_on,
                added_at=clock.now(),
            )
        )
        record(
            actor, TaskNoted(task_id=row.pk, customer_id=customer_id, person_id=whose, title=row.title, due_on=due_on)
        )
    return row


def finish(actor: Actor, task_id: int) -> Task:
    """Tick one task off."""
    row: Task = Task.objects.one(actor, task_id)
    if not finish_many(actor, [task_id]):
        raise RuleBroken(_("这项待办已经完成或撤回。"))
    row.refresh_from_db()
    return row


def finish_many(actor: Actor, task_ids: Sequence[int]) -> list[int]:
    """Tick off those of the tasks that are open and that the actor sees; returns which these were."""
    with transaction.atomic():
        open_ones = Task.objects.visible_to(actor).filter(state=OPEN)
        rows = list(open_ones.filter(pk__in=task_ids).select_for_update(of=("self",)).order_by("pk"))
        actor.require(USE)
        done = [row for row in rows if open_ones.filter(pk=row.pk).update(state=DONE, done_at=clock.now())]
        record(actor, *(TaskDone(task_id=row.pk, customer_id=row.customer_id, title=row.title) for row in done))
    return [row.pk for row in done]
