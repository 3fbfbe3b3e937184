"""Money received: the list, one receipt, entering one, taking one back; and what a customer or a deal still owes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.interface.web.home.tiles import measure_tiles
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.forms import DateField, Filters, Form, MoneyField, PickField, PickFilter, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.fieldwork.queries import Visit
from xiaocheng.selling.pipeline.queries import Opportunity
from xiaocheng.selling.trade import commands, queries
from xiaocheng.selling.trade.access import ENTER, SEE
from xiaocheng.selling.trade.commands import ReceiptDraft
from xiaocheng.selling.trade.measures import RECEIVED
from xiaocheng.selling.trade.queries import MEANS, Receipt

MOST = 30  # rows of a tab; the list has the rest
SOME_LINES = {"rows": 3, "maxlength": 500}


class ReceiptFilters(Filters):
    """What the list may be narrowed to."""

    since = django_filters.DateFilter(field_name="received_on", lookup_expr="gte", label=gettext_lazy("从"))
    until = django_filters.DateFilter(field_name="received_on", lookup_expr="lte", label=gettext_lazy("到"))
    customer = PickFilter(field_name="customer", source="customers", label=gettext_lazy("客户"))
    means = django_filters.ChoiceFilter(label=gettext_lazy("付款方式"), choices=lambda: choices(MEANS))
    seller = PickFilter(field_name="credit_person", source="people", label=gettext_lazy("业务员"))


class ReceiptForm(Form):
    """Who paid how much and when; the rest opens on tap."""

    customer_id = PickField("customers", label=gettext_lazy("客户"))
    opportunity_id = PickField("won-deals", label=gettext_lazy("商机"), required=False)
    amount = MoneyField(label=gettext_lazy("金额"))
    received_on = DateField(label=gettext_lazy("收款日期"))
    means = forms.ChoiceField(
        label=gettext_lazy("付款方式"), required=False, choices=lambda: [("", "–"), *choices(MEANS)]
    )
    number = forms.CharField(label=gettext_lazy("单据号"), required=False, max_length=60)
    note = forms.CharField(label=gettext_lazy("备注"), required=False, widget=forms.Textarea(attrs=SOME_LINES))
    visit_id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    sections = (Section(gettext_lazy("更多"), ("number", "note"), folded=True),)


class ReversalForm(Form):
    """Why it was a mistake."""

    reason = forms.CharField(label=gettext_lazy("原因"), widget=forms.Textarea(attrs=SOME_LINES))


def sort_of(row: Receipt) -> object:
    """A mark on what takes another one back."""
    return pill(pgettext("receipt", "冲销"), "amber") if row.reverses_id else ""


def means_of(code: str) -> str:
    """A means of payment in words."""
    return names(MEANS).get(code, code)


def columns() -> list[Column]:
    """The columns of a list of receipts."""
    return [
        Column(gettext_lazy("客户"), "customer.name"),
        Column(gettext_lazy("收款日期"), "received_on", order="-received_on", show=formats.day, look="nowrap"),
        Column(gettext_lazy("金额"), "amount", show=formats.exact_money, look="num", phone="aside"),
        Column(pgettext_lazy("receipt", "冲销"), sort_of, phone="bare", exported=False),
        Column(gettext_lazy("商机"), "opportunity.name"),
        Column(gettext_lazy("付款方式"), "means", show=means_of),
        Column(gettext_lazy("单据号"), "number", look="nowrap"),
        Column(gettext_lazy("业务员"), "credit_person.name", look="own nowrap", phone="off"),
    ]


@access(SEE)
class Receipts(ListScreen):
    """What came in."""

    title = gettext_lazy("回款")
    search_hint = gettext_lazy("客户名称、拼音、完整单据号")
    order, row_to = "-received_on", "trade:receipt"
    filters = ReceiptFilters
    export = "trade:export_receipts"
    template = "trade/sales.html"
    columns: ClassVar[Sequence[Column]] = columns()

    def context(self) -> dict[str, Any]:
        """The sum of this year, credited to whom the person sees."""
        tiles = measure_tiles(self.actor, (RECEIVED,), period("year", clock.today()))
        return {**super().context(), "tiles": tiles, "tiles_of": _("本年度")}

    def rows(self) -> QuerySet[Any]:
        """All that the person sees."""
        return queries.receipts(self.actor, self.text)

    def actions(self) -> Sequence[Link | None]:
        """Enter one."""
        return [Link(_("登记回款"), "trade:new_receipt", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("客户付款后登记在这里:成交还差多少一目了然,收齐后催收自动停止。")
        return Empty(_("还没有回款"), words, icon="cash", action=self.actions()[0])


@access(SEE, EXPORT)
class ExportReceipts(ExportScreen):
    """The list as a file."""

    screen_class = Receipts


@access(ENTER)
class NewReceipt(FormScreen):
    """Enter money received."""

    title = gettext_lazy("登记回款")
    form_class = ReceiptForm

    def initial(self) -> dict[str, Any]:
        """Today; the customer and the deal that the address names."""
        asked = self.request.GET
        return {
            "received_on": clock.today(),
            "customer_id": asked.get("customer"),
            "opportunity_id": asked.get("opportunity"),
            "visit_id": asked.get("visit"),
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Enter it, and show the page behind again."""
        row = commands.enter_receipt(self.actor, ReceiptDraft(**data))
        return Done(toast=_("已登记回款 %(amount)s") % {"amount": formats.money(row.amount)})


