"""Figures of the open pipeline: what it was, what changed it, what it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Metric, declare

OPEN_DEALS = declare(
    Metric(
        "insight.open_deals",
        _("在途商机数"),
        "count",
        _("那一天开始时(期初)或结束时(期末)进行中的商机数,计在当时的负责人和部门名下"),
    )
)
OPEN_AMOUNT = declare(
    Metric(
        "insight.open_amount",
        _("在途商机额"),
        "money",
        _("那一天开始时(期初)或结束时(期末)进行中的商机的金额合计,按当时填写的金额;没有金额的计入商机数,不计入金额"),
    )
)
CHANGED_DEALS = declare(
    Metric(
        "insight.changed_deals",
        _("在途商机数的变化"),
        "count",
        _(
            "期间内使在途商机变多(新建、重新打开、转入)或变少(赢单、输单、转出)的商机数;期初+变化=期末。"
            "输单含「无效或重复」;转入转出是负责人或其部门变了,范围之内的互相抵消"
        ),
    )
)
CHANGED_AMOUNT = declare(
    Metric(
        "insight.changed_amount",
        _("在途商机额的变化"),
        "money",
        _(
            "期间内使在途商机额变多或变少的金额:新建、重新打开、金额上调、金额下调、转入转出、赢单、输单;期初+变化=期末。"
            "赢单时改了金额的,差额先计入上调或下调"
        ),
    )
)
