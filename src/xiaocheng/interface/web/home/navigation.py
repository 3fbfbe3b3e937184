"""Where the home pages stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(
    Item(_("今日"), "home:today", icon="calendar-check", group="day", order=1, phone=1),
    Item(_("团队"), "home:team", icon="users-group", group="day", order=2),
    Item(_("全局"), "home:company", icon="building-skyscraper", group="day", order=3),
)
