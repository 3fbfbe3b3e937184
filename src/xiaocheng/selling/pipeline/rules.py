"""What a company may adjust about its pipeline."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class PipelineRules(Rules):
    """How long a wrong click may be taken back."""

    undo_minutes: int = rule(
        10,
        _("误操作可撤回(分钟)"),
        _("推进商机的人在这段时间内、且之后没有新的活动时,可以撤回。撤回不计入跳阶、回退和停留时长。"),
    )
