"""Who was added by mistake goes again, as long as nothing hangs on him: the caller has made sure of that."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.foundation.org.events import PersonUndone
from xiaocheng.foundation.org.index import PEOPLE
from xiaocheng.foundation.org.manageable import check_somebody_manages
from xiaocheng.foundation.org.models import Person
from xiaocheng.foundation.org.reorganise import take_turn
from xiaocheng.foundation.org.sight import rebuild_sight


@transaction.atomic
def undo_people(actor: Actor, person_ids: Sequence[int]) -> None:
    """Remove people; who has ever signed in stays, since he may have seen or done something."""
    take_turn()
    rows = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=person_ids))
    actor.require(MANAGE_PEOPLE)
    if len(rows) < len(person_ids):
        raise NotFound
    for row in rows:
        if row.last_login is not None:
            raise RuleBroken(_("「%(name)s」已经登录过,不能撤销。离职请停用账号。") % {"name": row.name})
    Person.objects.filter(pk__in=person_ids).update(manager=None)  # they may stand in each other's line
    Person.objects.filter(pk__in=person_ids).delete()
    check_somebody_manages()
    PEOPLE.remove(person_ids)
    rebuild_sight()
    record(actor, *(PersonUndone(person_id=row.pk, department_id=row.department_id, name=row.name) for row in rows))
