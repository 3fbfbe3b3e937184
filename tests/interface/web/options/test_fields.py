"""The company's own fields on pages: kept by the administrator, asked for in forms, shown, filtered by, taken in."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.interface.web.imports.conftest import Visitor
from tests.world import World
from xiaocheng.foundation.fields import queries
from xiaocheng.foundation.fields.commands import FieldDraft, add_field
from xiaocheng.foundation.fields.tables import KINDS
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.commands import CustomerDraft, register, standard_pool
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity

CUSTOMER = "customers.customer"
TYPED = {
    "text": "三号仓",
    "long_text": "第一行\n<b>第二行</b>",
    "whole": "1200",
    "decimal": "12.50",
    "money": "1.25万",
    "date": "2026-03-02",
    "yes_no": "0",
    "phone": "021-5555 8888",
    "email": "a@b.cn",
    "url": "example.com",
}


def test_the_administrator_keeps_the_fields(world: World) -> None:
    client = world.client("administrator")
    sent = {"name": "产线", "kind": "one", "options": "一号线\n二号线\n", "is_filter": "on"}
    assert client.post("/fields/customers.customer/new/", sent).status_code == 302
    again = client.post("/fields/customers.customer/new/", sent)
    assert (again.status_code, "还没有的字段名称" in again.content.decode()) == (422, True)
    client.post("/fields/customers.customer/new/", {"name": "车队", "kind": "whole"})
    one, two = (item.key[1:] for item in queries.custom_fields(SYSTEM, CUSTOMER))
    page = client.get("/fields/").content.decode()
    assert page.index("产线") < page.index("车队")
    client.post(f"/fields/{two}/up/")
    page = client.get("/fields/").content.decode()
    assert page.index("产线") > page.index("车队")
    assert "一号线" in client.get("/options/").content.decode()
    edit = {"name": "车队规模", "is_active": "on", "default": "5", "_version": "1"}
    assert client.post(f"/fields/{two}/edit/", edit).status_code == 302
    assert client.post(f"/fields/{two}/edit/", edit).status_code == 409
    assert client.post(f"/fields/{two}/edit/", {**edit, "default": "x", "_version": "2"}).status_code == 422
    assert 'value="5"' in client.get(f"/fields/{two}/edit/").content.decode()
    assert client.post(f"/fields/{one}/remove/").status_code == 302
    assert [item.name for item in queries.custom_fields(SYSTEM, CUSTOMER)] == ["车队规模"]
    assert client.get("/fields/no.such/new/").status_code == 404
    assert client.get(f"/fields/{one}/edit/").status_code == 404
    assert world.client("director").get("/fields/").status_code == 403


def test_every_kind_is_asked_for_kept_shown_and_changed(world: World) -> None:
    client = world.client("east_rep")
    keys = {kind: add_field(SYSTEM, CUSTOMER, kind, FieldDraft(name=f"某{kind}")).key for kind in TYPED}
    several = add_field(SYSTEM, CUSTOMER, "several", FieldDraft(name="设备"), options=["车床", "铣床", "磨床"])
    one = add_field(SYSTEM, CUSTOMER, "one", FieldDraft(name="产线", section="生产"), options=["一号线"])
    assert {*keys, "several", "one"} == {*KINDS}
    codes = {name: code for row in (several, one) for code, name in queries.choices(f"field.{row.pk}")}
    form = client.get("/customers/new/").content.decode()
    assert "生产" in form and "某money" in form
    typed = {keys[kind]: value for kind, value in TYPED.items()}
    typed |= {several.key: [codes["车床"], codes["磨床"]], one.key: codes["一号线"]}
    base = {"name": "甲公司", "source": "referral", "kind": "end"}
    bad = client.post("/customers/new/", {**base, **typed, keys["url"]: "ftp://x"})
    assert (bad.status_code, "网址格式不对" in bad.content.decode()) == (422, True)
    assert client.post("/customers/new/", {**base, **typed}).status_code == 302
    row = Customer.objects.visible_to(SYSTEM).latest("pk")
    assert row.custom[keys["money"]] == 125_000_000 and row.custom[keys["yes_no"]] == 0
    page = client.get(f"/customers/{row.pk}/?tab=profile").content.decode()
    for words in ("三号仓", "1,200", "12.5", "12,500.00", "03-02", "否", "tel:021-5555 8888", "https://example.com",
                  "车床、磨床", "一号线", "&lt;b&gt;第二行"):  # fmt: skip
        assert words in page, words
    edit = client.get(f"/customers/{row.pk}/edit/").content.decode()
    assert 'value="12500"' in edit and 'value="12.5"' in edit and 'value="2026-03-02"' in edit
    changed = {**base, **typed, "stage": "prospect", keys["whole"]: "1300", "_version": "1"}
    assert client.post(f"/customers/{row.pk}/edit/", changed).status_code == 302
    conflict = client.post(f"/customers/{row.pk}/edit/", {**changed, keys["whole"]: "1400"})
    assert conflict.status_code == 409 and "1300" in conflict.content.decode()


def test_lists_are_filtered_by_own_fields_but_never_by_what_a_pool_hides(world: World) -> None:
    field = add_field(SYSTEM, CUSTOMER, "text", FieldDraft(name="口令", is_filter=True))
    since = add_field(SYSTEM, CUSTOMER, "date", FieldDraft(name="投产日", is_filter=True))
    both = {field.key: "芝麻开门", since.key: "2026-02-01"}
    register(world.actor("east_rep"), CustomerDraft(name="自家", custom=both))
    register(SYSTEM, CustomerDraft(name="公海里的", custom=both, pool_id=standard_pool("public").pk))
    client = world.client("east_rep")
    assert "口令" in client.get("/customers/?filter=open").content.decode()
    for asked in (f"{field.key}=芝麻", f"{since.key}_from=2026-01-01", f"{since.key}_to=2026-02-01"):
        page = client.get(f"/customers/?tab=all&{asked}").content.decode()
        assert ("自家" in page, "公海里的" in page) == (True, False), asked
    assert "自家" not in client.get(f"/customers/?{since.key}_from=2026-02-02").content.decode()
    assert "没有符合" in client.get(f"/customers/?{since.key}_from=never").content.decode()


def test_an_opportunity_shows_its_own_fields(world: World) -> None:
    install_template(SYSTEM, "standard")
    fee = add_field(
        SYSTEM, "pipeline.opportunity", "money", FieldDraft(name="服务费", is_required=True, is_filter=True)
    )
    deal = open_opportunity(world.actor("east_rep"), OpportunityDraft(name="一单", custom={fee.key: "100"}))
    client = world.client("east_rep")
    assert "服务费" in client.get(f"/opportunities/{deal.pk}/").content.decode()
    assert "服务费" not in client.get(f"/opportunities/{deal.pk}/needs/").content.decode()
    sent = {"name": "一单", "_version": "1"}
    assert client.post(f"/opportunities/{deal.pk}/edit/", sent).status_code == 422
    assert client.post(f"/opportunities/{deal.pk}/edit/", {**sent, fee.key: "80"}).status_code == 302
    assert "一单" in client.get(f"/opportunities/?{fee.key}_to=80").content.decode()


def test_an_import_finds_the_columns_of_own_fields_by_their_names(
    world: World, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")  # type: ignore[operator]
    area = add_field(SYSTEM, CUSTOMER, "decimal", FieldDraft(name="厂房面积", name_en="Floor area", is_required=True))
    line = add_field(SYSTEM, CUSTOMER, "one", FieldDraft(name="产线"), options=["一号线"])
    tools = add_field(SYSTEM, CUSTOMER, "several", FieldDraft(name="设备"), options=["车床", "铣床"])
    clerk = Visitor(world.client("administrator"))
    text = "客户名称,Floor Area,产线,设备\n甲公司,12.5,一号线,车床、铣床\n乙公司,,三号线,\n丙公司,1,,刨床\n"
    at = clerk.confirm(clerk.upload("客户.csv", text)["Location"])
    assert "三号线" in clerk.client.get(at).content.decode()
    at = clerk.confirm(at)
    assert "没有选项「刨床」" in clerk.press(f"{at}check/")
    assert "已完成" in clerk.press(f"{at}run-good/")
    codes = {name: code for row in (line, tools) for code, name in queries.choices(f"field.{row.pk}")}
    kept = dict(Customer.objects.visible_to(SYSTEM).values_list("name", "custom"))
    own = {area.key: 125_000, line.key: codes["一号线"], tools.key: [codes["车床"], codes["铣床"]]}
    assert kept == {"甲公司": own, "乙公司": {line.key: codes["三号线"]}}


def test_what_may_not_repeat_is_said_at_the_field_on_pages_and_over_the_api(world: World) -> None:
    office, client = world.client("administrator"), world.client("east_rep")
    said = {"name": "设备编号", "kind": "text", "is_unique": "on"}
    assert office.post("/fields/customers.customer/new/", said).status_code == 302
    [item] = queries.custom_fields(SYSTEM, CUSTOMER)
    assert "文字 · 不能重复" in office.get("/fields/").content.decode()
    first = register(world.actor("east_rep"), CustomerDraft(name="甲公司", custom={item.key: "A"}))
    base = {"name": "乙公司", "source": "referral", "kind": "end", item.key: "a"}
    answer = client.post("/customers/new/", base)
    assert answer.status_code == 422
    assert answer.context["form"].errors[item.key] == ["「设备编号」不能重复:「甲公司」已经是「a」。"]
    second = register(world.actor("east_rep"), CustomerDraft(name="丙公司"))
    answer = client.post(f"/customers/{second.pk}/edit/", {**base, "stage": "prospect", "_version": "1"})
    assert answer.status_code == 422 and item.key in answer.context["form"].errors
    edit = {"name": "设备编号", "is_active": "on", "_version": "1"}
    assert office.post(f"/fields/{item.key[1:]}/edit/", edit).status_code == 302
    client.post("/customers/new/", base)
    refused = office.post(f"/fields/{item.key[1:]}/edit/", {**edit, "is_unique": "on", "_version": "2"})
    assert refused.status_code == 422
    assert "1 个值重复,涉及 2 条记录" in str(refused.context["form"].errors["is_unique"])
    assert first.custom == {item.key: "A"}


def test_what_is_searched_is_said_in_the_form_and_refused_for_other_kinds(world: World) -> None:
    office = world.client("administrator")
    sent = {"name": "设备型号", "kind": "text", "is_searched": "on"}
    refused = office.post("/fields/customers.customer/new/", {**sent, "kind": "whole"})
    assert refused.status_code == 422 and refused.context["form"].errors["is_searched"] == [
        "只有文字类型可以用来搜索。"
    ]
    assert office.post("/fields/customers.customer/new/", sent).status_code == 302
    assert "文字 · 可搜索" in office.get("/fields/").content.decode()
    other = add_field(SYSTEM, CUSTOMER, "one", FieldDraft(name="产线"), options=["一号线"])
    asked = office.get(f"/fields/{other.pk}/edit/").context["form"].fields
    assert not {"is_unique", "is_searched"} & asked.keys()  # such a field cannot be
    assert (
        office.post(f"/fields/{other.pk}/edit/", {"name": "线", "is_active": "on", "_version": "1"}).status_code == 302
    )
    item = queries.custom_fields(SYSTEM, CUSTOMER)[0]
    assert world.client("east_rep").get("/api/v1/fields/customers.customer").json()[-2]["is_searched"] is True
    register(world.actor("east_rep"), CustomerDraft(name="甲公司", custom={item.key: "激光"}))
    assert "甲公司" in world.client("east_rep").get("/customers/?q=激光").content.decode()
