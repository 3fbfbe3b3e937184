"""What a company may adjust about its pipeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _days(days: int) -> int:
    if not 1 <= days <= 60:
        raise ValueError(days)
    return days


def _days_or_off(days: int) -> int:
    if not 0 <= days <= 3_650:
        raise ValueError(days)
    return days


class PipelineRules(Rules):
    """How long a wrong click may be taken back, what is late or stagnant, and by when remarks are decided."""

    undo_minutes: int = rule(
        10,
        _("误操作可撤回(分钟)"),
        _("推进商机的人在这段时间内、且之后没有新的活动时,可以撤回。撤回不计入跳阶、回退和停留时长。"),
    )
    quote_days: int = rule(
        5,
        _("漏报价提醒(工作日)"),
        _("在要报价的阶段停留超过这么多个工作日、还没有提交报价记录的商机,标为「漏报价」。0 表示不提醒。"),
    )
    stale_days: int = rule(
        60,
        _("停滞提醒(天)"),
        _(
            "超过这么多天没有任何活动的商机,标为「停滞」。所在阶段九成商机离开所需的天数更长时,以更长的为准"
            "(每晚从最近两年的商机学得)。0 表示不标。"
        ),
        check=_days_or_off,
    )
    remark_days: int = rule(
        5,
        _("流程意见的决定期限(工作日)"),
        _("有人对销售流程提了意见,维护流程的人各得到一条待办,从提出之日起这么多个工作日内决定。"),
        check=_days,
    )
