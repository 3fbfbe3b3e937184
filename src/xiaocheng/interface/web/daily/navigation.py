"""Where the daily loop stands in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

VISITS = ("daily:visit", "daily:result", "daily:off_plan", "daily:follow_up")

navigate(
    Item(_("拜访计划"), "daily:plan", icon="map-2", group="work", order=10),
    Item(_("日报"), "daily:report", icon="report", group="work", order=20),
    Item(_("日报列表"), "daily:reports", icon="files", group="work", order=25, beneath=("daily:report_page",)),
    Item(_("拜访记录"), "daily:visits", icon="map-pin", group="work", order=30, beneath=VISITS),
    Item(_("请假与外出"), "daily:requests", icon="calendar-off", group="work", order=35, beneath=("daily:request",)),
    Item(_("待签"), "daily:inbox", icon="signature", group="team", order=10, beneath=("daily:plan_page",)),
    Item(_("团队日程"), "daily:board", icon="layout-list", group="team", order=20),
    Quick(_("拜访"), "daily:off_plan", icon="map-pin-plus", order=5),
    Quick(_("跟进"), "daily:follow_up", icon="phone-plus", order=10),
)
