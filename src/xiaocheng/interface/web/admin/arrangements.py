"""Standing in, lending and mentoring: arranged by the administrator, and one's own deputy by oneself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen

from .people import OfPerson


class DatesForm(Form):
    """From when to when."""

    since = DateField(label=_("开始日期"))
    until = DateField(label=_("结束日期"), required=False, help_text=_("留空则一直有效,直到手动结束。"))


class DelegateForm(DatesForm):
    """Who stands in."""

    deputy = PickField("people", label=_("代理人"), placeholder=_("输入姓名或拼音"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)
    field_order = ["deputy", "since", "until", "reason"]


class LendForm(DatesForm):
    """Which department borrows."""

    department = PickField("departments", label=_("借调到"), all_shown=True)
    is_credited = forms.BooleanField(label=_("期间业绩计入借调部门"), required=False)
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)
    field_order = ["department", "since", "until", "is_credited", "reason"]


class MentorForm(DatesForm):
    """Who mentors."""

    mentor = PickField("people", label=_("导师"), placeholder=_("输入姓名或拼音"))
    aim = forms.CharField(label=_("带教目标"), max_length=200, required=False)
    field_order = ["mentor", "since", "until", "aim"]


class Arrange(OfPerson, FormScreen):
    """Base of the three arrangements about one person; they begin today unless told otherwise."""

    def initial(self) -> dict[str, Any]:
        """From today."""
        return {"since": clock.today(), "is_credited": True}


@access(MANAGE_PEOPLE)
class Delegate(Arrange):
    """Let a deputy stand in."""

    title, form_class, submit = _("安排代理"), DelegateForm, _("安排")
    hint = _("代理期间,代理人能看到他所能看到的,并以他的权限代为处理与审批。")

    def run(self, data: dict[str, Any]) -> Done:
        """Arrange."""
        commands.delegate(self.actor, self.person.pk, data["deputy"], data["since"], data["until"], data["reason"])
        return self.done(_("代理已安排"))


@access(MANAGE_PEOPLE)
class Lend(Arrange):
    """Lend to another department."""

    title, form_class, submit = _("借调"), LendForm, _("借调")
    hint = _("借调期间,借调部门的负责人也能看到他的数据并审批他的计划与报告。")

    def run(self, data: dict[str, Any]) -> Done:
        """Lend."""
        commands.lend(
            self.actor,
            self.person.pk,
            data["department"],
            data["since"],
            data["until"],
            is_credited=data["is_credited"],
            reason=data["reason"],
        )
        return self.done(_("借调已安排"))


@access(MANAGE_PEOPLE)
class Mentor(Arrange):
    """Give a mentor."""

    title, form_class, submit = _("指定导师"), MentorForm, _("指定")
    hint = _("带教期间,导师能看到他的数据。")

    def run(self, data: dict[str, Any]) -> Done:
        """Arrange."""
        commands.mentor(self.actor, self.person.pk, data["mentor"], data["since"], data["until"], data["aim"])
        return self.done(_("导师已指定"))


@access(SIGNED_IN)
class EndArrangement(ActionScreen):
    """End an arrangement now; the command says who may."""

    def run(self) -> Done:
        """End."""
        if self.kwargs["kind"] not in {"delegation", "lending", "mentorship"}:
            raise NotFound
        commands.end_arrangement(self.actor, self.kwargs["kind"], self.kwargs["pk"])
        return Done(toast=_("已结束"))


@access(SIGNED_IN)
class Deputy(Screen):
    """Who stands in for me, and for whom I stand in."""

    template, title = "admin/deputy.html", _("我的代理人")

    def crumbs(self) -> Sequence[Crumb]:
        """My own page."""
        return [Crumb(_("我的"), reverse("me"))]

    def actions(self) -> Sequence[Link]:
        """Arrange one."""
        return [Link(_("安排代理"), "admin:deputy-new", icon="user-share", drawer=True)]

    def context(self) -> dict[str, Any]:
        """My arrangements."""
        rows = queries.delegations(self.actor, self.actor.person_id or 0)
        return {"delegations": rows, "today": clock.today(), "me": self.actor.person_id}


@access(SIGNED_IN)
class NewDeputy(FormScreen):
    """Arrange one's own deputy."""

    title, form_class, submit = _("安排代理"), DelegateForm, _("安排")
    hint = _("代理期间,代理人能看到您所能看到的,并以您的权限代为处理与审批。")

    def initial(self) -> dict[str, Any]:
        """From today."""
        return {"since": clock.today()}

    def run(self, data: dict[str, Any]) -> Done:
        """Arrange."""
        me = self.actor.person_id or 0
        commands.delegate(self.actor, me, data["deputy"], data["since"], data["until"], data["reason"])
        return Done(url=reverse("admin:deputy"), toast=_("代理已安排"))
