"""The list of contacts, the page of one, and what is said about a phone that is known already."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.world import World
from xiaocheng.foundation.import_export.reading.reader import read_file
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.models import Contact, Customer


def note(world: World, who: str, customer: str, name: str, **values: object) -> Contact:
    actor = world.actor(who)
    row = commands.register(actor, CustomerDraft(name=customer))
    return commands.add_contact(actor, ContactDraft(customer_id=row.pk, name=name, **values))  # type: ignore[arg-type]


@pytest.fixture
def contact(world: World) -> Contact:
    return note(world, "east_rep", "甲乙丙公司", "欧阳先生", phone="139-1111-2222", position="采购经理", note="爱喝茶")


def body(world: World, who: str, url: str, status: int = 200) -> str:
    answer = world.client(who).get(url)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_a_contact_is_found_by_name_pinyin_initials_and_phone(world: World, contact: Contact) -> None:
    note(world, "east_rep", "丁公司", "司马女士")
    for text in ("", "欧阳", "ouyang", "oyxs", "11112222"):
        assert "欧阳先生" in body(world, "east_rep", f"/contacts/?q={text}"), text
    assert "司马女士" not in body(world, "east_rep", "/contacts/?q=欧阳")


def test_each_sees_the_contacts_of_his_own_customers_and_a_manager_the_teams(world: World, contact: Contact) -> None:
    note(world, "south_rep", "外人公司", "别人的人")
    for query in ("", "?tab=all", "?tab=team", "?q=人", "?tab=all&q=别人"):
        assert "别人的人" not in body(world, "east_rep", f"/contacts/{query}"), query
    assert "欧阳先生" in body(world, "east_manager", "/contacts/")
    assert "欧阳先生" not in body(world, "east_manager", "/contacts/?tab=mine")
    assert "?tab=team" not in body(world, "east_rep", "/contacts/")
    assert "别人的人" in body(world, "director", "/contacts/")


def test_the_contacts_of_a_pool_are_nobodys_to_read(world: World, contact: Contact) -> None:
    commands.release(world.actor("east_rep"), contact.customer_id, "no_need")
    grant(Customer, contact.customer_id, [world.id("east_peer")], "helps")
    for who in ("east_rep", "east_peer", "east_manager"):
        assert "欧阳先生" not in body(world, who, "/contacts/?tab=all&q=139"), who
        assert "欧阳" not in body(world, who, f"/contacts/{contact.pk}/", 404), who
    assert "欧阳先生" in body(world, "administrator", "/contacts/")


def test_a_customer_that_was_opened_to_somebody_shows_him_its_contacts(world: World, contact: Contact) -> None:
    grant(Customer, contact.customer_id, [world.id("south_rep")], "helps")
    assert "欧阳先生" in body(world, "south_rep", f"/contacts/{contact.pk}/")
    assert "欧阳先生" in body(world, "south_rep", "/search/?q=欧阳")
    assert "欧阳先生" not in body(world, "south_rep", "/contacts/")


def test_filters_narrow_the_list(world: World, contact: Contact) -> None:
    note(world, "east_peer", "丁公司", "司马女士", is_decision_maker=True)
    for query, shown, hidden in (
        ("is_decision_maker=true", "司马女士", "欧阳先生"),
        (f"owner={world.id('east_rep')}", "欧阳先生", "司马女士"),
    ):
        shown_page = body(world, "east_manager", f"/contacts/?{query}")
        assert shown in shown_page and hidden not in shown_page, query


def test_the_page_of_a_contact_says_who_where_and_what_happened(world: World, contact: Contact) -> None:
    commands.edit_contact(world.actor("east_rep"), contact.pk, contact.edit_version, position="总监")
    shown = body(world, "east_rep", f"/contacts/{contact.pk}/")
    for words in (
        "欧阳先生",
        "甲乙丙公司",
        "总监",
        "tel:+8613911112222",
        "爱喝茶",
        "张三",
        "新增了联系人",
        "修改了联系人",
    ):
        assert words in shown, words
    assert "欧阳" not in body(world, "south_rep", f"/contacts/{contact.pk}/", 404)
    assert f"/contacts/{contact.pk}/" in body(world, "east_rep", f"/customers/{contact.customer_id}/")
    assert f"/contacts/{contact.pk}/" in body(world, "east_rep", "/search/?q=欧阳")


def test_a_contact_is_noted_from_the_list_and_changed_on_its_page(world: World, contact: Contact) -> None:
    client = world.client("east_rep")
    sent = {"customer_id": contact.customer_id, "name": "王经理"}
    answer = client.post("/contacts/new/", sent)
    made = Contact.rows.get(customer=contact.customer_id, name="王经理")
    assert answer.headers["Location"] == f"/contacts/{made.pk}/"
    edited = client.post(f"/contacts/{made.pk}/edit/", {"name": "王总", "_version": "1"})
    assert edited.headers["Location"] == f"/contacts/{made.pk}/"
    assert "王总" in body(world, "east_rep", "/contacts/")
    hidden = world.client("south_rep").post("/contacts/new/", sent | {"name": "不行"})
    assert hidden.status_code == 404 and "不行" not in body(world, "east_rep", "/contacts/")


def test_a_phone_that_is_known_is_said_while_one_types(world: World, contact: Contact) -> None:
    note(world, "south_rep", "绝密公司", "绝密先生", phone="13700137000")
    seen = body(world, "east_rep", "/contacts/alike/?phone=13911112222")
    assert "欧阳先生" in seen and "甲乙丙公司" in seen
    unseen = body(world, "east_rep", "/contacts/alike/?phone=13700137000")
    assert "绝密" not in unseen and "钱外人" in unseen
    for query in (
        "phone=1391111",  # seven digits, nobody's
        "phone=139111",
        f"phone=13911112222&but={contact.pk}&customer={contact.customer_id}",
        "phone=&but=nonsense",
    ):
        assert body(world, "east_rep", f"/contacts/alike/?{query}").strip() == "", query


def test_the_hint_stands_in_the_form_that_is_shown_again(world: World, contact: Contact) -> None:
    typed = {"name": "", "phone": "13911112222"}
    again = world.client("east_rep").post(f"/customers/{contact.customer_id}/contacts/new/", typed)
    assert again.status_code == 422 and "这个电话已经记在别处" in again.content.decode()
    blank = body(world, "east_rep", f"/customers/{contact.customer_id}/contacts/new/")
    assert f"/contacts/alike/?customer={contact.customer_id}" in blank and "已经记在别处" not in blank


def test_who_asks_too_often_is_told_why_he_hears_no_more(world: World, contact: Contact) -> None:
    change_rule(world.actor("administrator"), "CustomerRules.hints_a_day", "1", clock.today())
    for n, name in enumerate(("绝密公司", "机密公司")):
        note(world, "south_rep", name, "绝密先生", phone=f"1370013700{n}")
    assert "钱外人" in body(world, "east_rep", "/contacts/alike/?phone=13700137000")
    for url in ("/contacts/alike/?phone=13700137001", "/customers/likely/?name=机密公司"):
        refused = body(world, "east_rep", url)
        assert "今天不再提示" in refused and "钱外人" not in refused, url
    assert "欧阳先生" in body(world, "east_rep", "/contacts/alike/?phone=13911112222")


def test_who_may_export_gets_the_list_as_a_file(world: World, contact: Contact, tmp_path: Path) -> None:
    answer = world.client("administrator").get("/contacts/export/?q=欧阳")
    file = tmp_path / "out.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    sheet = read_file(file, tmp_path / "spool", "out.xlsx")[0]
    assert sheet.header[:3] == ["姓名", "决策人", "客户"]
    rows = [row[:5] for _number, row in sheet.rows()]
    assert rows == [["欧阳先生", None, "甲乙丙公司", "采购经理", "139-1111-2222"]]
    assert world.client("east_rep").get("/contacts/export/").status_code == 403


def test_the_list_and_the_page_cost_the_same_few_queries(
    world: World, contact: Contact, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    drafts = [ContactDraft(customer_id=contact.customer_id, name=f"第 {n} 位") for n in range(30)]
    commands.add_contacts(SYSTEM, drafts)
    client = world.client("east_rep")
    client.get("/contacts/")
    for query in ("", "?q=位"):
        # who is asking: 3; the bell: 1; the ids, the rows, what they agreed to: 3; the saved views: 1
        with django_assert_num_queries(8):
            client.get(f"/contacts/{query}")
    client.get(f"/contacts/{contact.pk}/")
    # the contact, whether its customer is in sight, what it agreed to, the timeline, the names
    with django_assert_num_queries(9):
        client.get(f"/contacts/{contact.pk}/")


def test_a_lunar_birthday_is_kept_as_it_is_said_and_comes_next_on_a_date(world: World, contact: Contact) -> None:
    client = world.client("east_rep")
    form = {"name": contact.name, "lunar_birthday": "农历八月十五", "home_address": "幸福里 8 号", "_version": "1"}
    assert client.post(f"/contacts/{contact.pk}/edit/", form | {"lunar_birthday": "八月四十"}).status_code == 422
    assert client.post(f"/contacts/{contact.pk}/edit/", form).status_code in (200, 204, 302)
    contact.refresh_from_db()
    assert (contact.lunar_birthday, contact.home_address) == ("08-15", "幸福里 8 号")
    with clock.as_of(clock.instant(dt.date(2026, 9, 1))):
        page = client.get(f"/contacts/{contact.pk}/").content.decode()
    assert "农历八月十五(下次:09-25)" in page.replace("（", "(").replace("）", ")").replace("：", ":")
