"""The generic form: shape, rules, idempotency, edit conflicts, lines, the drawer; and the fields that Django lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client

from tests.world import World
from xiaocheng.interface.web.shell.forms import Form, MoneyField, PickField, PickManyField

from .house import PersonForm

HTMX = {"HX-Request": "true"}
GOOD = {
    "name": "王五",
    "kind": "full",
    "_version": "7",
    "_key": "k1",
    "lines-TOTAL_FORMS": "0",
    "lines-INITIAL_FORMS": "0",
}
URL = "/house/people/new/"


@pytest.fixture
def rep(world: World, house: list[Any]) -> Client:
    return world.client("east_rep")


def test_a_form_with_nonsense_is_shown_again_with_the_fields_named(rep: Client, house: list[Any]) -> None:
    answer = rep.post(URL, {**GOOD, "name": "名字超过五个字", "joined_on": "昨天", "pay": "很多"})
    html = answer.content.decode()
    assert answer.status_code == 422
    for field in ("name", "joined_on", "pay"):
        assert f'id="id_{field}_error"' in html
    assert 'value="名字超过五个字"' in html
    assert house == []


def test_a_broken_rule_is_shown_at_the_field_it_names(rep: Client) -> None:
    answer = rep.post(URL, {**GOOD, "name": "重名"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["这个姓名已经有了。"]}


def test_a_broken_rule_without_a_field_is_shown_above_the_form(rep: Client) -> None:
    answer = rep.post(URL, {**GOOD, "name": "规则"})
    assert answer.status_code == 422
    assert "编制已满。请总监调整编制。" in answer.content.decode()


def test_after_a_refusal_the_same_form_can_be_mended_and_sent(rep: Client, house: list[Any]) -> None:
    rep.post(URL, {**GOOD, "name": "规则"})
    assert rep.post(URL, GOOD).status_code == 302
    assert [data["name"] for data in house] == ["王五"]


def test_sent_twice_it_is_done_once_and_answered_alike(rep: Client, house: list[Any]) -> None:
    first, second = rep.post(URL, GOOD), rep.post(URL, GOOD)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/house/people/")
    assert len(house) == 1


def test_a_key_used_for_another_content_is_refused(rep: Client, house: list[Any]) -> None:
    rep.post(URL, GOOD)
    assert rep.post(URL, {**GOOD, "name": "赵七"}).status_code == 422
    assert len(house) == 1


def test_a_button_pressed_twice_acts_once(rep: Client, house: list[Any]) -> None:
    for _press in range(2):
        rep.post("/house/people/call/", {"ids": [5], "_key": "press"})
    assert house == [["5"]]


def test_who_saves_over_somebody_elses_edit_sees_both_texts(rep: Client, house: list[Any]) -> None:
    answer = rep.post(URL, {**GOOD, "_version": "6"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "别人改的" in html and "王五" in html
    assert 'name="_version" value="7"' in html  # saving again overwrites knowingly
    assert house == []


def test_the_drawer_gets_the_form_alone_and_after_an_error_its_inside(rep: Client) -> None:
    part = {**HTMX, "HX-Request-Type": "partial", "HX-Target": "div#drawer-body"}
    opened = rep.get(URL, headers=part).content.decode()
    assert opened.lstrip().startswith('<div class="drawer-top">') and "<html" not in opened
    again = rep.post(URL, {**GOOD, "name": ""}, headers=HTMX)
    assert again.status_code == 422
    assert again.content.decode().lstrip().startswith("<form")


def test_after_success_htmx_is_sent_on_and_the_next_page_says_so(rep: Client) -> None:
    answer = rep.post(URL, GOOD, headers=HTMX)
    assert answer["HX-Redirect"] == "/house/people/"
    assert "已保存" in rep.get("/house/people/").content.decode()


def test_an_act_may_tell_the_page_behind_instead_of_loading_it_again(rep: Client) -> None:
    answer = rep.post("/house/people/call/", {"event": "1"}, headers=HTMX)
    assert answer.status_code == 204
    assert '"called"' in answer["HX-Trigger"] and '"close-drawer"' in answer["HX-Trigger"]


def test_an_act_without_a_page_to_go_to_loads_the_page_behind_again(rep: Client) -> None:
    assert rep.post("/house/people/call/", headers=HTMX)["HX-Refresh"] == "true"
    assert rep.post("/house/people/call/", headers={"Referer": "http://testserver/house/gallery/"})["Location"] == (
        "/house/gallery/"
    )


def test_an_act_cannot_be_done_by_following_a_link(rep: Client) -> None:
    assert rep.get("/house/people/call/").status_code == 405


def test_lines_come_in_order_and_empty_ones_are_dropped(rep: Client, house: list[Any]) -> None:
    lines = {"lines-TOTAL_FORMS": "4", "lines-0-item": "钥匙", "lines-1-item": "", "lines-3-item": "电脑"}
    rep.post(URL, {**GOOD, **lines})
    assert house[0]["lines"] == [{"item": "钥匙"}, {"item": "电脑"}]


def test_too_many_lines_are_refused(rep: Client, house: list[Any]) -> None:
    assert rep.post(URL, {**GOOD, "lines-TOTAL_FORMS": "101", "lines-0-item": "x"}).status_code == 422
    assert house == []


def test_a_folded_section_with_an_error_is_open() -> None:
    form = PersonForm({"name": "王五", "kind": "full"})
    assert [section.folded for section, _fields in form.layout()] == [False, True]
    form.add_error("note", "太短")
    assert [section.folded for section, _fields in form.layout()] == [False, False]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12,500", "12500"),
        ("１２５００", "12500"),
        ("¥ 12 500.50 元", "12500.50"),
        ("1.25万", "12500"),
        ("1.2万元", "12000"),
        ("0.3亿", "30000000"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, amount: str) -> None:
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["很多", "12万3", "--5", "1e400", "99999999999999999999"])
def test_an_amount_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


def test_a_picked_row_is_an_id() -> None:
    assert PickField("people").clean("12") == 12
    assert PickField("people", required=False).clean("") is None
    assert PickManyField("people").clean(["3", "4"]) == [3, 4]
    for wrong in ("张三", "-1", str(2**63), "1.5"):
        with pytest.raises(ValidationError):
            PickField("people").clean(wrong)


def test_a_picker_names_what_was_chosen_when_the_form_is_shown_again(world: World, rep: Client) -> None:
    html = rep.post(URL, {**GOOD, "name": "", "boss": str(world.id("director"))}).content.decode()
    assert f'<option value="{world.id("director")}" selected>陈总监</option>' in html


def test_a_text_that_is_too_long_is_refused_in_our_own_words() -> None:
    class Short(Form):
        name = forms.CharField(max_length=5)

    assert Short({"name": "一二三四五"}).is_valid()
    assert "最多 5 个字" in Short({"name": "一二三四五六"}).errors["name"][0]
