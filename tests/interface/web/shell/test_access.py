"""Every view says who may open it, and the saying is enforced in one place."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import path

from tests.world import World
from xiaocheng.interface.web.shell import checks
from xiaocheng.interface.web.shell.access import (
    ANYONE,
    CLOSED,
    SIGNED_IN,
    Route,
    access,
    declared_routes,
    may_open,
    policy_of,
)
from xiaocheng.interface.web.shell.middleware import Undeclared

from . import house as pages


def test_every_route_of_the_product_declares_who_may_open_it() -> None:
    routes = declared_routes()
    assert len(routes) > 20
    assert [route.pattern for route in routes if route.access is None] == []


def test_the_check_finds_a_view_without_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    route = Route("open/", "open", pages.undeclared, policy_of(pages.undeclared, "open"))
    monkeypatch.setattr(checks, "declared_routes", lambda: [route])
    assert [fault.id for fault in checks.every_route_is_declared()] == ["shell.E001"]


def test_the_check_finds_a_policy_with_a_capability_that_nobody_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    view = access("house.paint")(lambda request: None)
    monkeypatch.setattr(checks, "declared_routes", lambda: [Route("paint/", "paint", view, policy_of(view))])
    assert [fault.id for fault in checks.every_route_is_declared()] == ["shell.E002"]


def test_a_view_without_a_policy_opens_for_nobody(world: World, house: list[object], settings: object) -> None:
    patterns = [path("open/", pages.undeclared), *pages.urlpatterns]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "urlpatterns", patterns)
        settings.ROOT_URLCONF = type("Conf", (), {"urlpatterns": patterns})  # type: ignore[attr-defined]
        with pytest.raises(Undeclared):
            world.client("director").get("/open/")


def test_a_visitor_is_led_to_the_login_and_back(house: list[object], db: None) -> None:
    answer = Client().get("/house/people/?q=zs")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/house/people/%3Fq%3Dzs"


def test_a_visitor_whose_session_ended_in_an_open_page_is_led_to_the_login(house: list[object], db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/house/people/"}
    answer = Client().get("/house/people/", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/account/login/?next=/house/people/"


def test_a_page_is_refused_to_whom_its_capability_is_missing(world: World, house: list[object]) -> None:
    refused = world.client("east_rep").get("/house/secret/")
    assert refused.status_code == 403
    assert "您的角色没有这项权限" in refused.content.decode()
    assert world.client("administrator").get("/house/secret/").content.decode() == "机密"


@pytest.mark.parametrize("address", ["/account/signup/", "/account/email/", "/account/company/signup/"])
def test_what_the_login_library_offers_beyond_our_need_exists_for_nobody(world: World, address: str) -> None:
    assert Client().get(address).status_code == 404
    assert world.client("administrator").get(address).status_code == 404


def test_policies_admit_whom_they_name(world: World, house: list[object]) -> None:
    rep, administrator = world.actor("east_rep"), world.actor("administrator")
    assert not may_open(rep, "house:secret")
    assert may_open(administrator, "house:secret")
    assert may_open(rep, "house:people")
    assert ANYONE.admits(rep) and SIGNED_IN.admits(rep) and not CLOSED.admits(administrator)


def test_a_policy_is_one_policy_or_capabilities() -> None:
    for wrong in ((), (SIGNED_IN, ANYONE), (SIGNED_IN, "org.manage_people")):
        with pytest.raises(TypeError):
            access(*wrong)


def test_no_page_shows_a_link_that_would_be_refused(world: World, house: list[object]) -> None:
    rep = world.client("east_rep").get("/house/people/").content.decode()
    administrator = world.client("administrator").get("/house/people/").content.decode()
    assert "只给管理员" in administrator and "/house/secret/" in administrator
    assert "只给管理员" not in rep and "/house/secret/" not in rep


def test_what_a_signed_in_person_saw_is_kept_by_no_cache(world: World, house: list[object]) -> None:
    assert world.client("east_rep").get("/house/people/")["Cache-Control"] == "no-store, private"
