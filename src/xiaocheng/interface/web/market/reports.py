"""What is reported about the market: the list of events, one event with its sources, the competitors' board."""

from __future__ import annotations

import datetime as dt
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
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.interface.web.files.views import attached
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import DayRangeFilter, Filters, PickFilter
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import Column, DetailScreen, ListScreen, Screen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import sees_customer
from xiaocheng.selling.fieldwork import queries
from xiaocheng.selling.fieldwork.access import DECIDE_MARKET
from xiaocheng.selling.fieldwork.events import MarketReportEdited
from xiaocheng.selling.fieldwork.queries import MarketKind, MarketReport
from xiaocheng.selling.fieldwork.states import Severity

KIND = "fieldwork.marketreport"
BOARD_DAYS = 90
STATE_TONES = {"open": "amber", "in_work": "blue", "closed": "green"}
SEVERITY_TONES = {"minor": "grey", "normal": "grey", "affects_sales": "amber", "serious": "red"}


def state_pill(row: MarketReport) -> SafeString:
    """Where it stands; a source of another event says so."""
    if row.merged_into_id is not None:
        return pill(_("已合并"), "grey")
    return pill(row.get_state_display(), STATE_TONES[row.state])


def severity_pill(row: MarketReport) -> SafeString:
    """How much hangs on it."""
    return pill(row.get_severity_display(), SEVERITY_TONES[row.severity])


def sources(row: MarketReport) -> int:
    """How many reports there are of the event."""
    more: int = getattr(row, "more", 0)
    return more + 1


def what(row: MarketReport) -> str:
    """The beginning of what it says."""
    return row.description if len(row.description) <= 60 else f"{row.description[:60]}…"


