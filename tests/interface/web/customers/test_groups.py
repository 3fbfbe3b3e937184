"""Groups in a browser's eyes."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.fields.conditions import ALL, Condition, Rule
from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import CustomerDraft, GroupDraft
from xiaocheng.selling.customers.imports import check_customers, write_customers
from xiaocheng.selling.customers.models import Customer, CustomerGroup
from xiaocheng.selling.fieldwork.commands import VisitResult, check_in, record_result

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
RULE = {
    "match": "all",
    "lines-TOTAL_FORMS": "4",
    "lines-INITIAL_FORMS": "0",
    "lines-0-what": "level:is",
    "lines-0-answers": ["A", "B"],
    "lines-2-what": "last_contact_at:older",  # line 1 was taken away again
    "lines-2-answers": "30",
    "lines-3-what": "stage:is",
    "lines-3-answers": ["lost"],
    "lines-3-joined": "on",
}
WORDS = "级别是 A 级 或 B 级 且 (30 天没有联系 或 阶段是 流失客户)"


@pytest.fixture
def customer(world: World) -> Customer:
    return commands.register(
        world.actor("east_rep"), CustomerDraft(name="东方机械", level="A", habits="只在下午接电话")
    )


def body(world: World, who: str, url: str, **headers: str) -> str:
    answer = world.client(who).get(url, headers=headers)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_a_rule_is_shown_in_words_with_its_customers_before_it_is_saved_and_can_be_changed(
    world: World, customer: Customer
) -> None:
    client = world.client("east_rep")
    shown = client.post("/groups/preview/", RULE).content.decode()
    assert WORDS in shown and "1 位客户" in shown and "东方机械" in shown
    assert "至少设一个条件" in client.post("/groups/preview/", {}).content.decode()
    answer = client.post(
        "/groups/new/rule/", {**RULE, "name": "冷落的重点", "sharing": "private", "planned_visits": "2"}
    )
    group = CustomerGroup.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/groups/{group.pk}/")
    page = body(world, "east_rep", f"/groups/{group.pk}/")
    assert WORDS in page and "东方机械" in page and "拜访 2 次" in page and "移出分组" not in page
    assert WORDS in body(world, "east_rep", "/groups/")
    form = body(world, "east_rep", f"/groups/{group.pk}/edit/rule/")
    assert 'value="B"' in form and "checked" in form and 'value="30"' in form
    wrong = client.post(
        f"/groups/{group.pk}/edit/rule/", {**RULE, "lines-2-answers": "viele", "name": "x", "sharing": "private"}
    )
    assert wrong.status_code == 422 and "值不对" in wrong.content.decode()


def test_the_value_of_a_condition_is_asked_for_as_its_test_needs_it(world: World) -> None:
    for what, looks in {
        "level:is": "checkbox",
        "last_contact_at:older": "numeric",
        "registered_at:during": "<select",
    }.items():
        shown = body(world, "east_rep", f"/groups/condition/?prefix=lines-7&lines-7-what={what}")
        assert looks in shown and "lines-7-answers" in shown, what
    assert "lines-7" not in body(world, "east_rep", "/groups/condition/?prefix=lines-7&lines-7-what=level:empty")


def test_customers_join_and_leave_a_group_from_the_list_and_from_their_page(world: World, customer: Customer) -> None:
    client = world.client("east_rep")
    client.post("/groups/new/", {"name": "老朋友", "sharing": "private", "strategy": "每季度拜访,不谈价格"})
    group = CustomerGroup.objects.get()
    assert 'formaction="/groups/add/"' in body(world, "east_rep", "/customers/")
    assert "已选 1 位客户" in body(world, "east_rep", f"/groups/add/?ids={customer.pk}")
    client.post(f"/groups/add/?ids={customer.pk}", {"ids": str(customer.pk), "group_id": group.pk})
    page = body(world, "east_rep", f"/customers/{customer.pk}/")
    assert "老朋友" in page and "每季度拜访,不谈价格" in page and "只在下午接电话" in page
    assert "东方机械" in body(world, "east_rep", f"/customers/?group={group.pk}")
    assert "东方机械" in body(world, "east_rep", f"/groups/{group.pk}/?q=dongfang")
    assert "老朋友" not in body(world, "director", f"/customers/{customer.pk}/")
    assert world.client("director").get(f"/groups/{group.pk}/").status_code == 404
    client.post(f"/groups/remove/?group={group.pk}", {"ids": [customer.pk]})
    assert "东方机械" not in body(world, "east_rep", f"/groups/{group.pk}/")
    assert client.post(f"/groups/{group.pk}/drop/")["Location"] == "/groups/"


def test_planned_and_actual_time_stand_side_by_side(world: World, customer: Customer) -> None:
    rep = world.actor("east_rep")
    now = clock.now()
    with clock.as_of(now.replace(hour=2, minute=0)):
        visit = check_in(rep, customer_id=customer.pk)
    with clock.as_of(now.replace(hour=3, minute=30)):
        record_result(rep, visit.pk, visit.edit_version, VisitResult(outcome="met_decider", result="need"))
    rule = Rule(ALL, ((Condition("level", "is", ("A",)),),))
    draft = GroupDraft(name="A 级", sharing="everybody", rule=rule, planned_hours=2, planned_visits=1)  # type: ignore[arg-type]
    group = commands.add_group(world.actor("director"), draft)
    with clock.as_of(now.replace(hour=4)):
        assert "本月已用 1.5 小时,拜访 1 次" in body(world, "east_rep", f"/customers/{customer.pk}/")
        shown = body(world, "east_manager", f"/groups/{group.pk}/", **PARTIAL, **{"HX-Target": "div#figures"})
        assert "1.5 小时" in shown and "计划 2 小时" in shown and "拜访 1 / 1 次" in shown
        assert "0 小时" in body(world, "south_rep", f"/groups/{group.pk}/", **PARTIAL, **{"HX-Target": "div#figures"})


def test_points_to_note_stand_where_one_serves_the_customer(world: World, customer: Customer) -> None:
    rep = world.actor("east_rep")
    visit = check_in(rep, customer_id=customer.pk)
    assert "只在下午接电话" in body(world, "east_rep", f"/visits/{visit.pk}/")
    assert "只在下午接电话" in body(world, "east_rep", f"/visits/{visit.pk}/result/")
    commands.release(rep, customer.pk, "no_need")  # from now on its details are nobody's
    assert "只在下午接电话" not in body(world, "east_rep", f"/visits/{visit.pk}/")
    assert queries.to_note(rep, [customer.pk]) == {}


def test_a_column_of_a_file_puts_customers_into_groups(world: World) -> None:
    manager = world.actor("east_manager")
    for name in ("集团客户", "老朋友"):
        commands.add_group(manager, GroupDraft(name=name))
    empty = dict.fromkeys(
        (
            "owner",
            "phone",
            "stage",
            "kind",
            "is_person",
            "level",
            "source",
            "channel",
            "region",
            "industry",
            "background",
        )
    )
    rows = [
        {**empty, "name": "东方机械", "groups": "集团客户、老朋友"},
        {**empty, "name": "南方机械", "groups": "没有的"},
    ]
    rows = [
        {key: value for key, value in row.items() if value is not None or key in {"owner", "phone", "is_person"}}
        for row in rows
    ]
    good, bad = check_customers(manager, rows, {})
    assert good is None and "没有的" in str(bad)
    (done,) = write_customers(manager, rows[:1], {})
    row = queries.customers(world.actor("director")).get(pk=done.row_id)
    assert [item.name for item in queries.groups_with(manager, row)] == ["集团客户", "老朋友"]
