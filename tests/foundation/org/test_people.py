"""People join, change, move, leave and come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from tests.world import PASSWORD, World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.models import JournalEntry, SightRow
from xiaocheng.foundation.org.commands import (
    PersonDraft,
    add_people,
    add_person,
    delegate,
    disable_person,
    edit_person,
    enable_person,
    issue_token,
    move_person,
    reset_password,
    set_preferences,
    set_up_company,
)
from xiaocheng.foundation.org.models import Person
from xiaocheng.foundation.org.queries import assignable, names_of, people, person_of_token, team


def draft(world: World, username: str = "newcomer", **values: Any) -> PersonDraft:
    given = {
        "name": "何新人", "department_id": world.department_ids["south"], "role_id": world.role_ids["rep"],
        "manager_id": world.id("south_manager"),
    }  # fmt: skip
    return PersonDraft(username=username, **{**given, **values})


def edit(world: World, key: str, version: int | None = None, **changes: Any) -> Person:
    row = world.person(key)
    values = {"username": row.username, "name": row.name, "role_id": row.role_id, "email": row.email}
    return edit_person(world.actor("administrator"), row.pk, version or row.edit_version, **{**values, **changes})


# --- joining


def test_a_newcomer_is_seen_by_his_line_at_once(world: World) -> None:
    person = add_person(world.actor("administrator"), draft(world))
    assert world.actor("south_manager").sight.sees_person(person.pk)
    assert not world.actor("east_manager").sight.sees_person(person.pk)
    assert person.line_path == f"{world.person('south_manager').line_path}{person.pk}/"
    assert timeline("org.person", person.pk)[0].sentence == "添加人员 何新人"


def test_people_are_added_all_or_none(world: World) -> None:
    before = Person.objects.count()
    with pytest.raises(RuleBroken):
        add_people(SYSTEM, [draft(world, "one"), draft(world, "two", department_id=999_999)])
    assert Person.objects.count() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "EAST_REP"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "<script>"}, "username"),
        ({"department_id": 999_999}, "department"),
        ({"role_id": 999_999}, "role"),
        ({"manager_id": 999_999}, "manager"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"phone": "1" * 31}, "phone"),
        ({"password": "12345678"}, "password"),
        ({"password": "newcomer-1"}, "password"),
    ],
)
def test_nonsense_is_refused_and_names_the_field(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        add_person(SYSTEM, draft(world, **values))
    assert refused.value.field == field


def test_the_same_login_name_twice_in_one_list_is_refused(world: World) -> None:
    with pytest.raises(RuleBroken, match="重复"):
        add_people(SYSTEM, [draft(world, "same"), draft(world, "Same")])


def test_a_disabled_person_is_nobodys_manager(world: World) -> None:
    with pytest.raises(RuleBroken) as refused:
        add_person(SYSTEM, draft(world, manager_id=world.id("east_disabled")))
    assert refused.value.field == "manager"


def test_without_a_password_nobody_signs_in(world: World) -> None:
    assert not add_person(SYSTEM, draft(world)).has_usable_password()


def test_the_login_name_is_found_whatever_its_case(world: World) -> None:
    assert authenticate(RequestFactory().post("/"), username="East_Rep", password=PASSWORD) == world.person("east_rep")


# --- finding


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("张三", ["张三"]),
        ("zhang", ["张三"]),
        ("zs", ["张三", "周上海"]),
        ("east_r", ["张三"]),
        ("zhou", ["周上海"]),
        ("", ["陈总监", "管小敏", "李华东", "钱外人", "孙促销", "王华南", "吴小沪", "张三", "赵六", "周上海"]),
        ("郑停用", []),
    ],
)
def test_people_are_found_as_one_types(world: World, query: str, found: list[str]) -> None:
    assert [person.name for person in people(SYSTEM, query)] == found


def test_a_surname_of_several_readings_is_found_by_its_reading_as_a_surname(world: World) -> None:
    add_person(SYSTEM, draft(world, name="曾国强"))
    assert [p.name for p in people(SYSTEM, "zeng")] == ["曾国强"]


def test_the_disabled_are_found_when_asked_for(world: World) -> None:
    assert [p.name for p in people(SYSTEM, "郑停用", active=False)] == ["郑停用"]
    assert "郑停用" in [p.name for p in people(SYSTEM, active=None)]


def test_one_hands_work_to_whom_one_sees(world: World) -> None:
    assert {p.username for p in assignable(world.actor("shanghai_lead"))} == {"shanghai_lead", "shanghai_rep"}
    assert {p.username for p in team(world.actor("east_manager"))} == {
        "east_rep", "east_peer", "shanghai_lead", "shanghai_rep",
    }  # fmt: skip
    assert not team(world.actor("east_rep"))
    assert assignable(world.actor("director")).count() == 10


def test_names_are_told_by_id(world: World) -> None:
    assert names_of([world.id("east_rep"), None, 999_999]) == {world.id("east_rep"): "张三"}


# --- changing


def test_an_edit_says_which_fields_changed(world: World) -> None:
    edit(world, "east_rep", name="张叁", email="z3@example.com")
    assert [p.name for p in people(SYSTEM, "张叁")] == ["张叁"]
    entry = JournalEntry.objects.filter(kind="org.PersonEdited").get()
    assert entry.data["fields"] == ["name", "email"]
    assert entry.personal == {"name": "张叁"}


def test_a_stale_edit_shows_what_stands_now(world: World) -> None:
    edit(world, "east_rep", name="张叁")
    with pytest.raises(EditConflict) as refused:
        edit(world, "east_rep", version=1, name="张肆")
    assert refused.value.current["name"] == "张叁"


def test_a_new_role_holds_with_the_next_click(world: World) -> None:
    edit(world, "east_rep", role_id=world.role_ids["director"])
    assert world.actor("east_rep").sight.everyone


def test_the_last_administrator_stays_one(world: World) -> None:
    with pytest.raises(RuleBroken):
        edit(world, "administrator", role_id=world.role_ids["rep"])
    assert world.person("administrator").role.code == "administrator"


def test_one_chooses_language_and_look_oneself(world: World) -> None:
    set_preferences(world.actor("east_rep"), language="en", theme="dark")
    assert (world.person("east_rep").language, world.person("east_rep").theme) == ("en", "dark")
    with pytest.raises(RuleBroken):
        set_preferences(world.actor("east_rep"), language="a-language-with-a-long-name", theme="dark")


def test_a_new_password_ends_running_sessions(world: World) -> None:
    client = world.client("east_rep")
    reset_password(world.actor("administrator"), world.id("east_rep"), "another-long-word-8")
    assert "_auth_user_id" in client.session
    assert client.get("/account/password/change/").status_code == 302
    with pytest.raises(RuleBroken):
        reset_password(SYSTEM, world.id("east_disabled"), "another-long-word-8")


# --- moving


def test_who_moves_takes_the_team_along_and_sight_follows(world: World) -> None:
    move_person(
        SYSTEM,
        world.id("shanghai_lead"),
        department_id=world.department_ids["south"],
        manager_id=world.id("south_manager"),
    )
    south = world.actor("south_manager").sight
    assert south.sees_person(world.id("shanghai_lead"))
    assert south.sees_person(world.id("shanghai_rep"))
    assert world.person("shanghai_rep").line_path == "/".join(
        ["", *(str(world.id(key)) for key in ("director", "south_manager", "shanghai_lead", "shanghai_rep")), ""]
    )


def test_a_line_never_bites_its_tail(world: World) -> None:
    for manager in ("east_manager", "shanghai_lead", "shanghai_rep"):
        with pytest.raises(RuleBroken):
            move_person(
                SYSTEM,
                world.id("east_manager"),
                department_id=world.department_ids["east"],
                manager_id=world.id(manager),
            )


def test_somebody_at_the_top_has_nobody_above(world: World) -> None:
    person = move_person(SYSTEM, world.id("east_manager"), department_id=world.department_ids["east"], manager_id=None)
    assert person.line_path == f"/{person.pk}/"
    assert world.person("shanghai_rep").line_path.startswith(f"/{person.pk}/")


def test_only_the_administrator_manages_people(world: World) -> None:
    boss, target = world.actor("director"), world.id("east_rep")
    east = world.department_ids["east"]
    for refused in (
        lambda: add_person(boss, draft(world)),
        lambda: move_person(boss, target, department_id=east, manager_id=None),
        lambda: disable_person(boss, target),
        lambda: enable_person(boss, world.id("east_disabled")),
        lambda: reset_password(boss, target, "another-long-word-8"),
        lambda: edit_person(boss, target, 1, username="x1", name="x", role_id=world.role_ids["rep"]),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotFound):
        disable_person(world.actor("administrator"), 999_999)


# --- leaving


def test_a_disabled_person_is_out_at_once(world: World) -> None:
    client = world.client("east_rep")
    _, secret = issue_token(world.actor("east_rep"), "script")
    disable_person(world.actor("administrator"), world.id("east_rep"))
    assert client.get("/account/password/change/").status_code == 302
    assert person_of_token(secret) is None
    assert world.actor("east_rep").person_id is None
    assert authenticate(RequestFactory().post("/"), username="east_rep", password=PASSWORD) is None


def test_after_coming_back_old_sessions_tokens_and_passwords_stay_dead(world: World) -> None:
    client = world.client("east_rep")
    _, secret = issue_token(world.actor("east_rep"), "script")
    disable_person(SYSTEM, world.id("east_rep"))
    enable_person(world.actor("administrator"), world.id("east_rep"), "a-fresh-start-99")
    assert client.get("/account/password/change/").status_code == 302
    assert person_of_token(secret) is None
    assert authenticate(RequestFactory().post("/"), username="east_rep", password=PASSWORD) is None
    back = authenticate(RequestFactory().post("/"), username="east_rep", password="a-fresh-start-99")
    assert back == world.person("east_rep")
    assert world.person("east_rep").left_on is None


def test_the_team_and_the_departments_go_to_the_successor(world: World) -> None:
    disable_person(SYSTEM, world.id("east_manager"), world.id("south_manager"))
    for key in ("east_rep", "east_peer", "shanghai_lead"):
        assert world.person(key).manager_id == world.id("south_manager")
    assert world.department("east").head_id == world.id("south_manager")
    assert world.actor("south_manager").sight.sees_person(world.id("shanghai_rep"))
    assert JournalEntry.objects.get(kind="org.PersonLeft", data__successor_id=world.id("south_manager"))


def test_a_successor_out_of_the_team_rises_to_his_managers_place(world: World) -> None:
    disable_person(SYSTEM, world.id("east_manager"), world.id("shanghai_lead"))
    lead = world.person("shanghai_lead")
    assert lead.manager_id == world.id("director")
    assert world.person("east_rep").manager_id == lead.pk
    assert world.person("shanghai_rep").line_path.startswith(lead.line_path)


def test_without_a_successor_the_next_in_line_takes_the_team(world: World) -> None:
    disable_person(SYSTEM, world.id("east_manager"))
    assert world.person("east_rep").manager_id == world.id("director")
    assert world.department("east").head_id is None


def test_what_a_leaver_stood_in_for_ends(world: World, today: Any) -> None:
    delegate(SYSTEM, world.id("east_manager"), world.id("east_peer"), today, None)
    disable_person(SYSTEM, world.id("east_manager"))
    assert not SightRow.objects.filter(viewer_id=world.id("east_peer"), person_id=world.id("east_rep")).exists()


@pytest.mark.parametrize(
    ("leaver", "successor"), [("administrator", None), ("east_rep", "east_disabled"), ("east_rep", "east_rep")]
)
def test_who_cannot_leave_or_take_over_is_refused(world: World, leaver: str, successor: str | None) -> None:
    with pytest.raises(RuleBroken):
        disable_person(world.actor("administrator"), world.id(leaver), world.id(successor) if successor else None)
    assert world.person(leaver).is_active


def test_the_last_administrator_cannot_be_disabled_by_the_system_either(world: World) -> None:
    with pytest.raises(RuleBroken):
        disable_person(SYSTEM, world.id("administrator"))


def test_nobody_leaves_or_returns_twice(world: World) -> None:
    with pytest.raises(RuleBroken):
        disable_person(SYSTEM, world.id("east_disabled"))
    with pytest.raises(RuleBroken):
        enable_person(SYSTEM, world.id("east_rep"))


# --- the beginning


def test_a_company_is_set_up_once(db: None) -> None:
    company = set_up_company(SYSTEM, "甲公司", username="Admin", person="管理员", password="long-enough-42")
    assert company.administrator.username == "admin"
    assert set(company.roles) == {"director", "manager", "administrator", "rep", "promoter"}
    assert "org.manage_people" in company.roles["administrator"].capabilities
    with pytest.raises(RuleBroken):
        set_up_company(SYSTEM, "乙公司", username="admin2", person="管理员", password="long-enough-42")
