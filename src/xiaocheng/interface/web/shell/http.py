"""A request as our views see it, and the answers that htmx and a plain browser both understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, Sentence

API = "/api/"


class Request(HttpRequest):
    """What the middleware makes of a request: `actor` is always there, an unknown visitor's may nothing."""

    actor: Actor
    htmx: HtmxDetails


@dataclass(frozen=True)
class Done:
    """What a form or an action achieved: where to go, what to say, which event the page behind should hear.

    `url` leads to another page. Without it the page behind is loaded again, or, with `event`, only what listens to
    that event (`hx-trigger="visit-saved from:body"`).
    """

    url: str = ""
    toast: Sentence = ""
    event: str = ""

    def answer(self) -> dict[str, str]:
        """As plain text, to be kept with the idempotency key."""
        return {"url": self.url, "toast": str(self.toast), "event": self.event}


def wants_part(request: HttpRequest, target: str) -> bool:
    """True when htmx asks for the element with this id only."""
    headers = request.headers
    return headers.get("HX-Request-Type") == "partial" and headers.get("HX-Target", "").endswith(f"#{target}")


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx, not the browser itself, asks."""
    return request.headers.get("HX-Request") == "true"


def finish(request: HttpRequest, done: Done) -> HttpResponse:
    """The answer to a POST that succeeded."""
    if done.event and is_htmx(request):
        return announce(HttpResponse(status=204), {done.event: {}, "close-drawer": {}}, toast=done.toast)
    if done.toast:
        messages.success(request, str(done.toast))
    if not is_htmx(request):
        return HttpResponseRedirect(done.url or back_url(request))
    answer = HttpResponse(status=200)
    if done.url:
        answer["HX-Redirect"] = done.url
    else:
        answer["HX-Refresh"] = "true"
    return answer


def announce(
    answer: HttpResponse, events: Mapping[str, Any] | None = None, *, toast: Sentence = "", kind: str = "success"
) -> HttpResponse:
    """Add browser events to an answer, and a toast if there is something to say."""
    told: dict[str, Any] = dict(events or {})
    if toast:
        told["toast"] = {"text": str(toast), "kind": kind}
    if told:
        answer["HX-Trigger"] = json.dumps(told)
    return answer


def ask_in_drawer(answer: HttpResponse) -> HttpResponse:
    """Show this answer in the drawer, whatever element asked: a question that must be answered first."""
    answer["HX-Retarget"] = "#drawer-body"
    answer["HX-Reswap"] = "innerHTML"
    return answer


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to something that was refused: a toast for htmx, a page for a browser, JSON for a picker."""
    if is_htmx(request):
        answer = announce(HttpResponse(str(refusal), status=refusal.status), toast=refusal.sentence, kind="danger")
        answer["HX-Reswap"] = "none"
        return answer
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": str(refusal)}, status=refusal.status)
    context = {"status": refusal.status, "sentence": refusal.sentence, "back": back_url(request)}
    return render(request, "shell/refusal.html", context, status=refusal.status)


def refuse_anywhere(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to what is refused before any view runs: under /api/ the JSON of the API."""
    if request.path.startswith(API):
        return JsonResponse({"rule": refusal.rule(), "sentence": str(refusal)}, status=refusal.status)
    return refuse(request, refusal)


def back_url(request: HttpRequest) -> str:
    """The page of ours that the person came from, else the home page."""
    came_from = request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    path = came_from.removeprefix(here) if came_from.startswith(f"{here}/") else "/"
    return "/" if path == request.get_full_path() or path.startswith("//") else path
