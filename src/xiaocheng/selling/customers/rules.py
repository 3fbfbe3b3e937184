"""What a company may adjust about customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class CustomerRules(Rules):
    """How much of the customers out of sight a person may learn."""

    hints_a_day: int = rule(
        30,
        _("查重提示上限(每人每天)"),
        _(
            "登记时输入名称或电话,系统会提示同事已有的相同客户和负责人。每人每天最多提示这么多位看不到的客户,每一位都记入日志。"
        ),
    )
