"""Where expenses stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(
    Item(_("费用"), "expenses:list", icon="wallet", group="selling", order=34, beneath=("expenses:expense",)),
    Quick(_("费用"), "expenses:new", icon="wallet", order=62),
)
