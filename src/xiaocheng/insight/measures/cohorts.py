"""Figures of cohorts, followed until now: customers registered in a period, by source, and deals opened in it."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.measures import Metric, declare

IN_TIME_DAYS = 90
COHORT_CONTACTED = declare(
    Metric(
        "insight.cohort_contacted",
        _("已联系的客户"),
        "count",
        _("期间内登记的客户中,到现在有过有效联系的客户数,不论由谁联系;登记前已成交的不计"),
    )
)
COHORT_OPENED = declare(
    Metric(
        "insight.cohort_opened",
        _("有过商机的客户"),
        "count",
        _("期间内登记的客户中,到现在有过商机的客户数,不论商机由谁负责;登记前已成交的不计"),
    )
)
COHORT_OPENING = declare(
    Metric(
        "insight.cohort_opening",
        _("商机转化率(截至目前)"),
        "percent",
        _("期间内登记的客户中,到现在有过商机的 ÷ 登记的客户;登记前已成交的不计,还没有商机的以后还可能有"),
        _("有过商机的客户"),
        _("登记的客户(登记前未成交)"),
    )
)


def _opening_within(days: int, name: Sentence) -> str:
    return declare(
        Metric(
            f"insight.cohort_opening_{days}",
            name,
            "percent",
            format_lazy(
                _(
                    "期间内登记的客户,登记后 {days} 天内有第一个商机的比例(Kaplan-Meier 估计):"
                    "还没有商机的按「到今天至少等了这么久」计入,新近的一批也能公平比较;"
                    "没有一位客户跟踪满 {days} 天时不显示。登记前就有商机的算第 0 天;"
                    "只有时间未记录的商机的不计,登记前已成交的不计"
                ),
                days=days,
            ),
            format_lazy(_("到现在 {days} 天内有了商机的客户"), days=days),
            _("登记的客户(登记前未成交,商机的时间有记录)"),
        )
    )


COHORT_OPENING_WITHIN = {  # by days since the registration
    30: _opening_within(30, _("30 天内商机转化率")),
    60: _opening_within(60, _("60 天内商机转化率")),
    90: _opening_within(90, _("90 天内商机转化率")),
}
COHORT_CONVERTED = declare(
    Metric(
        "insight.cohort_converted",
        _("成交的客户"),
        "count",
        _("期间内登记的客户中,到现在已首次成交(赢单或导入的销售记录)的客户数,不论由谁成交;登记前已成交的不计"),
    )
)
COHORT_CONVERSION = declare(
    Metric(
        "insight.cohort_conversion",
        _("客户转化率(截至目前)"),
        "percent",
        _("期间内登记的客户中,到现在已首次成交的 ÷ 登记的客户;登记前已成交的不计,还没有成交的以后还可能成交"),
        _("成交的客户"),
        _("登记的客户(登记前未成交)"),
    )
)
COHORT_IN_TIME = declare(
    Metric(
        "insight.cohort_in_time",
        _("90 天内转化率"),
        "percent",
        _("期间内登记、到今天已满 90 天的客户中,登记后 90 天内首次成交的比例;每个来源都有一样长的时间,可以互相比较"),
        _("90 天内成交的客户"),
        _("登记满 90 天的客户(登记前未成交)"),
    )
)
COHORT_REVENUE = declare(
    Metric(
        "insight.cohort_revenue",
        _("赢单金额(截至目前)"),
        "money",
        _("期间内登记的客户到现在的赢单金额合计,减去重新打开的,只含您看得到的业绩;登记前已成交的客户不计"),
    )
)
COHORT_MEAN_ORDER = declare(
    Metric(
        "insight.cohort_mean_order",
        _("平均单额(截至目前)"),
        "money",
        _("期间内登记的客户到现在的赢单金额 ÷ 赢单数;登记前已成交的客户不计"),
        _("赢单金额"),
        _("赢单数"),
    )
)
COHORT_DAYS = declare(
    Metric(
        "insight.cohort_days",
        _("登记到首次成交"),
        "days",
        _("期间内登记、已首次成交的客户,从登记到首次成交的平均天数;还没有成交的不计,所以新近的一批会偏短"),
        _("天数合计"),
        _("成交的客户"),
    )
)
COHORT_DEALS = declare(
    Metric(
        "insight.cohort_deals",
        _("新建的商机(批次)"),
        "count",
        _("期间内新建、时间有记录的商机,记在新建时的负责人名下;以「无效或重复」关闭的不计,后来重新打开的算在途"),
    )
)
COHORT_WON = declare(
    Metric("insight.cohort_won", _("已赢单(批次)"), "count", _("期间内新建的商机中,到现在已赢单的,不论何时赢单"))
)
COHORT_LOST = declare(
    Metric("insight.cohort_lost", _("已输单(批次)"), "count", _("期间内新建的商机中,到现在已输单的,不论何时输单"))
)
COHORT_OPEN = declare(Metric("insight.cohort_open", _("仍在途(批次)"), "count", _("期间内新建的商机中,现在还在途的")))
COHORT_WITHIN = declare(
    Metric(
        "insight.cohort_within",
        _("几天内赢单率(批次)"),
        "percent",
        _(
            "期间内新建的商机,新建后这么多天内赢单的比例(Aalen-Johansen 估计,在途的按「至少这么久」计入):"
            "各批都有一样长的时间,可以公平比较;还没有一个商机满这么多天时不显示"
        ),
        _("已赢单(批次)"),
        _("新建的商机(批次)"),
    )
)
COHORT_FINAL = declare(
    Metric(
        "insight.cohort_final",
        _("批次赢单率(预计最终)"),
        "percent",
        _(
            "期间内新建的这一批商机,最终会赢单的比例(Aalen-Johansen 估计):在途的按一样久的其他商机后来怎样来算。"
            "比所有已关闭的都久的,结果未定,另行注明。只看已关闭的会偏,因为赢单和输单用的时间不同"
        ),
        _("已赢单(批次)"),
        _("新建的商机(批次)"),
    )
)
COHORT_TIME = declare(
    Metric(
        "insight.cohort_time",
        _("成交时长(按建立批次)"),
        "days",
        _(
            "期间内新建的这一批商机,预计最终会赢的有一半在新建后多少天内赢单(Aalen-Johansen 估计):"
            "和期间内赢单的商机的成交周期不同,不因新近的商机多而偏短"
        ),
    )
)
