"""A contact that a device had recorded in time arrived after the customer had lapsed: the lapse may be taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer
from .ownership import LONGEST_NOTE, OwnershipEpisode

OFFERED, RESTORED, DECLINED = "offered", "restored", "declined"
STATES = {OFFERED: _("待决定"), RESTORED: _("已恢复"), DECLINED: _("未恢复")}


class RestoreOffer(ScopedModel):
    """What would undo a lapse: whose customer it was (`person`), by which contact; the supervisor decides."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    episode = models.ForeignKey(
        OwnershipEpisode, models.PROTECT, related_name="+", db_index=False
    )  # the one that lapsed
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    contacted_at = models.DateTimeField()
    queued_at = models.DateTimeField()  # recorded on the device, by its clock
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OFFERED)
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=LONGEST_NOTE, blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {
        "person": "history: whose contact it was; nothing is restored to somebody who left",
        "decided_by": "history: who decided",
    }

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["episode"], name="restore_offered_once")]
        indexes = [models.Index(fields=["state", "person"], name="restore_waiting", condition=Q(state=OFFERED))]
