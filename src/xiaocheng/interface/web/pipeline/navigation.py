"""Where opportunities stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

PROCESS_PAGES = (
    "pipeline:process",
    "pipeline:new_process",
    "pipeline:edit_process",
    "pipeline:new_stage",
    "pipeline:sheet",
    "pipeline:carry_over",
)

navigate(
    Item(pgettext_lazy("several", "商机"), "pipeline:list", icon="target", group="selling", order=20, phone=4),
    Item(_("赢单打法"), "pipeline:tactics", icon="bulb", group="selling", order=22, beneath=("pipeline:tactic",)),
    Item(
        pgettext_lazy("several", "竞争对手"),
        "pipeline:competitors",
        icon="swords",
        group="selling",
        order=23,
        beneath=("pipeline:competitor",),
    ),
    Item(_("商机看板"), "pipeline:board", icon="layout-kanban", group="selling", order=21),
    Item(
        _("流程意见"),
        "pipeline:remarks",
        icon="message-report",
        group="company",
        order=41,
        beneath=("pipeline:remark", "pipeline:decide_remark", "pipeline:edit_remark", "pipeline:new_remark"),
    ),
    Item(_("销售流程"), "pipeline:processes", icon="route", group="company", order=40, beneath=PROCESS_PAGES),
    Quick(_("商机"), "pipeline:new", icon="target", order=30),
)
