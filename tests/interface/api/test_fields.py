"""The company's own fields over the API: what they are, and what rows hold in them."""

from __future__ import annotations

from collections.abc import Callable

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.commands import CustomerDraft, register, standard_pool

Make = Callable[[str], Program]


def test_a_program_adds_fields_and_reads_writes_and_filters_by_them(world: World, program: Make) -> None:
    office, rep = program("administrator"), program("east_rep")
    assert [table["key"] for table in rep.get("/fields")] == [
        "customers.customer", "customers.contact", "pipeline.opportunity",
    ]  # fmt: skip
    body = {"kind": "money", "name": "预算", "is_filter": True, "default": "10"}
    assert rep.ask("POST", "/fields/customers.customer", body).status == 403
    fee = office.ask("POST", "/fields/customers.customer", body).json
    own = {"kind": "one", "name": "产线", "options": ["一号线"], "is_filter": True}
    line = office.ask("POST", "/fields/customers.customer", own).json
    [code] = [item["code"] for item in rep.get(f"/options/{line['list_key']}")]
    made = rep.ask("POST", "/customers", {"name": "甲", "custom": {fee["key"]: 12.5, line["key"]: code}}).json
    assert made["custom"] == {fee["key"]: "12.5", line["key"]: code}
    assert rep.ask("POST", "/customers", {"name": "乙", "custom": {line["key"]: "x"}}).status == 422
    assert rep.ask("POST", "/customers", {"name": "丙"}).json["custom"] == {fee["key"]: "10"}
    edit = {"name": "甲", "version": 1, "custom": {fee["key"]: None}}
    assert rep.ask("PUT", f"/customers/{made['id']}", edit).json["custom"] == {line["key"]: code}
    assert [row["name"] for row in rep.get(f"/customers?custom={line['key']}={code}")["items"]] == ["甲"]
    assert [row["name"] for row in rep.get(f"/customers?custom={fee['key']}>=10")["items"]] == ["丙"]
    assert rep.ask("GET", "/customers?custom=nonsense").status == 422
    assert [row["name"] for row in rep.get("/fields/customers.customer")[-2:]] == ["预算", "产线"]
    assert office.ask("POST", f"/custom-fields/{line['key'][1:]}/raise").status == 200
    assert office.ask("DELETE", f"/custom-fields/{line['key'][1:]}").status == 422
    gone = office.ask("PUT", f"/custom-fields/{line['key'][1:]}", {"version": 1, "name": "产线", "is_active": False})
    assert gone.json["is_active"] is False
    assert rep.get(f"/customers/{made['id']}")["custom"] == {}
    assert len(rep.get("/fields/customers.customer?archived=true")) == len(rep.get("/fields/customers.customer")) + 1


def test_a_pool_hides_own_fields_and_nobody_finds_them_by_filtering(world: World, program: Make) -> None:
    key = program("administrator").ask(
        "POST", "/fields/customers.customer", {"kind": "text", "name": "口令", "is_filter": True}
    ).json["key"]  # fmt: skip
    pool = standard_pool("public").pk
    row = register(SYSTEM, CustomerDraft(name="公海里的", custom={key: "芝麻"}, pool_id=pool))
    rep = program("east_rep")
    assert rep.get(f"/customers/{row.pk}")["custom"] == {}
    assert rep.get(f"/customers?custom={key}=芝麻")["items"] == []
    assert len(program("director").get(f"/customers?custom={key}=芝麻")["items"]) == 1


def test_what_may_not_repeat_is_refused_by_the_name_of_the_field(world: World, program: Make) -> None:
    office, rep = program("administrator"), program("east_rep")
    body = {"kind": "text", "name": "设备编号", "is_unique": True}
    field = office.ask("POST", "/fields/customers.customer", body).json
    assert field["is_unique"] is True
    assert rep.ask("POST", "/customers", {"name": "甲", "custom": {field["key"]: "A"}}).status == 200
    answer = rep.ask("POST", "/customers", {"name": "乙", "custom": {field["key"]: "a"}})
    assert (answer.status, answer.json["field"]) == (422, field["key"])
    assert office.ask("POST", "/fields/customers.customer", {**body, "name": "备注", "kind": "long_text"}).status == 422
