"""The figures of insight, each declared once: its name, unit, formula in words, and what is divided by what."""

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
VALUE = declare(
    Metric(
        "insight.customer_value",
        _("客户价值"),
        "money",
        _("期间内该客户全部销售记录的毛利合计(没有毛利时用销售额),退货为负;可以小于 0"),
    )
)
VALUE_TOP_SHARE = declare(
    Metric(
        "insight.value_top_share",
        _("顶层客户的贡献"),
        "percent",
        _("期间内有销售记录的客户按价值由高到低排列,最前面的一部分(占客户数的比例由规则定)占合计的比例"),
        _("顶层客户的价值"),
        _("全部客户的价值"),
    )
)
VALUE_FOR_MOST = declare(
    Metric(
        "insight.value_for_most",
        _("带来八成的客户"),
        "percent",
        _("由高到低累计,价值达到合计的八成需要多少客户,占客户数的比例;是算出来的,不是「二八」的假定"),
        _("累计到八成的客户数"),
        _("全部客户数"),
    )
)
