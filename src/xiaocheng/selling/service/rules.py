"""What a company may adjust about complaints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _at_least_one(days: int) -> None:
    if days < 1:
        raise ValueError(days)


class ComplaintRules(Rules):
    """Within how many working days a complaint of each severity is to be closed."""

    serious_days: int = rule(
        1, _("严重投诉的处理期限(工作日)"), _("从登记的次日起算,按公司的工作日历。"), check=_at_least_one
    )
    affects_sales_days: int = rule(
        2, _("影响销售的投诉的处理期限(工作日)"), _("从登记的次日起算,按公司的工作日历。"), check=_at_least_one
    )
    normal_days: int = rule(
        5, _("一般投诉的处理期限(工作日)"), _("从登记的次日起算,按公司的工作日历。"), check=_at_least_one
    )
    minor_days: int = rule(
        10, _("轻微投诉的处理期限(工作日)"), _("从登记的次日起算,按公司的工作日历。"), check=_at_least_one
    )

    def days_for(self, severity: str) -> int:
        """The working days for a severity."""
        return int(getattr(self, f"{severity}_days"))
