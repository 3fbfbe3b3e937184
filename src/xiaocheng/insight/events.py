"""What happened to insight's own tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event


class RollupsRebuilt(Event):
    """The rollups were thrown away and counted again from the facts."""

    rows: int
    says = _("重新汇总了分析数据")


class ValuesCounted(Event):
    """What every customer is worth was counted up to the day."""

    customers: int
    changed: int
    says = _("计算了 %(customers)s 位客户的价值,%(changed)s 位有变化")
