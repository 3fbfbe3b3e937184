"""Who was responsible for a customer, and since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.tables import OptionField
from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

from .customers import Customer
from .pools import Pool

LONGEST_NOTE = 500
CAUSES = {
    "registration": _("登记"),
    "import": _("导入"),
    "assignment": _("分配"),
    "claim": _("领取"),
    "release": _("退回公海"),
    "moved": _("移到另一公海"),
    "handover": _("离职交接"),
    "reception": _("接待"),
    "turn": _("轮流分配"),
    "lapse": _("逾期失效"),
    "awaiting": _("待接待期满"),
    "erasure": _("清除个人信息"),
    "merge": _("合并"),
    "verdict": _("争议裁决"),
    "restored": _("失效后恢复"),
}


class ClockStart(models.Model):
    """From which day the time limit counts for customers that sleep; at most one day waits to come."""

    on = models.DateField()
    set_at = models.DateTimeField()
    begun = models.PositiveIntegerField(default=0)  # so many customers so far
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(done_at__isnull=True), name="clock_start_waits_once")
        ]


class OwnershipEpisode(ScopedModel):
    """A stretch of responsibility for one customer: a person's, a pool's, or nobody's yet. Never overwritten.

    Its beginning is a line of the ledger: from a former owner or a pool to a person or a pool, by whom and why.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="episodes", db_index=False)
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    started_cause = models.CharField(max_length=20, choices=list(CAUSES.items()))
    ended_at = models.DateTimeField(null=True)
    ended_cause = models.CharField(max_length=20, choices=list(CAUSES.items()), blank=True)
    successor = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    former = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    from_pool = models.ForeignKey(Pool, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = OptionField(list_key="customers.release_reason", counted=_("归属记录"), blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    scope: ClassVar[Scope] = Scope(
        people=("person", "former"),
        also=lambda actor: Q(customer__in=Customer.objects.visible_to(actor).values("pk")),
    )
    stays: ClassVar[dict[str, str]] = {
        "person": "history: it was that person's",
        "started_by": "history: who gave it",
        "successor": "history: who came next",
        "former": "history: who came before",
    }

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(ended_at__isnull=True), name="episode_open_once"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="episode_customer"),
            models.Index(
                fields=["person", "started_cause", "started_at"],
                name="episode_person",
                condition=Q(person__isnull=False),
            ),
            models.Index(fields=["pool", "started_at"], name="episode_into_pool", condition=Q(pool__isnull=False)),
            models.Index(
                fields=["from_pool", "started_at"], name="episode_from_pool", condition=Q(from_pool__isnull=False)
            ),
        ]
