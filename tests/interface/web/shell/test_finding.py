"""One box finds everything that a person may see, and nothing that he may not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.interface.web.shell.finding import find
from xiaocheng.selling.catalogue.commands import ProductDraft, add_products
from xiaocheng.selling.customers.commands import (
    ContactDraft,
    CustomerDraft,
    add_contact,
    assign,
    edit_contact,
    register,
    standard_pool,
)
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity


@pytest.fixture
def filled(world: World) -> World:
    install_template(SYSTEM, "short")
    add_products(SYSTEM, [ProductDraft(name="宏图水泵", code="HP-1")])
    for who, name, phone in (("east_rep", "宏图机械", "13800138000"), ("south_rep", "宏达贸易", "13900139000")):
        actor = world.actor(who)
        customer = register(actor, CustomerDraft(name=name, phone=phone))
        add_contact(actor, ContactDraft(customer_id=customer.pk, name="欧阳宏", phone="13700137000"))
        open_opportunity(actor, OpportunityDraft(name=f"{name}一期", customer_id=customer.pk))
    return world


def found(world: World, who: str, text: str) -> dict[str, list[str]]:
    return {str(kind.label): [str(hit.label) for hit in kind.hits] for kind in find(world.actor(who), text)}


def test_a_word_is_found_in_every_kind_as_far_as_one_sees(filled: World) -> None:
    assert found(filled, "east_rep", "宏") == {
        "客户": ["宏图机械"],
        "联系人": ["欧阳宏"],
        "商机": ["宏图机械一期"],
        "产品": ["宏图水泵"],
    }
    assert found(filled, "director", "hongda") == {"客户": ["宏达贸易"], "商机": ["宏达贸易一期"]}
    assert found(filled, "promoter", "宏") == {"产品": ["宏图水泵"]}


@pytest.mark.parametrize("text", ["ht", "hongtu", "宏图", "38001380", "宏 13800138000"])
def test_a_customer_is_found_by_name_pinyin_initials_and_digits(filled: World, text: str) -> None:
    assert found(filled, "east_rep", text)["客户"] == ["宏图机械"]


def test_a_contact_is_found_by_his_own_words_and_newest_phone(filled: World) -> None:
    actor = filled.actor("east_rep")
    assert found(filled, "east_rep", "oyh")["联系人"] == ["欧阳宏"]
    customer = register(actor, CustomerDraft(name="丙公司"))
    contact = add_contact(actor, ContactDraft(customer_id=customer.pk, name="司马", phone="13300000000"))
    edit_contact(actor, contact.pk, contact.edit_version, phone="15512345678")
    assert found(filled, "east_rep", "155 1234 5678") == {"客户": ["丙公司"], "联系人": ["司马"]}
    assert found(filled, "east_rep", "13300000000") == {}


def test_people_are_those_whom_one_sees(filled: World) -> None:
    assert found(filled, "east_rep", "zhaoliu") == {}
    assert found(filled, "east_manager", "zhaoliu")["人员"] == ["赵六"]
    assert found(filled, "administrator", "qwr")["人员"] == ["钱外人"]


def test_pages_are_found_by_what_they_are_called_and_only_those_one_may_open(filled: World) -> None:
    assert found(filled, "administrator", "renyuan")["页面"] == ["人员", "人员对比"]
    assert found(filled, "east_rep", "renyuan")["页面"] == ["人员对比"]


def test_a_pools_phones_and_contacts_cannot_be_guessed(filled: World) -> None:
    pool = standard_pool("public").pk
    customer = register(SYSTEM, CustomerDraft(name="公海水务", phone="13612345678", pool_id=pool))
    add_contact(SYSTEM, ContactDraft(customer_id=customer.pk, name="诸葛", phone="13512345678"))
    for text in ("1361", "13612345678", "13512345678", "诸葛", "公海 136"):
        assert found(filled, "east_rep", text) == {}, text
        assert found(filled, "administrator", text)["客户"] == ["公海水务"], text
        assert (
            "公海水务" not in filled.client("east_rep").get("/customers/", {"tab": "pool", "q": text}).content.decode()
        )
    assert found(filled, "east_rep", "公海水")["客户"] == ["公海水务"]
    assign(SYSTEM, [customer.pk], filled.id("east_rep"))
    assert found(filled, "east_rep", "诸葛") == {"客户": ["公海水务"], "联系人": ["诸葛"]}


@pytest.mark.parametrize("text", ["", " ", "!!", "\x00", "'; DROP", '"* OR', "\ue000136", "宏" * 300])
def test_any_text_is_answered(filled: World, text: str) -> None:
    assert filled.client("east_rep").get("/search/", {"q": text}).status_code == 200


def test_more_than_fit_lead_to_the_list(filled: World) -> None:
    for number in range(6):
        register(filled.actor("east_rep"), CustomerDraft(name=f"长江{number}号"))
    answer = filled.client("east_rep").get("/search/", {"q": "长江"}).content.decode()
    assert answer.count("<span>长江") == 5 and "/customers/?tab=all&amp;q=%E9%95%BF%E6%B1%9F" in answer


def test_while_one_types_only_the_list_comes(filled: World) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#found"}
    body = filled.client("east_rep").get("/search/", {"q": "宏图"}, headers=headers).content.decode()
    assert "宏图机械" in body and "<html" not in body and "find-box" not in body


def test_the_box_costs_nothing_until_it_is_used_and_little_then(filled: World) -> None:
    client = filled.client("east_manager")
    client.get("/search/")
    counts = []
    for text in ("", "宏"):
        with CaptureQueriesContext(connection) as caught:
            client.get("/search/", {"q": text})
        counts.append(len(caught))
    assert counts[1] - counts[0] <= 8, [query["sql"] for query in caught]
