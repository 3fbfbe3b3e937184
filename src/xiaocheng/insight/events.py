"""What happened to insight's own tables."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about, personal

from .models.decision import VERDICTS


class RollupsRebuilt(Event):
    """The rollups were thrown away and counted again from the facts."""

    rows: int
    says = _("重新汇总了分析数据")


class ValuesCounted(Event):
    """What every customer is worth was counted up to the day."""

    customers: int
    changed: int
    says = _("计算了 %(customers)s 位客户的价值,%(changed)s 位有变化")


class ForecastsMade(Event):
    """What will come in was foretold at the beginning of a day."""

    runs: int
    says = _("做了 %(runs)s 个销售预测")


class ForecastCalled(Event):
    """Somebody said what will be won in a month: for the company, a department, whom he leads, or himself."""

    call_id: int = about("insight.forecastcall")
    month: dt.date
    amount: Decimal
    department_id: int | None
    person_id: int | None
    led_by_id: int | None
    says = _("自报 %(month)s 赢单 %(amount)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The month without its day, the amount as people write it."""
        return {**values, "month": str(values["month"])[:7], "amount": f"{Decimal(values['amount']):,.2f}"}


class ChangeExpected(Event):
    """Somebody entered a campaign or holiday that the forecast counts with."""

    change_id: int = about("insight.expectedchange")
    name: str
    percent: int
    says = _("登记了预测要计入的「%(name)s」:新商机 %(percent)s%%")


class ExpectedChangeEdited(Event):
    """A campaign or holiday that the forecast counts with is another now."""

    change_id: int = about("insight.expectedchange")
    name: str
    percent: int
    says = _("修改了预测要计入的「%(name)s」:新商机 %(percent)s%%")


class ExpectedChangeDropped(Event):
    """The forecast no longer counts with a campaign or holiday."""

    change_id: int = about("insight.expectedchange")
    name: str
    says = _("删除了预测要计入的「%(name)s」")


class SkippingEstimated(Event):
    """What leaving out stages changed was estimated up to the day."""

    estimates: int
    says = _("估计了 %(estimates)s 项跳阶影响")


class StaysLearned(Event):
    """By when most deals leave their stages was learned anew."""

    stages: int
    says = _("更新了 %(stages)s 个阶段的停滞界限")


class ChancesTold(Event):
    """How likely the open deals are won was told at the beginning of a day."""

    deals: int
    says = _("估计了 %(deals)s 个商机的赢单概率")


class ReviewDue(Event):
    """The day has come on which the decision about a customer is looked at again."""

    customer_id: int = about("customers.customer")
    owner_id: int
    decided_by_id: int | None  # as long as he is here and sees the customer
    verdict: str
    review_on: dt.date
    says = _("到了复核日期:当初决定%(verdict)s这位客户")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The verdict in words."""
        return {**values, "verdict": VERDICTS[values["verdict"]]}


class ProcessReviewFinished(Event):
    """A review of a process was finished; it never changes again."""

    review_id: int = about("insight.processreview")
    process_id: int = about("pipeline.process")
    process: str
    first: dt.date
    last: dt.date
    says = _("完成了流程「%(process)s」%(first)s 至 %(last)s 的复盘")


class ProcessReviewAmended(Event):
    """Something was added to a finished review."""

    review_id: int = about("insight.processreview")
    process_id: int = about("pipeline.process")
    process: str
    says = _("补充了流程「%(process)s」的复盘")


class ProcessReviewDue(Event):
    """The day of the next review of a process has come."""

    review_id: int = about("insight.processreview")
    process_id: int = about("pipeline.process")
    process: str
    reviewer_id: int
    next_on: dt.date
    says = _("流程「%(process)s」到了下次复盘的日子")


class CustomerDecided(Event):
    """It was decided to court, to keep or to drop a customer."""

    customer_id: int = about("customers.customer")
    verdict: str
    review_on: dt.date
    reason: str = personal()
    says = _("决定%(verdict)s这位客户,%(review_on)s 复核:%(reason)s")

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The verdict in words."""
        return {**values, "verdict": VERDICTS[values["verdict"]]}
