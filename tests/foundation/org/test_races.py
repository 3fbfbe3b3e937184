"""Two reorganisations at the same moment leave the sight of both."""

from __future__ import annotations

import pytest

from tests.support.threads import at_once
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.models import SightRow
from xiaocheng.foundation.org.commands import PersonDraft, add_person, set_up_company
from xiaocheng.foundation.org.models import Department, Person, Role
from xiaocheng.foundation.org.sight import rebuild_sight


def rows() -> set[tuple[object, ...]]:
    return set(SightRow.objects.values_list("viewer_id", "person_id", "department_id", "since", "until"))


@pytest.mark.django_db(transaction=True)
def test_simultaneous_newcomers_are_all_seen_and_none_twice() -> None:
    set_up_company(SYSTEM, "甲公司", username="admin", person="管理员", password=None)
    top, role, boss = Department.objects.get(), Role.objects.get(code="rep"), Person.objects.get()

    def join(number: int) -> int:
        draft = PersonDraft(f"rep{number}", f"业务员{number}", top.pk, role.pk, manager_id=boss.pk)
        return add_person(SYSTEM, draft).pk

    joined = at_once(join)
    seen = set(SightRow.objects.filter(viewer_id=boss.pk).values_list("person_id", flat=True))
    assert seen == {boss.pk, *joined}
    before = rows()
    assert len(before) == SightRow.objects.count()
    rebuild_sight()
    assert rows() == before


def test_rebuilding_the_sight_changes_nothing(world: World) -> None:
    before = rows()
    rebuild_sight()
    assert rows() == before
    assert len(before) == SightRow.objects.count()
