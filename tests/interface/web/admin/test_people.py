"""The administrator's pages about people, departments and roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.world import PASSWORD, World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org.commands import delegate, issue_token, lend, mentor, set_headcount
from xiaocheng.foundation.org.models import Delegation, Department, HeadcountPlan, Lending, Mentorship, Person, Role
from xiaocheng.foundation.org.queries import person_of_token
from xiaocheng.interface.web.admin.people import spoken_password, words


@pytest.fixture
def admin(world: World) -> Client:
    return world.client("administrator")


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def send(client: Client, path: str, **values: Any) -> str:
    """Send a form that must succeed; where it leads."""
    answer = client.post(path, values)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def refused(client: Client, path: str, **values: Any) -> str:
    """Send a form that must be refused; the page that says why."""
    answer = client.post(path, values)
    assert answer.status_code == 422
    return answer.content.decode()


def new_person(world: World, **values: Any) -> dict[str, Any]:
    given = {
        "name": "何新人", "username": "newcomer", "role": world.role_ids["rep"],
        "department": world.department_ids["south"], "manager": world.id("south_manager"),
        "password": "brand-new-word-1", "skills": "谈判、英语,谈判",
    }  # fmt: skip
    return {**given, **values}


# --- people


def test_the_list_shows_who_works_here_and_finds_by_pinyin(world: World, admin: Client) -> None:
    page = text(admin, "/company/people/")
    assert "张三" in page
    assert "郑停用" not in page
    found = text(admin, "/company/people/?q=zhangsan")
    assert "张三" in found
    assert "钱外人" not in found
    assert "郑停用" in text(admin, "/company/people/?tab=gone")
    rows = text(admin, f"/company/people/?department={world.department_ids['south']}")
    assert "钱外人" in rows
    assert "张三" not in rows


def test_a_newcomer_signs_in_with_the_password_that_was_told(world: World, admin: Client) -> None:
    where = send(admin, "/company/people/new/", **new_person(world))
    person = Person.objects.get(username="newcomer")
    assert where == f"/company/people/{person.pk}/"
    assert person.skills == ["谈判", "英语"]
    assert Client().login(username="newcomer", password="brand-new-word-1")


@pytest.mark.parametrize(
    ("values", "words_shown"),
    [
        ({"username": "east_rep"}, "已被使用"),
        ({"name": ""}, "id_name_error"),
        ({"password": "short"}, "id_password_error"),
        ({"role": "999999"}, "id_role_error"),
        ({"department": "x"}, "id_department_error"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    world: World, admin: Client, values: dict[str, Any], words_shown: str
) -> None:
    assert words_shown in refused(admin, "/company/people/new/", **new_person(world, **values))
    assert not Person.objects.filter(username="newcomer").exists()


def test_sending_the_same_form_twice_adds_one_person(world: World, admin: Client) -> None:
    for _ in range(2):
        send(admin, "/company/people/new/", **new_person(world), _key="same")
    assert Person.objects.filter(username="newcomer").count() == 1


def test_a_person_is_edited_and_a_stale_edit_shows_both_texts(world: World, admin: Client) -> None:
    path = f"/company/people/{world.id('east_rep')}/edit/"
    values = {"name": "张叁", "username": "east_rep", "role": world.role_ids["rep"]}
    send(admin, path, **values, _version=1)
    assert world.person("east_rep").name == "张叁"
    answer = admin.post(path, {**values, "name": "张肆", "_version": 1})
    assert answer.status_code == 409
    assert "张叁" in answer.content.decode()
    assert world.person("east_rep").name == "张叁"


def test_a_person_is_moved(world: World, admin: Client) -> None:
    send(
        admin,
        f"/company/people/{world.id('east_rep')}/move/",
        department=world.department_ids["south"],
        manager=world.id("south_manager"),
    )
    assert world.person("east_rep").manager_id == world.id("south_manager")
    page = refused(
        admin,
        f"/company/people/{world.id('east_manager')}/move/",
        department=world.department_ids["east"],
        manager=world.id("shanghai_rep"),
    )
    assert "id_manager_error" in page


def test_a_password_is_reset(world: World, admin: Client) -> None:
    send(admin, f"/company/people/{world.id('east_rep')}/password/", password="fresh-word-77")
    assert Client().login(username="east_rep", password="fresh-word-77")
    assert not Client().login(username="east_rep", password=PASSWORD)


def test_leaving_ends_the_session_at_once_and_coming_back_opens_the_door_again(world: World, admin: Client) -> None:
    browser = world.client("east_manager")
    path = f"/company/people/{world.id('east_manager')}"
    send(admin, f"{path}/disable/", successor=world.id("shanghai_lead"))
    assert browser.get("/me/").status_code == 302
    assert world.person("east_rep").manager_id == world.id("shanghai_lead")
    assert "重新启用" in text(admin, f"{path}/")
    send(admin, f"{path}/enable/", password="welcome-back-5")
    assert browser.get("/me/").status_code == 302
    assert Client().login(username="east_manager", password="welcome-back-5")


def test_nobody_disables_himself(world: World, admin: Client) -> None:
    assert "不能停用自己" in refused(admin, f"/company/people/{world.id('administrator')}/disable/")


def test_the_page_of_a_person_shows_what_is_arranged_and_what_happened(world: World, admin: Client) -> None:
    actor, today = world.actor("administrator"), clock.today()
    rep, peer = world.id("east_rep"), world.id("east_peer")
    delegate(actor, rep, peer, today, None, "休假")
    lend(actor, rep, world.department_ids["south"], today, today)
    mentor(actor, rep, world.id("shanghai_lead"), today, None, "产品知识")
    issue_token(world.actor("east_rep"), "报表脚本")
    page = text(admin, f"/company/people/{rep}/")
    for shown in ("赵六", "休假", "华南区", "周上海", "产品知识"):
        assert shown in page
    assert "报表脚本" in text(admin, f"/company/people/{rep}/?tab=tokens")
    story = text(admin, f"/company/people/{rep}/?tab=story")
    assert "添加人员 张三" in story
    assert "管小敏" in story


def test_arrangements_are_made_and_ended(world: World, admin: Client) -> None:
    path, today = f"/company/people/{world.id('east_rep')}", clock.today().isoformat()
    send(admin, f"{path}/deputy/", deputy=world.id("east_peer"), since=today, until="", reason="")
    send(admin, f"{path}/lend/", department=world.department_ids["south"], since=today, until=today)
    send(admin, f"{path}/mentor/", mentor=world.id("shanghai_lead"), since=today, aim="")
    assert not Lending.objects.get().is_credited
    for kind, model in (("delegation", Delegation), ("lending", Lending), ("mentorship", Mentorship)):
        send(admin, f"/company/arrangements/{kind}/{model.objects.get().pk}/end/")
        assert not model.objects.exists()
    assert admin.post("/company/arrangements/marriage/1/end/").status_code == 404
    yesterday = (clock.today() - dt.timedelta(days=1)).isoformat()
    assert "id_until_error" in refused(
        admin, f"{path}/deputy/", deputy=world.id("east_peer"), since=yesterday, until=yesterday
    )


def test_an_administrator_takes_a_token_back(world: World, admin: Client) -> None:
    token, secret = issue_token(world.actor("east_rep"), "脚本")
    send(admin, f"/company/people/{world.id('east_rep')}/tokens/{token.pk}/revoke/")
    assert person_of_token(secret) is None


# --- one's own


def test_everybody_arranges_his_own_deputy_and_nobody_elses(world: World) -> None:
    rep, peer = world.client("east_rep"), world.client("east_peer")
    send(rep, "/me/deputy/new/", deputy=world.id("east_peer"), since=clock.today().isoformat(), reason="出差")
    assert "赵六" in text(rep, "/me/deputy/")
    assert "张三" in text(peer, "/me/deputy/")
    end = f"/company/arrangements/delegation/{Delegation.objects.get().pk}/end/"
    assert end in text(rep, "/me/deputy/")
    assert end not in text(peer, "/me/deputy/")
    assert peer.post(end).status_code == 403
    send(rep, end)


def test_a_token_is_shown_once_and_taken_back(world: World) -> None:
    rep = world.client("east_rep")
    made = rep.post("/me/tokens/", {"name": "报表脚本"}).content.decode()
    secret = made.partition('value="xc_')[2].partition('"')[0]
    assert person_of_token(f"xc_{secret}") == world.person("east_rep")
    page = text(rep, "/me/tokens/")
    assert "报表脚本" in page
    assert secret not in page
    assert rep.post("/me/tokens/", {"name": ""}).status_code == 422
    assert rep.post("/me/tokens/", {"name": "   "}).status_code == 422
    token = world.person("east_rep").tokens.get()
    assert world.client("east_peer").post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    send(rep, f"/me/tokens/{token.pk}/revoke/")
    assert person_of_token(f"xc_{secret}") is None


# --- departments


def test_the_tree_shows_heads_and_vacancies(world: World, admin: Client) -> None:
    set_headcount(world.actor("administrator"), world.department_ids["south"], world.role_ids["rep"], 5)
    page = text(admin, "/company/departments/")
    assert "缺 2" in page
    assert "王华南" in page
    assert "没有负责人" not in page
    Department.objects.filter(pk=world.department_ids["south"]).update(head=None)
    assert "没有负责人" in text(admin, "/company/departments/")


def test_a_department_is_added_changed_and_closed(world: World, admin: Client) -> None:
    send(admin, "/company/departments/new/", name="北京组", parent=world.department_ids["east"])
    row = Department.objects.get(name="北京组")
    path = f"/company/departments/{row.pk}/edit/"
    send(
        admin,
        path,
        name="北京区",
        parent=world.department_ids["head_office"],
        is_region="on",
        is_active="on",
        _version=1,
    )
    row.refresh_from_db()
    assert (row.name, row.is_region, row.parent_id) == ("北京区", True, world.department_ids["head_office"])
    send(admin, path, name="北京区", parent=row.parent_id, _version=row.edit_version)
    assert "已停用" in text(admin, "/company/departments/")
    assert "id_is_active_error" in refused(
        admin,
        f"/company/departments/{world.department_ids['south']}/edit/",
        name="华南区",
        parent=world.department_ids["head_office"],
        _version=world.department("south").edit_version,
    )


def test_posts_are_planned_by_role(world: World, admin: Client) -> None:
    path = f"/company/departments/{world.department_ids['south']}/headcount/"
    role = world.role_ids["rep"]
    send(admin, path, **{f"role{role}": "4"})
    assert HeadcountPlan.objects.get().planned == 4
    assert "现有 1 人" in text(admin, path)
    assert f"id_role{role}_error" in refused(admin, path, **{f"role{role}": "-1"})


# --- roles


def test_a_role_is_made_of_ticked_capabilities(world: World, admin: Client) -> None:
    send(
        admin,
        "/company/roles/new/",
        name="大客户经理",
        may_org=["org.see_team"],
        signing_limit="5万",
        skills="谈判",
        duties="维护大客户",
    )
    role = Role.objects.get(name="大客户经理")
    assert (role.capabilities, role.signing_limit) == (["org.see_team"], 50_000)
    page = text(admin, "/company/roles/")
    assert "大客户经理" in page
    assert "5 万元" in page
    send(admin, f"/company/roles/{role.pk}/", name="大客户经理", _version=1)
    role.refresh_from_db()
    assert role.capabilities == []


def test_editing_a_role_without_touching_anything_changes_nothing(world: World, admin: Client) -> None:
    role = world.role("manager")
    page = text(admin, f"/company/roles/{role.pk}/")
    ticked = [
        part.partition('"')[0]
        for part in page.split('value="')[1:]
        if "checked" in part.partition(">")[0] and "." in part.partition('"')[0]
    ]
    assert sorted(ticked) == role.capabilities


def test_the_last_door_is_not_locked(world: World, admin: Client) -> None:
    role = world.role("administrator")
    assert "至少要有一位" in refused(admin, f"/company/roles/{role.pk}/", name=role.name, _version=1)


# --- small things


def test_a_password_that_is_told_is_strong_and_new_each_time() -> None:
    told = {spoken_password() for _ in range(50)}
    assert len(told) == 50
    assert all(len(word) == 19 for word in told)


def test_words_are_split_at_commas_of_any_kind() -> None:
    assert words("谈判、英语,  谈判;驾驶, ,") == ["谈判", "英语", "驾驶"]
    assert words("") == []
