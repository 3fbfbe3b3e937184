"""Somebody says that a customer is, or was wrongly taken to be not, his; whoever is above both decides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer
from .ownership import OwnershipEpisode

LONGEST_CASE = 2000
OPEN, STAYS, GIVEN, SHARED, WITHDRAWN, MOOT = "open", "stays", "given", "shared", "withdrawn", "moot"
STATES = {
    OPEN: _("待裁决"),
    STAYS: _("维持现状"),
    GIVEN: _("归申请人"),
    SHARED: _("共同负责"),
    WITHDRAWN: _("已撤回"),
    MOOT: _("无须裁决"),
}
VERDICTS = (STAYS, GIVEN, SHARED)


class Dispute(ScopedModel):
    """Who claims a customer against whom (`holder`; none: it was in a pool or awaited reception), and what was decided.

    `episode` is the stretch of responsibility that the claimant calls wrong; its beginning is the disputed moment.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="disputes", db_index=False)
    episode = models.ForeignKey(OwnershipEpisode, models.PROTECT, related_name="+")
    claimant = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    reasons = models.TextField(_("理由"), max_length=LONGEST_CASE)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=OPEN)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # the claimant's
    verdict = models.TextField(_("裁决理由"), max_length=LONGEST_CASE, blank=True)
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("claimant", "holder"))
    stays: ClassVar[dict[str, str]] = {
        "claimant": "history: who claimed; what is open ends when he leaves",
        "holder": "history: against whom; while it is open, whoever gets the customer is the other party",
        "decided_by": "history: who decided",
        "on_behalf_of": "history: for whom he decided",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(state=OPEN), name="dispute_open_once"),
            models.CheckConstraint(
                condition=Q(state=SHARED, share__gt=0, share__lt=100) | (~Q(state=SHARED) & Q(share=None)),
                name="dispute_share",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="dispute_customer"),
            models.Index(fields=["claimant", "-id"], name="dispute_claimant"),
            models.Index(fields=["holder", "-id"], name="dispute_holder"),
        ]

    @property
    def is_open(self) -> bool:
        """True as long as nobody has decided."""
        return self.state == OPEN


class DisputeNote(models.Model):
    """What a party, or somebody above them, wrote about a dispute; it is seen with the dispute."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="notes")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    text = models.TextField(max_length=LONGEST_CASE)

    stays: ClassVar[dict[str, str]] = {"person": "history: who wrote"}
