"""What all screens share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import View

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.interface.web.shell.http import Request, wants_part
from xiaocheng.interface.web.shell.links import Crumb, Link, allowed

MOST_BESIDE = 4  # buttons beside a title; of more, the last ones go into a menu


class Screen(View):
    """A page of the product: its template, its title and what stands around its content.

    `parts` says what htmx may ask for alone: element id -> the block of that name ("rows": only `{% block rows %}` is
    rendered, in the frame ui/parts/rows.html), or -> a partial ("customers/page.html#debts").
    """

    template: ClassVar[str]
    title: Sentence = ""
    parts: ClassVar[dict[str, str]] = {}
    request: Request

    @property
    def actor(self) -> Actor:
        """Who is asking."""
        return self.request.actor

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load what the page is about, then answer."""
        self.load()
        return super().dispatch(request, *args, **kwargs)

    def load(self) -> None:
        """Read what GET and POST both need, for example the row that the address names."""

    def page_title(self) -> Sentence:
        """The heading and the browser's title."""
        return self.title

    def crumbs(self) -> Sequence[Crumb]:
        """The way back."""
        return ()

    def actions(self) -> Sequence[Link | None]:
        """Buttons beside the title; those that the actor may not use are left out. The first is the main one."""
        return ()

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        return {}

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, or the part of it that was asked for."""
        return self.show()

    def show(self, *, status: int = 200, part: str = "", **extra: Any) -> HttpResponse:
        """Render the page or one partial of it."""
        part = part or next((name for target, name in self.parts.items() if wants_part(self.request, target)), "")
        template = part if "#" in part else self.template
        frame = f"ui/parts/{part}.html" if part and "#" not in part else "ui/page.html"
        around = {"screen": self, "frame": frame, **self._frame()}
        return render(self.request, template, around | self.context() | extra, status=status)

    def _frame(self) -> dict[str, Any]:
        actions = allowed(self.actor, self.actions())
        beside = len(actions) if len(actions) <= MOST_BESIDE else MOST_BESIDE - 1  # a menu of one saves nothing
        return {
            "title": self.page_title(),
            "crumbs": self.crumbs(),
            "actions": actions[:beside],
            "more_actions": actions[beside:],
        }
