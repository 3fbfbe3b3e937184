"""What a company may adjust about signing and about alarms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _not_negative(hours: int) -> None:
    if hours < 0:
        raise ValueError(hours)


class ApprovalRules(Rules):
    """When a paper goes further up the line."""

    escalate_after_hours: int = rule(
        24, _("逾期上转(小时)"), _("提交后超过这个时间仍未签核的,再上一级主管也可以签核。0 为不上转。")
    )
    alarm_after_hours: int = rule(
        4,
        _("紧急事项上报间隔(小时)"),
        _("影响销售或更严重的投诉和市场情况立即通知主管;超过这个时间无人受理的,逐级上报。0 为只通知直属主管。"),
        check=_not_negative,
    )
