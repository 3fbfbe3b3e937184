"""Where targets stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(
    Item(_("我的目标"), "targets:mine", icon="flag", group="work", order=28),
    Item(_("团队目标"), "targets:team", icon="flag-3", group="team", order=30, beneath=("targets:set",)),
)
