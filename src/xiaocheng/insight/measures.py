"""The figures of insight, each declared once: its name, unit, formula in words, and what is divided by what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.measures import COUNTED, Gauge, Metric, declare, gauge
from xiaocheng.foundation.kernel.periods import day_key

from .models import CustomerValue, ValueCount
from .models.decision import VERDICTS

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
# What will come in. One figure each of the newest stored run.
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
# Of the customers registered in a period, by their source: a cohort, followed until now.
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


def coded(key: str, codes: Iterable[tuple[int, str | bool]]) -> Iterator[tuple[int, int]]:
    """Codes of customers as the values of a gauge; who has none is left out, a truth is its only word."""
    words = gauge(key).words
    numbers: dict[str | bool, int] = {code: number for number, code in enumerate(words, 1)}
    if len(words) == 1:
        numbers[True] = 1
    for pk, code in codes:
        if code in numbers:
            yield pk, numbers[code]


def _kept(key: str, column: str) -> Iterator[tuple[int, int]]:
    """A gauge from the table of the last count, and the day of that count."""
    rows = CustomerValue.objects.beyond_sight(because="gauges are kept of all customers")
    yield from coded(key, rows.order_by().values_list("customer_id", column).iterator())
    for day in ValueCount.objects.values_list("last", flat=True):
        yield COUNTED, day_key(day)


VALUE_CLASS = declare(
    Gauge(
        "insight.value_class",
        _("价值级别"),
        "level",
        _(
            "每晚按规则定的月数(默认 12 个月)把全公司有销售记录的客户按毛利(或销售额、评分)由高到低排列:"
            "前 20% 顶层,后 20% 底层,其余中层;同值的先比销售额,再比登记先后;少于 5 位不划分"
        ),
        partial(_kept, "insight.value_class", "klass"),
        {"bottom": _("底层"), "middle": _("中层"), "top": _("顶层")},
    )
)
LOYALTY = declare(
    Gauge(
        "insight.loyalty",
        _("忠诚度"),
        "level",
        _(
            "三项中已知的:保持订货节奏(距上次下单不超过平均间隔的 150%,至少下单 3 天)、"
            "不靠额外折扣(至少 3 行有折扣记录)、老客户(首次成交满 2 年);已知的全部做到为高,不到一半为低,其余为中;"
            "已知不足两项不判断。数字可由规则调整"
        ),
        partial(_kept, "insight.loyalty", "loyalty"),
        {"low": _("低"), "medium": pgettext_lazy("level", "中"), "high": _("高")},
    )
)
PRICE_LED = declare(
    Gauge(
        "insight.price_led",
        _("价格导向"),
        "level",
        _("有折扣记录的销售至少 3 行,且额外折扣(默认低于九折)的占一半以上(可由规则调整);没有折扣记录的不判断"),
        partial(_kept, "insight.price_led", "is_price_led"),
        {"yes": _("是")},
    )
)


def wallet_shares(customers: Collection[int] | None = None) -> Iterator[tuple[int, int]]:
    """What part of its yearly demand each customer bought from us, in percent, by the last count."""
    rows = CustomerValue.objects.beyond_sight(because="gauges are kept of all customers")
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    known = rows.filter(customer__yearly_demand__isnull=False, sales__gt=0).order_by()
    for months in ValueCount.objects.values_list("months", flat=True):
        for pk, sales, demand in known.values_list("customer_id", "sales", "customer__yearly_demand").iterator():
            yield pk, max(1, round(sales * 12 * 100 / months / demand))


def _decided() -> Iterator[tuple[int, int]]:
    rows = CustomerValue.objects.beyond_sight(because="gauges are kept of all customers").exclude(decision="")
    yield from coded("insight.decision", rows.order_by().values_list("customer_id", "decision").iterator())


DECISION = declare(
    Gauge(
        "insight.decision",
        _("取舍"),
        "level",
        _("负责人或其上级最近一次的决定:争取、维持、放弃;到复核日期应再看一次"),
        _decided,
        dict(VERDICTS),
    )
)


def _wallet() -> Iterator[tuple[int, int]]:
    yield from wallet_shares()
    for day in ValueCount.objects.values_list("last", flat=True):
        yield COUNTED, day_key(day)


WALLET_SHARE = declare(
    Gauge(
        "insight.wallet_share",
        _("我方份额(%)"),
        "percent",
        _("按每晚计算的期间折成一年的销售额 ÷ 客户资料里的年采购额估计;没有估计的不算"),
        _wallet,
    )
)
GAUGES = {  # as addresses and columns call them
    "value_class": VALUE_CLASS,
    "loyalty": LOYALTY,
    "price_led": PRICE_LED,
    "decision": DECISION,
}
COLUMNS = {VALUE_CLASS: "klass", LOYALTY: "loyalty", PRICE_LED: "is_price_led"}  # of the table behind them
