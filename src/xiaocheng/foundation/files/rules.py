"""What a company allows to be uploaded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class FileRules(Rules):
    """Limits of attachments."""

    largest_mb: int = rule(20, _("附件大小上限(MB)"), _("单个附件不能超过这个大小。"))
