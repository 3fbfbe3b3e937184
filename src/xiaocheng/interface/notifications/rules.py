"""What a company may adjust about notifications."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class NotificationRules(Rules):
    """Where people are told."""

    by_email: bool = rule(False, _("同时发送邮件"), _("站内通知同时发到本人登记的邮箱;需要先配置邮件服务器。"))
    keep_days: int = rule(90, _("通知保留(天)"), _("超过这个天数的通知会自动删除。"))
