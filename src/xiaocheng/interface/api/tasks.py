"""To-dos."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.tasks import commands, queries
from xiaocheng.selling.tasks.queries import Task

from .auth import ApiRequest
from .schemas import MOST, Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["tasks"])


class TaskOut(Answer):
    """Something that one person has to do by a day."""

    id: int
    kind: str
    title: str
    due_on: dt.date
    state: str
    person_id: int
    customer_id: int | None
    done_at: dt.datetime | None


class NewTask(Body):
    """A task for oneself or for somebody in one's team."""

    title: str
    due_on: dt.date
    person_id: Id | None = None
    customer_id: Id | None = None


class ManyTasks(Body):
    """The tasks of a bulk act."""

    task_ids: Annotated[list[Id], Field(max_length=MOST)]


class FinishedOut(Answer):
    """Those that were open and are done now."""

    task_ids: list[int]


@router.get("/tasks", response=Page[TaskOut])
def tasks(
    request: ApiRequest,
    paging: Query[Paging],
    view: Literal["mine", "team"] = "mine",
    state: Literal["open", "done", "withdrawn"] = "open",
) -> Page[TaskOut]:
    """Tasks in one state."""
    return page_of(queries.tasks(request.actor, view, state=state), paging, _task)


@router.post("/tasks", response=TaskOut)
def note(request: ApiRequest, body: NewTask) -> TaskOut:
    """Note a task."""
    return _task(commands.note(request.actor, **body.model_dump()))


@router.post("/tasks/finish", response=FinishedOut)
def finish_many(request: ApiRequest, body: ManyTasks) -> FinishedOut:
    """Tick off those of the tasks that are open and that one sees."""
    return FinishedOut(task_ids=commands.finish_many(request.actor, body.task_ids))


@router.post("/tasks/{task_id}/finish", response=TaskOut)
def finish(request: ApiRequest, task_id: Id) -> TaskOut:
    """Tick a task off."""
    return _task(commands.finish(request.actor, task_id))


def _task(row: Task) -> TaskOut:
    return shaped(TaskOut, row)
