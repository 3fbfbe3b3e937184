"""Complaints as people look at them: the list, one complaint, a customer's tab, a day's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.approvals.queries import alarm_about
from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.interface.web.files.views import attached
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import DayRangeFilter, Filters, PickFilter
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import sees_customer
from xiaocheng.selling.service import queries
from xiaocheng.selling.service.access import HANDLE
from xiaocheng.selling.service.events import ComplaintEdited
from xiaocheng.selling.service.queries import COMPLAINT_KIND, Complaint, Severity

KIND = "service.complaint"
MOST = 30  # rows of a tab; the list has the rest
STATE_TONES = {"open": "amber", "in_work": "blue", "closed": "green"}
SEVERITY_TONES = {"minor": "grey", "normal": "grey", "affects_sales": "amber", "serious": "red"}
SATISFACTION_TONES = {"very_good": "green", "good": "green", "fair": "grey", "bad": "amber", "very_bad": "red"}


def state_pill(row: Complaint) -> SafeString:
    """Where it stands."""
    return pill(row.get_state_display(), STATE_TONES[row.state])


def severity_pill(row: Complaint) -> SafeString:
    """How much hangs on it."""
    return pill(row.get_severity_display(), SEVERITY_TONES[row.severity])


def kind_of(row: Complaint) -> str:
    """What it is about, in words."""
    return names(COMPLAINT_KIND).get(row.kind) or str(row.kind)


def due(row: Complaint) -> object:
    """Until when it is to be settled; marked once that day is over."""
    if row.state == "closed" or row.due_on >= clock.today():
        return formats.day(row.due_on)
    return pill(_("%(day)s 已逾期") % {"day": formats.day(row.due_on)}, "red")


def columns() -> list[Column]:
    """The columns of a list of complaints."""
    return [
        Column(gettext_lazy("客户"), "customer.name"),
        Column(gettext_lazy("登记时间"), "occurred_at", show=formats.moment, order="-occurred_at", look="nowrap"),
        Column(gettext_lazy("投诉类别"), kind_of, phone="bare"),
        Column(gettext_lazy("严重程度"), severity_pill, phone="bare"),
        Column(gettext_lazy("状态"), state_pill, phone="aside"),
        Column(gettext_lazy("处理期限"), due, look="nowrap"),
        Column(gettext_lazy("处理人"), "responsible.name", look="own nowrap"),
        Column(gettext_lazy("产品"), "product.name"),
        Column(gettext_lazy("登记人"), "credit_person.name", look="nowrap", phone="off"),
    ]


class ComplaintFilters(Filters):
    """What the list may be narrowed to."""

    severity = django_filters.ChoiceFilter(label=gettext_lazy("严重程度"), choices=Severity.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("投诉类别"), choices=lambda: choices(COMPLAINT_KIND))
    customer = PickFilter(field_name="customer", source="customers", label=gettext_lazy("客户"))
    product = PickFilter(field_name="product", source="products", label=gettext_lazy("产品"))
    responsible = PickFilter(field_name="responsible", source="people", label=gettext_lazy("处理人"))
    booked_on = DayRangeFilter(label=gettext_lazy("日期"))


@access(HANDLE)
class Complaints(ListScreen):
    """The complaints in sight, the newest first."""

    title = gettext_lazy("客户投诉")
    search_hint = gettext_lazy("客户名称、拼音、首字母")
    order, row_to = "-occurred_at", "service:complaint"
    filters = ComplaintFilters
    export = "service:export"
    columns: ClassVar[Sequence[Column]] = columns()

    def rows(self) -> QuerySet[Any, Any]:
        """Those of the open tab."""
        return queries.complaints(self.actor, self.tab or "open", self.text)

    def tabs(self) -> Sequence[Tab]:
        """What is open, one's own, what is late, everything."""
        return [
            Tab("open", _("未结案")),
            Tab("mine", _("我处理的")),
            Tab("late", _("已逾期")),
            Tab("all", _("全部")),
        ]

    def actions(self) -> Sequence[Link | None]:
        """Take one down."""
        return [Link(_("登记投诉"), "service:new", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("客户有不满就登记下来:定下处理人和期限;影响销售的立即通知主管,无人受理就逐级上报。")
        return Empty(_("没有客户投诉"), words, icon="message-exclamation", action=self.actions()[0])


@access(HANDLE, EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Complaints


@access(HANDLE)
class ComplaintPage(DetailScreen):
    """One complaint: the report on how it was handled, fit to be printed."""

    template = "service/complaint.html"

    def load(self) -> None:
        """The complaint that the address names."""
        self.row = queries.complaint(self.actor, self.kwargs["pk"])
        self.works = queries.handles(self.actor, self.row)
        self.speaks = queries.handles(self.actor, self.row, or_author=True)

    def page_title(self) -> str:
        """Its number and the customer."""
        return f"{self.row} · {self.row.customer.name}"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("客户投诉"), reverse("service:complaints"))]

    def tabs(self) -> Sequence[Tab]:
        """What happened, and its files."""
        return [Tab("story", _("动态")), Tab("files", _("附件"))]

    def actions(self) -> Sequence[Link | None]:
        """What may be done with it now."""
        row, pk = self.row, (self.row.pk,)
        if row.state == "closed":
            judge = Link(_("客户评价"), "service:judge", pk, icon="mood-smile", drawer=True)
            reopen = Link(_("重新处理"), "service:reopen", pk, icon="history", drawer=True)
            return [judge, reopen] if self.speaks else []
        take_up = Link(_("受理"), "service:take_up", pk, icon="hand-grab", look="primary", post=True)
        return [
            take_up if self.works and row.state == "open" else None,
            Link(_("结案"), "service:close", pk, icon="circle-check", drawer=True) if self.works else None,
            Link(_("修改"), "service:edit", pk, icon="pencil", drawer=True) if self.speaks else None,
            Link(_("转交"), "service:hand_on", pk, icon="user-share", drawer=True) if self.works else None,
        ]

    def context(self) -> dict[str, Any]:
        """What is known of it, and what the open tab shows."""
        row = self.row
        texts = [
            (_("投诉内容"), row.description),
            (_("原因分析"), row.cause),
            (_("处理措施"), row.measures),
            (_("处理结果"), row.outcome),
        ]
        return {
            "row": row,
            "pills": [state_pill(row), severity_pill(row)],
            "facts": self._facts(),
            "texts": [(name, text) for name, text in texts if text],
            "alarm": self._alarm(),
            **getattr(self, f"tab_{self.tab}")(),
        }

    def _facts(self) -> list[tuple[object, object]]:
        row = self.row
        customer: object = row.customer.name
        if sees_customer(self.actor, row.customer_id):
            url = reverse("customers:page", args=[row.customer_id])
            customer = format_html('<a href="{}?tab=complaints">{}</a>', url, row.customer.name)
        visit: object = ""
        if row.visit_id and self.actor.sight.sees_person(row.visit.credit_person_id):  # type: ignore[union-attr]
            url = reverse("daily:visit", args=[row.visit_id])
            visit = format_html('<a href="{}">{}</a>', url, formats.moment(row.visit.occurred_at))  # type: ignore[union-attr]
        satisfaction: object = ""
        if row.satisfaction:
            satisfaction = pill(row.get_satisfaction_display(), SATISFACTION_TONES[row.satisfaction])
        return [
            (_("客户"), customer),
            (_("联系人"), row.contact and row.contact.name),
            (_("投诉类别"), kind_of(row)),
            (_("产品"), row.product and row.product.name),
            (_("处理人"), row.responsible.name),
            (_("处理期限"), due(row)),
            (_("登记人"), row.credit_person.name),
            (_("登记时间"), formats.moment(row.occurred_at)),
            (_("拜访"), visit),
            (_("受理时间"), row.taken_up_at and formats.moment(row.taken_up_at)),
            (_("结案时间"), row.closed_at and formats.moment(row.closed_at)),
            (_("客户满意度"), satisfaction),
        ]

    def _alarm(self) -> str:
        """How far up the line it was told, while it waits to be taken up."""
        if self.row.state != "open" or not self.row.is_urgent:
            return ""
        alarm = alarm_about(self.actor, KIND, self.row.pk)
        if alarm is None:
            return ""
        return _("还没有人受理,已通知到上 %(step)s 级主管(%(at)s)。") % {
            "step": alarm.step,
            "at": formats.moment(alarm.told_at),
        }

    def tab_story(self) -> dict[str, Any]:
        """What happened, the newest first."""
        found = timeline(KIND, self.row.pk, open_to=(ComplaintEdited,))
        return {"story": story(found, {"": "message-exclamation"})}

    def tab_files(self) -> dict[str, Any]:
        """Pictures and papers."""
        return attached(self.actor, KIND, self.row.pk)


def complaints_tab(actor: Actor, customer_id: int) -> dict[str, Any]:
    """The complaints of one customer, as far as the person sees them."""
    rows = list(queries.complaints(actor, customer_id=customer_id)[: MOST + 1])
    new = Link(_("登记投诉"), "service:new", icon="plus", query=f"?customer={customer_id}", drawer=True)
    return {
        "complaints": [(row, kind_of(row), severity_pill(row), state_pill(row), due(row)) for row in rows[:MOST]],
        "all_complaints": f"{reverse('service:complaints')}?tab=all&customer={customer_id}" if len(rows) > MOST else "",
        "raise_complaint": new,
        "no_complaints": Empty(_("没有客户投诉"), icon="message-exclamation"),
    }
