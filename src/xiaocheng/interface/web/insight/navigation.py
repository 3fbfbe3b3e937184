"""Where insight stands in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.interface.web.shell.navigation import Item, navigate

navigate(
    Item(_("流程体检"), "insight:health", icon="heart-rate-monitor", group="insight", order=5, family="process"),
    Item(_("销售漏斗"), "insight:funnel", icon="filter-dollar", group="insight", order=10, family="process"),
    Item(_("流程遵循"), "insight:conformance", icon="route", group="insight", order=12, family="process"),
    Item(
        _("流程复盘"),
        "insight:process_reviews",
        icon="history",
        group="insight",
        order=18,
        family="process",
        beneath=("insight:process_review", "insight:edit_process_review", "insight:new_process_review"),
    ),
    Item(
        _("销售预测"),
        "insight:forecast",
        icon="telescope",
        group="insight",
        order=20,
        beneath=("insight:expected_changes", "insight:new_expected_change", "insight:edit_expected_change"),
    ),
    Item(
        _("销售业绩"),
        "insight:revenue",
        icon="chart-bar",
        group="insight",
        order=30,
        family="results",
        beneath=("insight:customers",),
    ),
    Item(
        _("赢单率"),
        "insight:win_rate",
        icon="target-arrow",
        group="insight",
        order=32,
        family="results",
        beneath=("insight:closings",),
    ),
    Item(
        _("成交周期"),
        "insight:cycle",
        icon="clock-hour-4",
        group="insight",
        order=34,
        family="results",
        beneath=("insight:wins",),
    ),
    Item(_("人员对比"), "insight:people", icon="users", group="insight", order=36, family="results"),
    Item(
        _("客户来源"),
        "insight:sources",
        icon="binoculars",
        group="insight",
        order=50,
        family="customers",
        beneath=("insight:source_customers", "insight:source_wins"),
    ),
    Item(
        _("客户价值"),
        "insight:value",
        icon="chart-pie",
        group="insight",
        order=52,
        family="customers",
        beneath=("insight:values",),
    ),
    Item(_("客户矩阵"), "insight:matrix", icon="layout-grid", group="insight", order=54, family="customers"),
    Item(
        _("取舍与复核"),
        "insight:reviews",
        icon="scale",
        group="insight",
        order=56,
        family="customers",
        beneath=("insight:decide", "insight:decisions_of"),
    ),
)
