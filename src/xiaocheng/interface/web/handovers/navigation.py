"""Where handovers stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

PAGES = ("handovers:page", "handovers:new", "handovers:waiting")

navigate(Item(_("交接"), "handovers:list", icon="transfer", group="team", order=40, beneath=PAGES))
