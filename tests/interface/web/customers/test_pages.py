"""Customers are registered, read and changed on their pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import add_duty_site, set_duty
from xiaocheng.interface.web.shell import formats
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.first_contact import FirstContactRules
from xiaocheng.selling.customers.models import Contact, Customer
from xiaocheng.selling.fieldwork.commands import ContactDraft as Call
from xiaocheng.selling.fieldwork.commands import LineDraft, log_contact, plan_line
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity

TYPED = {"name": "杭州云栖网络有限公司", "source": "referral", "kind": "end"}


@pytest.fixture
def customer(world: World) -> Customer:
    row = commands.register(
        world.actor("east_rep"),
        CustomerDraft(name="甲乙丙公司", phone="13800138000", needs="要耐用的", source="hotline"),
    )
    commands.add_contact(world.actor("east_rep"), ContactDraft(customer_id=row.pk, name="刘先生", phone="13911112222"))
    return row


def body(world: World, who: str, url: str, status: int = 200) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_to_whom_it_is_only_opened_reads_head_and_contacts_but_not_the_others_deals(
    world: World, customer: Customer
) -> None:
    install_template(SYSTEM, "standard")
    open_opportunity(world.actor("east_rep"), OpportunityDraft(name="机密项目", customer_id=customer.pk))
    theirs = OpportunityDraft(name="合作项目", customer_id=customer.pk, owner_id=world.id("south_rep"))
    open_opportunity(world.actor("director"), theirs)
    page = f"/customers/{customer.pk}/"
    for tab in ("", "?tab=story", "?tab=profile"):
        shown = body(world, "south_rep", page + tab)
        for words in ("13800138000", "刘先生", "要耐用的"):
            assert words in shown, (tab, words)
        for words in ("机密项目", f"{page}edit/", "/customers/assign/", f"{page}release/"):
            assert words not in shown, (tab, words)
    assert "<dt>进行中的商机</dt><dd>2</dd>" in body(world, "east_rep", page)
    assert "<dt>进行中的商机</dt>" not in body(world, "south_rep", page)
    deals = body(world, "south_rep", f"{page}?tab=deals")
    assert "合作项目" in deals
    assert "机密项目" not in deals
    assert f"{page}edit/" in body(world, "east_rep", page)
    story = f"/api/v1/timeline/customers.customer/{customer.pk}"
    assert "OpportunityOpened" in body(world, "east_rep", story)
    body(world, "south_rep", story, status=404)


def test_five_fields_are_shown_and_two_are_mandatory(world: World) -> None:
    shown = body(world, "east_rep", "/customers/new/").partition('<div class="form-grid">')[2].partition("<details")[0]
    assert shown.count('class="field"') == 5
    assert shown.count('class="must"') == 2


def test_a_rep_registers_and_the_next_form_remembers_what_is_usual(world: World) -> None:
    client = world.client("east_rep")
    answer = client.post("/customers/new/", TYPED)
    row = queries.customers(world.actor("east_rep"), "mine").get()
    assert answer.headers["Location"] == reverse("customers:page", args=[row.pk])
    assert '<option value="referral" selected>' in client.get("/customers/new/").content.decode()


def test_what_is_wrong_is_said_at_its_field(world: World) -> None:
    client = world.client("east_rep")
    for values, words in (
        ({"name": ""}, "这个字段是必填项"),
        ({"phone": "12"}, "电话号码不完整"),
        ({"email": "x"}, "id_email_error"),
    ):
        answer = client.post("/customers/new/", TYPED | values)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not queries.customers(world.actor("east_rep")).exists()


def test_a_duplicate_is_shown_while_one_types_and_when_one_saves(world: World, customer: Customer) -> None:
    client = world.client("east_rep")
    hint = client.get("/customers/likely/", {"name": "甲乙丙"}).content.decode()
    assert "甲乙丙公司" in hint and "不是重复" in hint
    assert client.get("/customers/likely/", {"name": "甲"}).content.decode().strip() == ""
    again = client.post("/customers/new/", TYPED | {"name": "甲乙丙有限公司"})
    assert again.status_code == 422 and "不是重复" in again.content.decode()
    assert (
        client.post("/customers/new/", TYPED | {"name": "甲乙丙有限公司", "despite_duplicates": "on"}).status_code
        == 302
    )


def test_the_hint_does_not_echo_what_is_out_of_sight(world: World) -> None:
    commands.register(world.actor("south_rep"), CustomerDraft(name="绝密公司", phone="13900139000"))
    hint = body(world, "east_rep", "/customers/likely/?name=x&phone=13900139000")
    assert "绝密" not in hint and "钱外人" in hint


def test_the_page_shows_head_contacts_and_story(world: World, customer: Customer) -> None:
    shown = body(world, "east_rep", f"/customers/{customer.pk}/")
    for words in ("甲乙丙公司", "张三", "热线来电", "13800138000", "刘先生", "登记了客户"):
        assert words in shown
    assert "要耐用的" in body(world, "east_rep", f"/customers/{customer.pk}/?tab=profile")
    assert "至今" in body(world, "east_rep", f"/customers/{customer.pk}/?tab=owners")
    assert "还没有拜访" in body(world, "east_rep", f"/customers/{customer.pk}/?tab=visits")
    assert "还没有商机" in body(world, "east_rep", f"/customers/{customer.pk}/?tab=deals")
    assert "还没有附件" in body(world, "east_rep", f"/customers/{customer.pk}/?tab=files")


@pytest.mark.parametrize("page", ["", "edit/", "release/", "contacts/new/"])
def test_for_an_outsider_there_is_no_such_customer(world: World, customer: Customer, page: str) -> None:
    hidden = body(world, "south_rep", f"/customers/{customer.pk}/{page}", 404)
    missing = body(world, "south_rep", f"/customers/999999/{page}", 404)
    assert "甲乙丙" not in hidden and ("没有找到" in hidden) == ("没有找到" in missing)


def test_who_means_to_visit_is_read_there_by_who_sees_him(world: World, customer: Customer) -> None:
    monday, page = dt.date(2026, 3, 2), f"/customers/{customer.pk}/?tab=plans"
    assert "还没有计划过拜访" in body(world, "east_rep", page)
    with clock.as_of(clock.instant(monday, dt.time(8))):
        for key in ("east_rep", "director"):
            line = LineDraft(customer_id=customer.pk, purpose="service", note=f"{key} 送样品")
            plan_line(world.actor(key), monday + dt.timedelta(days=1), line)
    shown = body(world, "east_manager", page)
    assert "03-03" in shown and "服务" in shown and "east_rep 送样品" in shown
    assert "director 送样品" not in shown and "director 送样品" in body(world, "administrator", page)
    api = world.client("east_rep").get(f"/api/v1/customers/{customer.pk}/plan-lines").json()
    assert [line["note"] for line in api] == ["east_rep 送样品"]


def test_a_pool_customer_is_masked_until_it_is_claimed(world: World, customer: Customer) -> None:
    client = world.client("east_rep")
    client.post(f"/customers/{customer.pk}/release/", {"pool_id": "", "reason": "price"})
    for tab in ("", "?tab=story", "?tab=profile", "?tab=files", "?tab=owners"):
        shown = body(world, "south_rep", f"/customers/{customer.pk}/{tab}")
        for secret in ("13800138000", "刘先生", "13911112222", "要耐用的"):
            assert secret not in shown, tab
    answer = world.client("south_rep").post(f"/customers/{customer.pk}/claim/")
    assert answer.status_code == 302
    assert "13800138000" in body(world, "south_rep", f"/customers/{customer.pk}/")


def test_the_page_tells_until_when_the_owner_must_be_in_touch(world: World, customer: Customer) -> None:
    lapse = FirstContactRules().lapses_on(clock.today())
    assert f"{formats.day(lapse)} 零点 · " in body(world, "east_rep", f"/customers/{customer.pk}/")
    commands.release(world.actor("east_rep"), customer.pk, "no_need")
    assert "首问时限" not in body(world, "east_rep", f"/customers/{customer.pk}/")


def test_who_is_on_duty_receives_a_lapsed_customer_on_its_page(world: World, customer: Customer) -> None:
    today, month = clock.today(), dt.timedelta(days=60)
    site = add_duty_site(SYSTEM, "展厅", "site", world.department_ids["east"])
    set_duty(SYSTEM, site.pk, today, today, [world.id("east_peer")])
    Customer.rows.update(clock_since=clock.now() - month)
    commands.lapse_overdue(SYSTEM)
    assert "甲乙丙公司" in body(world, "south_rep", "/customers/?tab=awaiting")
    shown = body(world, "east_peer", f"/customers/{customer.pk}/")
    assert "接待" in shown and "13800138000" not in shown
    assert f"/receptions/new/?customer={customer.pk}" in shown
    came, typed = f"/receptions/new/?customer={customer.pk}", {"customer_id": customer.pk, "party_size": 1}
    refused = world.client("south_rep").post(came, typed | {"where": "walk_in"})
    assert refused.status_code == 422 and "当值" in refused.content.decode()
    assert world.client("east_peer").post(came, typed | {"where": site.pk}).status_code == 302
    assert "13800138000" in body(world, "east_peer", f"/customers/{customer.pk}/")


def test_an_edit_that_was_overtaken_shows_both_texts(world: World, customer: Customer) -> None:
    client, url = world.client("east_rep"), f"/customers/{customer.pk}/edit/"
    typed = TYPED | {"name": customer.name, "stage": "prospect", "phone": "", "needs": "甲的话", "_version": "1"}
    assert client.post(url, typed).status_code == 302
    late = world.client("east_manager").post(url, typed | {"needs": "乙的话"})
    shown = late.content.decode()
    assert late.status_code == 409 and "甲的话" in shown and "乙的话" in shown
    customer.refresh_from_db()
    assert (customer.needs, customer.phone, customer.next_contact_on) == ("甲的话", "", None)


def test_contacts_are_added_and_changed(world: World, customer: Customer) -> None:
    client = world.client("east_rep")
    assert client.post(f"/customers/{customer.pk}/contacts/new/", {"name": "王经理"}).status_code == 302
    contact = Contact.rows.get(customer=customer.pk, name="王经理")
    sent = {"name": "王总", "is_decision_maker": "on", "_version": "1"}
    assert client.post(f"/contacts/{contact.pk}/edit/", sent).status_code == 302
    assert "决策人" in body(world, "east_rep", f"/customers/{customer.pk}/")
    assert world.client("south_rep").get(f"/contacts/{contact.pk}/edit/").status_code == 404


def test_the_page_costs_few_queries(
    world: World, customer: Customer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = world.client("east_rep")
    client.get(f"/customers/{customer.pk}/")
    with django_assert_max_num_queries(15):
        client.get(f"/customers/{customer.pk}/")
    for tab in ("profile", "deals", "visits", "owners", "files"):
        with django_assert_max_num_queries(17):
            client.get(f"/customers/{customer.pk}/?tab={tab}")


def test_an_old_story_is_read_page_by_page(world: World, customer: Customer) -> None:
    for n in range(35):
        commands.edit(world.actor("east_rep"), customer.pk, n + 1, needs=f"第 {n} 次")
    newest = timeline("customers.customer", customer.pk)
    shown = body(world, "east_rep", f"/customers/{customer.pk}/")
    assert f"before={newest[-1].entry_id}" in shown
    assert "登记了客户" in body(world, "east_rep", f"/customers/{customer.pk}/?before={newest[-1].entry_id}")
    assert "登记了客户" not in body(world, "east_rep", f"/customers/{customer.pk}/?before=nonsense")


def test_the_administrator_keeps_the_pools(world: World) -> None:
    client = world.client("administrator")
    sent = {"name": "重点客户", "members": [world.id("east_rep")]}
    assert client.post("/pools/new/", sent).status_code == 302
    pool = queries.pools(world.actor("administrator")).get()
    assert not pool.is_open and not pool.is_claimable
    assert queries.pools(world.actor("east_rep")).count() == 1
    assert not queries.pools(world.actor("east_peer")).exists()
    assert client.post(f"/pools/{pool.pk}/edit/", {"name": "重点", "is_open": "on", "_version": "1"}).status_code == 302
    assert "重点" in client.get("/pools/").content.decode()
    assert queries.pools(world.actor("east_peer")).count() == 1
    assert world.client("director").get("/pools/new/").status_code == 403


def test_pickers_offer_and_name_only_what_may_be_seen(world: World, customer: Customer) -> None:
    offered = world.client("east_rep").get("/pick/customers/?q=甲乙").json()
    assert [row["label"] for row in offered["rows"]] == ["甲乙丙公司"]
    assert world.client("south_rep").get("/pick/customers/?q=甲乙").json() == {"rows": []}
    assert "甲乙丙公司" not in body(world, "south_rep", f"/tasks/new/?customer={customer.pk}")
    assert "甲乙丙公司" in body(world, "east_rep", f"/tasks/new/?customer={customer.pk}")


def test_the_system_owns_nothing_and_registers_into_the_pool(world: World) -> None:
    row = commands.register(SYSTEM, CustomerDraft(name="无主公司"))
    assert "导入待分配" in body(world, "administrator", f"/customers/{row.pk}/")


def test_of_many_acts_the_last_ones_are_in_a_menu_and_none_is_shown_twice(world: World, customer: Customer) -> None:
    page = f"/customers/{customer.pk}/"
    top = body(world, "director", page).partition("<main")[2].partition("</h1>")[2]
    beside, _, menu = top.partition('<details class="menu">')
    assert [f"{page}edit/" in part for part in (beside, menu.partition("</details>")[0])] == [True, False]
    assert [f'"{page}merge/"' in part for part in (beside, menu.partition("</details>")[0])] == [False, True]
    few = body(world, "east_rep", "/customers/").partition("</h1>")[2]
    assert 'class="btn btn-quiet" aria-label="更多"' not in few


def test_the_story_has_what_was_said_and_leads_to_the_contact(world: World) -> None:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="华建"))
    said = "要三台,\n下周报价" + "细节" * 60
    call = Call(
        customer_id=row.pk, kind="call", outcome="met_other", note=said, opinion="<b>太贵</b>", next_step="报价"
    )
    visit = log_contact(rep, call)
    body = world.client("east_rep").get(f"/customers/{row.pk}/").content.decode()
    assert said in body and "&lt;b&gt;太贵&lt;/b&gt;" in body and f'href="/visits/{visit.pk}/"' in body
    for link in ("/opportunities/new/", "/plan/lines/new/", "/tasks/new/"):
        assert f'href="{link}?customer={row.pk}"' in body, link
    visits = world.client("east_manager").get(f"/customers/{row.pk}/?tab=visits").content.decode()
    assert "细节" * 60 in visits and f'href="/visits/{visit.pk}/"' in visits
