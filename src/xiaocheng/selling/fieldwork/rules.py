"""What a company may adjust about plans and visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule
from xiaocheng.selling.customers.queries import days_by_level

from .attending import Hours, Way, degrees, hours_by_role

TRADED = frozenset({"order", "receipt", "quote"})
COUNTED = {"trade": TRADED, "work": TRADED | {"need", "solved"}}  # beside "any": whatever is not "nothing"
A_DAY = 24 * 60


class Shortfall(Enum):
    """What a visit may lack to be effective."""

    CHECK_IN = "check_in"
    PLACE = "place"
    MINUTES = "minutes"
    PHOTO = "photo"
    NOT_MET = "not_met"
    DECIDER = "decider"
    RESULT = "result"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of a visit when it is judged."""

    checked_in: bool
    elsewhere: bool  # a place that is not that of the customer; False of one that nobody can tell
    minutes: int
    has_photo: bool
    outcome: str
    result: str
    has_next_day: bool


def _check_minutes(minutes: int) -> None:
    """At most a day."""
    if not 0 <= minutes <= A_DAY:
        raise ValueError(minutes)


def _check_radius(metres: int) -> None:
    """From a house to a county."""
    if not 10 <= metres <= 100_000:
        raise ValueError(metres)


def _check_days(days: int) -> None:
    """At most ten years."""
    if not 0 <= days <= 3_650:
        raise ValueError(days)


class FieldworkRules(Rules):
    """Cut-off of the plan, what makes a visit effective, how far back one may type."""

    plan_cut_off: dt.time = rule(
        dt.time(8, 30), _("计划提交截止"), _("当天拜访计划在这个时刻之前提交为按时,之后算迟交,迟交按分钟向上取整。")
    )
    effective_needs_check_in: bool = rule(True, _("有效拜访须签到"), _("没有现场签到的拜访不算有效拜访。"))
    place_radius: int = rule(
        500,
        _("到访范围(米)"),
        _(
            "签到位置离客户位置不超过这个距离(另加设备的误差)为「在范围内」;误差比它还大,或客户没有位置,为「无法核实」。"
        ),
        check=_check_radius,
    )
    position_days: int = rule(
        90,
        _("签到位置的保存期限(天)"),
        _("过了这么多天,签到签退的经纬度由系统清除,只留是否在范围内。0 表示一直保存。"),
        check=_check_days,
    )
    effective_needs_place: bool = rule(
        False,
        _("不在客户处不算有效拜访"),
        _("签到位置「不在范围内」的拜访不算有效拜访。没有位置或无法核实,从不影响有效拜访。"),
    )
    effective_minutes: int = rule(
        0,
        _("有效拜访至少停留(分钟)"),
        _("从签到到签退不足这么多分钟的拜访不算有效拜访。0 表示不看停留时间。"),
        check=_check_minutes,
    )
    effective_needs_photo: bool = rule(False, _("有效拜访须有照片"), _("填写结果之前没有拍照的拜访不算有效拜访。"))
    effective_meeting: str = rule(
        "anyone",
        _("有效拜访须见到"),
        _("「没有见到人」从不算有效拜访。"),
        choices={"anyone": _("任何一位对接人"), "decider": _("决策人")},
    )
    effective_needs_result: bool = rule(
        True, _("有效拜访须有成果"), _("「暂无进展」且没有约定下一步日期的拜访不算有效拜访。")
    )
    effective_results: str = rule(
        "any",
        _("算作成果的结果"),
        _("「有效拜访须有成果」开启时才看。「任何成果」也包括约定了日期的下一步。"),
        choices={
            "any": _("任何成果"),
            "work": _("订货、收款、报价、了解到需求或解决问题"),
            "trade": _("订货、收款或报价"),
        },
    )
    back_date_days: int = rule(2, _("补录期限(天)"), _("联系记录最多可以补录到几天之前。"))
    queued_days: int = rule(
        14, _("离线记录送达期限(天)"), _("设备离线时记录的联系,最迟在这么多天之内送达才算离线记录;再晚按补录处理。")
    )
    idle_days: int = rule(14, _("久未联系(天)"), _("自己的客户超过这个天数没有联系,就建议列入计划。"))
    revisit_by_level: str = rule(
        "",
        _("各级别的回访周期"),
        _("与「久未联系」不同的级别写在这里,例如:A=7, B=14。留空表示全部相同。"),
        check=days_by_level,
    )
    birthday_days: int = rule(
        3, _("生日提前(天)"), _("客户或联系人的生日(公历或农历)在这么多天之内,就建议列入计划。0 表示只在当天。")
    )
    lines_a_day: int = rule(
        8, _("一键安排家数"), _("「一键安排」把当天的计划补到这么多家,最急的在前;手工添加不受限制。")
    )

    def revisit_days(self) -> dict[str, int]:
        """After how many days a customer is visited again, by the levels that have a rhythm of their own."""
        return days_by_level(self.revisit_by_level)

    def shortfalls(self, evidence: Evidence) -> list[Shortfall]:
        """The one judgement of what an effective visit is: what is missing to it, in the order of the rules."""
        met = evidence.outcome == "met_decider" or (
            evidence.outcome == "met_other" and self.effective_meeting == "anyone"
        )
        arrived = evidence.checked_in or not self.effective_needs_check_in
        short = self.effective_minutes > 0 and evidence.minutes < self.effective_minutes
        missing = {
            Shortfall.CHECK_IN: not arrived,
            Shortfall.PLACE: self.effective_needs_place and evidence.elsewhere,
            Shortfall.MINUTES: arrived and short,
            Shortfall.PHOTO: self.effective_needs_photo and not evidence.has_photo,
            Shortfall.NOT_MET: evidence.outcome == "not_met",
            Shortfall.DECIDER: evidence.outcome != "not_met" and not met,
            Shortfall.RESULT: self.effective_needs_result and not self._counts(evidence),
        }
        return [shortfall for shortfall, holds in missing.items() if holds]

    def _counts(self, evidence: Evidence) -> bool:
        """True when the result is one of those that the company lets count."""
        if self.effective_results == "any":
            return evidence.result != "nothing" or evidence.has_next_day
        return evidence.result in COUNTED[self.effective_results]


