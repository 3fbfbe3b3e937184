"""The handovers, who waits for one, and the page of one: what moves, who gets what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.queries import Person
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Bulk, Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import HAND_OVER
from xiaocheng.selling.customers.queries import HANDOVER_KINDS, Handover, HandoverLine

from .forms import LineFilters
from .words import MOVED, level, region


def state(row: Handover) -> object:
    """Whether it has happened."""
    return pill(_("准备中"), "amber") if row.is_planned else pill(_("已完成"), "green")


def moved_customers(row: Handover) -> object:
    """How many customers went to others; nothing yet for a plan."""
    return None if row.is_planned else formats.number(row.moved.get("customers.customer", 0))


@access(HAND_OVER)
class Handovers(ListScreen):
    """Those prepared and those carried out."""

    title = gettext_lazy("交接")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("谁的工作"), "person.name"),
        Column(gettext_lazy("原因"), "kind", show=lambda kind: HANDOVER_KINDS[kind]),
        Column(gettext_lazy("转出客户"), moved_customers, look="num"),
        Column(gettext_lazy("其余工作接手人"), "successor.name"),
        Column(gettext_lazy("准备"), "planned_at", show=formats.moment, order="-planned_at", look="nowrap"),
        Column(gettext_lazy("完成"), "done_at", show=formats.moment, look="nowrap"),
        Column(gettext_lazy("办理人"), lambda row: row.done_by or row.planned_by, show=lambda who: who and who.name),
        Column(gettext_lazy("状态"), state, phone="aside"),
    ]
    order, row_to = "-planned_at", "handovers:page"

    def rows(self) -> QuerySet[Any, Any]:
        """Those of people in sight."""
        done = {"planned": False, "done": True}.get(self.tab)
        return queries.handovers(self.actor, done=done)

    def tabs(self) -> Sequence[Tab]:
        """All, what is to be done, what was."""
        return [Tab("all", _("全部")), Tab("planned", _("准备中")), Tab("done", _("已完成"))]

    def actions(self) -> Sequence[Link | None]:
        """Begin one; look who left without one."""
        return [
            Link(_("办理交接"), "handovers:new", icon="plus"),
            Link(_("离职待交接"), "handovers:waiting", icon="user-off"),
        ]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("有人离职、调岗或长期离岗时,先准备清单,核对后一次移交:客户、商机、待办、计划、分组都有去处。")
        return Empty(_("还没有交接"), words, icon="transfer", action=self.actions()[0])


@access(HAND_OVER)
class Waiting(ListScreen):
    """People who left and whose customers nobody has taken over."""

    title = gettext_lazy("离职待交接")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("姓名"), lambda row: row, show=lambda row: begin(row)),
        Column(gettext_lazy("部门"), "department.name"),
        Column(gettext_lazy("直属上级"), "manager.name"),
        Column(gettext_lazy("离职日期"), "left_on", show=formats.day, phone="aside"),
    ]
    order = "sort_key"

    def rows(self) -> QuerySet[Any, Any]:
        """Those in sight."""
        return queries.left_with_customers(self.actor)

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the handovers."""
        return [Crumb(_("交接"), reverse("handovers:list"))]

    def empty(self) -> Empty:
        """All is well."""
        return Empty(_("没有待交接的人"), _("离职人员的客户都已有人接手。"), icon="circle-check")


def begin(row: Person) -> object:
    """The name, as the way to hand over."""
    return format_html('<a href="{}?person={}">{}</a>', reverse("handovers:new"), row.pk, row.name)


def customer_link(row: HandoverLine) -> object:
    """The customer's name, as the way to it."""
    return format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.customer_id]), row.customer.name)


def taker(row: HandoverLine) -> object:
    """Who gets it, or that nobody does yet."""
    return row.to.name if row.to else pill(_("不转"), "grey")


