"""Lists as people want them: columns, order, filters, search; kept for oneself or for others."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.caches import remember_for_long
from tests.world import World
from xiaocheng.foundation.fields import commands, queries
from xiaocheng.foundation.fields.commands import FieldDraft, ViewDraft, add_field
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, add_contact, register, standard_pool
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity

LIST, CUSTOMER = "customers:list", "customers.customer"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.content.decode()


def heads(shown: str) -> list[str]:
    """The headings of the table."""
    parts = shown.partition("<thead")[2].partition("</thead>")[0].split("<th")[1:]
    words = [part.partition(">")[2].partition("</th>")[0] for part in parts]
    return [
        word.partition(">")[2].partition("<")[0] if "<a" in word else word for word in words if "<input" not in word
    ]


def test_a_person_keeps_columns_filters_and_order_and_exports_just_that(world: World, tmp_path: Path) -> None:
    lines = add_field(SYSTEM, CUSTOMER, "decimal", FieldDraft(name="产能", is_filter=True))
    tools = add_field(SYSTEM, CUSTOMER, "several", FieldDraft(name="设备"), options=["车床", "铣床"])
    office, rep = world.actor("administrator"), world.actor("east_rep")
    codes = [code for code, _name in queries.choices(f"field.{tools.pk}")]
    register(
        rep, CustomerDraft(name="甲公司", level="A", industry="medical", custom={lines.key: "2.5", tools.key: codes})
    )
    register(rep, CustomerDraft(name="乙公司", level="B", custom={lines.key: "9"}))
    client = world.client("administrator")
    form = client.get(f"/views/new/?list={LIST}&level=A&at=xyz")
    places = {form.context["form"].places[name]: name for name in form.context["form"].places}
    assert {"level", "owner", "industry", lines.key, tools.key} <= set(places)
    sent = {
        "name": "A 级产能",
        "audience": "me",
        places[lines.key]: "2",
        places[tools.key]: "1",
        places["industry"]: "3",
    }
    answer = client.post(f"/views/new/?list={LIST}&level=A&at=xyz", sent)
    assert answer.status_code == 302
    [view] = queries.views_of_list(office, LIST)
    assert (view.query, view.columns) == ("level=A", [tools.key, lines.key, "industry"])
    assert answer["Location"] == f"/customers/?level=A&view={view.pk}"
    shown = page(client, answer["Location"])
    assert heads(shown) == ["客户名称", "设备", "产能", "行业"]
    assert "车床、铣床" in shown and "医疗健康" in shown and "乙公司" not in shown and "A 级产能" in shown
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(client.get(f"/customers/export/?level=A&view={view.pk}").streaming_content))  # type: ignore[attr-defined]
    sheet = read_file(file, tmp_path / "spool", "out.xlsx")[0]
    assert sheet.header == ["客户名称", "设备", "产能", "行业"]
    assert [row for _number, row in sheet.rows()] == [["甲公司", "车床、铣床", 2.5, "医疗健康"]]
    assert heads(page(client, "/customers/?view=0"))[1] == "级别"
    edit = client.get(f"/views/{view.pk}/edit/?list={LIST}&view={view.pk}&level=B").content.decode()
    assert 'value="A 级产能"' in edit
    changed = {"name": "产能", "audience": "me", "opens": "on", places[lines.key]: "1", "_version": "1"}
    assert client.post(f"/views/{view.pk}/edit/?list={LIST}&level=B", changed).status_code == 302
    assert client.post(f"/views/{view.pk}/edit/?list={LIST}&level=B", changed).status_code == 409
    assert client.get("/customers/")["Location"] == f"/customers/?level=B&view={view.pk}"
    assert client.post(f"/views/{view.pk}/default/").status_code == 302
    assert client.get("/customers/").status_code == 200
    assert client.get("/views/new/?list=admin:people").status_code == 404
    assert world.client("director").get(f"/views/{view.pk}/edit/?list={LIST}").status_code == 404
    assert client.post(f"/views/{view.pk}/remove/").status_code == 302
    assert client.get(f"/customers/?view={view.pk}").status_code == 200


def test_a_shared_view_shows_everybody_only_what_he_may_see(world: World) -> None:
    secret = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="口令"))
    wire = add_field(SYSTEM, CUSTOMER, "phone", FieldDraft(name="专线"))
    for owner, name in (("east_rep", "东家"), ("south_rep", "南家")):
        register(world.actor(owner), CustomerDraft(name=name, custom={secret.key: f"芝麻{name}"}))
    register(SYSTEM, CustomerDraft(name="公海家", custom={secret.key: "芝麻公海"}, pool_id=standard_pool("public").pk))
    manager = world.actor("east_manager")
    draft = ViewDraft(name="口令表", query="tab=all", columns=[secret.key, wire.key, "gone"], audience="everybody")
    view = commands.save_view(manager, LIST, draft)
    with pytest.raises(NotAllowed):
        commands.save_view(world.actor("east_rep"), LIST, draft)
    shown = page(world.client("east_rep"), f"/customers/?tab=all&view={view.pk}")
    assert "芝麻东家" in shown and "公海家" in shown and "芝麻公海" not in shown and "南家" not in shown
    assert heads(shown) == ["客户名称", "口令", "专线"]
    own = commands.save_view(manager, LIST, ViewDraft(name="自用"))
    unit = commands.save_view(manager, LIST, ViewDraft(name="部门的", audience="department"))
    role = commands.save_view(manager, LIST, ViewDraft(name="经理的", audience="role"))

    def sees(person: str) -> set[int]:
        return {row.pk for row in queries.views_of_list(world.actor(person), LIST)} - {view.pk}

    assert sees("east_manager") == {own.pk, unit.pk, role.pk}
    assert sees("east_rep") == ({unit.pk} if world.person("east_rep").department_id == manager.department_id else set())
    assert role.pk in sees("south_manager") and own.pk not in sees("director")
    with pytest.raises(NotFound):
        commands.edit_view(world.actor("east_rep"), view.pk, 1, draft)
    with pytest.raises(NotFound):
        commands.open_with(world.actor("south_rep"), LIST, own.pk)
    with pytest.raises(RuleBroken):
        commands.save_view(manager, LIST, ViewDraft(name=" 自用 "))
    with pytest.raises(EditConflict):
        commands.edit_view(manager, own.pk, 5, ViewDraft(name="自用"))
    commands.remove_view(world.actor("administrator"), view.pk)  # a shared one


def test_contacts_and_opportunities_have_views_too_and_a_column_costs_no_statement(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_for_long(monkeypatch)
    install_template(SYSTEM, "standard")
    rep, client = world.actor("east_rep"), world.client("east_rep")
    tables = {"contacts": "customers.contact", "opportunities": "pipeline.opportunity", "customers": CUSTOMER}
    lists = {"contacts": "customers:contacts", "opportunities": "pipeline:list", "customers": LIST}
    own = {path: [add_field(SYSTEM, key, "text", FieldDraft(name=f"列{n}")).key for n in range(6)]
           for path, key in tables.items()}  # fmt: skip
    for number in range(4):
        said = {path: dict.fromkeys(keys, f"值{path}") for path, keys in own.items()}
        pk = register(rep, CustomerDraft(name=f"第{number}家", custom=said["customers"])).pk
        add_contact(rep, ContactDraft(customer_id=pk, name=f"王{number}", custom=said["contacts"]))
        open_opportunity(rep, OpportunityDraft(name=f"单{number}", customer_id=pk, custom=said["opportunities"]))
    views = {path: commands.save_view(rep, lists[path], ViewDraft(name="全列", columns=own[path])) for path in tables}
    for path, view in views.items():
        page(client, f"/{path}/?view=0")
        with CaptureQueriesContext(connection) as plain:
            page(client, f"/{path}/?view=0")
        with CaptureQueriesContext(connection) as wide:
            shown = page(client, f"/{path}/?{urlencode({'view': view.pk})}")
        assert len(wide) == len(plain)
        assert shown.count(f"值{path}") == 24 and heads(shown)[1:] == [f"列{n}" for n in range(6)]
