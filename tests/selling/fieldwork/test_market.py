"""What the field reports about the market is told up the line, merged into events and closed with measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.commands import ContactDraft, MarketText, log_contact
from xiaocheng.selling.pipeline.commands import CompetitorDraft, add_competitor, merge_competitors

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=False) as found:
        yield found


def text(**more: Any) -> MarketText:
    return MarketText(**{"kind": "promotion", "severity": "normal", "description": "买十送一"} | more)


def customer_of(world: World, key: str, **more: Any) -> int:
    return register(world.actor(key), CustomerDraft(name="甲木业", despite_duplicates=True, **more)).pk


def told(world: World, key: str) -> int:
    tell(SYSTEM)
    return sum(note.kind.startswith("fieldwork.Market") for note in notes(world.actor(key)))


def test_who_reports_who_sees_and_who_decides(world: World) -> None:
    rep, manager = world.actor("east_rep"), world.actor("east_manager")
    row = commands.report_market(rep, text())
    assert (row.state, row.credit_person_id) == ("open", world.id("east_rep"))
    for stranger in ("south_manager", "east_peer"):
        with pytest.raises(NotFound):
            queries.market_report(world.actor(stranger), row.pk)
        with pytest.raises(NotFound):
            commands.take_up_market(world.actor(stranger), row.pk)
    with pytest.raises(NotFound):
        commands.report_market(world.actor("south_rep"), text(customer_id=customer_of(world, "east_rep")))
    for act in (
        lambda: commands.take_up_market(rep, row.pk),
        lambda: commands.close_market(rep, row.pk, row.edit_version, "降价"),
        lambda: commands.merge_market(rep, row.pk, [row.pk]),
    ):
        with pytest.raises(NotAllowed):
            act()
    for wrong in ({"kind": "rumour"}, {"severity": "huge"}, {"description": " "}):
        with pytest.raises(RuleBroken):
            commands.report_market(rep, text(**wrong))
    edited = commands.edit_market(rep, row.pk, row.edit_version, text(area="嘉定"))
    with pytest.raises(EditConflict):
        commands.edit_market(rep, row.pk, row.edit_version, text(area="宝山"))
    with pytest.raises(RuleBroken):
        commands.close_market(manager, row.pk, edited.edit_version, " ")
    taken = commands.take_up_market(manager, row.pk)
    closed = commands.close_market(manager, row.pk, taken.edit_version, "跟进同等促销")
    with pytest.raises(RuleBroken):
        commands.edit_market(rep, row.pk, closed.edit_version, text())
    assert told(world, "east_rep") == 2, "taken up, and closed"
    assert commands.reopen_market(manager, row.pk, closed.edit_version).state == "in_work"


def test_several_reports_of_one_event_are_one_and_climb_once(world: World, traveller: time_machine.Traveller) -> None:
    lead, manager = world.actor("shanghai_lead"), world.actor("east_manager")
    head = commands.report_market(world.actor("shanghai_rep"), text(severity="minor"))
    worse = commands.report_market(world.actor("east_rep"), text(severity="serious"))
    assert (told(world, "shanghai_lead"), told(world, "east_manager")) == (0, 1)
    with pytest.raises(NotFound):
        commands.merge_market(lead, head.pk, [worse.pk])
    merged = commands.merge_market(manager, head.pk, [worse.pk])
    assert (merged.severity, [row.pk for row in queries.market_sources(manager, head.pk)]) == ("serious", [worse.pk])
    assert [(row.pk, row.more) for row in queries.market_events(manager, "open")] == [(head.pk, 1)]
    assert told(world, "shanghai_lead") == 1, "it is serious now"
    with pytest.raises(RuleBroken):
        commands.take_up_market(manager, worse.pk)
    traveller.move_to(FIRST + 4 * HOUR)
    assert [commands.escalate_market(SYSTEM) for _twice in range(2)] == [1, 0]
    third = commands.report_market(world.actor("east_rep"), text())
    commands.merge_market(manager, third.pk, [head.pk])
    assert {row.pk for row in queries.market_sources(manager, third.pk)} == {head.pk, worse.pk}
    apart = commands.unmerge_market(manager, worse.pk)
    assert apart.merged_into_id is None and {row.pk for row in queries.market_events(manager, "open")} == {
        third.pk,
        worse.pk,
    }
    with pytest.raises(RuleBroken):
        commands.unmerge_market(manager, worse.pk)
    for row in (third, worse):
        commands.take_up_market(manager, row.pk)
    traveller.move_to(FIRST + 20 * HOUR)
    assert commands.escalate_market(SYSTEM) == 0


def test_what_competitors_do_is_counted_and_follows_merges_and_erasures(world: World) -> None:
    rep, customer = world.actor("east_rep"), customer_of(world, "east_rep", is_person=True)
    one, other = (add_competitor(SYSTEM, CompetitorDraft(name=name)).pk for name in ("宏达机电", "宏达"))
    row = commands.report_market(rep, text(competitor_id=one, customer_id=customer, severity="serious"))
    commands.report_market(rep, text(competitor_id=other, kind="new_product"))
    commands.report_market(world.actor("south_rep"), text(competitor_id=one))
    merge_competitors(SYSTEM, other, one)
    [line] = queries.rival_moves(rep, clock.today())
    assert (line.reports, line.urgent, line.by_kind) == (2, 1, {"promotion": 1, "new_product": 1})
    survivor = customer_of(world, "east_rep", is_person=True)
    customers.merge(world.actor("east_manager"), survivor, customer)
    assert queries.market_report(rep, row.pk).customer_id == survivor
    customers.erase(world.actor("administrator"), [survivor], "本人要求")
    assert queries.market_report(rep, row.pk).description == "—"


def test_reports_go_their_way_on_pages_and_by_a_program(world: World) -> None:
    client, manager = world.client("east_rep"), world.client("east_manager")
    rep, customer = world.actor("east_rep"), customer_of(world, "east_rep")
    visit = log_contact(
        rep, ContactDraft(customer_id=customer, kind="visit", result="nothing", competitor_facts="宏达买十送一")
    )
    assert "market/new" in client.get(f"/visits/{visit.pk}/").content.decode()
    assert "宏达买十送一" in client.get(f"/market/new/?visit={visit.pk}").content.decode()
    said = {"kind": "promotion", "severity": "serious", "description": "宏达买十送一"}
    assert client.post("/market/new/", said | {"description": ""}).status_code == 422
    assert client.post(f"/market/new/?visit={visit.pk}", said).status_code == 302
    [row] = queries.market_events(rep)
    assert "还没有人受理" in client.get(f"/market/{row.pk}/").content.decode()
    assert "竞争者促销" in client.get("/report/").content.decode()
    assert client.post(f"/market/{row.pk}/take-up/").status_code == 403
    assert manager.post(f"/market/{row.pk}/take-up/").status_code == 302
    done = {"measures": "跟进促销", "_version": "1"}
    assert manager.post(f"/market/{row.pk}/close/", done).status_code == 409
    assert manager.post(f"/market/{row.pk}/close/", done | {"_version": "2"}).status_code == 302
    assert "跟进促销" in client.get(f"/market/{row.pk}/").content.decode()
    assert "宏达买十送一" in manager.get("/market/?tab=all").content.decode()
    assert manager.get("/market/competitors/").status_code == 200
    ajax = {"content_type": "application/json"}
    ids = [client.post("/api/v1/market-reports", said, **ajax).json()["id"] for _each in range(2)]
    url = f"/api/v1/market-reports/{ids[0]}"
    assert manager.post(f"{url}/merge", {"report_ids": ids[1:]}, **ajax).status_code == 200
    assert [it["id"] for it in client.get(f"{url}/sources").json()] == ids[1:]
    assert len(client.get("/api/v1/market-reports?view=open").json()["items"]) == 1
    assert world.client("south_rep").get(f"/market/{row.pk}/").status_code == 404
