"""Around every request: who asks, in which language and zone, may they, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, TooLarge
from xiaocheng.foundation.org.queries import actor_for

from .access import Access, policy_of
from .http import API, Request, is_htmx, refuse, refuse_anywhere

Next = Callable[[HttpRequest], HttpResponse]
MB = 1024 * 1024
NOBODY = Actor(person_id=None)


class Undeclared(RuntimeError):
    """A view without an access policy was asked for."""


class ActorMiddleware:
    """Puts `request.actor` there; forbids any cache to keep what a signed-in person saw."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask who it is, answer, forbid caching."""
        person = request.user
        cast(Request, request).actor = actor_for(person) if person.is_authenticated else NOBODY
        answer = self.get_response(request)
        if person.is_authenticated and not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = "no-store, private"
        return answer


class LanguageMiddleware:
    """The person's own language, else the browser's cookie, else what it asks for; times in the company's zone."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language and zone."""
        language = self._language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(clock.zone()):
            answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        return answer

    def _language(self, request: HttpRequest) -> str:
        if request.user.is_authenticated:
            return request.user.language
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in dict(settings.LANGUAGES):
            return chosen
        return translation.get_language_from_request(request)


class SizeMiddleware:
    """Refuses what is larger than any file may be by what it says of its length: nothing of it is read or stored."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer at once, or pass the request on; a form needs a little more than its file."""
        size = int(request.META.get("CONTENT_LENGTH") or 0) / MB
        if size > settings.LARGEST_UPLOAD_MB + 1:
            return refuse_anywhere(request, TooLarge(settings.LARGEST_UPLOAD_MB))
        return self.get_response(request)


class UnknownMethod(Refusal):
    """The address is there and takes other methods."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, method: str) -> None:
        super().__init__(_("这个地址不接受 %(method)s 请求。") % {"method": method})


class AccessMiddleware:
    """Opens no view to whom its policy does not name, and none without a policy; answers refusals with a sentence."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a method that an address of the API does not know is refused as all else there is."""
        answer = self.get_response(request)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.path.startswith(API):
            refused = refuse_anywhere(request, UnknownMethod(request.method or ""))
            refused["Allow"] = answer["Allow"]
            return refused
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Enforce the policy of the view that is about to run."""
        match = request.resolver_match
        policy = policy_of(view, match.view_name if match else "")
        if policy is None:
            raise Undeclared(f"{request.path}: the view declares no access policy")
        try:
            return self._answer(cast(Request, request), policy)
        except Refusal as refusal:
            return refuse(request, refusal)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Turn what a command or query refused into an answer; other exceptions are faults of ours."""
        return refuse(request, fault) if isinstance(fault, Refusal) else None

    def _answer(self, request: Request, policy: Access) -> HttpResponse | None:
        if policy.closed:
            raise NotFound
        if policy.login and request.actor.person_id is None:
            return ask_to_sign_in(request)
        request.actor.require(*policy.capabilities)
        return None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead a visitor to the login page and, afterwards, back."""
    if not is_htmx(request):
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    answer = HttpResponse(status=401)
    answer["HX-Redirect"] = redirect_to_login(
        request.headers.get("HX-Current-URL", "/").partition(request.get_host())[2] or "/", reverse("account_login")
    )["Location"]
    return answer
