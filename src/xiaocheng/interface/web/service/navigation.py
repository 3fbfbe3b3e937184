"""Where complaints stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(
    Item(
        _("客户投诉"),
        "service:complaints",
        icon="message-exclamation",
        group="selling",
        order=36,
        beneath=("service:complaint",),
    ),
    Quick(_("客户投诉"), "service:new", icon="message-exclamation", order=70),
)
