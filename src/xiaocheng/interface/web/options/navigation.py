"""Where the option lists and the fields stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(Item(_("选项列表"), "options:list", icon="list-details", group="company", order=50))
navigate(Item(_("自定义字段"), "options:fields", icon="forms", group="company", order=51))
