"""Signing in with the company's own accounts, at a provider that answers over HTTP as a real one does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from tests.world import World
from xiaocheng.foundation.org.commands import disable_person
from xiaocheng.foundation.org.queries import Person


class Provider:
    """An identity provider whose user is whoever the test says."""

    def __init__(self) -> None:
        provider = self
        self.user: dict[str, Any] = {}
        self.given: dict[str, list[str]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(provider.user if self.path == "/userinfo" else provider.configuration())

            def do_POST(self) -> None:
                provider.given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer({"access_token": "opens userinfo", "token_type": "Bearer"})

            def answer(self, body: dict[str, Any]) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_words: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def configuration(self) -> dict[str, str]:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        return {"issuer": self.address, **{name: f"{self.address}/{path}" for name, path in ends.items()}}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider()
    app = {
        "provider_id": "company", "name": "公司账号", "client_id": "xiaocheng", "secret": "between us",
        "settings": {"server_url": made.address},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def come_back(provider: Provider, **user: Any) -> tuple[Client, Any]:
    """Be sent to the provider, sign in there as a user, and come back with the code."""
    provider.user = user
    client = Client()
    sent = client.post(reverse("openid_connect_login", args=["company"]))
    assert sent.status_code == 302, sent.content
    assert sent["Location"].startswith(f"{provider.address}/authorize?")
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked["client_id"] == ["xiaocheng"]
    back = {"code": "once", "state": asked["state"][0]}
    return client, client.get(reverse("openid_connect_callback", args=["company"]), back)


def who(client: Client) -> int | None:
    """The id of the person who is signed in."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def test_a_company_account_opens_the_person_of_the_same_login_name(world: World, provider: Provider) -> None:
    client, answer = come_back(provider, sub="77", preferred_username="East_Rep")
    assert (answer.status_code, who(client)) == (302, world.id("east_rep"))
    assert client.get("/me/").status_code == 200
    assert provider.given["client_secret"] == ["between us"]
    assert "code_verifier" in provider.given
    assert SocialAccount.objects.get().user_id == world.id("east_rep")


def test_it_is_known_again_by_its_number_when_its_name_there_has_changed(world: World, provider: Provider) -> None:
    come_back(provider, sub="77", preferred_username="east_rep")
    client, _answer = come_back(provider, sub="77", preferred_username="director")
    assert who(client) == world.id("east_rep")


@pytest.mark.parametrize("user", [
    {"preferred_username": "stranger", "email": "east_rep@example.com"},
    {"preferred_username": ""},
    {"name": "张三"},
])  # fmt: skip
def test_nobody_is_signed_up_or_matched_by_anything_else(
    world: World, provider: Provider, user: dict[str, str]
) -> None:
    before = Person.objects.count()
    client, answer = come_back(provider, sub="78", **user)
    assert "没有同名的登录名" in answer.content.decode()
    assert who(client) is None
    assert (Person.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_a_disabled_person_does_not_come_in_neither_first_nor_later(world: World, provider: Provider) -> None:
    client, answer = come_back(provider, sub="79", preferred_username="east_disabled")
    assert (answer.status_code, who(client)) == (403, None)
    come_back(provider, sub="80", preferred_username="east_rep")
    disable_person(world.actor("administrator"), world.id("east_rep"))
    client, _answer = come_back(provider, sub="80", preferred_username="east_rep")
    assert who(client) is None
    assert client.get("/me/").status_code == 302


def test_an_answer_that_we_did_not_ask_for_is_refused(world: World, provider: Provider) -> None:
    provider.user = {"sub": "77", "preferred_username": "director"}
    client = Client()
    client.get(reverse("openid_connect_callback", args=["company"]), {"code": "once", "state": "forged"})
    assert who(client) is None
    assert not SocialAccount.objects.exists()
