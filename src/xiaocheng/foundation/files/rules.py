"""What a company allows to be uploaded."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _check_receivable(megabytes: int) -> None:
    """Nothing larger is received at all."""
    if not 1 <= megabytes <= settings.LARGEST_UPLOAD_MB:
        raise ValueError(megabytes)


class FileRules(Rules):
    """Limits of attachments."""

    largest_mb: int = rule(20, _("附件大小上限(MB)"), _("单个附件不能超过这个大小,最多 64。"), check=_check_receivable)
