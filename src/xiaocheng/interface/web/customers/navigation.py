"""Where customers stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.interface.web.shell.navigation import Item, Quick, navigate

navigate(
    Item(pgettext_lazy("several", "客户"), "customers:list", icon="users", group="selling", order=10, phone=2),
    Item(
        _("联系人"),
        "customers:contacts",
        icon="address-book",
        group="selling",
        order=15,
        beneath=(
            "customers:contact",
            "customers:new_contact_of",
            "customers:edit_contact",
            "customers:choose_merge_contact",
            "customers:merge_contacts",
        ),
    ),
    Item(
        _("客户分组"),
        "customers:groups",
        icon="tags",
        group="selling",
        order=17,
        beneath=("customers:group", "customers:new_rule_group", "customers:edit_group", "customers:edit_rule_group"),
    ),
    Item(
        pgettext_lazy("several", "公海"),
        "customers:pools",
        icon="ripple",
        group="selling",
        order=18,
        beneath=("customers:pool", "customers:ledger", "customers:edit_pool", "customers:new_pool"),
    ),
    Item(_("休眠客户"), "customers:asleep", icon="zzz", group="company", order=47),
    Item(
        _("归属争议"),
        "customers:disputes",
        icon="gavel",
        group="selling",
        order=19,
        beneath=("customers:dispute", "customers:new_dispute"),
    ),
    Item(
        _("询问负责人"),
        "customers:questions",
        icon="message-question",
        group="selling",
        order=19,
        beneath=("customers:question", "customers:answer_question"),
    ),
    Item(_("查阅记录"), "customers:access_log", icon="eye-check", group="company", order=96),
    Item(_("保存期满"), "customers:kept", icon="eraser", group="company", order=95),
    Item(
        _("疑似重复"),
        "customers:duplicates",
        icon="copy-check",
        group="company",
        order=45,
        beneath=("customers:duplicate",),
    ),
    Item(
        _("合并记录"),
        "customers:merges",
        icon="git-merge",
        group="company",
        order=46,
        beneath=("customers:merged", "customers:merge"),
    ),
    Quick(_("客户"), "customers:new", icon="user-plus", order=20),
)
