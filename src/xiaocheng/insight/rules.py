"""What a company may adjust about the value of its customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _share(percent: int) -> None:
    if not 1 <= percent <= 49:
        raise ValueError(percent)


class ValueRules(Rules):
    """How customers are divided by their value."""

    top_percent: int = rule(20, _("顶层客户(%)"), _("价值最高的这么多客户是顶层,占客户数的百分比。"), check=_share)
    bottom_percent: int = rule(20, _("底层客户(%)"), _("价值最低的这么多客户是底层;其余是中层。"), check=_share)
