"""To-dos: what is due, ticked off with one tap."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link, Tab
from xiaocheng.interface.web.shell.screens import ActionScreen, Bulk, Column, FormScreen, ListScreen
from xiaocheng.selling.tasks import commands, queries
from xiaocheng.selling.tasks.access import USE
from xiaocheng.selling.tasks.queries import Task

REMARKS = "pipeline.remarks"  # the kind of what is pushed to those who keep the processes


class TaskForm(Form):
    """What to do by when."""

    title = forms.CharField(label=gettext_lazy("要做什么"))
    due_on = DateField(label=gettext_lazy("截止日"))
    customer_id = PickField("customers", label=gettext_lazy("客户"), required=False)
    person_id = PickField(
        "customer-owners", label=gettext_lazy("由谁做"), required=False, placeholder=gettext_lazy("我自己")
    )


def what(row: Task) -> object:
    """What is to be done, with the way to it where there is one."""
    kind, _colon, about = row.about.partition(":")
    if row.kind != REMARKS or kind != "pipeline.process":
        return row.title
    return format_html('<a href="{}?process={}">{}</a>', reverse("pipeline:remarks"), about, row.title)


def customer_link(row: Task) -> object:
    """The customer that a task is about."""
    if row.customer is None:
        return ""
    return format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.customer_id]), row.customer.name)


@access(USE)
class Tasks(ListScreen):
    """Open to-dos, the most urgent first."""

    title = gettext_lazy("待办")
    columns: ClassVar[Sequence[Column]] = [
        Column(gettext_lazy("事项"), lambda row: row, show=what, written=attrgetter("title"), key="title"),
        Column(gettext_lazy("截止日"), "due_on", show=formats.relative_day, order="due_on", phone="aside"),
        Column(gettext_lazy("客户"), customer_link, phone="bare"),
        Column(gettext_lazy("由谁做"), "person.name", look="own nowrap"),
    ]
    order = "due_on"
    bulk: ClassVar[Sequence[Bulk]] = [Bulk(gettext_lazy("完成"), "tasks:finish", icon="check")]

    def rows(self) -> QuerySet[Any, Any]:
        """Those of the chosen view."""
        state = "done" if self.tab == "done" else "open"
        return queries.tasks(self.actor, "team" if self.tab == "team" else "mine", state=state)

    def tabs(self) -> Sequence[Tab]:
        """One's own, the team's, what is done."""
        shown = [Tab("mine", _("我的待办")), Tab("team", _("团队")), Tab("done", _("已完成"))]
        alone = not self.actor.sight.everyone and self.actor.sight.people <= {self.actor.person_id}
        return [tab for tab in shown if not (alone and tab.key == "team")]

    def row_look(self, row: Task) -> str:
        """What is overdue stands out."""
        return "is-late" if row.state == "open" and row.due_on < clock.today() else ""

    def actions(self) -> Sequence[Link | None]:
        """Note one."""
        return [Link(_("记待办"), "tasks:new", icon="plus", drawer=True)]

    def empty(self) -> Empty:
        """All is done."""
        return Empty(_("没有待办"), _("到期的回访、生日和收款会自动出现在这里,也可以自己记一条。"), icon="checkbox")


@access(USE)
class NewTask(FormScreen):
    """Note a to-do."""

    title = gettext_lazy("记待办")
    form_class = TaskForm

    def initial(self) -> dict[str, Any]:
        """Due today; about the customer from whose page one comes."""
        customer = self.request.GET.get("customer", "")
        return {"due_on": clock.today(), "customer_id": customer if customer.isdigit() else None}

    def run(self, data: dict[str, Any]) -> Done:
        """Note it."""
        commands.note(self.actor, **data)
        return Done(toast=_("已记下"))


@access(USE)
class Finish(ActionScreen):
    """Tick off."""

    def run(self) -> Done:
        """Every ticked one."""
        ids = [int(pk) for pk in self.request.POST.getlist("ids") if pk.isdigit() and len(pk) < 19]
        done = commands.finish_many(self.actor, ids)
        return Done(toast=_("已完成 %(count)s 项") % {"count": len(done)})
