"""Who had personal details shown, took them out, or erased them: asked of the journal, by whoever may."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.queries import ACCESS_ACTS

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 4, 20)


@pytest.fixture
def looked(world: World) -> dict[str, int]:
    """The manager has two customers' details shown, lists go out, a contact is erased."""
    change_rule(SYSTEM, "PersonalDataRules.notes_reading", "true", since=TODAY)
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    first, second = (commands.register(rep, CustomerDraft(name=name, phone=phone)).pk for name, phone in (
        ("甲厂", "13812345671"), ("乙厂", "13812345672"),
    ))  # fmt: skip
    contact = commands.add_contact(rep, ContactDraft(customer_id=first, name="王小明", phone="13812345673")).pk
    other = commands.add_contact(rep, ContactDraft(customer_id=first, name="李雷", phone="13812345674")).pk
    commands.read_details(manager, first)
    commands.read_details(manager, second)
    client = world.client("director")
    assert client.get("/customers/export/").status_code == 200
    assert client.get("/opportunities/export/").status_code == 200
    commands.erase_contact(world.actor("administrator"), contact, "本人要求")
    return {"first": first, "second": second, "contact": contact, "other": other}


def test_the_log_is_asked_of_the_journal(world: World, looked: dict[str, int]) -> None:
    clerk = world.actor("administrator")
    rows = queries.access_log(clerk)
    kinds = {event.kind(): key for key, (_name, event) in ACCESS_ACTS.items()}
    assert [kinds[row.kind] for row in rows] == ["erase", "export", "read", "read"], "no list of deals"
    assert [row.customer for row in rows] == ["甲厂", None, "乙厂", "甲厂"]
    told = [kinds[row.kind] for row in queries.log_of_customer(clerk, rows, looked["first"])]
    assert told == ["erase", "read"]
    assert queries.log_of_contact(clerk, rows, looked["contact"]).count() == 2
    assert [kinds[row.kind] for row in queries.log_of_contact(clerk, rows, looked["other"])] == ["read"]
    for who in ("director", "east_manager", "east_rep"):
        with pytest.raises(NotAllowed):
            queries.access_log(world.actor(who))


def test_pages_files_and_programs_say_it(world: World, looked: dict[str, int]) -> None:
    client, first = world.client("administrator"), looked["first"]
    page = client.get(f"/customers/access-log/?customer={first}").content.decode()
    assert ["查看了客户的联系方式" in page, "甲厂" in page, "乙厂" in page] == [True, True, False]
    assert f"/customers/access-log/?customer={first}" in client.get(f"/customers/{first}/").content.decode()
    assert "/customers/access-log/" not in world.client("east_rep").get(f"/customers/{first}/").content.decode()
    assert "导出了" in client.get("/customers/access-log/?act=export").content.decode()
    mine = client.get(f"/customers/access-log/?person={world.id('east_manager')}&contact={looked['other']}")
    assert mine.content.decode().count("查看了客户的联系方式") == 1
    assert client.get("/customers/access-log/export/").status_code == 200
    assert world.client("director").get("/customers/access-log/").status_code == 403
    found = client.get(f"/api/v1/customers/access-log?act=read&customer_id={first}&since=2020-01-01").json()["items"]
    assert [(row["act"], row["customer_id"]) for row in found] == [("read", first)]
    assert client.get("/api/v1/customers/access-log?until=2020-01-01").json()["items"] == []
    assert world.client("director").get("/api/v1/customers/access-log").status_code == 403


def test_readings_go_when_their_term_is_over_and_erasures_stay(world: World, looked: dict[str, int]) -> None:
    clerk = world.actor("administrator")
    assert commands.shorten_access_log(SYSTEM) == 0
    change_rule(SYSTEM, "PersonalDataRules.log_months", "6", since=TODAY)
    assert commands.shorten_access_log(SYSTEM) == 0, "they are of today"
    with clock.as_of(clock.now() + dt.timedelta(days=300)):
        assert commands.shorten_access_log(SYSTEM) == 4, "an export without details goes, too"
        kinds = {event.kind(): key for key, (_name, event) in ACCESS_ACTS.items()}
        assert [kinds[row.kind] for row in queries.access_log(clerk)] == ["shorten", "erase"]
    with pytest.raises(NotAllowed):
        commands.shorten_access_log(world.actor("east_manager"))
