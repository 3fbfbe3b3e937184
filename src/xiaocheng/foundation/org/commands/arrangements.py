"""Standing in, lending, mentoring: dated, and sight follows at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import ArrangementEnded, DelegationArranged, LendingArranged, MentorshipArranged
from xiaocheng.foundation.org.models import Delegation, Department, Lending, Mentorship, Person
from xiaocheng.foundation.org.reorganise import take_turn
from xiaocheng.foundation.org.sight import rebuild_sight

KINDS: dict[str, type[Delegation] | type[Lending] | type[Mentorship]] = {
    "delegation": Delegation,
    "lending": Lending,
    "mentorship": Mentorship,
}


@transaction.atomic
def delegate(
    actor: Actor, person_id: int, deputy_id: int, since: dt.date, until: dt.date | None, reason: str = ""
) -> Delegation:
    """Let a deputy stand in for a person; everybody may do so for himself, an administrator for anybody."""
    take_turn()
    person, deputy = _person(person_id), _person(deputy_id)
    _require_own_or_manage(actor, person.pk)
    _check_days(since, until)
    if person.pk == deputy.pk:
        raise RuleBroken(_("代理人须是另一位同事。"), field="deputy")
    if Delegation.objects.filter(_overlapping(since, until), person=person, deputy=deputy).exists():
        raise RuleBroken(_("这段时间已由他代理。"), field="since")
    row = Delegation(person=person, deputy=deputy, since=since, until=until, reason=reason.strip())
    check_columns(row)
    row.save()
    rebuild_sight()
    record(
        actor,
        DelegationArranged(person_id=person.pk, deputy_id=deputy.pk, since=since, until=until, deputy=deputy.name),
    )
    return row


@transaction.atomic
def lend(
    actor: Actor,
    person_id: int,
    department_id: int,
    since: dt.date,
    until: dt.date | None,
    *,
    is_credited: bool = True,
    reason: str = "",
) -> Lending:
    """Lend a person to another department: its heads see him, and his facts are credited there if so agreed."""
    take_turn()
    person = _person(person_id)
    department = Department.objects.filter(pk=department_id, is_active=True).first()
    if department is None:
        raise NotFound
    actor.require(MANAGE_PEOPLE)
    _check_days(since, until)
    if department.pk == person.department_id:
        raise RuleBroken(_("他本来就在这个部门。"), field="department")
    if Lending.objects.filter(_overlapping(since, until), person=person).exists():
        raise RuleBroken(_("这段时间他已借调到别的部门。"), field="since")
    row = Lending(
        person=person, department=department, since=since, until=until, is_credited=is_credited, reason=reason.strip()
    )
    check_columns(row)
    row.save()
    rebuild_sight()
    record(
        actor,
        LendingArranged(
            person_id=person.pk, department_id=department.pk, since=since, until=until, department=department.name
        ),
    )
    return row


@transaction.atomic
def mentor(
    actor: Actor, mentee_id: int, mentor_id: int, since: dt.date, until: dt.date | None, aim: str = ""
) -> Mentorship:
    """Give a person a mentor, who sees the person's work."""
    take_turn()
    mentee, guide = _person(mentee_id), _person(mentor_id)
    actor.require(MANAGE_PEOPLE)
    _check_days(since, until)
    if mentee.pk == guide.pk:
        raise RuleBroken(_("导师须是另一位同事。"), field="mentor")
    if Mentorship.objects.filter(_overlapping(since, until), mentee=mentee, mentor=guide).exists():
        raise RuleBroken(_("这段时间已由他带教。"), field="since")
    row = Mentorship(mentee=mentee, mentor=guide, since=since, until=until, aim=aim.strip())
    check_columns(row)
    row.save()
    rebuild_sight()
    record(
        actor,
        MentorshipArranged(mentor_id=guide.pk, mentee_id=mentee.pk, since=since, until=until, mentor=guide.name),
    )
    return row


@transaction.atomic
def end_arrangement(actor: Actor, kind: str, arrangement_id: int) -> None:
    """End an arrangement now: what lies ahead is struck, what began keeps its days up to yesterday."""
    take_turn()
    row = KINDS[kind].objects.filter(pk=arrangement_id).first()
    if row is None:
        raise NotFound
    about = row.mentee_id if isinstance(row, Mentorship) else row.person_id
    if isinstance(row, Delegation):
        _require_own_or_manage(actor, about)
    else:
        actor.require(MANAGE_PEOPLE)
    yesterday = clock.today() - dt.timedelta(days=1)
    if row.until is not None and row.until <= yesterday:
        raise RuleBroken(_("这项安排已经结束。"))
    other = {"delegation": "deputy_id", "mentorship": "mentor_id"}.get(kind)
    other_id = getattr(row, other) if other else None
    if row.since > yesterday:
        row.delete()
    else:
        row.until = yesterday
        row.save(update_fields=["until"])
    rebuild_sight()
    record(
        actor,
        ArrangementEnded(
            kind_of=kind, arrangement_id=arrangement_id, person_id=about, other_id=other_id, until=yesterday
        ),
    )


def _person(pk: int) -> Person:
    person = Person.objects.filter(pk=pk, is_active=True).first()
    if person is None:
        raise NotFound
    return person


def _require_own_or_manage(actor: Actor, person_id: int) -> None:
    if person_id != actor.person_id:
        actor.require(MANAGE_PEOPLE)


def _check_days(since: dt.date, until: dt.date | None) -> None:
    if until is not None and until < since:
        raise RuleBroken(_("结束日期不能早于开始日期。"), field="until")
    if until is not None and until < clock.today():
        raise RuleBroken(_("结束日期不能早于今天。"), field="until")


def _overlapping(since: dt.date, until: dt.date | None) -> Q:
    still = Q(until=None) | Q(until__gte=since)
    return still & Q(since__lte=until) if until else still
