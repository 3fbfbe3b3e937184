"""Pools (公海): where customers without an owner are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.queries import departments_over


class Pool(Versioned):
    """公海: customers without an owner; claimable by its members, or only handed out."""

    code = models.SlugField(max_length=40, unique=True)  # standard pools: public, imported
    name = models.CharField(_("名称"), max_length=60)
    is_claimable = models.BooleanField(_("成员可自行领取"), default=True)
    is_open = models.BooleanField(_("对所有人开放"), default=True)
    # None: the company's limits alone hold; for the days of cooling, those of the company
    claims_a_day = models.PositiveIntegerField(_("每人每天领取上限"), null=True, blank=True)
    most_held = models.PositiveIntegerField(_("每人保有上限"), null=True, blank=True)
    back_to_owner_days = models.PositiveIntegerField(_("原负责人冷却期(天)"), null=True, blank=True)
    fed_by = models.JSONField(default=dict, blank=True)  # which customers come by themselves: see `feeding`

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """Somebody who sees a pool that is not open to all, or a department with all below it."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="members", db_index=False)
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("org.Department", models.PROTECT, null=True, related_name="+")

    stays: ClassVar[dict[str, str]] = {"person": "a member who left no longer signs in"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "person"], name="pool_member_once"),
            models.UniqueConstraint(fields=["pool", "department"], name="pool_department_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(department__isnull=True), name="pool_member_is_one_or_many"
            ),
        ]


def pools_of(actor: Actor) -> models.QuerySet[Pool]:
    """The pools whose customers the actor sees."""
    if actor.sight.everyone:
        return Pool.objects.all()
    if actor.person_id is None:
        return Pool.objects.none()
    mine = Q(person_id=actor.person_id) | Q(department__in=departments_over(actor))
    member = PoolMember.objects.filter(mine).values("pool_id")
    return Pool.objects.filter(Q(is_open=True) | Q(pk__in=member))
