"""What a company allows to go out as files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _rows(rows: int) -> None:
    if rows < 0:
        raise ValueError(rows)


class ExportRules(Rules):
    """Limits of exports."""

    rows_per_day: int = rule(
        100_000,
        _("每人每天导出的行数"),
        _("一个人一天里导出的所有列表加起来不超过这么多行。0 表示不限。"),
        check=_rows,
    )
