"""Where the catalogue stands in the navigation."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(Item(pgettext_lazy("several", "产品"), "catalogue:list", icon="package", group="selling", order=40))
