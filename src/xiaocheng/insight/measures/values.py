"""What a customer is worth: its figures, and what every customer is known by after the last count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.measures import COUNTED, Gauge, Metric, declare, gauge
from xiaocheng.foundation.kernel.periods import day_key
from xiaocheng.insight.models import CustomerValue, ValueCount
from xiaocheng.insight.models.decision import VERDICTS

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
