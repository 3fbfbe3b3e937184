"""Expenses as people look at them: the list, one expense, those of a customer and of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.periods import period
from xiaocheng.interface.web.files.views import attached
from xiaocheng.interface.web.home.tiles import measure_tiles
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import DayRangeFilter, Filters, PickFilter
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import sees_customer
from xiaocheng.selling.expenses import queries
from xiaocheng.selling.expenses.access import SPEND
from xiaocheng.selling.expenses.events import ExpenseCorrected
from xiaocheng.selling.expenses.measures import SPENT
from xiaocheng.selling.expenses.queries import EXPENSE_KIND, Expense
from xiaocheng.selling.fieldwork.queries import Visit

KIND = "expenses.expense"
MOST = 30  # rows of a tab; the list has the rest


def kind_of(row: Expense) -> str:
    """What it was spent on, in words."""
    return names(EXPENSE_KIND).get(row.kind) or str(row.kind)


def state(row: Expense) -> object:
    """A mark on what counts no more."""
    return pill(pgettext("expense", "已取消"), "grey") if row.cancelled_at else ""


def columns() -> list[Column]:
    """The columns of a list of expenses."""
    return [
        Column(gettext_lazy("费用类别"), kind_of),
        Column(gettext_lazy("日期"), "spent_on", order="-spent_on", show=formats.day, look="nowrap"),
        Column(gettext_lazy("金额"), "amount", order="-amount", show=formats.exact_money, look="num", phone="aside"),
        Column(gettext_lazy("客户"), "customer.name"),
        Column(gettext_lazy("备注"), "note", phone="off"),
        Column(gettext_lazy("状态"), state, phone="bare"),
        Column(gettext_lazy("花费的人"), "credit_person.name", look="own nowrap"),
    ]


class ExpenseFilters(Filters):
    """What the list may be narrowed to."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("费用类别"), choices=lambda: choices(EXPENSE_KIND))
    spent_on = DayRangeFilter(label=gettext_lazy("日期"))
    customer = PickFilter(field_name="customer", source="customers", label=gettext_lazy("客户"))
    person = PickFilter(field_name="credit_person", source="people", label=gettext_lazy("花费的人"))


@access(SPEND)
class Expenses(ListScreen):
    """The expenses in sight, the latest first."""

    title = gettext_lazy("费用")
    search_hint = gettext_lazy("客户名称、拼音、首字母")
    order, row_to = "-spent_on", "expenses:expense"
    filters = ExpenseFilters
    export = "expenses:export"
    template = "trade/sales.html"
    columns: ClassVar[Sequence[Column]] = columns()

    def context(self) -> dict[str, Any]:
        """The sum of this month, of whom the person sees."""
        tiles = measure_tiles(self.actor, (SPENT,), period("month", clock.today()))
        return {**super().context(), "tiles": tiles, "tiles_of": _("本月")}

    def rows(self) -> QuerySet[Any, Any]:
        """Those of the open tab."""
        return queries.expenses(self.actor, self.tab or "standing", self.text)

    def tabs(self) -> Sequence[Tab]:
        """What counts, one's own, and what was cancelled too; the second for whoever sees others."""
        alone = not self.actor.sight.everyone and self.actor.sight.people <= {self.actor.person_id}
        mine = [] if alone else [Tab("mine", _("我的"))]
        return [Tab("standing", _("有效的")), *mine, Tab("all", _("全部"))]

    def actions(self) -> Sequence[Link | None]:
        """Record one."""
        return [Link(_("登记费用"), "expenses:new", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("交通、餐费、住宿、礼品、招待:花了就记,也可以在拜访页登记。拜访的成本由此算出。")
        return Empty(_("还没有费用"), words, icon="wallet", action=self.actions()[0])


@access(SPEND, EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Expenses


@access(SPEND)
class ExpensePage(DetailScreen):
    """One expense: what is known, its receipts, what happened."""

    template = "expenses/expense.html"

    def load(self) -> None:
        """The expense that the address names."""
        self.row = queries.expense(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """What it was spent on, and how much."""
        return f"{kind_of(self.row)} {formats.exact_money(self.row.amount)}"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("费用"), reverse("expenses:list"))]

    def tabs(self) -> Sequence[Tab]:
        """Its receipts, and what happened."""
        return [Tab("files", _("票据")), Tab("story", _("动态"))]

    def actions(self) -> Sequence[Link | None]:
        """Whoever spent it corrects or cancels it."""
        if self.row.cancelled_at or self.row.credit_person_id != self.actor.person_id:
            return ()
        pk = (self.row.pk,)
        return [
            Link(_("更正"), "expenses:correct", pk, icon="pencil", drawer=True),
            Link(_("取消费用"), "expenses:cancel", pk, icon="arrow-back-up", drawer=True),
        ]

    def context(self) -> dict[str, Any]:
        """What is known of it, and what the open tab shows."""
        row = self.row
        visit: object = ""
        if row.visit:
            url = reverse("daily:visit", args=[row.visit_id])
            visit = format_html('<a href="{}">{}</a>', url, formats.moment(row.visit.occurred_at))
        facts = [
            (_("编号"), str(row)),
            (_("费用类别"), kind_of(row)),
            (_("金额"), formats.exact_money(row.amount)),
            (_("日期"), formats.day(row.spent_on)),
            (_("花费的人"), row.credit_person.name),
            (_("客户"), self._customer()),
            (_("拜访"), visit),
            (_("登记时间"), formats.moment(row.recorded_at)),
            (_("备注"), row.note),
            (_("取消时间"), row.cancelled_at and formats.moment(row.cancelled_at)),
            (_("取消的原因"), row.reason),
        ]
        return {"pills": [state(row)], "facts": facts, **getattr(self, f"tab_{self.tab}")()}

    def _customer(self) -> object:
        row = self.row
        if row.customer is None or not sees_customer(self.actor, row.customer.pk):
            return row.customer and row.customer.name
        url = reverse("customers:page", args=[row.customer_id])
        return format_html('<a href="{}">{}</a>', url, row.customer.name)

    def tab_files(self) -> dict[str, Any]:
        """Pictures of receipts."""
        return attached(self.actor, KIND, self.row.pk)

    def tab_story(self) -> dict[str, Any]:
        """What happened, the newest first."""
        return {"story": story(timeline(KIND, self.row.pk, open_to=(ExpenseCorrected,)), {"": "wallet"})}


def expenses_tab(actor: Actor, customer_id: int) -> dict[str, Any]:
    """What was spent for one customer, as far as the person sees it."""
    rows = list(queries.expenses(actor, customer_id=customer_id)[: MOST + 1])
    return {
        "expenses": [(row, kind_of(row), state(row)) for row in rows[:MOST]],
        "all_expenses": f"{reverse('expenses:list')}?tab=all&customer={customer_id}" if len(rows) > MOST else "",
        "spend": Link(_("登记费用"), "expenses:new", icon="plus", query=f"?customer={customer_id}", drawer=True),
        "no_expenses": Empty(_("还没有费用"), icon="wallet"),
    }


def expenses_of_visit(actor: Actor, row: Visit) -> dict[str, Any]:
    """What was spent on a visit."""
    if not actor.can(SPEND):
        return {}
    return {"expenses": [(it, kind_of(it), state(it)) for it in queries.expenses(actor, visit_id=row.pk)[:MOST]]}
