"""What hangs on records through the API: their files, their story, the codes of their fields, finding them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.files.models import Attachment
from xiaocheng.selling.customers.commands import CustomerDraft, register

Make = Callable[[str], Program]


@pytest.fixture
def customer(world: World) -> int:
    return register(world.actor("east_rep"), CustomerDraft(name="沪东机械有限公司", phone="13912345678")).pk


def send(program: Program, path: str, content: bytes, **headers: str) -> Any:
    given = {"Authorization": f"Bearer {program.secret}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    file = SimpleUploadedFile("合同.txt", content)
    return Client().post(f"/api/v1{path}", {"file": file}, headers=given)


def test_a_file_is_attached_listed_fetched_and_removed(program: Make, customer: int) -> None:
    rep, path = program("east_rep"), f"/files/customers.customer/{customer}"
    sent = send(rep, path, "合同正文".encode()).json()
    assert [item["name"] for item in rep.get(path)] == ["合同.txt"]
    answer = Client().get(f"/api/v1/files/{sent['id']}", headers={"Authorization": f"Bearer {rep.secret}"})
    assert b"".join(answer.streaming_content).decode() == "合同正文"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Disposition"].startswith("attachment")
    assert rep.ask("DELETE", f"/files/{sent['id']}").status == 200
    assert rep.get(path) == []


def test_a_file_of_a_strangers_customer_does_not_exist(program: Make, customer: int) -> None:
    path = f"/files/customers.customer/{customer}"
    sent = send(program("east_rep"), path, b"text").json()
    stranger = program("south_rep")
    assert {stranger.ask("GET", path).status, stranger.ask("GET", f"/files/{sent['id']}").status} == {404}
    assert send(stranger, path, b"text").status_code == 404
    assert stranger.ask("DELETE", f"/files/{sent['id']}").status == 404


def test_the_same_upload_sent_twice_is_one_file_and_another_is_refused(program: Make, customer: int) -> None:
    rep, path = program("east_rep"), f"/files/customers.customer/{customer}"
    first, again = (send(rep, path, b"one", Idempotency_Key="k").json() for _ in range(2))
    assert first == again
    assert send(rep, path, b"two", Idempotency_Key="k").status_code == 422
    assert Attachment.objects.get().size == 3


def test_what_is_no_file_is_refused(program: Make, customer: int) -> None:
    rep, path = program("east_rep"), f"/files/customers.customer/{customer}"
    assert send(rep, path, b"\x7fELF\x00\x01\xff\xfe").json()["field"] == "file"
    assert rep.ask("POST", path, {"file": "text"}).status in {400, 422}
    assert rep.ask("GET", "/files/org.person/1").status == 404


def test_the_story_of_a_row_is_told_to_who_sees_it(program: Make, customer: int, world: World) -> None:
    path = f"/timeline/customers.customer/{customer}"
    [told] = program("east_rep").get(path)
    assert (told["kind"], told["person_id"]) == ("customers.CustomerRegistered", world.id("east_rep"))
    assert program("south_rep").ask("GET", path).status == 404
    assert program("east_rep").get(f"{path}?before={told['id']}") == []
    person = f"/timeline/org.person/{world.id('east_rep')}"
    assert program("east_manager").ask("GET", person).status == 403
    assert program("administrator").ask("GET", person).status == 200


def test_a_pool_customers_story_is_told_to_nobody(program: Make, customer: int) -> None:
    rep = program("east_rep")
    assert rep.ask("POST", f"/customers/{customer}/release", {"reason": "price"}).status == 200
    assert rep.ask("GET", f"/timeline/customers.customer/{customer}").status == 404


def test_the_journal_is_read_by_who_may_entry_by_entry(program: Make, customer: int, world: World) -> None:
    admin = program("administrator")
    [entry] = admin.get(f"/journal?module=customers&person_id={world.id('east_rep')}")["items"]
    assert "沪东机械" in entry["sentence"]
    whole = admin.get(f"/journal/{entry['id']}")
    assert {"kind": "customers.customer", "row_id": customer} in whole["subjects"]
    assert admin.get("/journal?until=2020-01-01")["items"] == []
    assert admin.get("/journal?since=2020-01-01&module=customers")["items"] == [entry]
    assert program("east_manager").ask("GET", "/journal").status == 403
    assert program("east_manager").ask("GET", f"/journal/{entry['id']}").status == 403


def test_the_codes_of_a_list_are_told_to_everybody_and_kept_by_who_may(program: Make) -> None:
    rep, admin, path = program("east_rep"), program("administrator"), "/options/customers.source"
    assert {"key": "customers.source", "name": "客户来源"} in rep.get("/options")
    assert "referral" in [item["code"] for item in rep.get(path)]
    assert rep.ask("POST", path, {"name": "展会二期"}).status == 403
    added = admin.ask("POST", path, {"name": "展会二期", "name_en": "Second fair"}).json
    off = admin.ask("PUT", f"{path}/{added['code']}", {"version": added["version"], "is_active": False}).json
    assert (off["name"], off["is_active"]) == ("展会二期", False)
    assert admin.ask("PUT", f"{path}/{added['code']}", {"version": added["version"], "name": "新"}).status == 409
    assert admin.ask("PUT", f"{path}/nothing", {"version": 0, "name": "新"}).status == 404
    assert rep.ask("GET", "/options/no.such").status == 404


def test_search_finds_what_one_sees(program: Make, customer: int, world: World) -> None:
    found = program("east_rep").get("/search?text=hudong")
    assert [(item["kind"], item["id"], item["note"]) for item in found] == [("customer", customer, "张三")]
    assert program("south_rep").get("/search?text=hudong") == []
    people = program("east_manager").get("/search?text=zhangsan")
    assert [(item["kind"], item["id"]) for item in people] == [("person", world.id("east_rep"))]
    assert program("east_rep").get("/search?text=%20") == []


def test_a_value_of_a_list_is_merged_after_a_look_at_what_changes(world: World, program: Any) -> None:
    rep, admin, path = program("east_rep"), program("administrator"), "/options/customers.source/partner/merge"
    rep.ask("POST", "/customers", {"name": "甲公司", "source": "partner"})
    told = admin.get(f"{path}?into=referral")
    assert (told["source"]["code"], told["target"]["version"]) == ("partner", 0)
    assert told["rows"] == [{"name": "客户", "count": 1}]
    body = {"into": "referral", "version": 0, "into_version": 0}
    assert [rep.ask(*ask).status for ask in (("GET", f"{path}?into=referral"), ("POST", path, body))] == [403, 403]
    assert admin.ask("POST", path, {**body, "into": "partner"}).status == 422
    assert admin.ask("POST", path, {**body, "version": 1}).status == 409
    listed = {item["code"]: item for item in admin.ask("POST", path, body).json}
    assert (listed["partner"]["merged_into"], listed["partner"]["is_active"]) == ("referral", False)
    assert admin.ask("POST", path, body).status == 404
    assert admin.ask("PUT", "/options/customers.source/partner", {"version": 1, "is_active": True}).status == 404
    # whoever still says the former code means the other one
    made = rep.ask("POST", "/customers", {"name": "乙公司", "source": "partner"})
    assert (made.status, made.json["source"]) == (200, "referral")
