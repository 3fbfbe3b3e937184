"""An own field that is not for every role is shown nowhere to the others; what a role may only read it cannot write."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.fields import queries
from xiaocheng.foundation.fields.commands import FieldDraft, ViewDraft, add_field, edit_field, save_view
from xiaocheng.foundation.fields.conditions import ALL, Condition, Rule
from xiaocheng.foundation.fields.models import CustomField
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import delegate
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers import queries as seen
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.pipeline.commands import edit as edit_opportunity
from xiaocheng.selling.pipeline.models import Opportunity

from .addresses import addresses
from .rows import MONDAY, rows_of_the_outsider
from .test_markers import _read, shown_to

HIDDEN = "QX9HIDE"
CUSTOMER, CONTACT, DEAL = "customers.customer", "customers.contact", "pipeline.opportunity"
REP = "south_rep"


@dataclass
class Hidden:
    """Rows of a rep, and on each of them what only directors may know."""

    rows: dict[str, int]
    fields: dict[str, CustomField]  # by table
    choice: CustomField
    group: int
    view: int


@pytest.fixture
def hidden(world: World) -> Iterator[Hidden]:
    logging.disable(logging.WARNING)
    rows = rows_of_the_outsider(world)
    with clock.as_of(clock.instant(MONDAY, dt.time(20))):
        yield _hide(world, rows)
    logging.disable(logging.NOTSET)


def _hide(world: World, rows: dict[str, int]) -> Hidden:
    only = [world.role_ids["director"]]
    draft = FieldDraft(
        name=f"{HIDDEN}底价", section=f"{HIDDEN}分组", help=f"{HIDDEN}说明", is_filter=True, readers=only
    )
    fields = {table: add_field(SYSTEM, table, "text", draft) for table in (CUSTOMER, CONTACT, DEAL)}
    choice = add_field(
        SYSTEM, CUSTOMER, "one", FieldDraft(name=f"{HIDDEN}评级", is_filter=True, readers=only), options=[f"{HIDDEN}甲"]
    )
    [(code, _name)] = queries.choices(f"field.{choice.pk}")
    row = Customer.rows.get(pk=rows["customer"])
    own = {fields[CUSTOMER].key: f"{HIDDEN}一百万", choice.key: code}
    customers.edit(SYSTEM, row.pk, row.edit_version, custom=own)
    person = Contact.rows.get(pk=rows["contact"])
    customers.edit_contact(SYSTEM, person.pk, person.edit_version, custom={fields[CONTACT].key: f"{HIDDEN}爱钱"})
    deal = Opportunity.rows.get(pk=rows["opportunity"])
    edit_opportunity(SYSTEM, deal.pk, deal.edit_version, custom={fields[DEAL].key: f"{HIDDEN}八折"})
    director = world.actor("director")
    said = {fields[CUSTOMER].key: HIDDEN, choice.key: code, "tab": "all"}
    view = ViewDraft(
        name="大家的", audience="everybody", columns=["level", fields[CUSTOMER].key, choice.key],
        query="&".join(f"{key}={value}" for key, value in said.items()),
    )  # fmt: skip
    shared = save_view(director, "customers:list", view)
    rule = Rule(ALL, ((Condition(choice.key, "is", (code,)),), (Condition(fields[CUSTOMER].key, "has", (HIDDEN,)),)))
    group = customers.add_group(director, customers.GroupDraft(name="老客户", sharing="everybody", rule=rule))
    return Hidden(rows, fields, choice, group.pk, shared.pk)


@pytest.mark.once
@pytest.mark.parametrize("person", [REP, "south_manager"])
def test_it_is_shown_nowhere_to_other_roles(world: World, hidden: Hidden, person: str) -> None:
    assert shown_to(world.client(person), addresses(hidden.rows), hidden.rows, HIDDEN) == []


@pytest.mark.once
def test_the_crawler_finds_it_where_it_may_be_seen(world: World, hidden: Hidden) -> None:
    client, found = world.client("director"), addresses(hidden.rows)
    for part in ("/customers/", "/contacts/", "/opportunities/", "/api/v1/options", "/api/v1/fields", "/api/v1/views",
                 "/api/v1/groups", "/api/v1/customers", "/api/v1/contacts", "/api/v1/opportunities"):  # fmt: skip
        below = (address for address in found if address.path.startswith(part))
        assert any(shown_to(client, [address], hidden.rows, HIDDEN) for address in below), part


def test_it_is_not_found_by_filters_conditions_groups_or_the_import(world: World, hidden: Hidden) -> None:
    rep, client = world.actor(REP), world.client(REP)
    key, choice = hidden.fields[CUSTOMER].key, hidden.choice.key
    for asked in (f"{key}={HIDDEN}", f"{key}=nothing"):
        with pytest.raises(RuleBroken, match="不能按"):
            queries.narrowed(rep, CUSTOMER, seen.customers(rep), [asked])
        assert len(_names(client, f"/customers/?tab=all&{asked}")) == 3  # as if nothing had been asked
    group = seen.group(rep, hidden.group)
    assert seen.members(rep, group).count() == 0 and seen.members(world.actor("director"), group).count() == 1
    row = Customer.rows.get(pk=hidden.rows["customer"])
    assert group.pk not in {found.pk for found in seen.groups_with(rep, row)}
    assert group.pk in {found.pk for found in seen.groups_with(world.actor("director"), row)}
    assert seen.group_words(rep, group) == "一个已不存在或您看不到的字段 且 一个已不存在或您看不到的字段"
    with pytest.raises(RuleBroken):
        seen.preview(rep, Rule(ALL, ((Condition(choice, "filled"),),)))
    manager = world.actor("south_manager")
    with pytest.raises(RuleBroken):
        customers.add_group(
            manager, customers.GroupDraft(name="探", rule=Rule(ALL, ((Condition(key, "has", ("x",)),),)))
        )


def _names(client: Client, url: str) -> set[str]:
    return {row.name for row in client.get(url).context["page"].rows}


def test_a_shared_view_leaves_out_its_columns_and_filters(world: World, hidden: Hidden) -> None:
    for person, told in ((REP, False), ("south_manager", False), ("director", True)):
        client = world.client(person)
        [row] = [row for row in _ask(client, "GET", "/views").json() if row["id"] == hidden.view]
        assert (hidden.choice.key in row["columns"], hidden.choice.key in row["query"]) == (told, told)
        assert "tab=all" in row["query"] and "level" in row["columns"]
        page = client.get(f"/customers/?view={hidden.view}&tab=all").content.decode()
        assert (HIDDEN in page) == told
        if person != REP:  # who may not export
            file = _read(client.get(f"/customers/export/?view={hidden.view}&tab=all"))
            assert (HIDDEN.encode() in file) == told


def test_it_is_as_unknown_as_a_field_that_is_not_there_and_stays_when_others_save(world: World, hidden: Hidden) -> None:
    rep, client = world.actor(REP), world.client(REP)
    row = Customer.rows.get(pk=hidden.rows["customer"])
    before = dict(row.custom)
    with pytest.raises(RuleBroken, match="没有编号为"):
        customers.edit(rep, row.pk, row.edit_version, custom={hidden.fields[CUSTOMER].key: "x"})
    form = client.get(f"/customers/{row.pk}/edit/").context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    sent |= {"needs": "要快", "_version": str(row.edit_version)}
    assert client.post(f"/customers/{row.pk}/edit/", sent).status_code == 302
    row.refresh_from_db()
    assert row.needs == "要快" and row.custom == before
    told = [str(item) for item in timeline(CUSTOMER, row.pk)]
    assert any("限定角色的字段" in line for line in told) and not any(HIDDEN in line for line in told)
    stale = _ask(client, "PUT", f"/customers/{row.pk}", {"name": row.name, "version": 1, "custom": {}})
    assert stale.status_code == 409 and HIDDEN not in stale.content.decode()
    with pytest.raises(NotAllowed):
        queries.kept_fields(rep, CUSTOMER)


def test_new_rows_of_everybody_begin_with_its_default_and_nobody_is_asked_for_it_who_may_not(world: World) -> None:
    only = [world.role_ids["director"]]
    draft = FieldDraft(name="底价", is_required=True, default="未定", readers=only)
    base = add_field(SYSTEM, CUSTOMER, "text", draft)
    must = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="评语", is_required=True, writers=only))
    row = customers.register(world.actor("east_rep"), customers.CustomerDraft(name="甲公司", custom={}))
    assert row.custom == {base.key: "未定"}
    with pytest.raises(RuleBroken) as refusal:
        customers.register(world.actor("director"), customers.CustomerDraft(name="乙公司", custom={}))
    assert refusal.value.field == must.key


def test_what_a_role_may_only_read_is_shown_but_not_asked_for_and_refused(world: World) -> None:
    only = [world.role_ids["manager"]]
    rating = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="主管评语", writers=only))
    rep, client = world.actor("east_rep"), world.client("east_rep")
    row = customers.register(rep, customers.CustomerDraft(name="甲公司"))
    customers.edit(world.actor("east_manager"), row.pk, 1, custom={rating.key: "有潜力"})
    page = client.get(f"/customers/{row.pk}/?tab=profile").content.decode()
    assert "主管评语" in page and "有潜力" in page
    assert rating.key not in client.get(f"/customers/{row.pk}/edit/").context["form"].fields
    assert rating.key in world.client("east_manager").get(f"/customers/{row.pk}/edit/").context["form"].fields
    with pytest.raises(RuleBroken, match="您的角色不能修改「主管评语」") as refusal:
        customers.edit(rep, row.pk, 2, custom={rating.key: "一般"})
    assert refusal.value.field == rating.key
    customers.edit(rep, row.pk, 2, custom={rating.key: "有潜力"}, needs="快")  # as it stands
    [done] = customers.edit_many(rep, [customers.Edit(row.pk, {"custom": {rating.key: ""}})])
    assert "主管评语" in str(done.refusal)
    answer = _ask(client, "GET", f"/fields/{CUSTOMER}").json()
    [told] = [item for item in answer if item["is_custom"]]
    assert (told["may_change"], told["readers"], told["writers"]) == (False, [], only)
    assert Customer.rows.get(pk=row.pk).custom == {rating.key: "有潜力"}


def test_who_stands_in_for_somebody_sees_what_that_role_sees(world: World) -> None:
    field = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="底价", readers=[world.role_ids["director"]]))
    assert queries.custom_fields(world.actor("east_manager"), CUSTOMER) == []
    delegate(world.actor("director"), world.id("director"), world.id("east_manager"), clock.today(), clock.today())
    assert [item.key for item in queries.custom_fields(world.actor("east_manager"), CUSTOMER)] == [field.key]


def test_the_administrator_says_so_by_roles_and_keeps_what_he_does_not_see_himself(world: World) -> None:
    client, office = world.client("administrator"), world.actor("administrator")
    director, manager = world.role_ids["director"], world.role_ids["manager"]
    sent: dict[str, Any] = {"name": "底价", "kind": "text", "readers": [director], "writers": [manager]}
    refused = client.post(f"/fields/{CUSTOMER}/new/", sent)
    assert refused.status_code == 422 and "能修改的角色也要能看到" in str(refused.context["form"].errors["writers"])
    assert client.post(f"/fields/{CUSTOMER}/new/", {**sent, "readers": [director, manager]}).status_code == 302
    [item] = queries.kept_fields(office, CUSTOMER)
    assert (item.readers, item.writers) == ({director, manager}, {manager})
    assert queries.custom_fields(office, CUSTOMER) == []
    assert "底价" in (page := client.get("/fields/").content.decode()) and "限定角色" in page
    form = client.get(f"/fields/{item.key[1:]}/edit/").context["form"]
    assert form.initial["readers"] == [director, manager]
    assert [field["name"] for field in _ask(client, "GET", f"/fields/{CUSTOMER}?archived=true").json()][-1] == "底价"
    with pytest.raises(RuleBroken, match="角色"):
        edit_field(office, int(item.key[1:]), 1, FieldDraft(name="底价", readers=[999_999]))
    edit_field(office, int(item.key[1:]), 1, FieldDraft(name="底价"))
    assert [found.key for found in queries.custom_fields(world.actor("east_rep"), CUSTOMER)] == [item.key]


def _ask(client: Client, method: str, path: str, body: object = None) -> Any:
    return client.generic(method, f"/api/v1{path}", json.dumps(body) if body is not None else "", "application/json")
