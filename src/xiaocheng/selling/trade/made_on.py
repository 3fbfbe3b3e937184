"""On which visit something was ordered or paid."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.selling.fieldwork.queries import Visit
from xiaocheng.selling.trade.rules import OrderRules


def check_visit(made_on: Visit | None, customer_id: int, day: dt.date, field: str) -> None:
    """What is ordered or paid belongs to a visit to the same customer, that day or a few days before."""
    if made_on is None:
        return
    if made_on.customer_id != customer_id:
        raise RuleBroken(_("这次拜访不是这位客户的。"), field="visit_id")
    most = rules(OrderRules, day).visit_days
    if not 0 <= (day - clock.day_of(made_on.occurred_at)).days <= most:
        raise RuleBroken(_("日期要在拜访当天或之后 %(count)s 天内。") % {"count": most}, field=field)
