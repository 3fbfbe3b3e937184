"""A customer who is a person has WeChat and birthdays of his own, read like his phone."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.events import PROFILE_EVENTS
from xiaocheng.selling.customers.models import Customer

pytestmark = pytest.mark.django_db
BORN = dt.date(1980, 5, 3)


@pytest.fixture
def person(world: World) -> Customer:
    draft = CustomerDraft(
        name="王小明", is_person=True, phone="13812345678", wechat=" wxm1980 ", birthday=BORN, lunar_birthday="三月十九"
    )
    return commands.register(world.actor("east_rep"), draft)


def test_birthdays_are_kept_as_people_write_them_and_changed_with_a_history(world: World, person: Customer) -> None:
    assert (person.wechat, person.birthday, person.lunar_birthday) == ("wxm1980", BORN, "03-19")
    rep = world.actor("east_rep")
    commands.edit(rep, person.pk, 1, lunar_birthday="农历四月初一", birthday=None)
    row = Customer.rows.get(pk=person.pk)
    assert (row.lunar_birthday, row.birthday, row.wechat) == ("04-01", None, "wxm1980")
    [told, *_rest] = timeline("customers.customer", person.pk, open_to=PROFILE_EVENTS)
    assert {(change.name, change.before) for change in told.changes} >= {("农历生日", "03-19")}
    with pytest.raises(RuleBroken, match="农历的月和日") as refused:
        commands.edit(rep, person.pk, 2, lunar_birthday="十三月")
    assert refused.value.field == "lunar_birthday"


def test_the_page_shows_them_to_whoever_reads_the_details_and_each_is_changed_where_it_stands(
    world: World, person: Customer
) -> None:
    page = world.client("east_rep").get(f"/customers/{person.pk}/?tab=profile").content.decode()
    assert "wxm1980" in page and "三月十九" in page and f"/customers/{person.pk}/edit/birthday/" in page
    company = commands.register(world.actor("east_rep"), CustomerDraft(name="远景机械有限公司"))
    assert "农历生日" not in world.client("east_rep").get(f"/customers/{company.pk}/?tab=profile").content.decode()
    commands.release(world.actor("east_rep"), person.pk, "no_need")
    for key in ("east_rep", "south_rep"):
        assert "wxm1980" not in world.client(key).get(f"/customers/{person.pk}/?tab=profile").content.decode()


def test_erasing_leaves_nothing_of_them(world: World, person: Customer) -> None:
    commands.erase(world.actor("administrator"), [person.pk], "本人要求")
    row = Customer.rows.get(pk=person.pk)
    assert (row.wechat, row.birthday, row.lunar_birthday) == ("", None, "")


def test_the_survivor_of_a_merge_gets_the_birthday_that_it_did_not_have(world: World, person: Customer) -> None:
    other = commands.register(
        world.actor("east_rep"), CustomerDraft(name="王小明", is_person=True, despite_duplicates=True)
    )
    commands.merge(world.actor("east_manager"), other.pk, person.pk)
    assert Customer.rows.get(pk=other.pk).birthday == BORN
