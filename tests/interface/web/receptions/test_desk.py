"""The front desk: register in seconds, see whose turn it is, open every number to its rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import add_duty_site, set_duty
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.models import Notification
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.models import Customer, Reception

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(clock.instant(dt.date(2026, 3, 2), dt.time(10)), tick=False):
        yield


@pytest.fixture
def site(world: World) -> int:
    row = add_duty_site(SYSTEM, "上海展厅", "site", world.department_ids["east"])
    set_duty(SYSTEM, row.pk, clock.today(), clock.today(), [world.id("east_rep"), world.id("east_peer")])
    return row.pk


def page(world: World, who: str, path: str) -> str:
    answer = world.client(who).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_desk_registers_and_sees_whose_turn_it_is(world: World, site: int) -> None:
    rep, peer = world.client("east_rep"), world.client("east_peer")
    assert "现在轮到您接待" in page(world, "east_rep", "/receptions/")
    typed = {"where": site, "name": "王芳", "phone": PHONE, "party_size": 2, "note": "看样机"}
    assert rep.post("/receptions/new/", typed).status_code == 302
    row = Reception.objects.visible_to(SYSTEM).get()
    assert (row.outcome, row.site_id, row.channel) == ("new", site, "walk_in")
    assert "王芳" in page(world, "east_rep", f"/receptions/?q={PHONE}")
    shown = page(world, "east_rep", f"/receptions/{row.pk}/")
    assert "看样机" in shown and f"/customers/{row.customer_id}/" in shown
    assert "现在轮到您接待" in page(world, "east_peer", "/receptions/")
    assert rep.post(f"/receptions/turns/{site}/accept/?seen=1").status_code == 422
    assert peer.post(f"/receptions/turns/{site}/accept/?seen=1").status_code == 302
    assert "接待中,还没有登记" in page(world, "east_peer", "/receptions/")
    assert peer.post(f"/receptions/turns/{site}/pass/", {"seen": 2, "reason": "外出"}).status_code == 302
    assert peer.post(f"/receptions/turns/{site}/pass/", {"seen": 2, "reason": "外出"}).status_code == 422
    edited = {"name": "王芳", "party_size": 3, "note": "再谈", "_version": 1}
    assert rep.post(f"/receptions/{row.pk}/edit/", edited).status_code == 302
    assert peer.post(f"/receptions/{row.pk}/cancel/", {"reason": "登错了"}).status_code == 404
    assert rep.post(f"/receptions/{row.pk}/cancel/", {"reason": "登错了"}).status_code == 302
    assert "作废:登错了" in page(world, "east_rep", f"/receptions/{row.pk}/")
    assert "王芳" not in page(world, "east_rep", "/receptions/?cancelled=false")


def test_a_known_guest_is_said_while_typing_and_the_owner_is_told(world: World, site: int) -> None:
    mine = register(world.actor("south_rep"), CustomerDraft(name="南方精密", phone=PHONE))
    hint = page(world, "east_rep", f"/receptions/known/?phone={PHONE}")
    assert "钱外人" in hint and "代为接待" in hint and "南方精密" not in hint
    near = page(world, "south_rep", "/receptions/known/?company=南方精")
    assert f'name="customer_id" value="{mine.pk}"' in near and "就是这位" in near
    desk = world.client("east_rep")
    typed = {"where": site, "phone": PHONE, "party_size": 1, "receiver_id": world.id("east_rep")}
    refused = desk.post("/receptions/new/", typed)
    assert refused.status_code == 422 and "由他接待" in refused.content.decode()
    assert desk.post("/receptions/new/", typed | {"owner_absent": "on"}).status_code == 302
    del typed["receiver_id"]
    assert desk.post("/receptions/new/", typed).status_code == 302
    told = [note.data["who"] for note in _told(world, "south_rep")]
    assert told == ["张三", "张三"]
    assert Customer.objects.visible_to(SYSTEM).get(pk=mine.pk).owner_id == world.id("south_rep")
    assert page(world, "south_rep", f"/customers/{mine.pk}/?tab=visits").count("/receptions/") >= 2
    assert "南方精密" not in page(world, "east_rep", "/receptions/")


def _told(world: World, who: str) -> list[Notification]:
    tell(SYSTEM)
    return list(Notification.objects.visible_to(world.actor(who)).filter(person_id=world.id(who)))


def test_every_figure_opens_its_rows(world: World, site: int) -> None:
    desk = world.client("east_rep")
    for number in range(3):
        desk.post("/receptions/new/", {"where": site, "phone": f"1391234567{number}", "party_size": 1})
    assert Reception.objects.visible_to(SYSTEM).count() == 3
    for tab in ("person", "channel", "day"):
        shown = page(world, "east_manager", f"/receptions/figures/?tab={tab}")
        links = [part.split('"')[0].replace("&amp;", "&") for part in shown.split('href="')[1:]]
        behind = [link for link in links if link.startswith("/numbers/receptions/")]
        assert len(behind) == (8 if tab == "person" else 4)
        assert "1391234567" in page(world, "east_manager", behind[0])
    assert world.client("east_manager").get("/numbers/receptions/?key=customers.received&of=all").status_code == 404
