"""Where the market stands in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(
    Item(
        _("市场情况"),
        "market:events",
        icon="speakerphone",
        group="work",
        order=60,
        beneath=("market:report", "market:board"),
    ),
    Quick(_("市场情况"), "market:new", icon="speakerphone", order=72),
)
