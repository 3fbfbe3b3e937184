"""The register of the showroom and the hotline, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.links import Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import RECEIVE
from xiaocheng.selling.customers.queries import Reception, SiteLine

from .forms import ReceptionFilters

TONES = {
    "new": "green",
    "taken": "green",
    "claimed": "green",
    "own": "blue",
    "courtesy": "amber",
    "pool": "grey",
    "disputed": "amber",
    "unknown": "grey",
}
SHOWN = (
    "name", "company", "phone", "channel", "outcome", "occurred_at", "party_size", "credit_person", "recorded_by",
    "owner", "cancelled_at", "note", "next_on",
)  # fmt: skip


def guest(row: Reception) -> str:
    """Who came, as it was said at the desk."""
    return " · ".join(filter(None, [row.name, row.company])) or _("未留姓名")


def outcome_pill(row: Reception) -> object:
    """What it meant for the customer, or that it was taken back."""
    if row.cancelled_at is not None:
        return pill(_("已作废"), "red")
    return pill(row.get_outcome_display(), TONES[row.outcome])


def party(row: Reception) -> str:
    """How many came together."""
    return _("%(count)s 人") % {"count": row.party_size}


def columns_for(actor: Actor) -> list[Column]:
    """The columns of a list of receptions."""
    return [
        Column(gettext_lazy("来客"), guest),
        Column(
            gettext_lazy("时间"), "occurred_at", show=formats.moment, order="-occurred_at", look="nowrap", phone="aside"
        ),
        Column(gettext_lazy("方式"), Reception.get_channel_display, phone="bare"),
        Column(gettext_lazy("结果"), outcome_pill, phone="bare"),
        Column(gettext_lazy("接待人"), "receiver_name", look="nowrap"),
        Column(gettext_lazy("电话"), lambda row: queries.phone_of_guest(actor, row), look="nowrap", personal=True),
        Column(gettext_lazy("人数"), party, phone="off"),
        Column(gettext_lazy("下次联系"), "next_on", show=formats.relative_day, phone="off"),
    ]


def named(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Only what the columns read."""
    found: QuerySet[Any, Any] = rows.annotate(receiver_name=F("credit_person__name")).only(*SHOWN)
    return found


@dataclass(frozen=True)
class TurnCard:
    """The line of a site, and what the reader may do there."""

    item: SiteLine
    is_mine: bool
    links: Sequence[Link]

    @property
    def others(self) -> list[str]:
        """Who comes after the next one."""
        return self.item.people[1:]


def turn_card(actor: Actor, item: SiteLine) -> TurnCard:
    """A site as the reader sees it."""
    line, site = item.line, f"?site={item.site_id}"
    mine, engaged = line.next == actor.person_id, actor.person_id in line.engaged
    may_pass = len(line.people) > 1 and (actor.person_id in line.people or actor.sight.sees_person(line.next))
    seen = f"?seen={line.number}"
    links = [
        Link(_("登记"), "receptions:new", icon="pencil-plus", query=site, drawer=True),
        Link(_("我来接待"), "receptions:accept", (item.site_id,), icon="hand-grab", query=seen, post=True)
        if mine and not engaged
        else None,
        Link(_("让过"), "receptions:pass", (item.site_id,), icon="player-skip-forward", query=seen, drawer=True)
        if may_pass
        else None,
    ]
    return TurnCard(item, mine, [link for link in links if link])


@access(RECEIVE)
class Register(ListScreen):
    """Receptions, the latest first, and whose turn it is."""

    template = "receptions/register.html"
    title, search_hint = gettext_lazy("接待"), gettext_lazy("来客姓名、公司、完整电话")
    row_to, order, filters = "receptions:page", "-occurred_at", ReceptionFilters
    export = "receptions:export"

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The columns; whose phones are read is known once for the page."""
        return columns_for(self.actor)

    def rows(self) -> QuerySet[Any, Any]:
        """One's own, or all that one sees."""
        mine = self.actor.person_id or 0 if self.tab == "mine" else None
        return named(queries.receptions(self.actor, self.text, receiver_id=mine))

    def tabs(self) -> Sequence[Tab]:
        """What one received oneself, and all that one sees: those of one's customers and where one assisted, too."""
        return [Tab("all", _("全部")), Tab("mine", _("我接待的"))]

    @cached_property
    def turns(self) -> list[TurnCard]:
        """The sites; asked for by the page alone, not by its list."""
        return [turn_card(self.actor, item) for item in queries.site_lines(self.actor)]

    def actions(self) -> Sequence[Link | None]:
        """Register one; see what came of them."""
        return [
            Link(_("登记接待"), "receptions:new", icon="plus", drawer=True),
            Link(_("接待统计"), "receptions:figures", icon="chart-bar"),
            Link(_("值班表"), "admin:duty", icon="calendar-user"),
        ]

    def empty(self) -> Empty:
        """Nobody came yet."""
        return Empty(
            _("还没有接待登记"),
            _("客户到店或来电时,在这里一步登记来客、客户和负责人。"),
            icon="building-store",
            action=Link(_("登记接待"), "receptions:new", icon="plus", drawer=True),
        )


@access(RECEIVE, EXPORT)
class Export(ExportScreen):
    """The register as a file."""

    screen_class = Register
