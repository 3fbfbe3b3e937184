"""An owner asks for more time before a customer lapses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .ownership import LONGEST_NOTE, OwnershipEpisode

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
STATES = {ASKED: _("待审批"), GRANTED: _("已同意"), REFUSED: _("未同意")}


class Extension(ScopedModel):
    """So many days more for one stretch of responsibility; with the stretch a request that still waits is void."""

    episode = models.ForeignKey(OwnershipEpisode, models.CASCADE, related_name="extensions")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(_("延长(天)"))
    reason = models.CharField(_("原因"), max_length=LONGEST_NOTE)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=ASKED)
    until = models.DateField(
        null=True, blank=True
    )  # where granted: the customer does not lapse before 00:00 of this day
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=LONGEST_NOTE, blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {
        "person": "history: who asked",
        "decided_by": "history: who decided",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(state=ASKED), name="extension_waits_once"),
        ]
        indexes = [models.Index(fields=["state", "person"], name="extension_waiting", condition=Q(state=ASKED))]

    @property
    def is_void(self) -> bool:
        """True when it waited until the stretch of responsibility was over."""
        return self.state == ASKED and self.episode.ended_at is not None
