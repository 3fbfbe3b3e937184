"""What happened to tasks."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal


class TaskNoted(Event):
    """A person noted a task for himself or for somebody in his team."""

    task_id: int = about("tasks.task")
    customer_id: int | None = about("customers.customer")
    person_id: int
    title: str = personal()
    due_on: dt.date
    says = _("记下待办「%(title)s」,%(due_on)s 前完成")


class TaskDone(Event):
    """A task was done."""

    task_id: int = about("tasks.task")
    customer_id: int | None = about("customers.customer")
    title: str = personal()
    says = _("完成待办「%(title)s」")
