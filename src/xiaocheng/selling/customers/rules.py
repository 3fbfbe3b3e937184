"""What a company may adjust about customers."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _not_negative(days: int) -> None:
    if days < 0:
        raise ValueError(days)


class CustomerRules(Rules):
    """How much of the customers out of sight a person may learn."""

    hints_a_day: int = rule(
        30,
        _("查重提示上限(每人每天)"),
        _(
            "登记时输入名称或电话,系统会提示同事已有的相同客户和负责人。每人每天最多提示这么多位看不到的客户,每一位都记入日志。"
        ),
    )
    merge_undo_days: int = rule(
        30, _("合并可撤销的天数"), _("合并客户之后,在这么多天之内可以撤销。"), check=_not_negative
    )


class PoolRules(Rules):
    """How many customers a person may take out of the pools; a pool may have narrower limits of its own."""

    claims_a_day: int = rule(
        20,
        _("领取上限(每人每天)"),
        _("从所有公海领取的客户合计。按台账计算,领取后退回的也计入;0 表示不限。单个公海可以另设上限。"),
        check=_not_negative,
    )
    most_held: int = rule(
        200,
        _("领取保有上限(每人)"),
        _("领取得来、仍由本人负责且尚未成交的客户最多这么多位;分配和交接得来的不计。0 表示不限。"),
        check=_not_negative,
    )


class ReceptionRules(Rules):
    """How guests of the showroom and callers of the hotline are received."""

    back_date_days: int = rule(
        2, _("接待可补录天数"), _("接待登记可以补录这么多天以内的;补录的不占轮次。"), check=_not_negative
    )
    takes_pool_guests: bool = rule(
        True,
        _("当值接待人接手公海客户"),
        _(
            "公海客户到店或来电时,按轮次接待的人当场领取,占用他的领取上限;冷却期内、达到上限或公海不可自行领取时仍留在公海。"
        ),
    )
    opens_at: dt.time = rule(
        dt.time(9),
        _("开门时间"),
        _("「失效之后」设为轮流分配时,客户在失效之后第一个有人值班的日子、到这个时间分给当值人员。"),
    )
