"""The duty roster of showrooms and hotlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.access import MANAGE_CALENDAR
from xiaocheng.foundation.org.queries import DutySite
from xiaocheng.interface.web.shell.access import SIGNED_IN, access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField, PickManyField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.interface.web.shell.screens.base import Screen

from .calendar import week_of

KINDS = [("site", _("展厅/门店")), ("hotline", _("热线"))]


@access(SIGNED_IN)
class Roster(Screen):
    """Who is on duty where, four weeks at a time."""

    template, title = "admin/duty.html", _("值班表")

    def actions(self) -> Sequence[Link | None]:
        """Fill the roster; add a place."""
        any_site = queries.duty_sites(self.actor).filter(is_active=True).exists()
        return [
            Link(_("排班"), "admin:duty-set", icon="calendar-plus", drawer=True) if any_site else None,
            Link(_("新建值班点"), "admin:duty-site-new", icon="plus", drawer=True),
        ]

    def context(self) -> dict[str, Any]:
        """A row a day, a column a place."""
        days = week_of(self.request.GET.get("from", ""))
        sites = [site for site in queries.duty_sites(self.actor) if site.is_active]
        rosters = [queries.roster(self.actor, site.pk, days[0], days[-1]) for site in sites]
        step = dt.timedelta(days=28)
        return {
            "sites": sites,
            "closed": [site for site in queries.duty_sites(self.actor) if not site.is_active],
            "rows": [
                {
                    "day": day,
                    "works": queries.is_workday(day),
                    "name": queries.day_name(day),
                    "today": day == clock.today(),
                    "cells": [roster.get(day, []) for roster in rosters],
                }
                for day in days
            ],
            "before": days[0] - step,
            "after": days[0] + step,
            "may_edit": self.actor.can(MANAGE_CALENDAR),
            "empty": Empty(
                _("还没有值班点"),
                _("建立展厅或热线后,可以排定谁在哪天接待没有归属的来客。"),
                icon="calendar-user",
                action=Link(_("新建值班点"), "admin:duty-site-new", drawer=True)
                if self.actor.can(MANAGE_CALENDAR)
                else None,
            ),
        }


class SiteForm(Form):
    """A place where somebody is on duty."""

    name = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(label=_("类型"), choices=KINDS, widget=forms.RadioSelect)
    department = PickField("departments", label=_("所属部门"), all_shown=True)


class SiteEditForm(SiteForm):
    """A place that exists."""

    is_active = forms.BooleanField(label=_("在用"), required=False)


@access(MANAGE_CALENDAR)
class NewSite(FormScreen):
    """Add a place."""

    title, form_class, submit = _("新建值班点"), SiteForm, _("新建")

    def initial(self) -> dict[str, Any]:
        """A showroom of one's own department."""
        return {"kind": "site", "department": self.actor.department_id}

    def run(self, data: dict[str, Any]) -> Done:
        """Add."""
        commands.add_duty_site(self.actor, data["name"], data["kind"], data["department"])
        return Done(url=reverse("admin:duty"), toast=_("值班点已新建"))


@access(MANAGE_CALENDAR)
class EditSite(FormScreen):
    """Change or close a place."""

    title, form_class = _("编辑值班点"), SiteEditForm
    site: DutySite

    def load(self) -> None:
        """Read the place."""
        self.site = queries.duty_site(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        site = self.site
        return {
            "name": site.name, "kind": site.kind, "department": site.department_id, "is_active": site.is_active,
        }  # fmt: skip

    def version(self) -> int:
        """The version that the edit starts from."""
        return self.site.edit_version

    def run(self, data: dict[str, Any]) -> Done:
        """Save."""
        data["department_id"] = data.pop("department")
        commands.edit_duty_site(self.actor, self.site.pk, self.sent_version, **data)
        return Done(url=reverse("admin:duty"), toast=_("已保存"))


class DutyForm(Form):
    """Who is on duty from when to when."""

    site = forms.TypedChoiceField(label=_("值班点"), coerce=int)
    first = DateField(label=_("开始日期"))
    last = DateField(label=_("结束日期"))
    people = PickManyField("people", label=_("值班人员"), required=False, help_text=_("按顺序接待;留空则清空这些天。"))
    mode = forms.ChoiceField(
        label=_("方式"),
        choices=[("together", _("每天都由这些人值班")), ("turn", _("每天一人,依次轮换"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = queries.duty_sites(self.actor).filter(is_active=True)
        self.fields["site"].choices = [(site.pk, site.name) for site in sites]  # type: ignore[attr-defined]


@access(MANAGE_CALENDAR)
class SetDuty(FormScreen):
    """Fill the roster."""

    title, form_class, submit = _("排班"), DutyForm, _("排定")

    def initial(self) -> dict[str, Any]:
        """From today to the end of this week."""
        today = clock.today()
        return {
            "site": self.request.GET.get("site"), "first": today,
            "last": today + dt.timedelta(days=6 - today.weekday()), "mode": "together",
        }  # fmt: skip

    def run(self, data: dict[str, Any]) -> Done:
        """Set."""
        days = commands.set_duty(
            self.actor, data["site"], data["first"], data["last"], data["people"], by_turn=data["mode"] == "turn"
        )
        return Done(url=reverse("admin:duty"), toast=_("已排定 %(count)s 天") % {"count": days})
