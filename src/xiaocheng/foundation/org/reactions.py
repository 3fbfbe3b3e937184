"""What the organisation itself knows of somebody who leaves."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock

from .models import ApiToken, Delegation, Department, DutyShift, Lending, Mentorship, Person
from .queries import holds

ENDS = _("账号停用时终止")
TO_SUCCESSOR = _("账号停用时转给接手人,没有则转给上一级")


@holds("org.person", _("直属下级"), TO_SUCCESSOR, ends=True)
def count_team(person: Person) -> int:
    """Those whose line manager the person is."""
    return Person.objects.filter(manager=person, is_active=True).count()


@holds("org.department", _("负责的部门"), _("账号停用时转给接手人"), ends=True)
def count_departments(person: Person) -> int:
    """The departments that the person heads."""
    return Department.objects.filter(head=person).count()


@holds("org.arrangement", _("代理、借调与带教"), ENDS, ends=True)
def count_arrangements(person: Person) -> int:
    """Deputies, lendings and mentors, in both directions, that have not ended."""
    lasting = Q(until=None) | Q(until__gte=clock.today())
    return (
        Delegation.objects.filter(lasting, Q(person=person) | Q(deputy=person)).count()
        + Lending.objects.filter(lasting, person=person).count()
        + Mentorship.objects.filter(lasting, Q(mentor=person) | Q(mentee=person)).count()
    )


@holds("org.dutyshift", _("排定的值班"), _("账号停用时从值班表删除"), ends=True)
def count_shifts(person: Person) -> int:
    """Days on the roster from today on."""
    return DutyShift.objects.filter(person=person, day__gte=clock.today()).count()


@holds("org.apitoken", _("API 令牌"), ENDS, ends=True)
def count_tokens(person: Person) -> int:
    """Keys to the API that still work."""
    return ApiToken.objects.filter(person=person, revoked_at=None).count()
