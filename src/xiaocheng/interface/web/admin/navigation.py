"""Where the administrator's pages stand in the navigation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(
    Item(
        pgettext_lazy("several", "人员"),
        "admin:people",
        icon="user-cog",
        group="company",
        order=10,
        beneath=("admin:person",),
    ),
    Item(
        pgettext_lazy("several", "部门"),
        "admin:departments",
        icon="sitemap",
        group="company",
        order=20,
        beneath=("admin:department",),
    ),
    Item(
        pgettext_lazy("several", "角色"),
        "admin:roles",
        icon="id-badge-2",
        group="company",
        order=30,
        beneath=("admin:role",),
    ),
    Item(
        pgettext_lazy("several", "规则"),
        "admin:rules",
        icon="adjustments",
        group="company",
        order=60,
        beneath=("admin:rule",),
    ),
    Item(_("工作日历"), "admin:calendar", icon="calendar", group="company", order=70, beneath=("admin:calendar",)),
    Item(_("值班表"), "admin:duty", icon="calendar-user", group="company", order=80, beneath=("admin:duty",)),
    Item(_("操作日志"), "admin:journal", icon="history", group="company", order=90, beneath=("admin:journal",)),
)
