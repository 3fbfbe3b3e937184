"""Where sales stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(Item(_("销售记录"), "trade:sales", icon="receipt", group="selling", order=30))
navigate(
    Item(
        _("订单"),
        "trade:orders",
        icon="file-invoice",
        group="selling",
        order=31,
        beneath=("trade:order", "trade:new_order", "trade:cancel_order"),
    ),
    Quick(_("订单"), "trade:new_order", icon="file-invoice", order=59),
)
navigate(
    Item(_("回款"), "trade:receipts", icon="cash", group="selling", order=32, beneath=("trade:receipt",)),
    Quick(_("回款"), "trade:new_receipt", icon="cash", order=60),
)
