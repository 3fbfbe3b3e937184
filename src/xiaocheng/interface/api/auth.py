"""Who is asking: a token in the header, or the session of the browser that shows the documentation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.org.queries import actor_for, person_of_token


class ApiRequest(HttpRequest):
    """A request whose sender is known."""

    actor: Actor


class TokenAuth(HttpBearer):
    """`Authorization: Bearer xc_…`; a disabled person's token opens nothing."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The person whose token it is; from here on the request acts as that person."""
        person = person_of_token(token)
        if person is not None:
            request.actor = actor_for(person)  # type: ignore[attr-defined]
            request.user = person
        return person


class SessionAuth(APIKeyCookie):
    """The signed-in browser, with the usual protection against forged requests; a token sent along goes before it."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """The signed-in person; a visitor is told to sign in, not that something looked forged."""
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The person behind the session, whom the middleware has already found."""
        return request.user