class EventFilters(Filters):
    """What the list may be narrowed to."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=MarketKind.choices)
    severity = django_filters.ChoiceFilter(label=gettext_lazy("严重程度"), choices=Severity.choices)
    competitor = PickFilter(field_name="competitor", source="competitors", label=gettext_lazy("竞争对手"))
    product = PickFilter(field_name="product", source="products", label=gettext_lazy("产品"))
    credit_person = PickFilter(field_name="credit_person", source="people", label=gettext_lazy("反映人"))
    booked_on = DayRangeFilter(label=gettext_lazy("日期"))


@access(SIGNED_IN)
class Events(ListScreen):
    """The events in sight, the newest first."""

    title = gettext_lazy("市场情况")
    search_hint = gettext_lazy("内容、竞争对手、客户")
    order, row_to = "-occurred_at", "market:report"
    filters = EventFilters
    export = "market:export"
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("市场情况"), what),
        Column(gettext_lazy("反映时间"), "occurred_at", show=formats.moment, order="-occurred_at", look="nowrap"),
        Column(gettext_lazy("类别"), MarketReport.get_kind_display, look="nowrap", phone="bare"),
        Column(gettext_lazy("严重程度"), severity_pill, phone="bare"),
        Column(gettext_lazy("状态"), state_pill, phone="aside"),
        Column(gettext_lazy("竞争对手"), "competitor.name", look="nowrap"),
        Column(gettext_lazy("来源数"), sources, look="num"),
        Column(gettext_lazy("反映人"), "credit_person.name", look="own nowrap"),
    ]

    def rows(self) -> QuerySet[Any, Any]:
        """Those of the open tab."""
        return queries.market_events(self.actor, self.tab or "open", self.text)

    def tabs(self) -> Sequence[Tab]:
        """What is open, what one reported oneself, everything."""
        return [Tab("open", _("未结案")), Tab("mine", _("我反映的")), Tab("all", _("全部"))]

    def actions(self) -> Sequence[Link | None]:
        """Report something; see what competitors do."""
        return [
            Link(_("反映市场情况"), "market:new", icon="plus", drawer=True),
            Link(_("竞争动态"), "market:board", icon="swords"),
        ]

    def empty(self) -> Empty:
        """What it is for."""
        words = _("竞争者的促销和新品、经销商的抱怨、消费者的意见、客户的人事变动:影响销售的立即通知主管。")
        return Empty(_("没有市场情况"), words, icon="speakerphone", action=self.actions()[0])


@access(EXPORT)
class Export(ExportScreen):
    """The list as a file."""

    screen_class = Events


@access(SIGNED_IN)
class ReportPage(DetailScreen):
    """One report, or an event with all its sources; fit to be printed."""

    template = "market/report.html"

    def load(self) -> None:
        """The report that the address names."""
        self.row = queries.market_report(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Its number and what it is about."""
        return f"{self.row} · {self.row.get_kind_display()}"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("市场情况"), reverse("market:events"))]

    def tabs(self) -> Sequence[Tab]:
        """What happened, and its files."""
        return [Tab("story", _("动态")), Tab("files", _("附件"))]

    def actions(self) -> Sequence[Link | None]:
        """What may be done with it now."""
        row, pk = self.row, (self.row.pk,)
        decides = self.actor.can(DECIDE_MARKET)
        may_edit = row.state != "closed" and (decides or row.credit_person_id == self.actor.person_id)
        edit = Link(_("修改"), "market:edit", pk, icon="pencil", drawer=True) if may_edit else None
        if row.merged_into_id is not None:
            return [Link(_("拆出"), "market:unmerge", pk, icon="arrows-split", post=True) if decides else None, edit]
        if not decides:
            return [edit]
        if row.state == "closed":
            return [Link(_("重新处理"), "market:reopen", pk, icon="history", drawer=True)]
        take_up = Link(_("受理"), "market:take_up", pk, icon="hand-grab", look="primary", post=True)
        return [
            take_up if row.state == "open" else None,
            Link(_("结案"), "market:close", pk, icon="circle-check", drawer=True),
            Link(_("合并"), "market:merge", pk, icon="git-merge", drawer=True),
            edit,
        ]

    def context(self) -> dict[str, Any]:
        """What is known of it, and what the open tab shows."""
        row = self.row
        return {
            "row": row,
            "pills": [state_pill(row), severity_pill(row)],
            "facts": self._facts(),
            "alarm": self._alarm(),
            "sources": queries.market_sources(self.actor, row.pk),
            **getattr(self, f"tab_{self.tab}")(),
        }

    def _facts(self) -> list[tuple[object, object]]:
        row = self.row
        customer: object = row.customer and row.customer.name
        if row.customer and sees_customer(self.actor, row.customer.pk):
            customer = format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.customer.pk]), customer)
        event: object = ""
        if row.merged_into_id is not None:
            url = reverse("market:report", args=[row.merged_into_id])
            event = format_html('<a href="{}">{}</a>', url, row.merged_into)
        return [
            (_("属于事件"), event),
            (_("竞争对手"), row.competitor and row.competitor.name),
            (_("产品"), row.product and row.product.name),
            (_("客户"), customer),
            (_("区域"), row.area),
            (_("反映人"), row.credit_person.name),
            (_("反映时间"), formats.moment(row.occurred_at)),
            (_("受理时间"), row.taken_up_at and formats.moment(row.taken_up_at)),
            (_("结案时间"), row.closed_at and formats.moment(row.closed_at)),
        ]

    def _alarm(self) -> str:
        row = self.row
        alarm = alarm_about(self.actor, KIND, row.pk) if row.is_urgent and row.state == "open" else None
        if alarm is None or row.merged_into_id is not None:
            return ""
        return _("还没有人受理,已通知到上 %(step)s 级主管(%(at)s)。") % {
            "step": alarm.step,
            "at": formats.moment(alarm.told_at),
        }

    def tab_story(self) -> dict[str, Any]:
        """What happened, the newest first."""
        return {"story": story(timeline(KIND, self.row.pk, open_to=(MarketReportEdited,)), {"": "speakerphone"})}

    def tab_files(self) -> dict[str, Any]:
        """Pictures and papers."""
        return attached(self.actor, KIND, self.row.pk)


@access(SIGNED_IN)
class Board(Screen):
    """What competitors did lately: by competitor and kind."""

    title = gettext_lazy("竞争动态")
    template = "market/board.html"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("市场情况"), reverse("market:events"))]

    def context(self) -> dict[str, Any]:
        """A line per competitor; every number opens to its events."""
        since = clock.today() - dt.timedelta(days=BOARD_DAYS)
        found = queries.rival_moves(self.actor, since)
        return {
            "days": BOARD_DAYS,
            "kinds": [str(kind.label) for kind in MarketKind],
            "lines": [(it, [it.by_kind.get(kind, 0) for kind in MarketKind.values]) for it in found],
            "nothing": Empty(_("这段时间没有竞争对手的情况"), icon="swords"),
        }
