"""首问负责制: how long an owner may leave a customer without contact before the customer is nobody's again.

A contact on the 1st and seven days mean: the 2nd to the 8th are whole days without contact, at 00:00 of the 9th the
customer lapses. Days are the company's; those that do not count are passed over.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.rules import Rules, rule, rules, unchanged_since
from xiaocheng.foundation.org.queries import day_name, is_workday

if TYPE_CHECKING:
    from .models import Customer

CALENDAR, WORKING = "calendar", "working"
AWAITING, TURN, POOL = "awaiting", "turn", "pool"
THEN = {AWAITING: _("待接待"), TURN: _("轮流分给当值人员"), POOL: _("直接进入公海")}
WON, PAID = "won", "paid"
VISIT = "visit"
LONGEST = 366
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
BETWEEN_LEVELS = r"[,、\s]+(?=[^=]+=)"
BY_LEVEL = re.compile(r"([^=,、\s]+)\s*=\s*(\d{1,3})")
DAY = dt.timedelta(days=1)


def days_by_level(text: str) -> dict[str, int]:
    """The days of the levels that have their own, as a rule writes them: "A=5, B=10"; ValueError for anything else."""
    parts = [part for part in re.split(BETWEEN_LEVELS, text.strip()) if part]
    found = {}
    for part in parts:
        match = BY_LEVEL.fullmatch(part.strip())
        if match is None:
            raise ValueError(part)
        found[match[1]] = _in_range(int(match[2]))
    return found


def then_by_level(text: str) -> dict[str, str]:
    """What follows for the levels that have their own, as a rule writes it: "A=turn, D=pool"; ValueError otherwise."""
    found = {}
    for part in filter(None, re.split(r"[,、\s]+", text.strip())):
        level, sign, then = part.partition("=")
        if not (level and sign and then in THEN):
            raise ValueError(part)
        found[level] = then
    return found


def _in_range(days: int) -> int:
    if not 1 <= days <= LONGEST:
        raise ValueError(days)
    return days


def _not_negative(days: int) -> None:
    if days < 0:
        raise ValueError(days)


class FirstContactRules(Rules):
    """The time limit of first-contact responsibility, and what follows when it passes."""

    is_on: bool = rule(True, _("启用首问负责制时限"), _("关闭后客户不会因未联系而失效。"))
    days: int = rule(
        7,
        _("跟进时限(天)"),
        _("成交之前,两次有效联系之间最多间隔这么多个整天;超过即逾期失效。1 日联系、时限 7 天:9 日零点失效。"),
        check=_in_range,
    )
    by_level: str = rule(
        "", _("各级别的时限"), _("与上面不同的级别写在这里,例如:A=5, B=10。留空表示全部相同。"), check=days_by_level
    )
    counted: str = rule(
        CALENDAR,
        _("按什么天计算"),
        choices={CALENDAR: _("自然日"), WORKING: _("工作日")},
    )
    until: str = rule(
        WON,
        _("计时到何时为止"),
        _(
            "赢单为止:成交之后不再计时,由负责人负责到收款。款项收齐为止(严格):赢单之后照样计时,登记的回款达到成交金额才停。"
        ),
        choices={WON: _("赢单为止"), PAID: _("款项收齐为止")},
    )
    calls_count: bool = rule(True, _("电话算有效联系"), _("接通的电话重新开始计时;上门拜访总是算。"))
    messages_count: bool = rule(True, _("消息算有效联系"), _("有回复的微信、短信和邮件重新开始计时;群发从不计入。"))
    demos_count: bool = rule(True, _("演示算有效联系"), _("演示重新开始计时。"))
    others_count: bool = rule(True, _("其他方式算有效联系"), _("记为「其他」的联系重新开始计时。"))
    skips_holidays: bool = rule(True, _("法定节假日不计入"), _("按自然日计算时,放假的日子不算;周末照算。"))
    warn_days: int = rule(2, _("提前几天提醒"), _("失效之前这么多天提醒负责人;0 表示不提醒。"), check=_not_negative)
    then: str = rule(
        AWAITING,
        _("失效之后"),
        _("待接待:下一次接待或来电时由当值业务员接手;轮流分配:开门时按轮次分给当值人员;没有排班时都进入公海。"),
        choices=THEN,
    )
    then_by_level: str = rule(
        "",
        _("各级别失效之后"),
        _("与上面不同的级别写在这里,例如:A=turn, D=pool(awaiting 待接待,turn 轮流分配,pool 公海)。留空表示全部相同。"),
        check=then_by_level,
    )
    awaiting_days: int = rule(
        3, _("待接待期限(工作日)"), _("待接待超过这么多个工作日仍无人接手的客户进入公海。"), check=_not_negative
    )
    back_to_owner_days: int = rule(
        30, _("原负责人冷却期(天)"), _("客户失效或被退回后,原负责人在这么多天之内不能重新领取。"), check=_not_negative
    )

    extension_days: int = rule(
        7, _("延期最多(天)"), _("负责人一次最多可以申请把时限延长这么多天;0 表示不能申请延期。"), check=_not_negative
    )
    extensions: int = rule(
        2, _("延期最多(次)"), _("同一位负责人对同一位客户,在一段归属期内最多同意这么多次延期。"), check=_not_negative
    )
    waiting_holds: bool = rule(
        False, _("待审批的延期暂缓失效"), _("打开后,延期申请等待审批期间,客户不会失效;关闭时时限照常计算。")
    )
    dispute_holds: bool = rule(
        True,
        _("争议待裁决时客户不变动"),
        _("打开时,有归属争议待裁决的客户不会失效,也不能领取、分配或退回;关闭时照常。离职和调岗的交接不受影响。"),
    )

    def days_of(self, level: str) -> int:
        """The time limit of a level."""
        return days_by_level(self.by_level).get(level, self.days)

    def goes(self, then: str) -> Q:
        """The customers for which that follows after a lapse."""
        own = then_by_level(self.then_by_level)
        named = Q(level__in=[level for level, follows in own.items() if follows == then])
        return named | ~Q(level__in=list(own)) if self.then == then else named

    @property
    def hands_out(self) -> bool:
        """True when some customers are handed out by turn after a lapse."""
        return TURN in {self.then, *then_by_level(self.then_by_level).values()}

    def keeps(self, kind: str) -> bool:
        """True when a contact of a kind begins the time limit anew; a visit always does."""
        ways = {"call": self.calls_count, "message": self.messages_count, "demo": self.demos_count}
        return kind == VISIT or ways.get(kind, self.others_count)

    def counts(self, day: dt.date) -> bool:
        """True when a day without contact counts."""
        if self.counted == WORKING:
            return is_workday(day)
        return not (self.skips_holidays and day_name(day) and not is_workday(day))

    def lapses_on(self, since: dt.date, level: str = "") -> dt.date:
        """The day at whose 00:00 a customer lapses that was last contacted on another."""
        left, day = self.days_of(level), since
        while left:
            day += DAY
            left -= self.counts(day)
        return day + DAY

    def lapsed_since(self, today: dt.date, level: str = "") -> dt.date:
        """The last day of contact with which a customer has lapsed by today: so has every earlier one."""
        left, day = self.days_of(level), today
        while left:
            day -= DAY
            left -= self.counts(day)
        return day - DAY

    @property
    def moves(self) -> Q:
        """The customers that may lapse or be handed on; by the rule, not those about which a dispute is open."""
        return Q(in_dispute=False) if self.dispute_holds else Q()

    def overdue(self, today: dt.date) -> Q:
        """The customers that lapse because their time limit has passed at 00:00 of a day."""

        own = days_by_level(self.by_level)
        before = {level: clock.instant(self.lapsed_since(today, level) + DAY) for level in ["", *own]}
        passed = _since(before, "clock_since")
        if self.until == PAID:
            begun = strict_from(today)
            before = {level: at if begun < at else LONG_AGO for level, at in before.items()}
            passed |= Q(owner__isnull=False, clock_since=None) & _since(before, "unpaid_since")
        return passed & (Q(extended_to=None) | Q(extended_to__lte=today)) & self.moves


def _since(before: Mapping[str, dt.datetime], column: str) -> Q:
    """Those whose column lies before the instant of their level; "" stands for all other levels."""
    own = [level for level in before if level]
    ways = [Q(**{"level": level, f"{column}__lt": before[level]}) for level in own]
    return reduce(or_, ways, Q(**{f"{column}__lt": before[""]}) & ~Q(level__in=own))


def strict_from(today: dt.date) -> dt.datetime:
    """Since when the company reads the rule strictly: nobody lapses for what was allowed before."""
    begun = unchanged_since("FirstContactRules.until", today)
    return LONG_AGO if begun is None else clock.instant(begun)


@dataclass(frozen=True)
class Limit:
    """Until when an owner must have been in touch: the customer lapses at 00:00 of `on`, `days` days from now."""

    on: dt.date
    days: int
    is_extended: bool = False


def limit_for(row: Customer) -> Limit | None:
    """The time limit that runs for a customer; None where it stands still or the company has none."""
    return limit_of(row.clock_since, row.level, row.extended_to, row.unpaid_since if row.owner_id else None)


def limit_of(
    clock_since: dt.datetime | None,
    level: str,
    extended_to: dt.date | None = None,
    unpaid_since: dt.datetime | None = None,
) -> Limit | None:
    """The same for the columns of an owned customer."""
    today = clock.today()
    limits = rules(FirstContactRules, today)
    if clock_since is None and unpaid_since is not None and limits.until == PAID:
        clock_since = max(unpaid_since, strict_from(today))
    if clock_since is None or not limits.is_on:
        return None
    by_rule = limits.lapses_on(clock.day_of(clock_since), level)
    on = max(by_rule, extended_to or by_rule)
    return Limit(on, max(0, (on - today).days), is_extended=on > by_rule)
