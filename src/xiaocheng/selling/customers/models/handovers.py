"""What a person is responsible for goes to others: a plan until it is carried out, then the record of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer

LEAVING, MOVING, AWAY = "leaving", "moving", "away"
KINDS = {LEAVING: _("离职"), MOVING: _("调岗"), AWAY: _("长期离岗")}
PLANNED, DONE = "planned", "done"
STATES = {PLANNED: _("准备中"), DONE: _("已完成")}
LONGEST_NOTE = 500


class Handover(ScopedModel):
    """离职交接: who hands over, why, to whom; while it is planned nothing has moved yet.

    `successor` takes whatever does not follow a customer; without one it stays, as does a customer without `to`.
    """

    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("原因"), max_length=10, choices=list(KINDS.items()))
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=PLANNED)
    successor = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    moved = models.JSONField(default=dict, blank=True)  # how many of each kind of rows went to somebody else

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {
        "person": "history: who handed over",
        "successor": "history: who took over",
        "planned_by": "who prepared it does not change",
        "done_by": "who carried it out does not change",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="planned"), name="handover_planned_once"),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="handover_person")]

    @property
    def is_planned(self) -> bool:
        """True as long as nothing has moved."""
        return self.state == PLANNED


class HandoverLine(ScopedModel):
    """One customer of a handover, and who gets it; nobody: it stays with whom it is."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")  # one undone was never there
    to = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)

    scope: ClassVar[Scope] = Scope(people=("handover__person",))
    stays: ClassVar[dict[str, str]] = {
        "customer": "which customers were handed over does not change",
        "to": "history: who took over; a plan is looked at again before it is carried out",
    }

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["handover", "to", "id"], name="handover_line")]
