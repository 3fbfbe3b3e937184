"""What a company may adjust about the value of its customers, and about what is learnt from its deals."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule

from .scoring import criteria, criteria_by_industry
from .suggesting import COURT, DROP, USUAL_COURT, USUAL_DROP, Case, cases
from .worth import BOTTOM, MIDDLE, TOP

MOST_MONTHS = 60


def _share(percent: int) -> None:
    if not 1 <= percent <= 49:
        raise ValueError(percent)


def _months(months: int) -> None:
    if not 1 <= months <= MOST_MONTHS:
        raise ValueError(months)


def _window(days: int) -> None:
    if not 14 <= days <= 730:
        raise ValueError(days)


def _percent(percent: int) -> None:
    if not 1 <= percent <= 100:
        raise ValueError(percent)


def _hours(hours: Decimal) -> None:
    if not 0 <= hours <= 1000:
        raise ValueError(hours)


def _at_least_one(number: int) -> None:
    if number < 1:
        raise ValueError(number)


class ValueRules(Rules):
    """How customers are divided by their value."""

    top_percent: int = rule(20, _("顶层客户(%)"), _("价值最高的这么多客户是顶层,占客户数的百分比。"), check=_share)
    bottom_percent: int = rule(20, _("底层客户(%)"), _("价值最低的这么多客户是底层;其余是中层。"), check=_share)
    months: int = rule(
        12, _("计算客户价值的月数"), _("每晚按截至当天的这么多个月计算每位客户的价值级别和忠诚度。"), check=_months
    )
    by: str = rule(
        "profit",
        _("按什么划分级别"),
        _("没有毛利时改按销售额。填写了下面的评分标准时,按评分划分。"),
        choices={"profit": _("毛利"), "sales": _("销售额")},
    )
    score: str = rule(
        "",
        _("评分标准与权重"),
        _(
            "留空:不评分。可用的标准:毛利、销售额、订单数、产品数、年数;例如:毛利=60, 产品数=30, 年数=10。"
            "每项按客户在全公司的名次折成 0 到 100 分,再按权重平均。"
        ),
        check=criteria,
    )
    score_by_industry: str = rule(
        "",
        _("各行业的评分标准"),
        _("与上面不同的行业写在这里,用分号隔开;例如:金融: 产品数=50, 毛利=50; 制造: 毛利=80, 订单数=20。"),
        check=criteria_by_industry,
    )
    top_hours: Decimal = rule(
        Decimal("4"), _("顶层客户每月计划小时"), _("每位顶层客户每月打算投入的拜访时间。"), check=_hours
    )
    middle_hours: Decimal = rule(
        Decimal("1"), _("中层客户每月计划小时"), _("每位中层客户每月打算投入的拜访时间。"), check=_hours
    )
    bottom_hours: Decimal = rule(
        Decimal("0.5"), _("底层客户每月计划小时"), _("每位底层客户每月打算投入的拜访时间。"), check=_hours
    )

    court_hours: Decimal = rule(
        Decimal("4"),
        _("争取的客户每月计划小时"),
        _("决定争取的客户按这个计划,不论级别;决定放弃的不计划时间。"),
        check=_hours,
    )

    def hours_a_month(self, klass: str, decision: str = "") -> Decimal:
        """The hours planned for one customer and month, by what was decided, else by its class."""
        by_class = {TOP: self.top_hours, MIDDLE: self.middle_hours, BOTTOM: self.bottom_hours}
        return {COURT: self.court_hours, DROP: Decimal(0)}.get(decision, by_class.get(klass, Decimal(0)))


class LoyaltyRules(Rules):
    """When a customer counts as loyal."""

    rhythm_percent: int = rule(
        150,
        _("订货节奏的宽限(%)"),
        _("距上次下单的天数不超过平均订货间隔的这么多,算保持了节奏;至少下单 3 天才判断。"),
        check=_at_least_one,
    )
    discount_percent: int = rule(
        10, _("额外折扣(%)"), _("销售记录的折扣超过这么多(10 表示低于九折),算额外折扣。"), check=_percent
    )
    price_led_percent: int = rule(
        50,
        _("价格导向(%)"),
        _("有折扣记录的销售中,额外折扣的行数达到这么多的客户是价格导向;至少 3 行才判断。"),
        check=_percent,
    )
    long_years: int = rule(2, _("老客户(年)"), _("首次成交到现在满这么多年,算老客户。"), check=_at_least_one)


class SuggestionRules(Rules):
    """Which customers the matrices suggest to court and which to drop."""

    court: str = rule(
        USUAL_COURT,
        _("建议争取"),
        _(
            "用逗号隔开几种情况,一种情况里的几个条件用加号连接。可用:顶层、中层、底层、没有购买、高忠诚、中忠诚、低忠诚、"
            "高潜力、中潜力、低潜力、价格导向。争取优先于放弃;其余买过的建议维持。"
        ),
        check=cases,
    )
    drop: str = rule(
        USUAL_DROP,
        _("建议放弃"),
        _("写法同「建议争取」。建议只是提示,系统不会自己放弃任何客户。"),
        check=cases,
    )
    review_months: int = rule(
        6,
        _("取舍的复核间隔(月)"),
        _("做决定时没有填写复核日期的,过这么多个月复核。"),
        check=_months,
    )

    def cases(self) -> tuple[list[Case], list[Case]]:
        """The cases in which to court is suggested, and those in which to drop."""
        return cases(self.court), cases(self.drop)


class SkippingRules(Rules):
    """How long deals are followed to see what leaving out a stage changed, and how likely they are won."""

    within_days: int = rule(
        90,
        _("跳阶影响和赢单概率:观察天数"),
        _(
            "跳阶影响从跳过或进入一个阶段起,看这么多天内是否赢单;赢单概率是这么多天内有结果的商机赢单的可能。"
            "通常比一个成交周期长一些。"
        ),
        check=_window,
    )


class RatioRules(Rules):
    """Whether pages begin with the standard rates or with the quotients of workload that older texts print."""

    first: str = rule(
        "rate",
        _("赢单率和转化率先显示什么"),
        _(
            "标准比率是赢单÷(赢单+输单)、转化数÷客户数。工作量是每单所需商机数、每个商机对应客户数,名称随之改变;另一种总在旁边。"
        ),
        choices={"rate": _("标准比率"), "workload": _("工作量")},
    )