class AttendanceRules(Rules):
    """When and where the day begins and ends, and how late is late."""

    begins_at: dt.time = rule(dt.time(9, 0), _("上班时间"), _("到岗晚于这个时刻加宽限为迟到,分钟从这个时刻算起。"))
    ends_at: dt.time = rule(dt.time(18, 0), _("下班时间"), _("离岗早于这个时刻减宽限为早退,分钟从这个时刻算起。"))
    grace_minutes: int = rule(5, _("考勤宽限(分钟)"), _("迟到、早退不超过这么多分钟的不计。"), check=_check_minutes)
    noon_from: dt.time = rule(dt.time(12, 0), _("午休开始"), _("午休不算工作时间:请上午假从午休结束起上班。"))
    noon_until: dt.time = rule(dt.time(13, 0), _("午休结束"), _("请下午假到午休开始为止。"))
    correction_days: int = rule(7, _("补卡期限(天)"), _("最多可以申请补几天之前的打卡。"), check=_check_days)
    by_role: str = rule(
        "rep=customer, promoter=post",
        _("各角色的考勤方式"),
        _(
            "角色代码=方式,可再写班次,例如:rep=customer, promoter=post 10:00-19:00。"
            "company 在公司打卡;customer 第一次签到、最后一次签退也算到岗、离岗;"
            "post 在岗位打卡,排了值班的月份按值班表上班。没有写的角色在公司打卡。"
        ),
        check=hours_by_role,
    )
    office_place: str = rule(
        "",
        _("公司位置"),
        _("纬度, 经度(WGS-84),例如:31.230416, 121.473701。用来说明打卡是否在公司;空为不判断,从不阻止打卡。"),
        check=degrees,
    )

    def hours_of(self, role: str) -> Hours:
        """How a role attends, with the times of its shift."""
        way, begins_at, ends_at = hours_by_role(self.by_role).get(role, (Way.COMPANY, None, None))
        return Hours(way, begins_at or self.begins_at, ends_at or self.ends_at)
