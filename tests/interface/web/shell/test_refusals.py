"""What was refused is said in a sentence: as a page, a toast or JSON; a fault of ours is no refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.org.commands import change_rule

HTMX = {"HX-Request": "true"}


class Unread:
    """A body of which nobody may read."""

    def read(self, *_args: int) -> bytes:
        raise AssertionError("what is refused for its length is not received")

    readline = read


TOO_LARGE: dict[str, Any] = {"CONTENT_LENGTH": str(66 << 20), "wsgi.input": Unread()}


def test_a_hidden_record_and_an_unknown_address_answer_alike(world: World, house: list[Any]) -> None:
    client = world.client("east_rep")
    pages = [client.get(url) for url in ("/house/people/999999/", "/nowhere/")]
    assert [page.status_code for page in pages] == [404, 404]
    for page in pages:
        assert "没有找到这条记录,或者您无权查看。" in page.content.decode()


def test_htmx_gets_a_toast_and_keeps_its_page(world: World, house: list[Any]) -> None:
    answer = world.client("east_rep").post("/house/people/call/", {"refuse": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Reswap"] == "none"
    assert json.loads(answer["HX-Trigger"])["toast"] == {"text": "今天已经点过名。", "kind": "danger"}


def test_a_plain_browser_gets_a_page_with_a_way_back(world: World, house: list[Any]) -> None:
    headers = {"Referer": "http://testserver/house/gallery/"}
    answer = world.client("east_rep").post("/house/people/call/", {"refuse": "1"}, headers=headers)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "今天已经点过名。" in html and 'href="/house/gallery/"' in html


@pytest.mark.parametrize("referer", ["http://evil.example/x", "http://testserver//evil.example", ""])
def test_the_way_back_never_leaves_the_product(world: World, house: list[Any], referer: str) -> None:
    client = world.client("east_rep")
    html = client.post("/house/people/call/", {"refuse": "1"}, headers={"Referer": referer}).content.decode()
    assert "evil" not in html


def test_a_fault_of_ours_shows_a_page_that_needs_nothing(world: World, house: list[Any]) -> None:
    client = world.client("east_rep")
    client.raise_request_exception = False
    answer = client.get("/house/broken/")
    assert answer.status_code == 500
    assert "这是系统的问题,不是您操作有误" in answer.content.decode()


def test_a_stale_form_is_explained(world: World, house: list[Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.person("east_rep"))
    answer = client.post("/house/people/call/")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@pytest.mark.parametrize(
    "url",
    ["/imports/new/", "/files/customers.customer/1/attach/", "/api/v1/imports", "/api/v1/files/x.y/1", "/nowhere/"],
)
def test_what_is_larger_than_any_file_may_be_is_refused_unread(world: World, url: str) -> None:
    for client in (Client(), world.client("administrator")):
        for headers in ({}, HTMX):
            answer = client.generic("POST", url, b"", "multipart/form-data; boundary=x", headers=headers, **TOO_LARGE)
            assert answer.status_code == 413
            said = answer.json()["sentence"] if url.startswith("/api/") else answer.content.decode()
            assert "上传的内容超过 64 MB 的上限" in said


def test_no_rule_allows_an_attachment_that_is_not_received(world: World) -> None:
    with pytest.raises(RuleBroken):
        change_rule(world.actor("administrator"), "FileRules.largest_mb", "65", clock.today())
