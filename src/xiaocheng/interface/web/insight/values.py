"""计划与实际投入: the customers of each class with what is planned for them, what they took and what they brought."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.measures import gauge
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import LOYALTY
from xiaocheng.insight.queries import CustomerValue, Effort
from xiaocheng.interface.web.customers.group_figures import hours
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.links import Crumb, Empty, Tab
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.trade.access import SEE as SEE_SALES

CLASSES = {
    "top": (gettext_lazy("顶层"), "green"),
    "middle": (gettext_lazy("中层"), "blue"),
    "bottom": (gettext_lazy("底层"), "grey"),
}
VIEWS = {
    "all": gettext_lazy("全部"),
    **{code: name for code, (name, _tone) in CLASSES.items()},
    "none": gettext_lazy("没有购买"),
    "neglected": gettext_lazy("顶层 · 投入不足"),
    "costly": gettext_lazy("底层 · 投入过多"),
}


def class_pill(code: str) -> object:
    """A class with its tone."""
    return pill(*CLASSES[code]) if code else ""


def in_hours(row: CustomerValue) -> Decimal:
    """The time of visits, in hours."""
    return round(Decimal(row.minutes) / 60, 1)


def effort_lines(found: list[Effort]) -> list[dict[str, Any]]:
    """The classes as lines of a table; each leads to its rows."""
    behind = reverse("insight:values")
    return [
        {
            "mark": class_pill(line.klass) or VIEWS["none"],
            "line": line,
            "url": f"{behind}?tab={line.klass or 'none'}",
            "planned": hours(line.planned) if line.klass else formats.NOTHING,
            "hours": hours(line.hours),
        }
        for line in found
    ]


@access(SEE, SEE_SALES)
class Values(ListScreen):
    """What each customer was worth and took at the last count."""

    title = gettext_lazy("客户价值与投入")
    order: ClassVar[str] = "-value"
    bulk = ()
    export = "insight:values_export"

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """The columns; the first leads to the customer."""
        loyal = gauge(LOYALTY).words
        return [
            Column(_("客户"), self._customer),
            Column(_("价值级别"), "klass", show=class_pill, phone="aside"),
            Column(_("价值"), "value", show=formats.money, look="num", order="-value"),
            Column(_("销售额"), "sales", show=formats.money, look="num", order="-sales"),
            Column(_("毛利"), "profit", show=formats.money, look="num"),
            Column(_("拜访小时"), in_hours, show=hours, look="num", order="-minutes"),
            Column(_("拜访"), "visits", look="num", order="-visits"),
            Column(_("电话与其他联系"), "contacts", look="num", order="-contacts"),
            Column(_("忠诚度"), lambda row: loyal.get(row.loyalty, "")),
            Column(_("价格导向"), lambda row: _("是") if row.is_price_led else ""),
            Column(_("负责人"), lambda row: row.customer.owner.name if row.customer.owner else "", look="nowrap"),
        ]

    @cached_property
    def _opens(self) -> bool:
        return may_open(self.actor, "customers:page")

    def _customer(self, row: CustomerValue) -> str:
        """The customer's name, as a link where it may be opened."""
        if not self._opens:
            return row.customer.name
        return format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.customer_id]), row.customer.name)

    def rows(self) -> QuerySet[Any, Any]:
        """The rows of the chosen view."""
        return queries.values(self.actor, self.tab).select_related("customer__owner")

    def tabs(self) -> list[Tab]:
        """By class; and where effort and class do not fit."""
        return [Tab(code, VIEWS[code]) for code in queries.VIEWS]

    def crumbs(self) -> list[Crumb]:
        """Back to the value of customers."""
        return [Crumb(_("客户价值"), reverse("insight:value"))]

    def context(self) -> dict[str, Any]:
        """Say over which days, and how hours are counted."""
        return {**super().context(), "hint": basis(queries.last_count(self.actor))}

    def empty(self) -> Empty:
        """Nobody is in this view."""
        return Empty(_("没有对应的记录"))


def basis(last: Any) -> str:
    """Over which days it was counted, and how."""
    if last is None:
        return _("客户价值每天凌晨计算,还没有算过。")
    return _("%(first)s 至 %(last)s · 小时是拜访从签到到离开的时间,电话和其他联系没有时长,只计次数") % {
        "first": last.first.isoformat(),
        "last": last.last.isoformat(),
    }


@access(SEE, SEE_SALES, EXPORT)
class ValuesExport(ExportScreen):
    """The list as a file."""

    screen_class = Values
