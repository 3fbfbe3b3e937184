"""Somebody found a customer that he does not see when he was about to register it, and asks its owner."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer
from .ownership import LONGEST_NOTE

OPEN, OWN, OTHER, ASSIST, SHARED, GIVEN, WITHDRAWN, MOOT = (
    "open", "own", "other", "assist", "shared", "given", "withdrawn", "moot",
)  # fmt: skip
STATES = {
    OPEN: _("待答复"),
    OWN: _("由负责人继续跟进"),
    OTHER: _("不是同一家"),
    ASSIST: _("请他协助"),
    SHARED: _("共同负责"),
    GIVEN: _("转给他"),
    WITHDRAWN: _("已撤回"),
    MOOT: _("无须答复"),
}
ANSWERS = (OWN, OTHER, ASSIST, SHARED, GIVEN)
LONGEST_TYPED = 250


class OwnerQuestion(ScopedModel):
    """Who asks (`asker`) whom (`owner`) about a customer; all the asker knows of it is what he `typed` himself.

    While it is open, whoever gets the customer is asked.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    asker = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    typed = models.CharField(max_length=LONGEST_TYPED)
    text = models.CharField(_("说明"), max_length=LONGEST_NOTE, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)
    answer = models.CharField(_("答复"), max_length=LONGEST_NOTE, blank=True)
    answered_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("asker", "owner"))
    stays: ClassVar[dict[str, str]] = {
        "asker": "history: who asked; what is open ends when he leaves",
        "owner": "history: who was asked; while it is open, whoever gets the customer is asked",
        "answered_by": "history: who answered",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["customer", "asker"], condition=Q(state=OPEN), name="question_open_once"),
        ]
        indexes = [
            models.Index(fields=["asker", "-id"], name="question_asker"),
            models.Index(fields=["owner", "-id"], name="question_owner"),
        ]

    @property
    def is_open(self) -> bool:
        """True as long as nobody has answered."""
        return self.state == OPEN
