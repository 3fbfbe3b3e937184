"""Signing in and out, the second step, language and look, the demo's one-click login."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from unicodedata import normalize

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.test import Client

from tests.world import PASSWORD, World
from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell.demo import DemoLogin

PAGES = ("", "totp/activate/", "webauthn/add/")


def sign_in(username: str, password: str = PASSWORD, **more: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/account/login/", {"login": username, "password": password, **more})


def signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_person_signs_in_by_login_name_whatever_its_case(world: World) -> None:
    client, answer = sign_in("East_Rep")
    assert answer.status_code == 302
    assert signed_in(client)


def test_a_session_ends_on_its_day(world: World) -> None:
    client, _answer = sign_in("east_rep")
    with clock.as_of(clock.now() + dt.timedelta(days=13)):
        assert signed_in(client)
    with clock.as_of(clock.now() + dt.timedelta(days=15)):
        assert not signed_in(client)


@pytest.mark.parametrize("spoil", [
    lambda sessions: sessions.update(session_data="forged"),
    lambda sessions: sessions.update(session_key="another"),
    lambda sessions: sessions.delete(),
])  # fmt: skip
def test_a_session_that_is_forged_or_gone_opens_nothing(world: World, spoil: Any) -> None:
    client, _answer = sign_in("east_rep")
    spoil(Session.objects.all())
    assert not signed_in(client)


def test_the_bar_that_is_kept_holds_nobodys_token_and_each_persons_own_name(world: World) -> None:
    pages = [world.client(key).get("/me/").text for key in ("east_rep", "east_peer", "east_rep")]
    tokens = [re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page) for page in pages]
    assert all(len(set(found)) == 1 and len(found[0]) == 64 for found in tokens)
    assert len({found[0] for found in tokens}) == 3
    for page, mine, other in zip(pages, ("张三", "赵六", "张三"), ("赵六", "张三", "赵六"), strict=True):
        bar = page.partition('<header class="top">')[2].partition("</header>")[0]
        assert mine in bar
        assert other not in bar


@pytest.mark.parametrize(
    ("username", "password"), [("east_rep", "wrong-password"), ("nobody", PASSWORD), ("east_disabled", PASSWORD)]
)
def test_nobody_else_signs_in(world: World, username: str, password: str) -> None:
    client, _answer = sign_in(username, password)
    assert not signed_in(client)


def test_after_the_login_one_stands_where_one_wanted_to_go(world: World) -> None:
    _client, answer = sign_in("east_rep", next="/me/")
    assert answer["Location"] == "/me/"
    _client, answer = sign_in("east_rep", next="https://evil.example/")
    assert "evil" not in answer["Location"]


def test_with_an_authenticator_the_password_alone_does_not_open(world: World) -> None:
    secret = generate_totp_secret()
    TOTP.activate(world.person("east_rep"), secret)
    client, answer = sign_in("east_rep")
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert not signed_in(client)
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert not signed_in(client)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/account/2fa/authenticate/", {"code": code})
    assert signed_in(client)


def test_signing_out_needs_a_post(world: World) -> None:
    client, _answer = sign_in("east_rep")
    client.get("/account/logout/")
    assert signed_in(client)
    client.post("/account/logout/")
    assert not signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "/account/2fa/",
        "/account/password/change/",
        "/account/2fa/webauthn/",
        "/account/company/",
        "/account/reauthenticate/",
    ],
)
def test_the_login_librarys_pages_wear_our_frame(world: World, address: str) -> None:
    client, _answer = sign_in("east_rep")
    html = client.get(address, follow=True).content.decode()
    assert "dist/app.css" in html and "card" in html
    assert "<style" not in html and "onclick" not in html


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("zh-hant", ("兩步驗證與通行金鑰", "啟用手機驗證器", "例如：我的手機", "還沒有用過", "現在的密碼")),
        ("en", ("Two-step login", "Turn on the authenticator", "For example: my", "Not used", "Current password")),
    ],
)
def test_the_login_librarys_pages_speak_our_words(world: World, language: str, says: tuple[str, ...]) -> None:
    client, _answer = sign_in("east_rep")
    client.post("/me/", {"language": language, "theme": "auto"})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    index, app, add = (client.get(f"/account/2fa/{page}").content.decode() for page in PAGES)
    Authenticator.objects.create(
        user=world.person("east_rep"), type="webauthn", data={"name": "K1", "credential": {}}, created_at=clock.now()
    )
    keys = client.get("/account/2fa/webauthn/").content.decode()
    password = client.get("/account/password/change/").content.decode()
    for words, html in zip(says, (index, app, add, keys, password), strict=True):
        assert normalize("NFKC", words) in normalize("NFKC", html)


@pytest.mark.parametrize("address", ["/account/login/", "/account/password/reset/", "/account/password/reset/done/"])
def test_so_do_those_before_the_login(db: None, address: str) -> None:
    html = Client().get(address).content.decode()
    assert "dist/app.css" in html and 'name="language"' in html


def test_the_person_chooses_language_and_look(world: World) -> None:
    client, _answer = sign_in("east_rep")
    client.post("/me/", {"language": "zh-hant", "theme": "dark"})
    html = client.get("/me/").content.decode()
    assert '<html lang="zh-hant" data-bs-theme="dark">' in html
    client.post("/account/logout/")
    assert '<html lang="zh-hant"' in client.get("/account/login/").content.decode()


def test_an_unknown_language_is_refused(world: World) -> None:
    client, _answer = sign_in("east_rep")
    assert client.post("/me/", {"language": "tlh", "theme": "dark"}).status_code == 422
    assert world.person("east_rep").language == "zh-hans"


def test_before_the_login_the_browser_chooses(db: None) -> None:
    client = Client()
    assert 'lang="en"' in client.get("/account/login/", headers={"Accept-Language": "en-GB"}).content.decode()
    answer = client.post("/language/", {"language": "zh-hant", "next": "/account/login/"})
    assert answer["Location"] == "/account/login/"
    assert 'lang="zh-hant"' in client.get("/account/login/", headers={"Accept-Language": "en-GB"}).content.decode()


def test_choosing_a_language_leads_to_no_foreign_place(db: None) -> None:
    assert Client().post("/language/", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"


@pytest.fixture
def demo(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    offered = [DemoLogin(name, world.person(name).name, "业务员", "看今日") for name in ("east_rep", "east_disabled")]
    monkeypatch.setattr("xiaocheng.interface.web.shell.account.demo_logins", lambda: offered)
    monkeypatch.setattr("xiaocheng.interface.web.shell.templatetags.ui.demo_logins", lambda: offered)
    return world


def test_the_demo_offers_its_people_and_signs_them_in(demo: World) -> None:
    client = Client()
    assert "看今日" in client.get("/account/login/").content.decode()
    client.post("/account/demo/", {"username": "east_rep"})
    assert signed_in(client)


@pytest.mark.parametrize("username", ["administrator", "east_disabled", ""])
def test_the_demo_signs_in_nobody_it_does_not_offer_and_nobody_disabled(demo: World, username: str) -> None:
    client = Client()
    assert client.post("/account/demo/", {"username": username}).status_code == 404
    assert not signed_in(client)


def test_without_the_demo_its_login_does_not_exist(world: World) -> None:
    client = Client()
    assert "演示公司" not in client.get("/account/login/").content.decode()
    assert client.post("/account/demo/", {"username": "east_rep"}).status_code == 404
