"""Where receptions stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(
    Item(
        _("接待"),
        "receptions:list",
        icon="building-store",
        group="selling",
        order=16,
        beneath=("receptions:page", "receptions:figures"),
    ),
    Quick(_("接待"), "receptions:new", icon="building-store", order=15),
)
