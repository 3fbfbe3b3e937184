"""Who works on a customer beside its owner."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer

CO_OWNER, ASSISTANT = "co_owner", "assistant"
ROLES = {CO_OWNER: _("共同负责"), ASSISTANT: _("协助")}


class CustomerMember(ScopedModel):
    """A colleague who shares the responsibility for a customer, or assists its owner; never overwritten, but ended.

    A co-owner has a share in per cent; the rest to 100 is the owner's, so that all of them always sum to 100.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="members")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    role = models.CharField(_("方式"), max_length=10, choices=list(ROLES.items()))
    share = models.DecimalField(_("份额(%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(
        people=("person",),
        also=lambda actor: Q(customer__in=Customer.objects.visible_to(actor).values("pk")),
    )

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "person"], condition=Q(ended_at__isnull=True), name="customer_member_once"
            ),
            models.CheckConstraint(
                condition=Q(role=CO_OWNER, share__gt=0, share__lt=100) | Q(role=ASSISTANT, share__isnull=True),
                name="customer_member_share",
            ),
        ]
