"""Customers, products and to-dos over the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import add_duty_site, change_rule, set_duty
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer

Make = Callable[[str], Program]


def test_a_program_registers_reads_and_edits_a_customer(world: World, program: Make) -> None:
    rep = program("east_rep")
    made = rep.ask("POST", "/customers", {"name": "甲乙丙公司", "phone": "13800138000", "level": "A"}).json
    assert (made["owner_id"], made["version"]) == (world.id("east_rep"), 1)
    assert rep.get(f"/customers/{made['id']}") == made
    edited = rep.ask("PUT", f"/customers/{made['id']}", {"name": "甲乙丁公司", "version": 1})
    assert (edited.json["name"], edited.json["level"], edited.json["version"]) == ("甲乙丁公司", "", 2)
    assert rep.ask("PUT", f"/customers/{made['id']}", {"name": "x", "version": 1}).status == 409
    assert program("south_rep").ask("GET", f"/customers/{made['id']}").status == 404
    [episode] = rep.get(f"/customers/{made['id']}/episodes")
    assert episode["started_cause"] == "registration"


def test_a_list_is_narrowed_and_paged(world: World, program: Make) -> None:
    drafts = [CustomerDraft(name=f"第 {n} 家", level="AB"[n % 2]) for n in range(5)]
    commands.register_many(world.actor("east_rep"), drafts)
    commands.register(world.actor("south_rep"), CustomerDraft(name="第 9 家"))
    rep = program("east_rep")
    page = rep.get("/customers?limit=2&level=A&search=家")
    assert len(page["items"]) == 2
    rest = rep.get(f"/customers?limit=2&level=A&search=家&after={page['next']}")
    assert len(rest["items"]) == 1 and rest["next"] is None
    assert rep.ask("GET", "/customers?stage=nonsense").status == 422


def test_many_are_registered_with_an_outcome_each(world: World, program: Make) -> None:
    sent = {"customers": [{"name": "甲公司"}, {"name": ""}, {"name": "甲有限公司"}]}
    outcomes = program("east_rep").ask("POST", "/customers/many", sent, Idempotency_Key="k1").json
    assert [item["field"] for item in outcomes] == ["", "name", "name"]
    again = program("east_rep").ask("POST", "/customers/many", sent, Idempotency_Key="k1").json
    assert again == outcomes


def test_pool_customers_are_masked_and_claimed_once(world: World, program: Make) -> None:
    pool = commands.standard_pool("public").pk
    draft = CustomerDraft(name="公海客户", phone="13912345678", needs="机密", pool_id=pool)
    pk = commands.register(SYSTEM, draft).pk
    rep = program("east_rep")
    [seen] = rep.get("/customers?view=pool")["items"]
    assert (seen["phone"], seen["needs"]) == ("139****78", "")
    assert rep.ask("POST", f"/customers/{pk}/claim").json["phone"] == "13912345678"
    assert program("east_peer").ask("POST", f"/customers/{pk}/claim").status == 404
    assert rep.ask("POST", f"/customers/{pk}/release", {"reason": "price"}).status == 200
    assert [row["code"] for row in rep.get("/pools")] == ["public"]


def test_the_time_limit_is_told_and_who_is_on_duty_receives(world: World, program: Make) -> None:
    rep, today = program("east_rep"), clock.today()
    pk = rep.ask("POST", "/customers", {"name": "甲公司"}).json["id"]
    shown = rep.get(f"/customers/{pk}")
    assert (shown["lapses_on"] > (today + dt.timedelta(days=7)).isoformat(), shown["is_awaiting"]) == (True, False)
    site = add_duty_site(SYSTEM, "展厅", "site", world.department_ids["east"])
    month = dt.timedelta(days=60)
    set_duty(SYSTEM, site.pk, today, today + month, [world.id("east_peer")])
    Customer.rows.update(clock_since=clock.now() - month)
    commands.lapse_overdue(SYSTEM)
    assert [row["id"] for row in rep.get("/customers?view=awaiting")["items"]] == [pk]
    came = {"customer_id": pk, "site_id": site.pk}
    assert program("south_rep").ask("POST", "/receptions", came | {"site_id": None}).status == 422
    peer = program("east_peer")
    assert [line["person_ids"] for line in peer.get("/receptions/turns")] == [[world.id("east_peer")]]
    done = peer.ask("POST", "/receptions", came).json
    assert (done["outcome"], peer.get(f"/customers/{pk}")["owner_id"]) == ("taken", world.id("east_peer"))


def test_a_manager_assigns(world: World, program: Make) -> None:
    pk = commands.register(world.actor("east_rep"), CustomerDraft(name="甲公司")).pk
    sent = {"ids": [pk, 999_999], "owner_id": world.id("east_peer")}
    outcomes = program("east_manager").ask("POST", "/customers/assign", sent).json
    assert [item["id"] for item in outcomes] == [pk, None]
    assert program("east_rep").ask("POST", "/customers/assign", sent).status == 403


def test_contacts_are_added_and_edited(world: World, program: Make) -> None:
    pk = commands.register(world.actor("east_rep"), CustomerDraft(name="甲公司")).pk
    rep = program("east_rep")
    made = rep.ask("POST", f"/customers/{pk}/contacts", {"name": "刘先生", "birthday": "1980-02-29"}).json
    sent = {"name": "刘总", "version": made["version"]}
    assert rep.ask("PUT", f"/contacts/{made['id']}", sent).json["name"] == "刘总"
    assert [row["name"] for row in rep.get(f"/customers/{pk}/contacts")] == ["刘总"]
    assert program("south_rep").ask("GET", f"/customers/{pk}/contacts").status == 404
    assert program("south_rep").ask("PUT", f"/contacts/{made['id']}", sent).status == 404


def test_contacts_across_customers_are_those_in_sight(world: World, program: Make) -> None:
    for who, name in (("east_rep", "甲公司"), ("south_rep", "绝密公司")):
        row = commands.register(world.actor(who), CustomerDraft(name=name))
        for n in range(3):
            draft = commands.ContactDraft(customer_id=row.pk, name=f"{name}王先生{n}", phone=f"1381234000{n}")
            commands.add_contact(world.actor(who), draft)
    rep = program("east_rep")
    page = rep.get("/contacts?limit=2")
    assert [item["name"] for item in page["items"]] == ["甲公司王先生0", "甲公司王先生1"]
    assert [item["name"] for item in rep.get(f"/contacts?limit=2&after={page['next']}")["items"]] == ["甲公司王先生2"]
    assert [item["phone"] for item in rep.get("/contacts?search=王先生1&view=mine")["items"]] == ["13812340001"]
    assert len(program("director").get("/contacts")["items"]) == 6


def test_likely_duplicates_do_not_echo_what_is_out_of_sight(world: World, program: Make) -> None:
    commands.register(world.actor("south_rep"), CustomerDraft(name="绝密公司", phone="13900139000"))
    [found] = program("east_rep").get("/customers/likely?phone=13900139000")
    assert (found["customer_id"], found["name"], found["owner"]) == (None, "", "钱外人")
    alike = program("east_rep").get("/contacts/likely?phone=13900139000")
    assert alike == {"contacts": [], "customers": [found]}


def test_a_program_that_asks_too_often_is_refused_with_a_sentence(world: World, program: Make) -> None:
    change_rule(world.actor("administrator"), "CustomerRules.hints_a_day", "1", clock.today())
    for n in range(2):
        commands.register(world.actor("south_rep"), CustomerDraft(name=f"绝密公司{n}", phone=f"1390013900{n}"))
    asking = program("east_rep")
    assert len(asking.get("/customers/likely?phone=13900139000")) == 1
    refused = asking.ask("GET", "/customers/likely?phone=13900139001")
    assert refused.status == 422 and "今天已向您提示过 1 位" in str(refused.json)
    assert "钱外人" not in str(refused.json)


def test_products_are_kept_by_the_administrator(world: World, program: Make) -> None:
    office = program("administrator")
    made = office.ask("POST", "/products", {"name": "水表", "list_price": "299.50"}).json
    edit = made | {"list_price": "300", "is_active": False}
    del edit["id"]
    assert office.ask("PUT", f"/products/{made['id']}", edit).json["is_active"] is False
    assert program("east_rep").get("/products?active_only=true")["items"] == []
    assert program("east_rep").get(f"/products/{made['id']}")["name"] == "水表"
    assert program("east_rep").ask("POST", "/products", {"name": "x"}).status == 403


@pytest.mark.parametrize(
    "body", [{"title": "", "due_on": "2026-01-01"}, {"title": "x", "due_on": "nonsense"}, {"title": "x"}]
)
def test_a_task_that_makes_no_sense_is_refused(world: World, program: Make, body: dict[str, str]) -> None:
    assert program("east_rep").ask("POST", "/tasks", body).status == 422


def test_a_task_is_noted_and_finished(world: World, program: Make) -> None:
    rep = program("east_rep")
    made = rep.ask("POST", "/tasks", {"title": "寄样品", "due_on": "2026-01-01"}).json
    assert rep.get("/tasks")["items"] == [made]
    assert rep.ask("POST", f"/tasks/{made['id']}/finish").json["state"] == "done"
    assert rep.get("/tasks")["items"] == []
    assert rep.ask("POST", f"/tasks/{made['id']}/finish").status == 422
    assert program("south_rep").ask("POST", f"/tasks/{made['id']}/finish").status == 404


def test_a_program_claims_and_shares_out_sets_and_reads_the_ledger(world: World, program: Make) -> None:
    pool = commands.standard_pool("public").pk
    drafts = [CustomerDraft(name=f"第 {n} 家", pool_id=pool) for n in range(4)]
    ids = [outcome.row_id for outcome in commands.register_many(SYSTEM, drafts)]
    rep, manager = program("east_rep"), program("east_manager")
    claimed = rep.ask("POST", "/customers/claim", {"ids": [ids[0], 999_999]}).json
    assert [(item["id"], bool(item["refused"])) for item in claimed] == [(ids[0], False), (None, True)]
    assert rep.ask("POST", f"/customers/{ids[0]}/release", {"reason": "price", "note": "太贵"}).status == 200
    sent = {"ids": ids, "owner_ids": [world.id("east_rep"), world.id("east_peer")], "way": "turn"}
    assert [item["gets"] for item in manager.ask("POST", "/customers/shares", sent).json] == [2, 2]
    assert all(item["id"] for item in manager.ask("POST", "/customers/distribute", sent).json)
    [state] = rep.get("/pools")
    assert (state["size"], state["went"], state["left"]) == (0, 5, 19)
    lines = manager.get(f"/pools/{pool}/ledger?way=in")["items"]
    assert (lines[-1]["reason"], lines[-1]["note"], lines[-1]["former_id"]) == ("price", "太贵", world.id("east_rep"))
    today = clock.today().isoformat()
    [first, _second] = manager.get(f"/pools/{pool}/turnover?first={today}&last={today}")
    assert (first["claimed"], first["given"], first["returned"]) == (1, 2, 1)
    for operation in (f"/pools/{pool}/ledger", f"/pools/{pool}/turnover?first={today}&last={today}"):
        assert rep.ask("GET", operation).status == 403
    for act in ("shares", "distribute"):
        assert rep.ask("POST", f"/customers/{act}", sent).status == 403