@access(SEE)
class ReceiptPage(DetailScreen):
    """One receipt, or what takes one back."""

    template = "trade/receipt.html"

    def load(self) -> None:
        """The receipt that the address names."""
        self.row = queries.receipt(self.actor, self.kwargs["pk"])
        self.reversal = queries.reversal_of(self.actor, self.row.pk)

    def page_title(self) -> str:
        """Its number."""
        return str(self.row)

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("回款"), reverse("trade:receipts"))]

    def actions(self) -> Sequence[Link | None]:
        """Take it back, unless that has happened."""
        if self.row.reverses_id or self.reversal:
            return []
        return [Link(_("冲销"), "trade:reverse_receipt", (self.row.pk,), icon="arrow-back-up", drawer=True)]

    def context(self) -> dict[str, Any]:
        """What is known of it."""
        row = self.row
        deal = row.opportunity and link("pipeline:opportunity", row.opportunity_id, row.opportunity.name)
        visit = row.visit and link("daily:visit", row.visit_id, formats.moment(row.visit.occurred_at))
        back = self.reversal and link("trade:receipt", self.reversal.pk, str(self.reversal))
        first = row.reverses and link("trade:receipt", row.reverses_id, str(row.reverses))
        return {
            "facts": [
                (_("客户"), link("customers:page", row.customer_id, row.customer.name, "?tab=money")),
                (_("商机"), deal),
                (_("拜访"), visit),
                (_("金额"), formats.exact_money(row.amount)),
                (_("收款日期"), formats.day(row.received_on)),
                (_("付款方式"), means_of(row.means)),
                (_("单据号"), row.number),
                (_("业务员"), row.credit_person.name),
                (_("登记人"), row.entered_by and row.entered_by.name),
                (_("登记时间"), formats.moment(row.recorded_at)),
                (_("冲销了"), first),
                (_("已冲销"), back),
                (_("备注"), row.note),
            ]
        }


def link(view: str, pk: int | None, words: str, query: str = "") -> str:
    """A way to another page; who may not open it is told there."""
    return format_html('<a href="{}{}">{}</a>', reverse(view, args=[pk]), query, words)


@access(ENTER)
class ReverseReceipt(FormScreen):
    """Take a receipt back by its opposite."""

    title = gettext_lazy("冲销回款")
    form_class = ReversalForm
    submit = gettext_lazy("冲销")
    hint = gettext_lazy("金额从不修改:冲销会在今天记一笔相反的回款,再登记正确的一笔。")

    def load(self) -> None:
        """The receipt that the address names."""
        self.row = queries.receipt(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Take it back, and show what did."""
        back = commands.reverse_receipt(self.actor, self.row.pk, data["reason"])
        return Done(url=reverse("trade:receipt", args=[back.pk]), toast=_("已冲销"))


def money_tab(actor: Actor, customer_id: int) -> dict[str, Any]:
    """What one customer has won with us, paid and still owes, the deals that are not paid, and the latest receipts."""
    found = queries.money_of(actor, customer_id)
    rows = list(queries.receipts(actor, customer_id=customer_id)[: MOST + 1])
    everything = f"{reverse('trade:receipts')}?customer={customer_id}"
    return {
        "money": found,
        "money_figures": [
            Figure(_("成交金额"), formats.money(found.won), _("在本系统赢单的商机的金额合计;导入的历史商机不计。")),
            Figure(_("已收"), formats.money(found.received), _("看得到的回款合计,冲销为负。"), rows_url=everything),
            Figure(
                _("未收"),
                formats.money(found.left),
                _("各赢单商机未收的合计,减去没有写明商机的回款。"),
                tone="warn" if found.left else "good",
            ),
        ],
        "unpaid": list(found.debt.unpaid()),
        "receipts": [(row, means_of(row.means), sort_of(row)) for row in rows[:MOST]],
        "all_receipts": everything if len(rows) > MOST else "",
        "enter": Link(_("登记回款"), "trade:new_receipt", icon="plus", query=f"?customer={customer_id}", drawer=True),
        "no_receipts": Empty(_("还没有回款"), icon="cash"),
    }


def paid_facts(actor: Actor, row: Opportunity) -> dict[str, Any]:
    """What came in for a deal that was won, and what is still to come."""
    if row.state != "won" or not actor.can(SEE):
        return {}
    received = queries.received_for(actor, row.pk)
    left = max(Decimal(0), (row.amount or Decimal(0)) - received)
    return {
        "received": received,
        "left": left,
        "paid_pill": pill(_("已收齐"), "green") if not left else "",
    }


def enter_paid(row: Opportunity) -> Link | None:
    """The way to enter money for a deal that was won."""
    if row.state != "won" or row.customer_id is None:
        return None
    query = f"?customer={row.customer_id}&opportunity={row.pk}"
    return Link(_("登记回款"), "trade:new_receipt", icon="cash", query=query, drawer=True)


def receipts_of_visit(actor: Actor, row: Visit) -> dict[str, Any]:
    """What was paid on a visit."""
    if not actor.can(SEE):
        return {}
    return {
        "receipts": [(it, means_of(it.means), sort_of(it)) for it in queries.receipts(actor, visit_id=row.pk)[:MOST]]
    }


def enter_received(row: Visit) -> Link | None:
    """The way to enter money received on a visit."""
    if row.customer_id is None:
        return None
    query = f"?customer={row.customer_id}&visit={row.pk}"
    return Link(_("登记回款"), "trade:new_receipt", icon="cash", query=query, drawer=True)
