"""The lines of past sales."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT, IMPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.interface.web.home.tiles import measure_tiles
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import Filters, PickFilter
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.selling.trade import queries
from xiaocheng.selling.trade.access import IMPORT_SALES, SEE
from xiaocheng.selling.trade.measures import PROFIT, SALES
from xiaocheng.selling.trade.queries import SaleLine

SHOWN = (
    *("occurred_on", "number", "product_text", "quantity", "amount", "profit"),
    *("customer__name", "customer__owner", "credit_person__name"),
)


class SaleFilters(Filters):
    """What the list may be narrowed to."""

    since = django_filters.DateFilter(field_name="occurred_on", lookup_expr="gte", label=gettext_lazy("从"))
    until = django_filters.DateFilter(field_name="occurred_on", lookup_expr="lte", label=gettext_lazy("到"))
    customer = PickFilter(field_name="customer", source="customers", label=gettext_lazy("客户"))
    product = PickFilter(field_name="product", source="products", label=gettext_lazy("产品"))
    seller = PickFilter(field_name="credit_person", source="people", label=gettext_lazy("业务员"))


def columns_of(customer: Column) -> list[Column]:
    """The columns of a list of sales, beginning with who bought."""
    return [
        customer,
        Column(
            gettext_lazy("日期"), "occurred_on", order="-occurred_on", show=formats.day, look="nowrap", phone="aside"
        ),
        Column(gettext_lazy("单号"), "number", look="nowrap"),
        Column(gettext_lazy("产品"), "product_text"),
        Column(gettext_lazy("数量"), "quantity", show=formats.quantity, look="num"),
        Column(gettext_lazy("金额"), "amount", show=formats.exact_money, look="num"),
        Column(gettext_lazy("毛利"), "profit", show=formats.exact_money, look="num"),
        Column(gettext_lazy("业务员"), "credit_person.name", look="own nowrap", phone="off"),
    ]


@access(SEE)
class Sales(ListScreen):
    """What was sold, line by line."""

    title = gettext_lazy("销售记录")
    search_hint = gettext_lazy("客户名称、拼音、完整单号")
    order = "-occurred_on"
    filters = SaleFilters
    export = "trade:export"
    template = "trade/sales.html"

    def context(self) -> dict[str, Any]:
        """The sums of this year, credited to whom the person sees."""
        tiles = measure_tiles(self.actor, (SALES, PROFIT), period("year", clock.today()))
        return {**super().context(), "tiles": tiles, "tiles_of": _("本年度")}

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """The customer leads to its page where the person sees it."""
        return columns_of(Column(gettext_lazy("客户"), self._customer))

    def _customer(self, row: SaleLine) -> object:
        owner = row.customer.owner_id
        if not self.actor.sight.everyone and (owner is None or not self.actor.sight.sees_person(owner)):
            return row.customer.name
        url = reverse("customers:page", args=[row.customer_id])
        return format_html('<a href="{}?tab=sales">{}</a>', url, row.customer.name)

    def rows(self) -> QuerySet[Any]:
        """All that the person sees."""
        rows = queries.sales(self.actor, self.text).select_related(None)
        return rows.select_related("customer", "credit_person").only(*SHOWN)

    def actions(self) -> Sequence[Link | None]:
        """Bring in more."""
        if not self.actor.can(IMPORT, IMPORT_SALES):
            return []
        return [Link(_("导入"), "imports:new", icon="upload", drawer=True)]

    def empty(self) -> Empty:
        """What to do first."""
        return Empty(
            _("还没有销售记录"),
            _("从 ERP 或表格导入订单明细:客户、日期、单号、产品、数量、金额、毛利。客户价值由此算出。"),
            icon="receipt",
            action=Link(_("导入"), "imports:new", icon="upload", drawer=True)
            if self.actor.can(IMPORT, IMPORT_SALES)
            else None,
        )


@access(SEE, EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Sales
