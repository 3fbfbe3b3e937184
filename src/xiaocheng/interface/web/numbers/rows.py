"""The rows that a measure counts over some days: a number always equals its rows, for everybody who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.measures import EVERYBODY, Measure, Whose, measure
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.insight import queries as insight
from xiaocheng.insight.queries import Selection
from xiaocheng.interface.web.daily import visits as daily
from xiaocheng.interface.web.daily.plan import LINE_TONES
from xiaocheng.interface.web.expenses.lists import columns as expense_columns
from xiaocheng.interface.web.insight import rows as found
from xiaocheng.interface.web.insight.asked import Asked
from xiaocheng.interface.web.receptions import register
from xiaocheng.interface.web.service import complaints as service
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.links import Crumb, Empty
from xiaocheng.interface.web.shell.screens import Column
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.interface.web.trade.lists import columns_of
from xiaocheng.interface.web.trade.orders import columns as order_columns
from xiaocheng.interface.web.trade.receipts import columns as receipt_columns
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.queries import Channel
from xiaocheng.selling.expenses import queries as expenses
from xiaocheng.selling.expenses.access import SPEND
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.queries import PlanLine
from xiaocheng.selling.service import queries as complaints
from xiaocheng.selling.service.access import HANDLE
from xiaocheng.selling.service.queries import ComplaintClosing
from xiaocheng.selling.trade import queries as trade
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .behind import LISTS

RECEPTIONS_OF = ("details", "new", "won")


class Counted(found.Rows):
    """A list of what a measure counts: the address names the measure, the days and perhaps the person."""

    sort: ClassVar[str]

    def load(self) -> None:
        """Read what is asked for; a measure whose rows are not listed here is not found."""
        self.counted = self.request.GET.get("key", "")
        if LISTS.get(self.counted) != self.sort:
            raise NotFound
        self.period, self.person_id = self.asked.period, self.asked.number("person")

    @cached_property
    def asked(self) -> Asked:
        """The days and the person as insight reads them."""
        return Asked(self.actor, {**self.request.GET.dict(), "kind": "custom"})

    @property
    def measure(self) -> Measure:
        """What is counted."""
        return measure(self.counted)

    @property
    def selection(self) -> Selection:
        """The same for the queries of insight; the actor's sight narrows it."""
        return Selection(self.period, EVERYBODY if self.person_id is None else Whose(frozenset({self.person_id})))

    def page_title(self) -> str:
        """What these rows are."""
        return str(self.measure.name)

    def crumbs(self) -> list[Crumb]:
        """To the day's page: the number may have stood on any of several."""
        return [Crumb(pgettext("today, team or company", "首页"), reverse("home:home"))]

    def context(self) -> dict[str, Any]:
        """Say whose and when, and what counts."""
        first, last = formats.day(self.period.first), formats.day(self.period.last)
        days = first if first == last else _("%(first)s 至 %(last)s") % {"first": first, "last": last}
        everybody = _("您看得到的全部记录")
        whose = everybody if self.person_id is None else names_of([self.person_id]).get(self.person_id, everybody)
        return {**super().context(), "hint": f"{days} · {whose} · {self.measure.formula}"}

    def empty(self) -> Empty:
        """No rows: the number is 0."""
        return Empty(_("没有对应的记录"))


@access(SIGNED_IN)
class Visits(Counted):
    """Visits and other contacts."""

    sort, row_to, order = "visits", "daily:visit", "-occurred_at"
    export = "numbers:visits_export"
    columns: ClassVar[Sequence[Column]] = [
        replace(column, look="nowrap") if "own" in column.look else column for column in daily.Visits.columns
    ]

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return fieldwork.counted_visits(self.actor, self.counted, self.period, self.person_id)


def _goes_to(line: PlanLine) -> SafeString:
    url = reverse("daily:plan_page", args=[line.plan_id])
    return format_html('<a href="{}">{}</a>', url, line.customer.name if line.customer else line.area)


def _became(line: PlanLine) -> SafeString:
    return pill(line.get_outcome_display(), LINE_TONES[line.outcome])


@access(SIGNED_IN)
class Lines(Counted):
    """Lines of visit plans that were handed in; the first column leads to the plan."""

    sort, export = "lines", "numbers:lines_export"
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("去哪里"), _goes_to),
        Column(gettext_lazy("计划日"), "plan.day", show=formats.day, look="nowrap", phone="aside"),
        Column(gettext_lazy("目的"), PlanLine.get_purpose_display, phone="bare"),
        Column(gettext_lazy("完成情况"), _became, phone="bare"),
        Column(gettext_lazy("原因"), "reason"),
        Column(gettext_lazy("业务员"), "plan.person.name", look="nowrap"),
    ]

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return fieldwork.counted_lines(self.actor, self.counted, self.period, self.person_id)


@access(SIGNED_IN)
class Customers(Counted, found.NewCustomers):
    """Customers registered."""

    sort, order, export = "customers", "-pk", "numbers:customers_export"

    def load(self) -> None:
        """Read what is asked for; the columns are those of this measure."""
        super().load()
        self.key = "customers.registered"

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return insight.new_customer_rows(self.actor, self.selection, "customers.registered")


