"""Figures of the stages of a process: what entered them and where it went."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Metric, declare

STAGE_IN = declare(
    Metric(
        "insight.stage_in",
        _("进入阶段次数(流入)"),
        "count",
        _("期间内进入该阶段的次数;同一商机再次进入另计一次"),
    )
)
STAGE_FIRST = declare(
    Metric(
        "insight.stage_first",
        _("进入阶段的商机数"),
        "count",
        _("期间内第一次进入该阶段的商机数;再次进入不另计"),
    )
)
STAGE_EXIT = declare(
    Metric(
        "insight.stage_exit",
        _("阶段去向"),
        "count",
        _("期间内进入的这一批到现在的去向:推进(赢单也是推进)+跳阶+回退+流失+仍在=进入次数;转流程计入仍在"),
    )
)
STAGE_CONVERSION = declare(
    Metric(
        "insight.stage_conversion",
        _("阶段转化率(截至目前)"),
        "percent",
        _("期间内进入该阶段的这一批中,到现在已推进或跳阶的 ÷ 进入次数;仍在阶段中的以后还可能推进"),
        _("推进+跳阶"),
        _("进入次数"),
    )
)
ADVANCE_DAYS = declare(
    Metric(
        "insight.advance_days",
        _("推进平均用时"),
        "days",
        _("期间内进入并已推进的,从进入到推进的平均天数;时间未记录(导入时补上)的不计"),
        _("天数合计"),
        _("推进次数(时间有记录)"),
    )
)
STAGE_EXPECTED = declare(
    Metric(
        "insight.stage_expected",
        _("阶段转化率(预计最终)"),
        "percent",
        _(
            "期间内进入该阶段的这一批,最终会推进或跳阶的比例(Aalen-Johansen 估计):"
            "仍在阶段中的按停留同样久的其他商机怎样离开来算,而不是当作没有推进;转流程的只算到转走那天;时间未记录的不计。停留得比所有已离开的都久的,结果未定,另行注明。"
            "旁边是 n 和 95% 区间"
        ),
        _("到现在已推进或跳阶(时间有记录)"),
        _("进入次数(时间有记录)"),
    )
)
STAGE_LOSS = declare(
    Metric(
        "insight.stage_loss",
        _("阶段流失率(预计最终)"),
        "percent",
        _("期间内进入该阶段的这一批,最终会在该阶段输单的比例;估计方法与「阶段转化率(预计最终)」相同"),
        _("到现在已流失(时间有记录)"),
        _("进入次数(时间有记录)"),
    )
)
LOSS_SHARE = declare(
    Metric(
        "insight.loss_share",
        _("流失占比"),
        "percent",
        _("期间内进入各阶段的这一批中,到现在在该阶段流失的 ÷ 在所有阶段流失的"),
        _("该阶段流失"),
        _("全部流失"),
    )
)
STAY_MEDIAN = declare(
    Metric(
        "insight.stay_median",
        _("阶段停留时长(中位数)"),
        "days",
        _(
            "期间内进入该阶段的这一批,一半在多少天内离开,不论怎样离开(Kaplan-Meier 估计):"
            "仍在阶段中的按「至少这么久」计入;旁边是四分之一和四分之三离开的天数。还没有那么多离开时写「未达到」;时间未记录的不计"
        ),
    )
)
SKIP_RATE = declare(
    Metric(
        "insight.skip_rate",
        _("跳阶率"),
        "percent",
        _("期间内进入该阶段、到现在已向前离开的这一批中,跳过了至少一个阶段的比例;直接赢单算推进"),
        _("跳阶"),
        _("推进+跳阶"),
    )
)
BACK_RATE = declare(
    Metric(
        "insight.back_rate",
        _("回退率"),
        "percent",
        _("期间内进入该阶段、到现在已离开的这一批中,退回前面阶段的比例"),
        _("回退"),
        _("推进+跳阶+回退+流失"),
    )
)
EXCESS_LOSS = declare(
    Metric(
        "insight.excess_loss",
        _("瓶颈:多流失的金额"),
        "money",
        _(
            "(该阶段的预计流失率 - 各阶段预计流失率的中位数)× 期间内进入该阶段的金额;最大的阶段是瓶颈。"
            "只比较时间有记录的进入至少 20 次的阶段,至少 3 个;"
            "该阶段流失率的 95% 区间须高于中位数,否则差别可能只是巧合,不标瓶颈。"
            "前面的阶段流失多,也可能是筛选得好:看它流失的原因再下结论"
        ),
    )
)
ONE_POINT = declare(
    Metric(
        "insight.one_point",
        _("多转化一个百分点"),
        "money",
        _("期间内进入瓶颈阶段的金额 × 1% × 其后各阶段预计转化率的连乘:假定多留住的和其他的一样,只是大约的数"),
    )
)
SKIP_EFFECT_WON = declare(
    Metric(
        "insight.skip_effect_won",
        _("跳阶影响:赢单"),
        "points",
        _(
            "跳过该阶段的商机与进入该阶段的相比,从那一刻起若干天内赢单的比例相差多少个百分点;已按负责人、来源、金额和"
            "老客户校正(AIPW,跳过者的平均差别),附 95% 区间;两边可比的商机各至少 30 个才估计。相关,不等于因果"
        ),
    )
)
SKIP_EFFECT_DAYS = declare(
    Metric(
        "insight.skip_effect_days",
        _("跳阶影响:赢单用时"),
        "days",
        _(
            "赢单的商机中,跳过该阶段的与进入该阶段的相比,从那一刻到赢单相差几天;校正和条件与「跳阶影响:赢单」相同。"
            "相关,不等于因果"
        ),
    )
)
STAGE_WITHIN = declare(
    Metric(
        "insight.stage_within",
        _("几天内推进率"),
        "percent",
        _(
            "期间内进入该阶段的这一批,进入后这么多天内推进或跳阶的比例(Aalen-Johansen 估计,仍在的按「至少这么久」计入):"
            "两批各有一样长的时间,新近的一批也能公平比较;还没有一个商机满这么多天时不显示。时间未记录的不计"
        ),
        _("到现在已推进或跳阶(时间有记录)"),
        _("进入次数(时间有记录)"),
    )
)
