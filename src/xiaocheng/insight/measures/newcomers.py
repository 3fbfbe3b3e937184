"""Figures of customers who bought for the first time, or again after a long while."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Metric, declare

RETURN_DAYS = 365
RETURNED = declare(
    Metric(
        "insight.returned_customers",
        _("回流客户"),
        "count",
        _(
            "期间内赢单、且在那之前至少 365 天没有赢单或销售记录的老客户数,记在这次赢单的业绩归属名下;"
            "他们不算新开发客户。重新打开的赢单不计"
        ),
    )
)
NEW_AMOUNT = declare(
    Metric(
        "insight.new_customer_amount",
        _("新客户的赢单金额"),
        "money",
        _("期间内首次成交的客户在期间内的赢单金额合计,减去重新打开的;记在赢单的业绩归属名下"),
    )
)
