"""What a company may adjust about signing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class ApprovalRules(Rules):
    """When a paper goes further up the line."""

    escalate_after_hours: int = rule(
        24, _("逾期上转(小时)"), _("提交后超过这个时间仍未签核的,再上一级主管也可以签核。0 为不上转。")
    )