@access(HAND_OVER)
class HandoverPage(ListScreen):
    """One handover: what it moves, who gets how much, and its customers one by one."""

    template = "handovers/page.html"
    search_hint = gettext_lazy("客户名称")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("客户名称"), lambda row: row, show=customer_link),
        Column(gettext_lazy("级别"), "customer.level", show=level),
        Column(gettext_lazy("地区"), "customer.region", show=region),
        Column(gettext_lazy("最近联系"), "customer.last_contact_at", show=formats.moment, look="nowrap"),
        Column(gettext_lazy("转给"), lambda row: row, show=taker, phone="aside"),
    ]
    order, filters = "pk", LineFilters

    def load(self) -> None:
        """The handover that the address names."""
        self.handover = queries.handover(self.actor, self.kwargs["pk"])

    @property
    def bulk(self) -> Sequence[Bulk]:  # type: ignore[override]
        """Ticked customers go to somebody else, as long as it is a plan."""
        give = Bulk(_("转给…"), "handovers:give_some", icon="user-share", drawer=True, query=f"?handover={self.pk}")
        return [give] if self.handover.is_planned else []

    @property
    def pk(self) -> int:
        """Which handover."""
        return self.handover.pk

    def page_title(self) -> str:
        """Whose work, and why."""
        return _("%(name)s 的交接") % {"name": self.handover.person.name}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the handovers."""
        return [Crumb(_("交接"), reverse("handovers:list"))]

    def actions(self) -> Sequence[Link | None]:
        """What may be done while it is planned."""
        if not self.handover.is_planned:
            return []
        sure = _("放弃这次交接?还没有任何东西移交。")
        return [
            Link(_("执行交接"), "handovers:carry_out", (self.pk,), icon="check", drawer=True),
            Link(_("按条件分配"), "handovers:give", (self.pk,), icon="filter", drawer=True),
            Link(_("放弃"), "handovers:drop", (self.pk,), icon="trash", look="danger", post=True, confirm=sure),
        ]

    def rows(self) -> QuerySet[Any, Any]:
        """Its customers."""
        rows = queries.handover_lines(self.actor, self.pk).only(
            "customer__name", "customer__level", "customer__region", "customer__last_contact_at", "to__name"
        )
        return rows.filter(customer__name__icontains=self.text) if self.text else rows

    def empty(self) -> Empty:
        """Nobody's customers move."""
        return Empty(_("他没有负责的客户"), _("执行后,其余工作转给接手人。"), icon="users")

    def context(self) -> dict[str, Any]:
        """The head: who, what else moves, who gets how much, what changed since."""
        return super().context() | {
            "facts": self.facts(),
            "shares": queries.handover_shares(self.actor, self.pk),
            "planned": self.handover.is_planned,
            "no_taker": _("还没有接手人") if self.handover.kind == "leaving" else _("不转"),
            **(self.plan() if self.handover.is_planned else {}),
        }

    def plan(self) -> dict[str, Any]:
        """What only matters before anything has moved."""
        drift = queries.handover_drift(self.actor, self.pk)
        return {
            "holdings": queries.handover_holdings(self.actor, self.pk),
            "gone": len(drift.gone),
            "come": len(drift.come),
            "refresh": Link(_("更新清单"), "handovers:refresh", (self.pk,), icon="refresh", post=True),
        }

    def facts(self) -> list[tuple[object, object]]:
        """Who, why, when."""
        row = self.handover
        moved = listed(f"{MOVED.get(kind, kind)} {count}" for kind, count in row.moved.items() if count)
        return [
            (_("状态"), state(row)),
            (_("原因"), HANDOVER_KINDS[row.kind]),
            (_("其余工作接手人"), row.successor.name if row.successor else _("仍归本人")),
            (_("准备"), f"{row.planned_by.name if row.planned_by else _('系统')} {formats.moment(row.planned_at)}"),
            (_("完成"), f"{row.done_by.name if row.done_by else _('系统')} {formats.moment(row.done_at)}")
            if row.done_at
            else ("", ""),
            (_("已移交"), moved),
            (_("说明"), row.note),
        ]