@access(SIGNED_IN)
class Receptions(Counted):
    """Guests and callers received; perhaps only those of one channel, or that left details, were new, or bought."""

    sort, row_to, order, export = "receptions", "receptions:page", "-occurred_at", "numbers:receptions_export"

    @cached_property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Those of the register."""
        return register.columns_for(self.actor)

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        channel, of = self.given("channel", Channel.values), self.given("of", RECEPTIONS_OF)
        found = customers.counted_receptions(self.actor, self.period, self.person_id, channel=channel, of=of)
        return register.named(found)


@access(SIGNED_IN)
class Opened(Counted, found.Stays):
    """Opportunities opened: the stay in their first stage."""

    sort, order, export = "opened", "-occurred_at", "numbers:opened_export"

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return insight.spans(self.actor, self.selection, exit="opened")


@access(SIGNED_IN)
class Closings(Counted, found.Closings):
    """Wins and their reversals; the number is the sum of their signs, the amount that of their signed amounts."""

    sort, order, export = "closings", "-booked_on", "numbers:closings_export"

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return insight.closings(self.actor, self.selection, "won")


@access(SEE_SALES)
class Sales(Counted):
    """Lines of past sales; the number is the sum of their amounts or profits."""

    sort, order, export = "sales", "-occurred_on", "numbers:sales_export"
    columns: ClassVar[Sequence[Column]] = columns_of(Column(gettext_lazy("客户"), "customer.name"))

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return trade.counted_sales(self.actor, self.counted, self.period, self.person_id)


@access(SEE_SALES)
class Receipts(Counted):
    """Receipts; the number is the sum of their amounts."""

    sort, row_to, order, export = "receipts", "trade:receipt", "-received_on", "numbers:receipts_export"
    columns: ClassVar[Sequence[Column]] = receipt_columns()

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return trade.counted_receipts(self.actor, self.period, self.person_id)


@access(SEE_SALES)
class Orders(Counted):
    """Orders; the number is how many, or the sum of their amounts."""

    sort, row_to, order, export = "orders", "trade:order", "-ordered_on", "numbers:orders_export"
    columns: ClassVar[Sequence[Column]] = order_columns()

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return trade.counted_orders(self.actor, self.period, self.person_id)


@access(SPEND)
class Expenses(Counted):
    """Expenses; the number is the sum of their amounts."""

    sort, row_to, order, export = "expenses", "expenses:expense", "-spent_on", "numbers:expenses_export"
    columns: ClassVar[Sequence[Column]] = expense_columns()

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return expenses.counted_expenses(self.actor, self.period, self.person_id)


@access(HANDLE)
class Complaints(Counted):
    """Complaints that were taken down."""

    sort, row_to, order, export = "complaints", "service:complaint", "-occurred_at", "numbers:complaints_export"
    columns: ClassVar[Sequence[Column]] = service.columns()

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return complaints.counted_complaints(self.actor, self.period, self.person_id)


def _settled(row: ComplaintClosing) -> SafeString:
    url = reverse("service:complaint", args=[row.complaint_id])
    return format_html('<a href="{}">{} · {}</a>', url, row.complaint, row.complaint.customer.name)


def _closed_or_not(row: ComplaintClosing) -> SafeString:
    return pill(_("结案"), "green") if row.sign > 0 else pill(pgettext("complaint", "重新处理"), "amber")


@access(HANDLE)
class Settled(Counted):
    """Closings of complaints and what took them back; the number is the sum of their signs."""

    sort, order, export = "settled", "-occurred_at", "numbers:settled_export"
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("投诉"), _settled),
        Column(gettext_lazy("时间"), "occurred_at", show=formats.moment, look="nowrap", phone="aside"),
        Column(gettext_lazy("处理"), _closed_or_not, phone="bare"),
        Column(gettext_lazy("处理人"), "credit_person.name", look="nowrap"),
    ]

    def rows(self) -> QuerySet[Any, Any]:
        """Those that the measure counts."""
        return complaints.counted_closings(self.actor, self.period, self.person_id)


@access(HANDLE, EXPORT)
class ComplaintsExport(ExportScreen):
    """Complaints or closings that a measure counts as a file."""

    screen_class = Complaints


@access(EXPORT)
class CountedExport(ExportScreen):
    """Writes what a measure counts as a file; the address says of which screen."""

    screen_class = Counted


@access(SEE_SALES, EXPORT)
class SalesExport(ExportScreen):
    """The lines of past sales that a measure counts as a file."""

    screen_class = Sales


@access(SEE_SALES, EXPORT)
class ReceiptsExport(ExportScreen):
    """The receipts that the measure counts as a file."""

    screen_class = Receipts


@access(SEE_SALES, EXPORT)
class OrdersExport(ExportScreen):
    """The orders that the measure counts as a file."""

    screen_class = Orders


@access(SPEND, EXPORT)
class ExpensesExport(ExportScreen):
    """The expenses that the measure counts as a file."""

    screen_class = Expenses
