"""What customers order: the list, one order, entering one, cancelling one; and the orders of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.interface.web.home.tiles import measure_tiles
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import DateField, Filters, Form, MoneyField, PickField, PickFilter, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.fieldwork.queries import Visit
from xiaocheng.selling.pipeline.queries import Opportunity
from xiaocheng.selling.trade import commands, queries
from xiaocheng.selling.trade.access import ORDER, SEE
from xiaocheng.selling.trade.commands import OrderDraft, OrderLineDraft
from xiaocheng.selling.trade.measures import ORDERED, ORDERS
from xiaocheng.selling.trade.queries import Order

from .receipts import MOST, SOME_LINES, ReversalForm, link


class OrderFilters(Filters):
    """What the list may be narrowed to."""

    since = django_filters.DateFilter(field_name="ordered_on", lookup_expr="gte", label=gettext_lazy("从"))
    until = django_filters.DateFilter(field_name="ordered_on", lookup_expr="lte", label=gettext_lazy("到"))
    customer = PickFilter(field_name="customer", source="customers", label=gettext_lazy("客户"))
    seller = PickFilter(field_name="credit_person", source="people", label=gettext_lazy("业务员"))


class OrderForm(Form):
    """Who ordered and when; what, in the lines below."""

    customer_id = PickField("customers", label=gettext_lazy("客户"))
    ordered_on = DateField(label=gettext_lazy("订货日期"))
    opportunity_id = PickField("order-deals", label=gettext_lazy("商机"), required=False)
    note = forms.CharField(label=gettext_lazy("备注"), required=False, widget=forms.Textarea(attrs=SOME_LINES))
    visit_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    sections = (Section(gettext_lazy("更多"), ("opportunity_id", "note"), folded=True),)


class OrderLineForm(Form):
    """So much of a product."""

    product_id = PickField("products", label=gettext_lazy("产品"))
    quantity = forms.DecimalField(
        label=gettext_lazy("数量"),
        max_digits=18,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    price = MoneyField(label=gettext_lazy("单价"), required=False, help_text=gettext_lazy("不填则按标准价。"))


def sort_of(row: Order) -> object:
    """A mark on what takes another one back."""
    return pill(pgettext("order", "取消"), "amber") if row.reverses_id else ""


def columns() -> list[Column]:
    """The columns of a list of orders."""
    return [
        Column(gettext_lazy("客户"), "customer.name"),
        Column(gettext_lazy("订货日期"), "ordered_on", order="-ordered_on", show=formats.day, look="nowrap"),
        Column(gettext_lazy("金额"), "amount", show=formats.exact_money, look="num", phone="aside"),
        Column(pgettext_lazy("order", "取消"), sort_of, phone="bare", exported=False),
        Column(gettext_lazy("订单号"), "number", look="nowrap"),
        Column(gettext_lazy("商机"), "opportunity.name"),
        Column(gettext_lazy("业务员"), "credit_person.name", look="own nowrap", phone="off"),
    ]


@access(SEE)
class Orders(ListScreen):
    """What was ordered."""

    title = gettext_lazy("订单")
    search_hint = gettext_lazy("客户名称、拼音、完整订单号")
    order, row_to = "-ordered_on", "trade:order"
    filters = OrderFilters
    export = "trade:export_orders"
    template = "trade/sales.html"
    columns: ClassVar[Sequence[Column]] = columns()

    def context(self) -> dict[str, Any]:
        """The sums of this year, credited to whom the person sees."""
        tiles = measure_tiles(self.actor, (ORDERS, ORDERED), period("year", clock.today()))
        return {**super().context(), "tiles": tiles, "tiles_of": _("本年度")}

    def rows(self) -> QuerySet[Any]:
        """All that the person sees."""
        return queries.orders(self.actor, self.text)

    def actions(self) -> Sequence[Link | None]:
        """Enter one."""
        return [Link(_("登记订单"), "trade:new_order", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("客户订货后登记在这里,也可以从拜访记录直接登记:订货额由此计入业绩。")
        return Empty(_("还没有订单"), words, icon="receipt", action=self.actions()[0])


@access(SEE, EXPORT)
class ExportOrders(ExportScreen):
    """The list as a file."""

    screen_class = Orders


@access(ORDER)
class NewOrder(FormScreen):
    """Enter an order."""

    title = gettext_lazy("登记订单")
    form_class, line_class = OrderForm, OrderLineForm
    lines_title = gettext_lazy("订货明细")

    def initial(self) -> dict[str, Any]:
        """Today; the customer, the deal and the visit that the address names."""
        asked = self.request.GET
        return {
            "ordered_on": clock.today(),
            "customer_id": asked.get("customer"),
            "opportunity_id": asked.get("opportunity"),
            "visit_id": asked.get("visit"),
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Enter it, and show the page behind again."""
        lines = [OrderLineDraft(**line) for line in data.pop("lines")]
        row = commands.place_order(self.actor, OrderDraft(**data, lines=lines))
        said = {"number": row.number, "amount": formats.money(row.amount)}
        return Done(toast=_("已登记订单 %(number)s,金额 %(amount)s") % said)


