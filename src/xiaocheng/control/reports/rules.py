"""What a company may adjust about reports."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class ReportRules(Rules):
    """When the daily report is due."""

    due_at: dt.time = rule(dt.time(20, 0), _("日报截止"), _("当天日报在这个时刻之前提交为按时,迟交按分钟向上取整。"))
    late_return_after: dt.time = rule(dt.time(19, 0), _("晚归时刻"), _("最后一次拜访在这个时刻之后才签退的,算晚归。"))
    late_return_due_at: dt.time = rule(
        dt.time(9, 0), _("晚归时的截止"), _("晚归的日报在下一个工作日的这个时刻之前提交为按时。")
    )
