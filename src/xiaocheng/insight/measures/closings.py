"""Figures of closed opportunities: how many were won, and how long that took."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Metric, declare

WIN_RATE = declare(
    Metric(
        "insight.win_rate",
        _("赢单率(成交率)"),
        "percent",
        _("期间内关闭的商机:赢单 ÷(赢单+输单);「无效或重复」不计"),
        _("赢单"),
        _("赢单+输单"),
    )
)
WIN_RATE_SHRUNK = declare(
    Metric(
        "insight.win_rate_shrunk",
        _("赢单率(向平均收缩)"),
        "percent",
        _("关闭的商机越少,越向全体的赢单率靠拢;收缩多少由各人之间超出偶然的差别决定(经验贝叶斯,Beta 分布)"),
        _("赢单"),
        _("赢单+输单"),
    )
)
WIN_RATE_AMOUNT = declare(
    Metric(
        "insight.win_rate_amount",
        _("赢单率(按金额)"),
        "percent",
        _("期间内关闭的商机:赢单金额 ÷(赢单金额+输单金额);「无效或重复」不计,没有金额的不计"),
        _("赢单金额"),
        _("赢单金额+输单金额"),
    )
)
DEALS_PER_ORDER = declare(
    Metric(
        "insight.deals_per_order",
        _("每单所需商机数"),
        "ratio",
        _("期间内新建的商机数 ÷ 赢单数;这是工作量,不是比率"),
        _("新建商机数"),
        _("赢单"),
    )
)
CYCLE_MEAN = declare(
    Metric(
        "insight.cycle_mean",
        _("平均成交周期"),
        "days",
        _("期间内赢单的商机,从首次接触(新建商机)到赢单的平均天数;开始时间未记录的不计"),
        _("天数合计"),
        _("赢单(时间有记录)"),
    )
)
CYCLE_MEDIAN = declare(
    Metric(
        "insight.cycle_median",
        _("成交周期中位数"),
        "days",
        _("期间内赢单的商机,从首次接触(新建商机)到赢单的天数:一半比它短,一半比它长;开始时间未记录的不计"),
    )
)
MEAN_ORDER = declare(
    Metric(
        "insight.mean_order",
        _("平均单额"),
        "money",
        _("期间内的赢单金额 ÷ 赢单数"),
        _("赢单金额"),
        _("赢单数"),
    )
)
CUSTOMERS_PER_DEAL = declare(
    Metric(
        "insight.customers_per_deal",
        _("每个商机对应客户数"),
        "customers",
        _("期间内登记的客户数 ÷ 期间内新建的商机数;这是工作量,不是比率"),
        _("登记的客户"),
        _("新建商机数"),
    )
)
VELOCITY = declare(
    Metric(
        "insight.velocity",
        _("销售速率(每天)"),
        "money",
        _(
            "现在在途、已过第一阶段的商机数 × 期间内的赢单率 × 期间内的平均单额 ÷ 期间内成交周期的中位数:"
            "照这样每天带来多少金额;只是一个指标,不是预测"
        ),
    )
)
