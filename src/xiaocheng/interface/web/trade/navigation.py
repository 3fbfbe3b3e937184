"""Where sales stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(Item(_("销售记录"), "trade:sales", icon="receipt", group="selling", order=30))
