"""Leave, trips, late returns and corrected taps: asked for, seen, granted or sent back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.approvals.queries import Paper, waiting_for
from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import DateField, Filters, Form, PickFilter, TimeInput
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Column, FormScreen, ListScreen, Screen
from xiaocheng.interface.web.shell.story import story
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import ATTEND
from xiaocheng.selling.fieldwork.commands import RequestDraft
from xiaocheng.selling.fieldwork.queries import LEAVE_KIND, AttendanceRequest, RequestKind, RequestState, Tap

from .plan import ReturnForm

KIND = "fieldwork.attendancerequest"
TONES = {"submitted": "blue", "signed": "green", "returned": "amber", "withdrawn": "grey"}


def state_pill(row: AttendanceRequest) -> SafeString:
    """Where it stands."""
    return pill(row.get_state_display(), TONES[row.state])


def what(row: AttendanceRequest) -> str:
    """What is asked for, in words."""
    kind = str(row.get_kind_display())
    if row.leave_kind:
        return f"{kind} · {names(LEAVE_KIND).get(row.leave_kind, row.leave_kind)}"
    return f"{kind} · {row.get_tap_display()}" if row.tap else kind


def when(row: AttendanceRequest) -> str:
    """From when to when, without the times of whole days."""
    first, until = localtime(row.first_at), localtime(row.until_at)
    if row.kind == RequestKind.CORRECTION:
        return formats.moment(row.first_at)
    if (first.hour, first.minute, until.hour, until.minute) == (0, 0, 0, 0):
        last = clock.day_of(row.until_at) - dt.timedelta(days=1)
        days = [formats.day(first.date()), formats.day(last)]
        return days[0] if days[0] == days[1] else " – ".join(days)
    end = f"{until:%H:%M}" if first.date() == until.date() else formats.moment(row.until_at)
    return f"{formats.moment(row.first_at)} – {end}"


class AwayForm(Form):
    """From when to when, and why; without times it is whole days."""

    first_on = DateField(label=gettext_lazy("开始日期"))
    begins_at = forms.TimeField(label=gettext_lazy("开始时间"), widget=TimeInput(format="%H:%M"), required=False)
    last_on = DateField(
        label=gettext_lazy("结束日期"), required=False, help_text=gettext_lazy("不填就是开始的那一天。")
    )
    ends_at = forms.TimeField(
        label=gettext_lazy("结束时间"),
        widget=TimeInput(format="%H:%M"),
        required=False,
        help_text=gettext_lazy("整天不用填时间;上午假填结束时间 12:00,下午假填开始时间 13:00。"),
    )
    reason = forms.CharField(label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class LeaveForm(AwayForm):
    """Leave of a kind."""

    leave_kind = forms.ChoiceField(label=gettext_lazy("请假类别"))
    field_order = ("leave_kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leave_kind"].choices = choices(LEAVE_KIND)  # type: ignore[attr-defined]


class LateReturnForm(Form):
    """On which day, and why."""

    first_on = DateField(label=gettext_lazy("日期"))
    reason = forms.CharField(label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class CorrectionForm(Form):
    """Which tap, when it should have been, and why."""

    first_on = DateField(label=gettext_lazy("日期"))
    tap = forms.ChoiceField(label=gettext_lazy("哪一次打卡"), choices=Tap.choices, widget=forms.RadioSelect)
    begins_at = forms.TimeField(label=gettext_lazy("应打卡的时间"), widget=TimeInput(format="%H:%M"))
    reason = forms.CharField(label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class Ask(FormScreen):
    """Base of the forms that ask for something."""

    kind: ClassVar[str]
    submit = gettext_lazy("提交")

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"first_on": clock.today(), "tap": Tap.IN}

    def run(self, data: dict[str, Any]) -> Done:
        """Ask, and show it."""
        row = commands.ask_attendance(self.actor, RequestDraft(kind=self.kind, **data))
        return Done(url=reverse("daily:request", args=[row.pk]), toast=_("申请已提交"))


@access(ATTEND)
class AskLeave(Ask):
    """Leave."""

    title, kind, form_class = gettext_lazy("请假申请"), RequestKind.LEAVE, LeaveForm


@access(ATTEND)
class AskTrip(Ask):
    """A trip."""

    title, kind, form_class = gettext_lazy("出差申请"), RequestKind.TRIP, AwayForm


@access(ATTEND)
class AskLateReturn(Ask):
    """A late return."""

    title, kind, form_class = gettext_lazy("晚归申请"), RequestKind.LATE_RETURN, LateReturnForm
    hint = gettext_lazy("同意后当天不必返回公司打卡,日报可以到下一个工作日早上再交。")


@access(ATTEND)
class AskCorrection(Ask):
    """A corrected tap."""

    title, kind, form_class = gettext_lazy("补卡申请"), RequestKind.CORRECTION, CorrectionForm


class RequestFilters(Filters):
    """How the list may be narrowed."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("申请"), choices=RequestKind.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=RequestState.choices)
    person = PickFilter(field_name="person", source="customer-owners", label=gettext_lazy("申请人"))


