"""What holds for the whole API: who asks, how it refuses, the same request twice, its own description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from ninja import Schema

from tests.interface.api.conftest import Program
from tests.world import World
from xiaocheng.foundation.org import queries
from xiaocheng.foundation.org.commands import disable_person, issue_token, revoke_token
from xiaocheng.foundation.org.models import Person
from xiaocheng.interface.api.api import api

Make = Callable[[str], Program]


def newcomer(world: World, **values: Any) -> dict[str, Any]:
    given = {"username": "newcomer", "name": "何新人", "department_id": world.department_ids["south"],
             "role_id": world.role_ids["rep"]}  # fmt: skip
    return {**given, **values}


# --- who asks


def test_a_token_says_who_asks(program: Make, world: World) -> None:
    found = program("east_rep").get("/me")
    assert (found["id"], found["username"], found["name"]) == (world.id("east_rep"), "east_rep", "张三")
    assert "org.manage_people" not in found["capabilities"]


@pytest.mark.parametrize("secret", ["", "xc_nonsense", "张三".encode().decode("latin-1"), " "])
def test_without_a_live_token_nothing_is_told(world: World, secret: str) -> None:
    for method, path in (("GET", "/me"), ("GET", "/people"), ("POST", "/people"), ("DELETE", "/tokens/1")):
        answer = Program(secret).ask(method, path)
        assert (answer.status, answer.json["rule"]) == (401, "sign_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_disabled_persons_and_a_revoked_token_are_dead_at_once(program: Make, world: World) -> None:
    token, secret = issue_token(world.actor("east_rep"), "other")
    revoke_token(world.actor("east_rep"), token.pk)
    assert Program(secret).ask("GET", "/me").status == 401
    live = program("east_rep")
    disable_person(world.actor("administrator"), world.id("east_rep"))
    assert live.ask("GET", "/me").status == 401


def test_the_browser_asks_with_its_session_and_writes_only_with_its_csrf_token(world: World) -> None:
    browser = world.client("administrator")
    assert browser.get("/api/v1/me").json()["username"] == "administrator"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.person("administrator"))
    refused = strict.post("/api/v1/people", newcomer(world), content_type="application/json")
    assert refused.status_code == 403
    assert not Person.objects.filter(username="newcomer").exists()
    page = strict.get("/api/v1/docs")
    token = page.content.decode().partition('data-csrf-token="')[2].partition('"')[0]
    headers = {"X-CSRFToken": token}
    done = strict.post("/api/v1/people", newcomer(world), content_type="application/json", headers=headers)
    assert done.status_code == 200


def test_a_bad_token_is_not_helped_by_a_session(world: World) -> None:
    browser = world.client("administrator")
    assert browser.get("/api/v1/me", headers={"Authorization": "Bearer xc_wrong"}).status_code == 401


def test_answers_are_kept_by_no_cache(program: Make) -> None:
    assert program("east_rep").ask("GET", "/me").headers["Cache-Control"] == "no-store, private"


# --- refusals


@pytest.mark.parametrize(
    ("key", "method", "path", "body", "status", "rule", "field"),
    [
        ("east_rep", "POST", "/departments", {"name": "x", "parent_id": 1}, 403, "not_allowed", None),
        ("east_rep", "GET", "/people/999999", None, 404, "not_found", None),
        ("east_rep", "GET", "/people/0", None, 422, "bad_shape", "person_id"),
        ("east_rep", "GET", "/people/99999999999999999999", None, 422, "bad_shape", "person_id"),
        ("east_rep", "GET", "/people?limit=0", None, 422, "bad_shape", "limit"),
        ("east_rep", "GET", "/people?search=%00", None, 422, "rule_broken", None),
        ("administrator", "GET", "/rules/%00/history", None, 422, "rule_broken", None),
        ("administrator", "POST", "/people", {"name": "x"}, 422, "bad_shape", "username"),
        ("administrator", "POST", "/people", [], 422, "bad_shape", "body"),
        ("administrator", "POST", "/people", "{", 400, "bad_request", None),
        ("administrator", "POST", "/people", b"\xff", 400, "bad_request", None),
        ("administrator", "POST", "/departments", {"name": "\0", "parent_id": 1}, 400, "bad_request", None),
        ("administrator", "POST", "/departments", '{"name": "\\ud800", "parent_id": 1}', 400, "bad_request", None),
        ("administrator", "POST", "/departments", {"name": "x", "parent_id": 1, "y": 1}, 422, "bad_shape", "y"),
    ],
)
def test_a_refusal_is_one_object_with_rule_sentence_and_field(
    program: Make, key: str, method: str, path: str, body: Any, status: int, rule: str, field: str | None
) -> None:
    answer = program(key).ask(method, path, body)
    assert (answer.status, answer.json["rule"], answer.json.get("field")) == (status, rule, field)
    assert answer.json["sentence"]


def test_a_broken_rule_names_the_field(program: Make, world: World) -> None:
    answer = program("administrator").ask("POST", "/people", newcomer(world, username="east_rep"))
    assert (answer.status, answer.json["rule"], answer.json["field"]) == (422, "rule_broken", "username")


def test_an_edit_conflict_shows_what_stands_now(program: Make, world: World) -> None:
    admin, path = program("administrator"), f"/people/{world.id('east_rep')}"
    edit = {"version": 1, "username": "east_rep", "name": "张叁", "role_id": world.role_ids["rep"]}
    assert admin.ask("PUT", path, edit).json["version"] == 2
    answer = admin.ask("PUT", path, {**edit, "name": "张肆"})
    assert (answer.status, answer.json["rule"]) == (409, "edit_conflict")
    assert answer.json["current"]["name"] == "张叁"


# --- twice the same request


def test_the_same_key_gives_the_first_answer_and_has_one_effect(program: Make, world: World) -> None:
    admin = program("administrator")
    answers = [admin.ask("POST", "/people", newcomer(world), Idempotency_Key="k1") for _ in range(3)]
    assert [answer.json for answer in answers] == [answers[0].json] * 3
    assert answers[0].status == 200
    assert Person.objects.filter(username="newcomer").count() == 1


def test_the_same_key_with_another_body_or_path_is_refused(program: Make, world: World) -> None:
    admin = program("administrator")
    admin.ask("POST", "/people", newcomer(world), Idempotency_Key="k1")
    other = admin.ask("POST", "/people", newcomer(world, username="other"), Idempotency_Key="k1")
    assert (other.status, other.json["rule"]) == (422, "rule_broken")
    assert not Person.objects.filter(username="other").exists()
    assert admin.ask("POST", "/people", newcomer(world, username="o2"), Idempotency_Key="k" * 65).status == 422


def test_a_write_without_an_answer_can_be_repeated_too(program: Make, world: World) -> None:
    admin, path = program("administrator"), f"/people/{world.id('east_rep')}/disable"
    answers = [admin.ask("POST", path, {}, Idempotency_Key="k1") for _ in range(2)]
    assert [(answer.status, answer.json) for answer in answers] == [(200, None)] * 2
    assert admin.ask("POST", path, {}, Idempotency_Key="k2").status == 422


# --- parts of a list


def test_a_list_comes_in_parts_without_gap_or_overlap(program: Make, world: World) -> None:
    rep = program("east_rep")
    for turn in ("", "&newest=true"):
        seen: list[int] = []
        after = ""
        while True:
            part = rep.get(f"/people?limit=3&active=true{turn}{after}")
            seen += [item["id"] for item in part["items"]]
            if part["next"] is None:
                break
            after = f"&after={part['next']}"
        expected = sorted((pk for key, pk in world.ids.items() if key != "east_disabled"), reverse=bool(turn))
        assert seen == expected


# --- its own description


def test_every_operation_says_how_it_may_be_refused_and_every_write_takes_a_key(world: World) -> None:
    schema = world.client("east_rep").get("/api/v1/openapi.json").json()
    ids = []
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            ids.append(operation["operationId"])
            assert {"401", "403", "404", "409", "422"} <= operation["responses"].keys()
            names = {item["name"] for item in operation.get("parameters", [])}
            assert ("Idempotency-Key" in names) is (method != "get")
            assert operation["summary"]
            assert operation["security"]
            assert operation["description"]
    assert len(ids) == len(set(ids)) > 10
    assert schema["components"]["schemas"]["Error"]["properties"].keys() >= {"rule", "sentence", "field"}


def shapes(of: type[Schema] = Schema) -> list[type[Schema]]:
    below = [shape for child in of.__subclasses__() for shape in (child, *shapes(child))]
    return [shape for shape in below if shape.__module__.startswith("xiaocheng.") and "[" not in shape.__name__]


def test_no_two_shapes_share_a_name_since_one_would_describe_both() -> None:
    names = Counter(shape.__name__ for shape in set(shapes()))
    assert len(names) > 20
    assert [name for name, count in names.items() if count > 1] == []


def test_the_description_is_for_everybody_and_the_page_for_who_is_signed_in(world: World) -> None:
    assert Client().get("/api/v1/openapi.json").status_code == 200
    assert Client().get("/api/v1/docs").status_code == 302
    page = world.client("east_rep").get("/api/v1/docs")
    assert page.status_code == 200
    assert "http" not in page.content.decode().replace("text/html", "")
    assert "script-src" not in page["Content-Security-Policy"] or "unsafe" not in page["Content-Security-Policy"]


def test_each_operation_has_one_address() -> None:
    names = [pattern.name for pattern in api.urls[0]]
    assert len(names) == len(set(names))


def test_an_unknown_address_is_refused_like_everything_else(program: Make, world: World) -> None:
    for path in ("/api/v1/nowhere", "/api/", "/api/v1/customers/1/nowhere"):
        for client in (Client(), world.client("east_rep")):
            answer = client.get(path)
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/json"), path
            assert answer.json() == program("east_rep").ask("GET", "/customers/999999").json


def test_a_method_that_an_address_does_not_know_is_refused_like_everything_else(program: Make) -> None:
    answer = program("east_rep").ask("DELETE", "/customers")
    assert answer.status == 405 and "POST" in answer.headers["Allow"]
    assert answer.json["rule"] == "unknown_method" and "DELETE" in answer.json["sentence"]


def test_a_fault_of_ours_is_told_to_programs_as_programs_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(queries, "department_tree", breaks)
    client = world.client("administrator")
    client.raise_request_exception = False
    answer = client.get("/api/v1/departments")
    assert (answer.status_code, answer.json()["rule"]) == (500, "fault")
