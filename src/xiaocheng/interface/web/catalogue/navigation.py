"""Where the catalogue stands in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(Item(_("产品"), "catalogue:list", icon="package", group="selling", order=40))
