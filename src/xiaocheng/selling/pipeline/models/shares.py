"""Who answers for an opportunity beside its owner, and what each of them has of a win or a loss."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.money import SCALE, money_field
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.org.models.facts import Fact

from .facts import Closing
from .opportunities import Opportunity


class OpportunityMember(ScopedModel):
    """A colleague who shares the responsibility for an opportunity; never overwritten, but ended.

    The share is in per cent; the rest to 100 is the owner's, so that all of them always sum to 100.
    """

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="members")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    share = models.DecimalField(_("份额(%)"), max_digits=5, decimal_places=2)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(
        people=("person",),
        also=lambda actor: Q(opportunity__in=Opportunity.objects.visible_to(actor).values("pk")),
    )

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "person"], condition=Q(ended_at__isnull=True), name="opportunity_member_once"
            ),
            models.CheckConstraint(condition=Q(share__gt=0, share__lt=100), name="opportunity_member_share"),
        ]


class ClosingShare(Fact):
    """What one of several people has of a win, a loss or a reversal: the parts of a closing sum to the whole of it.

    `share` is in ten-thousandths, `amount` without the sign of the closing.
    """

    closing = models.ForeignKey(Closing, models.CASCADE, related_name="shares")
    share = models.PositiveIntegerField()
    amount = money_field(null=True, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            models.UniqueConstraint(fields=["closing", "credit_person"], name="closing_share_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lt=SCALE), name="closing_share_part"),
        ]
        indexes = [models.Index(fields=["booked_on"], name="closing_share_day")]
