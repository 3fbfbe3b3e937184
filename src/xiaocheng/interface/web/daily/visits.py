"""Visits: arrive and leave in two taps, the list, one visit; the ten-second follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.files.access import ATTACH
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.interface.web.customers.consents import ReachForm
from xiaocheng.interface.web.expenses.lists import expenses_of_visit
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import (
    DayRangeFilter,
    Filters,
    Form,
    MomentField,
    PickField,
    PickFilter,
    Section,
    UsualDayField,
)
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, DetailScreen, FormScreen, ListScreen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.interface.web.trade.orders import enter_ordered, orders_of_visit
from xiaocheng.interface.web.trade.receipts import enter_received, receipts_of_visit
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.commands import ContactDraft
from xiaocheng.selling.fieldwork.events import VisitAmended
from xiaocheng.selling.fieldwork.queries import Kind, Outcome, Purpose, Visit
from xiaocheng.selling.fieldwork.queries import Result as Results

from .days import asked_number
from .places import places_shown, sent_position

KIND = "fieldwork.visit"
MOST_PHOTOS = 60
RESULT_TONES = {"nothing": "grey", "next_step": "blue"}


def place(visit: Visit) -> str:
    """Where a visit went."""
    return visit.customer.name if visit.customer else visit.area


def result_pill(visit: Visit) -> SafeString:
    """What came of it."""
    if visit.completed_at is None:
        return pill(_("进行中") if visit.is_under_way else _("待填结果"), "amber")
    return pill(visit.get_result_display(), RESULT_TONES.get(visit.result, "green"))


def marks(visit: Visit) -> SafeString:
    """Whether it was effective, off the plan, typed in later."""
    words = [
        (visit.is_effective, _("有效"), "green"),
        (visit.is_off_plan, _("计划外"), "grey"),
        (visit.is_typed_later, _("补录"), "amber"),
    ]
    return format_html_join(" ", "{}", ((pill(text, tone),) for holds, text, tone in words if holds))


def next_step(visit: Visit) -> str:
    """What comes next and when."""
    return " ".join(filter(None, [formats.day(visit.next_on) if visit.next_on else "", visit.next_step]))


class VisitFilters(Filters):
    """How the list of visits may be narrowed."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("方式"), choices=Kind.choices)
    credit_person = PickFilter(field_name="credit_person", source="customer-owners", label=gettext_lazy("业务员"))
    is_effective = django_filters.BooleanFilter(label=gettext_lazy("有效拜访"))
    booked_on = DayRangeFilter(label=gettext_lazy("日期"))


@access(SIGNED_IN)
class Visits(ListScreen):
    """Visits and other contacts, the latest first."""

    title, search_hint = gettext_lazy("拜访记录"), gettext_lazy("客户名称、拼音、首字母")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("客户"), place),
        Column(
            gettext_lazy("时间"), "occurred_at", show=formats.moment, order="-occurred_at", look="nowrap", phone="aside"
        ),
        Column(gettext_lazy("方式"), Visit.get_kind_display, phone="bare"),
        Column(gettext_lazy("结果"), result_pill, phone="bare"),
        Column(gettext_lazy("标记"), marks, phone="bare"),
        Column(gettext_lazy("业务员"), "credit_person.name", look="own nowrap"),
        Column(gettext_lazy("下一步"), next_step),
    ]
    row_to, order, filters = "daily:visit", "-occurred_at", VisitFilters

    def rows(self) -> QuerySet[Any, Any]:
        """One's own, or all that one sees."""
        rows = queries.visits(self.actor, self.text)
        return rows.filter(credit_person_id=self.actor.person_id or 0) if self.tab == "mine" else rows

    def tabs(self) -> Sequence[Tab]:
        """The team's for whoever has one."""
        alone = not self.actor.sight.everyone and self.actor.sight.people <= {self.actor.person_id}
        mine, team = Tab("mine", _("我的")), Tab("team", _("团队"))
        if alone:
            return ()
        return [team, mine] if self.actor.can(VISIT) else [team]

    def actions(self) -> Sequence[Link | None]:
        """What one does most."""
        return (
            Link(_("拜访"), "daily:off_plan", icon="map-pin-plus", drawer=True),
            Link(_("跟进"), "daily:follow_up", icon="phone-plus", drawer=True),
        )

    def empty(self) -> Empty:
        """Nobody has been anywhere yet."""
        return Empty(_("还没有拜访记录"), _("在计划里签到,或点「跟进」记一通电话。"), icon="map-pin")


