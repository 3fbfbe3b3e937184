"""Team work on a customer: shares that sum to 100, rights, the clock, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import Contacted, CustomerDraft, Member
from xiaocheng.selling.customers.models import Customer, CustomerMember

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
DAY = dt.timedelta(days=1)
FORTY = Decimal(40)


@pytest.fixture
def row(world: World) -> Iterator[Customer]:
    """A customer of 张三, of whom 钱外人 owns 40 % and whom 孙促销 assists."""
    with time_machine.travel(FIRST, tick=False):
        made = commands.register(world.actor("east_rep"), CustomerDraft(name="华东精密", phone="13912345678"))
        agree(world, made, ("south_rep", "co_owner", FORTY), ("promoter", "assistant", None))
        yield again(made)


def agree(world: World, row: Customer, *team: tuple[str, str, Decimal | None], who: str = "east_rep") -> None:
    members = [Member(world.id(key), role, share) for key, role, share in team]
    commands.agree_team(world.actor(who), row.pk, members)


def again(row: Customer) -> Customer:
    return Customer.objects.visible_to(SYSTEM).get(pk=row.pk)


def team_of(world: World, row: Customer) -> tuple[Decimal, dict[str, Decimal | None]]:
    found = queries.team(SYSTEM, again(row))
    return found.owner_share, {it.person.username: it.share for it in found.members}


def test_a_co_owner_has_it_as_his_own_and_an_assistant_looks(world: World, row: Customer) -> None:
    assert team_of(world, row) == (Decimal(60), {"south_rep": FORTY, "promoter": None})
    owner, helper = world.actor("south_rep"), world.actor("promoter")
    for actor in (owner, helper):
        assert [it.pk for it in queries.customers(actor)] == [row.pk]
        assert queries.details_of(actor, row) is queries.Reading.FREE
    assert [it.pk for it in queries.customers(owner, "mine")] == [row.pk]
    assert not queries.customers(helper, "mine")
    commands.edit(owner, row.pk, row.edit_version, name="华东精密机械")
    with pytest.raises(NotFound):
        commands.edit(helper, row.pk, row.edit_version + 1, name="别名")
    with pytest.raises(RuleBroken):  # to give it up is for the owner and his line
        commands.release(owner, row.pk, "no_need")
    assert not queries.customers(world.actor("south_manager"))
    story = timeline("customers.customer", row.pk, limit=5)
    said_so = next(item.sentence for item in story if "约定协作" in item.sentence)
    assert said_so == "约定协作:负责人 张三 60%;钱外人 共同负责 40%、孙促销 协助"
    tell(SYSTEM)
    assert "请您协作" in said(owner, notes(owner)[0])


def test_shares_make_sense_or_are_refused(world: World, row: Customer) -> None:
    faults = {
        "小于 100": [("south_rep", "co_owner", Decimal(60)), ("east_peer", "co_owner", FORTY)],
        "份额:": [("south_rep", "co_owner", None)],
        "两位小数": [("south_rep", "co_owner", Decimal("33.333"))],
        "没有份额": [("south_rep", "assistant", FORTY)],
        "一次": [("south_rep", "assistant", None), ("south_rep", "co_owner", FORTY)],
        "不用再": [("east_rep", "assistant", None)],
        "停用": [("east_disabled", "assistant", None)],
    }
    for words, team in faults.items():
        with pytest.raises(RuleBroken, match=words):
            agree(world, row, *team)
    with pytest.raises(RuleBroken, match="负责人或其上级"):
        agree(world, row, who="south_rep")
    with pytest.raises(NotFound):
        agree(world, row, who="promoter")
    agree(world, row, ("south_rep", "co_owner", Decimal("33.33")), ("promoter", "assistant", None), who="east_manager")
    assert team_of(world, row)[0] == Decimal("66.67")
    assert CustomerMember.objects.visible_to(SYSTEM).filter(ended_at__isnull=False).get().share == FORTY
    agree(world, row)
    assert team_of(world, row) == (Decimal(100), {})
    assert not queries.customers(world.actor("south_rep")) and not again(row).is_shared


def test_contacts_of_the_team_keep_the_time_limit(world: World, row: Customer) -> None:
    for days, who in enumerate(("south_rep", "promoter"), start=1):
        at = FIRST + days * DAY
        commands.note_contacts(SYSTEM, [Contacted(row.pk, world.id(who), at)])
        assert again(row).clock_since == at
    commands.note_contacts(SYSTEM, [Contacted(row.pk, world.id("shanghai_rep"), FIRST + 3 * DAY)])
    assert again(row).clock_since == FIRST + 2 * DAY


def test_the_team_stays_with_a_new_owner_and_ends_where_there_is_none(world: World, row: Customer) -> None:
    commands.assign(world.actor("director"), [row.pk], world.id("south_rep"))
    assert team_of(world, row) == (Decimal(100), {"promoter": None})
    agree(world, row, ("promoter", "assistant", None), ("east_rep", "co_owner", FORTY), who="south_rep")
    disable_person(world.actor("administrator"), world.id("east_rep"), world.id("east_peer"))
    assert team_of(world, row) == (Decimal(60), {"promoter": None, "east_peer": FORTY})
    disable_person(world.actor("administrator"), world.id("south_rep"), world.id("east_peer"))
    assert again(row).owner_id == world.id("east_peer")
    assert team_of(world, row) == (Decimal(100), {"promoter": None})
    with time_machine.travel(FIRST + 9 * DAY):
        assert commands.lapse_overdue(SYSTEM) == 1
    assert team_of(world, row) == (Decimal(100), {}) and not again(row).is_shared
    assert not queries.customers(world.actor("promoter"), "mine")


def test_teams_are_merged_if_they_go_together_and_come_back(world: World, row: Customer) -> None:
    manager = world.actor("east_manager")
    other = commands.register(world.actor("east_peer"), CustomerDraft(name="华东精密二厂"))
    with pytest.raises(RuleBroken, match="合不到一起"):
        agree(world, other, ("south_rep", "assistant", None), who="east_peer")
        commands.merge(manager, other.pk, row.pk)
    agree(world, other, ("shanghai_rep", "co_owner", Decimal(10)), who="east_peer")
    merged = commands.merge(manager, other.pk, row.pk)
    together = {"south_rep": FORTY, "shanghai_rep": Decimal(10), "promoter": None, "east_rep": None}  # once the owner
    assert team_of(world, other) == (Decimal(50), together)
    assert [it.pk for it in queries.customers(world.actor("south_rep"), "mine")] == [other.pk]
    commands.undo_merge(manager, merged.merge_id)
    assert team_of(world, other) == (Decimal(90), {"shanghai_rep": Decimal(10)})
    assert team_of(world, row) == (Decimal(60), {"south_rep": FORTY, "promoter": None})
    assert [it.pk for it in queries.customers(world.actor("south_rep"), "mine")] == [row.pk]


def test_the_team_is_agreed_on_the_page_and_shown(world: World, row: Customer) -> None:
    client = world.client("east_rep")
    page = client.get(f"/customers/{row.pk}/").content.decode()
    assert "张三 60%" in page and "钱外人 40%、孙促销 协助" in page and f"/customers/{row.pk}/team/" in page
    form = client.get(f"/customers/{row.pk}/team/").content.decode()
    assert "钱外人" in form and "40.00" in form
    sent = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-person_id": str(world.id("east_peer")),
            "lines-0-role": "co_owner", "lines-0-share": "100"}  # fmt: skip
    assert client.post(f"/customers/{row.pk}/team/", sent).status_code == 422
    assert client.post(f"/customers/{row.pk}/team/", sent | {"lines-0-share": "25"}).status_code == 302
    assert team_of(world, row) == (Decimal(75), {"east_peer": Decimal(25)})
    shared = world.client("east_peer").get(f"/customers/{row.pk}/").content.decode()
    assert "张三 75%" in shared and "动态" in shared and f"/customers/{row.pk}/team/" not in shared
    assert "华东精密" in world.client("east_peer").get("/customers/?tab=mine").content.decode()


def test_a_program_agrees_a_team(world: World, row: Customer) -> None:
    client, url = world.client("east_rep"), f"/api/v1/customers/{row.pk}/team"
    body = {"members": [{"person_id": world.id("east_peer"), "role": "co_owner", "share": "12.5"}]}
    answer = client.put(url, body, content_type="application/json").json()
    assert (answer["owner_share"], answer["members"][0]["share"]) == ("87.50", "12.50")
    assert client.get(url).json() == answer
    assert clock.today() == FIRST.date()
