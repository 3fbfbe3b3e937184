"""Groups of customers: put together by hand, or by a rule; each with how its customers are to be treated."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.versions import Versioned
from xiaocheng.foundation.org.queries import departments_above

from .customers import Customer

PRIVATE, DEPARTMENT, EVERYBODY = "private", "department", "everybody"
SHARING = {PRIVATE: _("只有我"), DEPARTMENT: _("本部门及下级部门"), EVERYBODY: _("全公司")}


class CustomerGroup(Versioned):
    """A group. With a rule its customers are those that fulfil it now; without one they are its members.

    With a description of the ideal customer it is a target segment.

    Who may see the group still sees only those of its customers that he sees anyway.
    """

    name = models.CharField(_("名称"), max_length=60)
    owner = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    sharing = models.CharField(_("谁能看到"), max_length=12, choices=list(SHARING.items()), default=PRIVATE)
    department = models.ForeignKey("org.Department", models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.JSONField(null=True, blank=True)
    ideal = models.TextField(_("理想客户"), max_length=2000, blank=True)
    strategy = models.TextField(_("对待策略"), max_length=2000, blank=True)
    planned_hours = models.DecimalField(
        _("每位客户每月计划小时"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    planned_visits = models.PositiveSmallIntegerField(_("每位客户每月计划拜访次数"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing="department", department__isnull=False)
                | ~Q(sharing="department") & Q(department__isnull=True),
                name="group_of_a_department",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_target(self) -> bool:
        """True for a target segment: it says which customers the company looks for, and has those that fit."""
        return bool(self.ideal)

    @property
    def is_private(self) -> bool:
        """True when nobody but its owner knows of it."""
        return self.sharing == PRIVATE


class GroupMember(models.Model):
    """A customer that somebody put into a group by hand."""

    group = models.ForeignKey(CustomerGroup, models.CASCADE, related_name="members", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "customer"], name="group_member_once")]


def groups_of(actor: Actor) -> models.QuerySet[CustomerGroup]:
    """The groups that the actor knows of: his own, his departments' and everybody's; nobody's private ones."""
    if actor.sight.everyone:
        shared = ~Q(sharing=PRIVATE)
    else:
        shared = Q(sharing=EVERYBODY) | Q(department__in=departments_of(actor))
    return CustomerGroup.objects.filter(shared | Q(owner=actor.person_id or 0))


def departments_of(actor: Actor) -> list[int]:
    """The departments whose groups the actor knows of: those above his own, and those that he heads."""
    return sorted({*departments_above(actor.department_id), *actor.sight.departments})
