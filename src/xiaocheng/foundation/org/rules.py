"""What a company may adjust about its organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class CalendarRules(Rules):
    """Which days the company works."""

    holidays: str = rule(
        "china",
        _("法定节假日"),
        _("中国大陆的放假与调休安排随软件更新;没有安排表的年份只按周末计算,可在「工作日历」中逐日调整。"),
        choices={"china": _("中国大陆"), "none": _("只按周末")},
    )
