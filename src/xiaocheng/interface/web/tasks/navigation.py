"""Where to-dos stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(
    Item(_("待办"), "tasks:list", icon="checkbox", group="work", order=40),
    Quick(_("待办"), "tasks:new", icon="checkbox", order=50),
)
