"""Figures of the customers registered in a period, by their source: a cohort, followed until now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
