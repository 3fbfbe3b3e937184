"""What will come in: one figure each of the newest stored run, and how former runs turned out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Metric, declare

FORECAST = declare(
    Metric(
        "insight.forecast",
        _("销售预测"),
        "money",
        _(
            "期间内已赢单+进行中商机预计带来的+还没有建立的商机预计带来的;每天凌晨按各阶段的停留时间和去向模拟 400 次,"
            "取中间值;80% 区间按以往预测的误差放宽或收窄;时间未记录的导入商机不计"
        ),
    )
)
FORECAST_WON = declare(
    Metric("insight.forecast_won", _("已赢单"), "money", _("预测当天之前、期间内已赢单的金额,后来重新打开的不计"))
)
FORECAST_EXISTING = declare(
    Metric(
        "insight.forecast_existing",
        _("来自进行中的商机"),
        "money",
        _("预测时进行中的商机在期间结束前赢单的金额,模拟的平均值;没有金额的商机按同产品赢单的平均金额"),
    )
)
FORECAST_NEW = declare(
    Metric(
        "insight.forecast_new",
        _("来自新商机"),
        "money",
        _("还没有建立、但在期间内建立并赢单的商机的金额,按最近 28 天新建商机的速度模拟的平均值"),
    )
)
RUN_RATE = declare(
    Metric("insight.run_rate", _("前几期平均"), "money", _("前 3 个同样长的期间赢单金额的平均值,不足 3 个时按已有的"))
)
WEIGHTED = declare(
    Metric(
        "insight.weighted_pipeline",
        _("加权在途额"),
        "money",
        _("期间内已赢单+进行中商机的金额×所在阶段的历史赢单率;不含时间,不问期间内能否赢单"),
    )
)
FORECAST_CALL = declare(
    Metric(
        "insight.forecast_call",
        _("自报"),
        "money",
        _(
            "本人或主管自己报的当月赢单金额,以最新一次为准,每次都留下;评判时用每月 3 日及以前的最后一次,"
            "与当月赢单金额(同「销售业绩」)比较,满 3 个月才给出误差"
        ),
    )
)
FORECAST_WAPE = declare(
    Metric(
        "insight.forecast_wape",
        _("平均误差(WAPE)"),
        "percent",
        _("期间已过的各次预测:误差绝对值合计 ÷ 实际合计;每次只用当时已知的数据"),
        _("误差绝对值合计"),
        _("实际合计"),
    )
)
FORECAST_BIAS = declare(
    Metric(
        "insight.forecast_bias",
        _("偏差"),
        "percent",
        _("期间已过的各次预测:(预测-实际)合计 ÷ 实际合计;正数是估高了"),
        _("预测-实际"),
        _("实际合计"),
    )
)
FORECAST_COVERED = declare(
    Metric(
        "insight.forecast_covered",
        _("区间命中率"),
        "percent",
        _("期间已过的各次预测中,实际落在 80% 区间内的次数 ÷ 次数;应接近 80%"),
        _("落在区间内"),
        _("次数"),
    )
)
