"""What a company decides about personal data: whose details are read with a note, how long they are kept."""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule

LONGEST = 240


class Reading(Enum):
    """How far somebody may read phones, addresses and birthdays: freely, after asking for them, or not at all."""

    FREE = "free"
    NOTED = "noted"
    HIDDEN = "hidden"


def _months(months: int) -> int:
    if not 0 <= months <= LONGEST:
        raise ValueError(months)
    return months


class PersonalDataRules(Rules):
    """How the details of people are protected."""

    notes_reading: bool = rule(
        False,
        _("查看他人客户的联系方式须留痕"),
        _("开启后,不是自己负责的客户只显示部分电话;点「显示」才看到全部,每次显示都记入查阅记录。"),
    )
    keep_months: int = rule(
        0,
        _("未成交个人客户的保存期限(月)"),
        _("个人客户从未成交、并且这么多个月没有联系,就列入「保存期满」,由管理员清除个人信息。0 表示不设期限。"),
        check=_months,
    )
    keep_contact_months: int = rule(
        0,
        _("未成交公司的联系人的保存期限(月)"),
        _(
            "公司客户从未成交、并且这么多个月没有联系也没有任何记录,它的联系人就列入「保存期满」,由管理员清除个人信息。"
            "0 表示不设期限。"
        ),
        check=_months,
    )
    keep_guest_months: int = rule(
        0,
        _("未成为客户的来客的保存期限(月)"),
        _("到店或来电登记了、但没有成为客户的人,过了这么多个月列入「保存期满」,由管理员清除。0 表示不设期限。"),
        check=_months,
    )
    log_months: int = rule(
        0,
        _("查阅记录的保存期限(月)"),
        _("显示联系方式和导出名单的记录,过了这么多个月由系统删除;清除个人信息的记录一直保存。0 表示一直保存。"),
        check=_months,
    )
