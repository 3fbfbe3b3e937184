"""Tables of tasks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"
STATES = {OPEN: _("待办"), DONE: _("已完成"), WITHDRAWN: _("已撤回")}
NOTED = "noted"  # the kind of what a person noted himself


class Task(ScopedModel):
    """Something that one person has to do by a day.

    What an upper module pushes is unique by (kind, about, occurrence), so pushing it again changes nothing.
    """

    kind = models.CharField(max_length=40)  # who pushed it: "noted" by hand, "care.birthday", "trade.due"
    about = models.CharField(max_length=80)  # the row it is about: "customers.customer:7"; by hand a number of its own
    occurrence = models.CharField(max_length=40, blank=True)  # which of several about the same row: a day, a number
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(_("事项"), max_length=200)
    due_on = models.DateField(_("截止日"))
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()

    scope: ClassVar[Scope] = Scope(people=("person",))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["kind", "about", "occurrence"], name="task_once")]
        indexes = [
            models.Index(fields=["person", "due_on", "id"], name="task_due", condition=Q(state="open")),
            models.Index(fields=["customer", "-id"], name="task_customer", condition=Q(customer__isnull=False)),
        ]