class OffPlanForm(Form):
    """Where one has just arrived."""

    customer_id = PickField("customers", label=gettext_lazy("客户"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("目的"), choices=Purpose.choices, widget=forms.RadioSelect, initial=Purpose.SERVICE
    )
    area = forms.CharField(
        label=gettext_lazy("区域"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("没有具体客户、只是走访一个区域时填写。"),
    )
    sections = [Section(gettext_lazy("走访区域"), ("area",), folded=True)]


@access(VISIT)
class OffPlan(FormScreen):
    """Check in somewhere that is not on the plan."""

    title = gettext_lazy("到访签到")
    extra = "daily/place.html"
    form_class = OffPlanForm
    submit = gettext_lazy("签到")

    @property
    def takes_place(self) -> bool:
        """True where the place goes along."""
        return queries.takes_place(self.actor)

    def initial(self) -> dict[str, Any]:
        """The customer from whose page one comes."""
        return {"customer_id": asked_number(self.request, "customer")}

    def run(self, data: dict[str, Any]) -> Done:
        """Arrive."""
        visit = commands.check_in(self.actor, **data, position=sent_position(self.request))
        return Done(url=reverse("daily:visit", args=[visit.pk]), toast=_("已签到"))


@access(VISIT)
class CheckIn(ActionScreen):
    """Arrive at a planned line's customer: the first tap."""

    def run(self) -> Done:
        """Arrive."""
        visit = commands.check_in(
            self.actor,
            line_id=asked_number(self.request, "line"),
            customer_id=asked_number(self.request, "customer"),
            position=sent_position(self.request),
        )
        return Done(url=reverse("daily:visit", args=[visit.pk]), toast=_("已签到"))


@access(VISIT)
class CheckOut(ActionScreen):
    """Leave: the second tap leads to the result."""

    def run(self) -> Done:
        """Leave."""
        visit = commands.check_out(self.actor, self.kwargs["pk"], sent_position(self.request))
        return Done(url=reverse("daily:result", args=[visit.pk]), toast=_("已签退"))


@access(VISIT)
class AddPhotos(ActionScreen):
    """Keep the photos that one took at a visit."""

    def run(self) -> Done:
        """Keep each of them."""
        queries.visit(self.actor, self.kwargs["pk"])  # whoever does not see it is told nothing more
        sent = self.request.FILES.getlist("photo")
        if not sent:
            raise RuleBroken(_("请先拍照或选择照片。"), field="photo")
        for photo in sent:
            commands.add_photo(self.actor, self.kwargs["pk"], photo.name or "", photo.read())
        return Done(url=reverse("daily:visit", args=[self.kwargs["pk"]]), toast=_("已保存照片"))


class FollowUpForm(ReachForm):
    """A call or message in ten seconds: whom, and when again."""

    customer_id = PickField("customers", label=gettext_lazy("客户"))
    kind = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.CALL
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("联系上了吗"),
        choices=[
            (Outcome.MET_DECIDER, gettext_lazy("联系上决策人")),
            (Outcome.MET_OTHER, gettext_lazy("联系上其他人")),
            (Outcome.NOT_MET, gettext_lazy("没联系上")),
        ],
        widget=forms.RadioSelect,
        initial=Outcome.MET_OTHER,
    )
    note = forms.CharField(
        label=gettext_lazy("说了什么"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )
    next_on = UsualDayField(label=gettext_lazy("下次联系"), required=False)
    next_step = forms.CharField(label=gettext_lazy("下一步"), max_length=200, required=False)
    occurred_at = MomentField(label=gettext_lazy("什么时候"), required=False, help_text=gettext_lazy("不填就是现在。"))
    opportunity_id = PickField("my-deals", label=gettext_lazy("商机"), required=False)
    sections = [Section(gettext_lazy("更多"), ("occurred_at", "opportunity_id"), folded=True)]


@access(VISIT)
class FollowUp(FormScreen):
    """Note a contact that has taken place."""

    title = gettext_lazy("记跟进")
    form_class = FollowUpForm

    def initial(self) -> dict[str, Any]:
        """The customer or opportunity from whose page one comes."""
        return {
            "customer_id": asked_number(self.request, "customer"),
            "opportunity_id": asked_number(self.request, "opportunity"),
        }

    def run(self, data: dict[str, Any]) -> Done:
        """Note it; a visit noted afterwards is told to have agreed the next step, or nothing."""
        result = ""
        if data["kind"] == Kind.VISIT:
            result = Results.NEXT_STEP if data["next_on"] else Results.NOTHING
        commands.log_contact(self.actor, ContactDraft(**data, result=result))
        return Done(toast=_("已记录"))


@access(SIGNED_IN)
class VisitPage(DetailScreen):
    """One visit: where, how long, what came of it."""

    template = "daily/visit.html"

    def load(self) -> None:
        """The visit that the address names."""
        self.visit = queries.visit(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Whom."""
        return place(self.visit)

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("拜访记录"), reverse("daily:visits"))]

    def actions(self) -> Sequence[Link | None]:
        """Enter what was ordered, paid or spent, take down a complaint or what goes on in the market; correct it."""
        if not self.is_mine:
            return ()
        here, heard = f"?visit={self.visit.pk}", self.visit.customer_id is not None
        complain = Link(_("客户投诉"), "service:new", icon="message-exclamation", query=here, drawer=True)
        report = Link(_("市场情况"), "market:new", icon="speakerphone", query=here, drawer=True)
        spend = Link(_("费用"), "expenses:new", icon="wallet", query=here, drawer=True)
        correct = Link(_("更正"), "daily:result", (self.visit.pk,), icon="pencil")
        done = correct if self.visit.completed_at else None
        enter = (enter_ordered(self.visit), enter_received(self.visit))
        return (*enter, done, complain if heard else None, report, spend)

    @property
    def is_mine(self) -> bool:
        """True when the actor made it."""
        return self.visit.credit_person_id == self.actor.person_id

    def to_note(self) -> str:
        """What is to be noted in the customer's service, while one is there."""
        customer = self.visit.customer_id
        if customer is None or not self.is_mine or self.visit.completed_at is not None:
            return ""
        return customers.to_note(self.actor, [customer]).get(customer, "")

    def context(self) -> dict[str, Any]:
        """What is known about it."""
        row = self.visit
        stay = int(row.stay.total_seconds()) // 60 if row.stay else None
        facts = [
            (_("业务员"), row.credit_person.name),
            (_("方式"), row.get_kind_display()),
            (_("目的"), row.get_purpose_display()),
            (_("时间"), formats.moment(row.occurred_at)),
            (_("停留"), _("%(minutes)s 分钟") % {"minutes": stay} if stay is not None else ""),
            (_("见到谁"), row.get_outcome_display() if row.outcome else ""),
            (_("联系人"), row.contact.name if row.contact else ""),
            (_("商机"), row.opportunity.name if row.opportunity else ""),
            (_("下一步"), next_step(row)),
        ]
        texts = [
            (_("洽谈记录"), row.note),
            (_("客户意见"), row.opinion),
            (_("客户动态"), row.news),
            (_("竞争者信息"), row.competitor_facts),
            (_("问题"), row.problem),
            (_("解决办法"), row.solution),
        ]
        return {
            "visit": row,
            **places_shown(self.actor, row, mine=self.is_mine),
            "takes_place": self.is_mine and row.is_under_way and queries.takes_place(self.actor),
            "shortfalls": queries.judgement(self.actor, row.pk),
            "photos": queries.photographs(self.actor, row.pk).select_related("added_by")[:MOST_PHOTOS],
            "may_photograph": self.is_mine
            and row.kind == Kind.VISIT
            and self.actor.can(VISIT)
            and self.actor.can(ATTACH),
            "written": "\n".join([place(row), row.credit_person.name]),
            "now": clock.now(),
            "zone": clock.zone().key,
            "mine": self.is_mine,
            "habits": self.to_note(),
            "pills": [result_pill(row), marks(row)],
            "facts": facts,
            "texts": [(name, text) for name, text in texts if text],
            **orders_of_visit(self.actor, row),
            **receipts_of_visit(self.actor, row),
            **expenses_of_visit(self.actor, row),
            "story": story(timeline(KIND, row.pk, open_to=(VisitAmended,)), {"": "map-pin"}),
        }
