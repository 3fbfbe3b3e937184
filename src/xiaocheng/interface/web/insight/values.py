"""计划与实际投入: the customers of each class with what is planned for them, what they took and what they brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.measures import gauge
from xiaocheng.foundation.kernel.money import unscaled
from xiaocheng.foundation.kernel.periods import Period, months_back
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import DECISION, LOYALTY, VALUE_CLASS
from xiaocheng.insight.queries import CustomerValue, Effort
from xiaocheng.insight.rules import MOST_MONTHS
from xiaocheng.interface.web.customers.group_figures import hours
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import Filters, PickFilter
from xiaocheng.interface.web.shell.links import Crumb, Empty, Tab
from xiaocheng.interface.web.shell.screens import Bulk, Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import POTENTIALS
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


SUGGESTIONS = {
    "court": (pgettext_lazy("customer", "争取"), "amber"),
    "keep": (pgettext_lazy("customer", "维持"), "green"),
    "drop": (pgettext_lazy("customer", "放弃"), "red"),
}
MONTHS = (3, 6, 12, 24, 36)
NONE = "none"


def period_of(months: int) -> Period:
    """So many months up to today."""
    return Period(months_back(clock.today(), months), clock.today())


def number(text: str) -> int | None:
    """An id as it stands in an address."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def suggestion_pill(code: str, count: int = 0) -> object:
    """To court, to keep or to drop, perhaps with how many."""
    if not code:
        return ""
    name, tone = SUGGESTIONS[code]
    return pill(f"{name} {formats.number(count)}" if count else name, tone)


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
            "planned": hours(line.planned) if line.klass or line.planned else formats.NOTHING,
            "hours": hours(line.hours),
        }
        for line in found
    ]


def _levels(label: Any, words: Mapping[str, Any], unknown: Any, name: str) -> django_filters.ChoiceFilter:
    choices = [*words.items(), (NONE, unknown)]
    return django_filters.ChoiceFilter(label=label, field_name=name, choices=choices, method="coded")


class ValueFilters(Filters):
    """What the list may be narrowed to; the months only change over which period its figures are."""

    klass = _levels(gettext_lazy("价值级别"), gauge(VALUE_CLASS).words, gettext_lazy("没有购买"), "klass")
    loyalty = _levels(gettext_lazy("忠诚度"), gauge(LOYALTY).words, gettext_lazy("未判断"), "loyalty")
    potential = _levels(gettext_lazy("潜力"), POTENTIALS, gettext_lazy("未填"), "customer__potential")
    suggestion = django_filters.ChoiceFilter(
        label=gettext_lazy("建议"),
        choices=[(code, name) for code, (name, _tone) in SUGGESTIONS.items()],
        method="suggested",
    )
    decision = _levels(gettext_lazy("取舍"), gauge(DECISION).words, gettext_lazy("还没有决定"), "decision")
    team = PickFilter(source="insight-teams", label=gettext_lazy("团队"), method="of_team")
    person = PickFilter(source="insight-people", label=gettext_lazy("人员"), field_name="customer__owner")
    months = django_filters.ChoiceFilter(
        label=gettext_lazy("期间(月)"), choices=[(str(n), str(n)) for n in range(1, MOST_MONTHS + 1)], method="over"
    )

    def coded(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """Those with a level, or with none."""
        return rows.filter(**{name: "" if code == NONE else code})

    def suggested(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """Those of which the rules suggest it."""
        return rows.filter(queries.suggested_as(self.request.actor, code))

    def of_team(self, rows: QuerySet[Any], name: str, team_id: int) -> QuerySet[Any]:
        """Those whose owners are in a department or below."""
        return queries.of_team(self.request.actor, rows, team_id)

    def over(self, rows: QuerySet[Any], name: str, months: str) -> QuerySet[Any]:
        """All of them: the period narrows nothing."""
        return rows


@access(SEE, SEE_SALES)
class Values(ListScreen):
    """What each customer was worth and took at the last count."""

    title = gettext_lazy("客户价值与投入")
    order: ClassVar[str] = "-value"
    bulk = (Bulk(gettext_lazy("取舍"), "insight:decide", icon="scale", drawer=True, query="?of=values"),)
    export = "insight:values_export"
    filters = ValueFilters

    @cached_property
    def last(self) -> Any:
        """The last count."""
        return queries.last_count(self.actor)

    @cached_property
    def period(self) -> Period | None:
        """A period other than the counted one, if it is asked for."""
        months = number(self.request.GET.get("months", ""))
        if not months or months > MOST_MONTHS or self.last is None or months == self.last.months:
            return None
        return period_of(months)

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """The columns; the first leads to the customer."""
        loyal = gauge(LOYALTY).words
        return [
            Column(_("客户"), self._customer),
            Column(_("价值级别"), "klass", show=class_pill, phone="aside"),
            *(self._figures() if self.period is None else _figures_of_period()),
            Column(_("忠诚度"), lambda row: loyal.get(row.loyalty, "")),
            Column(_("潜力"), lambda row: POTENTIALS.get(row.customer.potential, "")),
            Column(_("价格导向"), lambda row: _("是") if row.is_price_led else ""),
            Column(_("取舍"), "decision", show=suggestion_pill),
            Column(_("建议"), queries.suggestion_of(self.actor), show=suggestion_pill),
            Column(_("负责人"), lambda row: row.customer.owner.name if row.customer.owner else "", look="nowrap"),
        ]

    def _figures(self) -> list[Column]:
        """What was counted; the list can be sorted by it."""
        return [
            Column(_("价值"), "value", show=formats.money, look="num", order="-value"),
            Column(_("销售额"), "sales", show=formats.money, look="num", order="-sales"),
            Column(_("毛利"), "profit", show=formats.money, look="num"),
            Column(_("拜访小时"), in_hours, show=hours, look="num", order="-minutes"),
            Column(_("拜访"), "visits", look="num", order="-visits"),
            Column(_("电话与其他联系"), "contacts", look="num", order="-contacts"),
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
        found = queries.values(self.actor, self.tab).select_related("customer__owner")
        return found if self.period is None else queries.in_period(self.actor, found, self.period)

    def tabs(self) -> list[Tab]:
        """By class; and where effort and class do not fit."""
        return [Tab(code, VIEWS[code]) for code in queries.VIEWS]

    def crumbs(self) -> list[Crumb]:
        """Back to the value of customers."""
        return [Crumb(_("客户价值"), reverse("insight:value"))]

    def context(self) -> dict[str, Any]:
        """Say over which days, and how hours are counted."""
        return {**super().context(), "hint": basis(self.period or self.last)}

    def empty(self) -> Empty:
        """Nobody is in this view."""
        return Empty(_("没有对应的记录"))


def _figures_of_period() -> list[Column]:
    """What another period brought and took."""
    return [
        Column(_("销售额"), lambda row: unscaled(row.sold or 0), show=formats.money, look="num"),
        Column(_("毛利"), lambda row: unscaled(row.gained or 0), show=formats.money, look="num"),
        Column(_("拜访小时"), lambda row: _hours_of(row.stayed), show=hours, look="num"),
    ]


def _hours_of(stayed: dt.timedelta | None) -> Decimal:
    return round(Decimal(stayed // dt.timedelta(minutes=1)) / 60, 1) if stayed else Decimal(0)


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