@access(SIGNED_IN)
class Requests(ListScreen):
    """Requests, the latest first."""

    title = gettext_lazy("请假与外出")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("申请"), what),
        Column(gettext_lazy("申请人"), "person.name", look="own nowrap", phone="bare"),
        Column(gettext_lazy("时间"), when, order="-first_at", look="nowrap", phone="bare"),
        Column(gettext_lazy("状态"), state_pill, phone="aside"),
        Column(gettext_lazy("原因"), "reason"),
        Column(gettext_lazy("批示"), "instruction"),
    ]
    row_to, order, filters = "daily:request", "-first_at", RequestFilters

    def rows(self) -> QuerySet[Any, Any]:
        """One's own, or the team's."""
        return queries.attendance_requests(self.actor, self.tab or "mine")

    def tabs(self) -> Sequence[Tab]:
        """One's own first, for whoever attends."""
        mine = [Tab("mine", _("我的"))] if self.actor.can(ATTEND) else []
        team = [Tab("team", _("团队"))] if self.actor.can(SEE_TEAM) or not mine else []
        return [*mine, *team]

    def actions(self) -> Sequence[Link | None]:
        """What may be asked for."""
        if not self.actor.can(ATTEND):
            return ()
        return (
            Link(_("请假"), "daily:ask_leave", icon="calendar-off", drawer=True),
            Link(_("出差"), "daily:ask_trip", icon="briefcase", drawer=True),
            Link(_("晚归"), "daily:ask_late_return", icon="moon", drawer=True),
            Link(_("补卡"), "daily:ask_correction", icon="clock-edit", drawer=True),
        )

    def empty(self) -> Empty:
        """None yet."""
        return Empty(_("还没有申请"), _("请假、出差、晚归和补卡,提交后由主管审批。"), icon="calendar-off")


@access(SIGNED_IN)
class RequestPage(Screen):
    """One request, with what became of it."""

    template = "daily/request.html"

    def load(self) -> None:
        """The request that the address names."""
        self.row = queries.attendance_request(self.actor, self.kwargs["pk"])

    def page_title(self) -> str:
        """Whose, and for what."""
        return f"{self.row.person.name} · {what(self.row)}"

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the list."""
        return [Crumb(_("请假与外出"), reverse("daily:requests"))]

    def actions(self) -> Sequence[Link | None]:
        """One's own may be withdrawn."""
        row = self.row
        begun = row.state == RequestState.SIGNED and row.first_at <= clock.now()
        if row.person_id != self.actor.person_id or row.state not in ("submitted", "signed") or begun:
            return ()
        return (Link(_("撤回"), "daily:withdraw_request", (row.pk,), icon="arrow-back-up", post=True),)

    def context(self) -> dict[str, Any]:
        """What is asked for, and the signature if it is the actor's to give."""
        row = self.row
        waits = row.state == "submitted" and waiting_for(self.actor, [Paper(row.pk, row.person_id, row.sent_at)])
        facts: list[tuple[object, object]] = [
            (_("时间"), when(row)),
            (_("原因"), row.reason),
            (_("提交时间"), formats.moment(row.sent_at)),
            (_("审批人"), row.decided_by and row.decided_by.name),
            (_("批示"), row.instruction),
        ]
        return {
            "row": row,
            "state": state_pill(row),
            "facts": facts,
            "may_sign": bool(waits),
            "sign_url": reverse("daily:grant_request", args=[row.pk]),
            "return_url": reverse("daily:refuse_request", args=[row.pk]),
            "version": 1,
            "story": story(timeline(KIND, row.pk), {"": "calendar-off"}),
        }


@access(ATTEND)
class Withdraw(ActionScreen):
    """Take one's own request back."""

    def run(self) -> Done:
        """Withdraw it."""
        commands.withdraw_attendance(self.actor, self.kwargs["pk"])
        return Done(toast=_("已撤回"))


@access(SEE_TEAM)
class Grant(ActionScreen):
    """Agree."""

    def run(self) -> Done:
        """Agree."""
        commands.grant_attendance(self.actor, self.kwargs["pk"], self.request.POST.get("comment", ""))
        return Done(url=reverse("daily:inbox"), toast=_("已同意"))


@access(SEE_TEAM)
class Refuse(FormScreen):
    """Send it back."""

    title = gettext_lazy("退回申请")
    form_class = ReturnForm
    submit = gettext_lazy("退回")

    def load(self) -> None:
        """The request that the address names."""
        self.row = queries.attendance_request(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Return it."""
        commands.refuse_attendance(self.actor, self.row.pk, data["comment"])
        return Done(url=reverse("daily:inbox"), toast=_("已退回"))
