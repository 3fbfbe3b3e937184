"""The page of one opportunity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.interface.web.files.views import attached
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.custom import facts
from xiaocheng.interface.web.shell.links import Crumb, Link, Tab
from xiaocheng.interface.web.shell.screens import DetailScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.trade.orders import enter_ordered, orders_of_deal
from xiaocheng.interface.web.trade.receipts import enter_paid, paid_facts
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.pipeline import queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.queries import FIELD_NAMES, TRANSITION_KINDS, OpportunityPage, Stop

from .chances import chance_card
from .forms import LOST_REASON, SOURCE
from .lists import pace_pills, why_stale
from .shares import who_answers
from .steps import Checklist, checklists
from .tactics import tactics_card

KIND = "pipeline.opportunity"
NEEDS = frozenset({"background", "problems", "pains"})
ICONS = {
    "files.FileAttached": "paperclip",
    "files.FileRemoved": "paperclip",
    "pipeline.OpportunityOpened": "plus",
    "pipeline.OpportunityImported": "file-import",
    "pipeline.OpportunityEdited": "pencil",
    "pipeline.OpportunityHandedOver": "user-share",
    "pipeline.SharesAgreed": "users-group",
    "pipeline.RivalsNoted": "swords",
    "pipeline.StageMoved": "arrow-right",
    "pipeline.OpportunityWon": "trophy",
    "pipeline.OpportunityLost": "circle-x",
    "pipeline.OpportunityReopened": "refresh",
    "pipeline.MoveUndone": "arrow-back-up",
    "pipeline.StepDone": "circle-check",
    "pipeline.StepUndone": "circle",
    "pipeline.ProcessChanged": "route",
    "pipeline.RemarkMade": "message-report",
    "pipeline.TacticWritten": "bulb",
    "pipeline.TacticUsed": "bulb",
}


def needs_at(page: OpportunityPage) -> str:
    """How the needs analysis is shown: "asked" where it is made, "told" in the open stages after it, else not at all.

    Where no stage asks for it, it is told as soon as there is some.
    """
    row, stages = page.opportunity, [stop.stage for stop in page.stops]
    asking = [stage.position for stage in stages if NEEDS.intersection([*stage.enter_fields, *stage.leave_fields])]
    if not row.stage.is_open or row.stage.position < min(asking, default=0):
        return ""
    if row.stage.position in asking:
        return "asked"
    return "told" if asking or any(getattr(row, name) for name in NEEDS) else ""


@access(SEE)
class Opportunity(DetailScreen):
    """Where it stands, how to go on, what happened."""

    template = "pipeline/opportunity.html"
    parts: ClassVar[dict[str, str]] = {**DetailScreen.parts, "stage-panel": "pipeline/opportunity.html#panel"}

    def load(self) -> None:
        """The opportunity with its way."""
        self.shown: OpportunityPage = queries.opportunity_page(self.actor, self.kwargs["pk"])
        self.row = self.shown.opportunity

    def page_title(self) -> str:
        """Its name."""
        return self.row.name

    def crumbs(self) -> list[Crumb]:
        """Back to the list."""
        return [Crumb(pgettext_lazy("several", "商机"), reverse("pipeline:list"))]

    def tabs(self) -> list[Tab]:
        """What to do, what happened, the way through the stages, and the files."""
        way = Tab("way", _("阶段历程"), len(self.shown.history))
        return [Tab("now", _("概况")), Tab("story", _("动态")), way, Tab("files", _("附件"))]

    def actions(self) -> list[Link | None]:
        """What can be done with it now."""
        args, seen = (self.row.pk,), f"?seen={self.row.span_seq}"
        undo = Link(_("撤回"), "pipeline:undo", args, icon="arrow-back-up", post=True) if self.shown.may_undo else None
        edit = Link(_("编辑"), "pipeline:edit", args, icon="pencil", drawer=True)
        closed = {stage.kind for stage in self.shown.barred}
        if not self.row.is_open:
            reopen = Link(_("重新打开"), "pipeline:reopen", args, icon="refresh", drawer=True)
            return [enter_paid(self.row), enter_ordered(self.row), reopen, undo, edit]
        return [
            self._forward(),
            undo,
            None if "won" in closed else Link(_("赢单"), "pipeline:win", args, icon="trophy", query=seen, drawer=True),
            None
            if "lost" in closed
            else Link(_("输单"), "pipeline:lose", args, icon="circle-x", query=seen, drawer=True, look="danger"),
            enter_ordered(self.row),
            edit,
        ]

    def _forward(self) -> Link | None:
        """On to the next stage, by the form that asks for what is missing and what is done next."""
        following = self.shown.following
        if following is None or not following.is_open or following in self.shown.barred:
            return None
        label, args = _("推进到「%(stage)s」") % {"stage": following.name}, (self.row.pk, following.pk)
        query = f"?seen={self.row.span_seq}"
        return Link(label, "pipeline:advance", args, icon="arrow-right", query=query, drawer=True)

    def context(self) -> dict[str, Any]:
        """What the open tab shows."""
        found: dict[str, Any] = {
            "page": self.shown,
            "row": self.row,
            "stages": [self._step(stop) for stop in self.shown.stops],
            "here": self._guide(self.shown.here.pk),
            "open_stage": self._guide(self.asked_stage),
            "barred": self._barred() if self.row.is_open and may_open(self.actor, "pipeline:advance") else "",
            "late": pace_pills(self.shown.pace),
            "why_stale": why_stale(self.shown.pace),
            "state": queries.STATES[self.row.state],
            "source": names(SOURCE).get(self.row.source, ""),
            "close_reason": names(LOST_REASON).get(self.row.close_reason, ""),
            "may_remark": may_open(self.actor, "pipeline:new_remark"),
            "may_change": may_open(self.actor, "pipeline:edit"),
            "customer_url": self._customer_url(),
            "answering": who_answers(queries.holders(self.actor, self.row)),
            "rivals": queries.rivals_of(self.actor, self.row),
            "may_share": queries.may_agree_shares(self.actor, self.row),
            **paid_facts(self.actor, self.row),
            **orders_of_deal(self.actor, self.row),
            "needs": needs_at(self.shown),
            "own_facts": facts(self.actor, KIND, self.row.custom),
        }
        if self.tab == "now":
            found |= tactics_card(self.actor, self.row) | chance_card(self.actor, self.row)
        if self.tab == "story":
            found["story"] = story(timeline(KIND, self.row.pk, limit=60), ICONS)
        if self.tab == "way":
            found["history"] = [self._move(transition) for transition in self.shown.history]
        if self.tab == "files":
            found |= attached(self.actor, KIND, self.row.pk)
        return found

    @property
    def asked_stage(self) -> int:
        """The stage whose guidance is open; 0: none."""
        asked = self.request.GET.get("stage", "")
        return int(asked) if asked.isdigit() and int(asked) < 2**63 else 0

    @cached_property
    def _checklists(self) -> Mapping[int, Checklist]:
        return checklists(self.actor, self.shown)

    def _step(self, stop: Stop) -> dict[str, Any]:
        is_asked = stop.stage.pk == self.asked_stage
        return {"row": stop.stage, "state": stop.state, "list": self._checklists[stop.stage.pk], "is_asked": is_asked}

    def _guide(self, stage_id: int) -> dict[str, Any] | None:
        """What a stage is for, how to do it, what it asks for, and what was done there."""
        stop = next((stop for stop in self.shown.stops if stop.stage.pk == stage_id), None)
        if stop is None:
            return None
        stage = stop.stage
        return {
            "row": stage,
            "stop": stop,
            "list": self._checklists[stage.pk],
            "enter": listed(FIELD_NAMES[name] for name in stage.enter_fields),
            "leave": listed(FIELD_NAMES[name] for name in stage.leave_fields),
            "go": self._go(stop),
        }

    def _go(self, stop: Stop) -> Link | None:
        """The way to a stage, if it may be gone."""
        reachable = self.row.is_open and stop.stage.is_open and stop.state != "now"
        reachable |= self.row.state == "won" and stop.stage.kind == "after" and stop.state == ""
        if not reachable or stop.stage in self.shown.barred or not may_open(self.actor, "pipeline:advance"):
            return None
        label = _("移到「%(stage)s」") % {"stage": stop.stage.name}
        args, seen = (self.row.pk, stop.stage.pk), f"?seen={self.row.span_seq}"
        return Link(label, "pipeline:advance", args, icon="arrow-right", query=seen, drawer=True)

    def _barred(self) -> str:
        """Which stages still to come are for others to move into, in a sentence."""
        ahead = [(s, who) for s, who in self.shown.barred.items() if s.kind != "after" and s != self.shown.here]
        said = [_("「%(stage)s」%(who)s") % {"stage": stage.name, "who": who} for stage, who in ahead]
        return _("您的角色不能推进到所有阶段:%(stages)s。") % {"stages": listed(said)} if said else ""

    def _move(self, transition: Any) -> dict[str, Any]:
        skipped = {stop.stage.pk: stop.stage.name for stop in self.shown.stops}
        left_out = [skipped[pk] for pk in transition.skipped if pk in skipped]
        return {
            "transition": transition,
            "kind": TRANSITION_KINDS[transition.kind],
            "skipped": listed(left_out),
        }

    def _customer_url(self) -> str:
        customer = self.row.customer_id
        if customer is None or not customers(self.actor, "all").filter(pk=customer).exists():
            return ""
        return reverse("customers:page", args=[customer])