@access(SEE)
class OrderPage(DetailScreen):
    """One order, or what cancels one."""

    template = "trade/order.html"

    def load(self) -> None:
        """The order that the address names."""
        self.row = queries.order(self.actor, self.kwargs["pk"])
        self.cancellation = queries.cancellation_of(self.actor, self.row.pk)

    def page_title(self) -> str:
        """Its number."""
        return str(self.row)

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("订单"), reverse("trade:orders"))]

    def actions(self) -> Sequence[Link | None]:
        """Cancel it, unless that has happened."""
        if self.row.reverses_id or self.cancellation:
            return []
        return [Link(_("取消订单"), "trade:cancel_order", (self.row.pk,), icon="arrow-back-up", drawer=True)]

    def context(self) -> dict[str, Any]:
        """What is known of it."""
        row = self.row
        deal = row.opportunity and link("pipeline:opportunity", row.opportunity_id, row.opportunity.name)
        visit = row.visit and link("daily:visit", row.visit_id, formats.moment(row.visit.occurred_at))
        back = self.cancellation and link("trade:order", self.cancellation.pk, str(self.cancellation))
        first = row.reverses and link("trade:order", row.reverses_id, str(row.reverses))
        return {
            "facts": [
                (_("客户"), link("customers:page", row.customer_id, row.customer.name, "?tab=orders")),
                (_("商机"), deal),
                (_("拜访"), visit),
                (_("金额"), formats.exact_money(row.amount)),
                (_("订货日期"), formats.day(row.ordered_on)),
                (_("业务员"), row.credit_person.name),
                (_("登记人"), row.entered_by and row.entered_by.name),
                (_("登记时间"), formats.moment(row.recorded_at)),
                (_("取消了"), first),
                (pgettext("order", "已取消"), back),
                (_("备注"), row.note),
            ],
            "lines": list(row.lines.select_related("product")),
        }


@access(ORDER)
class CancelOrder(FormScreen):
    """Take an order back by its opposite."""

    title = gettext_lazy("取消订单")
    form_class = ReversalForm
    submit = gettext_lazy("取消订单")
    hint = gettext_lazy("订单从不修改:取消会在今天记一笔相反的订单,再登记正确的一笔。")

    def load(self) -> None:
        """The order that the address names."""
        self.row = queries.order(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Take it back, and show what did."""
        back = commands.cancel_order(self.actor, self.row.pk, data["reason"])
        return Done(url=reverse("trade:order", args=[back.pk]), toast=_("订单已取消"))


def orders_tab(actor: Actor, customer_id: int) -> dict[str, Any]:
    """The latest orders of one customer, as far as the person sees them."""
    rows = list(queries.orders(actor, customer_id=customer_id)[: MOST + 1])
    return {
        "orders": [(row, sort_of(row)) for row in rows[:MOST]],
        "all_orders": f"{reverse('trade:orders')}?customer={customer_id}" if len(rows) > MOST else "",
        "enter": Link(_("登记订单"), "trade:new_order", icon="plus", query=f"?customer={customer_id}", drawer=True),
        "no_orders": Empty(_("还没有订单"), icon="receipt"),
    }


def orders_of_deal(actor: Actor, row: Opportunity) -> dict[str, Any]:
    """What was ordered for a deal."""
    if not actor.can(SEE):
        return {}
    return {"orders": [(it, sort_of(it)) for it in queries.orders(actor, opportunity_id=row.pk)[:MOST]]}


def orders_of_visit(actor: Actor, row: Visit) -> dict[str, Any]:
    """What was ordered on a visit."""
    if not actor.can(SEE):
        return {}
    return {"orders": [(it, sort_of(it)) for it in queries.orders(actor, visit_id=row.pk)[:MOST]]}


def enter_ordered(row: Opportunity | Visit) -> Link | None:
    """The way to enter what was ordered for a deal or on a visit."""
    if row.customer_id is None:
        return None
    about = f"visit={row.pk}" if isinstance(row, Visit) else f"opportunity={row.pk}"
    query = f"?customer={row.customer_id}&{about}"
    return Link(_("登记订单"), "trade:new_order", icon="receipt", query=query, drawer=True)
