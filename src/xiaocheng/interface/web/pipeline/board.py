"""The board: drag a card to its next stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.http import Request, announce, ask_in_drawer
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.paging import Page, first_pages, page_of
from xiaocheng.interface.web.shell.screens import ActionScreen
from xiaocheng.interface.web.shell.screens.base import Screen
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import BYPASS_GATES, SEE, WORK
from xiaocheng.selling.pipeline.queries import ORDER, Column, Pace

from .cards import cards, total
from .lists import briefly, views

CARDS = 20  # of a column at a time
EMPTY: Page[Any] = Page([], "", "")


@dataclass(frozen=True)
class Shown:
    """A column as the page shows it: its first cards, and the address of the next ones."""

    column: Column
    total: SafeString
    cards: SafeString
    more: str


class OnBoard(Screen):
    """What the board and its columns share: which process, whose opportunities, what is searched."""

    @cached_property
    def versions(self) -> list[Any]:
        """The processes in use."""
        return queries.published_versions(self.actor, with_stages=False)

    @property
    def process_id(self) -> int:
        """The process that was asked for, else the first."""
        asked = self.request.GET.get("process", "")
        if asked.isdigit() and int(asked) < 2**63:
            return int(asked)
        return self.versions[0].process_id if self.versions else 0

    @property
    def tab(self) -> str:
        """Whose opportunities."""
        keys = [tab.key for tab in views(self.actor, but="no_customer")]
        asked = self.request.GET.get("tab", "")
        return asked if asked in keys else keys[0]

    @property
    def text(self) -> str:
        """What is searched for."""
        return self.request.GET.get("q", "").strip()[:100]

    def shown(self, column: Column, page: Page[Any], paces: dict[int, Pace]) -> Shown:
        """One page of a column's cards."""
        html = cards(page.rows, paces, view=self.tab, search=self.text)
        query = self.request.GET.copy()
        query["process"], query["at"] = str(self.process_id), page.after
        address = reverse("pipeline:column", args=[column.stage.code])
        return Shown(column, total(column), html, f"{address}?{query.urlencode()}" if page.after else "")


@access(SEE)
class Board(OnBoard):
    """The open opportunities by stage."""

    template = "pipeline/board.html"
    title = gettext_lazy("商机看板")
    parts: ClassVar[dict[str, str]] = {"board": "pipeline/board.html#board"}

    def crumbs(self) -> list[Crumb]:
        """Back to the list."""
        return [Crumb(pgettext_lazy("several", "商机"), reverse("pipeline:list"))]

    def actions(self) -> list[Link]:
        """Open a new one."""
        return [Link(pgettext_lazy("one", "新建商机"), "pipeline:new", icon="plus", drawer=True)]

    def context(self) -> dict[str, Any]:
        """The columns with their first cards."""
        if not self.versions:
            return {"empty": Empty(_("还没有销售流程"), _("请管理员先发布一个销售流程。"), icon="route")}
        found = queries.board(self.actor, self.process_id, self.tab, self.text)
        return {
            "board": found,
            "columns": self._columns(found),
            "versions": self.versions,
            "process_id": self.process_id,
            "tabs": views(self.actor, but="no_customer"),
            "tab": self.tab,
            "may_work": self.actor.can(WORK),
        }

    def _columns(self, found: queries.Board) -> list[Shown]:
        parts = [column.stage_ids for column in found.columns if column.count]
        pages = first_pages(briefly(found.cards), "stage", parts, ORDER, CARDS)
        paces = queries.pace_of(self.actor, (row for page in pages for row in page.rows))
        filled = iter(pages)
        return [self.shown(column, next(filled) if column.count else EMPTY, paces) for column in found.columns]


@access(SEE)
class ColumnCards(OnBoard):
    """The next cards of one column."""

    template = "pipeline/cards.html"

    def context(self) -> dict[str, Any]:
        """The cards after those that stand there."""
        found = queries.board(self.actor, self.process_id, self.tab, self.text)
        column = found.column(self.kwargs["code"])
        page = page_of(
            briefly(found.cards).filter(stage__in=column.stage_ids), ORDER, CARDS, self.request.GET.get("at", "")
        )
        return {"shown": self.shown(column, page, queries.pace_of(self.actor, page.rows))}


@access(WORK)
class Drop(OnBoard, ActionScreen):
    """A card was dropped on a column: it moves, or the drawer asks for what is missing, or a sentence says why not."""

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move it, and answer with the card and the new totals."""
        pk, to, seen = self.kwargs["pk"], request.POST.get("to", ""), request.GET.get("seen", "")
        stage = queries.stage_on_board(self.actor, pk, int(to) if to.isdigit() and int(to) < 2**63 else 0)
        if stage.kind in {"won", "lost"}:
            return self._ask("win" if stage.kind == "won" else "lose", [pk], seen)
        missing = [gate for gate in queries.gates_to(self.actor, pk, stage.pk) if not gate.is_met]
        if missing and (self.actor.can(BYPASS_GATES) or all(gate.kind == "field" or gate.by_hand for gate in missing)):
            return self._ask("advance", [pk, stage.pk], seen)
        commands.move(self.actor, pk, stage.pk, seen=int(seen) if seen.isdigit() else None)
        card, row = self._changed(pk)
        ask = {"ask": {"url": reverse("pipeline:next_step", args=[pk])}} if queries.lacks_step(row) else None
        return announce(HttpResponse(card), ask, toast=_("已移到「%(stage)s」") % {"stage": stage.name})

    def _ask(self, name: str, args: list[int], seen: str) -> HttpResponse:
        url = reverse(f"pipeline:{name}", args=args)
        loading = format_html('<div hx-get="{}?seen={}" hx-trigger="load" hx-target="#drawer-body"></div>', url, seen)
        return ask_in_drawer(HttpResponse(loading))

    def _changed(self, pk: int) -> tuple[SafeString, Any]:
        row = queries.opportunity(self.actor, pk)
        board = queries.board(self.actor, row.version.process_id, self.tab, self.text)
        paces = queries.pace_of(self.actor, [row])
        card = cards([row], paces, view=self.tab, search=self.text, oob=True)
        return SafeString(card + "".join(total(column, oob=True) for column in board.columns)), row
