"""Customers that were taken over and whose time limit sleeps: the administrator says from which day on it counts."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens import ActionScreen, Screen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import START_CLOCKS


class StartForm(Form):
    """From which day on."""

    on = DateField(label=gettext_lazy("启动日期"))


@access(START_CLOCKS)
class Asleep(Screen):
    """How many sleep, whose they are, and what would follow if their time limit counted from a day on."""

    template = "customers/asleep.html"
    title = gettext_lazy("休眠客户")

    @cached_property
    def form(self) -> StartForm:
        """The day that is looked at."""
        data = self.request.GET if "on" in self.request.GET else None
        return StartForm(data, initial={"on": clock.today()}, actor=self.actor)

    def context(self) -> dict[str, Any]:
        """The sleepers; with a day what would become of them."""
        day = self.form.cleaned_data["on"] if self.form.is_bound and self.form.is_valid() else None
        found = queries.sleeping(self.actor, day)
        return {
            "form": self.form,
            "found": found,
            "day": day,
            "start": self._start(day, found.count) if day else None,
            "withdraw": Link(
                _("取消启动"),
                "customers:withdraw_start",
                icon="clock-pause",
                post=True,
                confirm=_("这些客户的首问时限继续休眠?"),
            )
            if not found.is_beginning
            else None,
            "nobody": Empty(
                _("没有休眠的客户"),
                _("导入的客户没有填最近联系时,首问时限休眠到第一次联系,或到您在这里设定的日期。"),
                icon="zzz",
            ),
        }

    def _start(self, day: dt.date, count: int) -> Link:
        sure = ngettext(
            "%(count)s 位客户的首问时限自 %(day)s 起计算,并通知负责人?",
            "%(count)s 位客户的首问时限自 %(day)s 起计算,并通知负责人?",
            count,
        ) % {"count": formats.number(count), "day": formats.day(day)}
        return Link(
            _("自这一天起计算"),
            "customers:start_clocks",
            icon="clock-play",
            query=f"?on={day}",
            post=True,
            confirm=sure,
        )


@access(START_CLOCKS)
class StartClocks(ActionScreen):
    """Let the time limits count from a day on."""

    def run(self) -> Done:
        """Say so, and show who sleeps now."""
        on = parse_date(self.request.GET.get("on", ""))
        if on is None:
            raise RuleBroken(_("请选择启动日期。"), field="on")
        count = commands.start_clocks(self.actor, on)
        said = ngettext("%(count)s 位客户的时限将自 %(day)s 起计算", "%(count)s 位客户的时限将自 %(day)s 起计算", count)
        told = said % {"count": formats.number(count), "day": formats.day(on)}
        return Done(url=reverse("customers:asleep"), toast=told)


@access(START_CLOCKS)
class WithdrawStart(ActionScreen):
    """Take back a day that is still to come."""

    def run(self) -> Done:
        """Let them sleep on."""
        count = commands.withdraw_start(self.actor)
        said = ngettext("%(count)s 位客户继续休眠", "%(count)s 位客户继续休眠", count)
        return Done(url=reverse("customers:asleep"), toast=said % {"count": formats.number(count)})
