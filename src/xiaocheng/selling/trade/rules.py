"""What a company may adjust about orders and money received."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


def _not_negative(days: int) -> None:
    if days < 0:
        raise ValueError(days)


class ReceiptRules(Rules):
    """When owners are reminded of won deals that are not paid."""

    remind_days: int = rule(
        30,
        _("赢单后几天提醒收款"),
        _("赢单之后这么多天还没有收齐款项的,客户的负责人得到一项待办;收齐后自动撤回。0 表示不提醒。"),
        check=_not_negative,
    )


class OrderRules(Rules):
    """When an order or money received counts for a visit."""

    visit_days: int = rule(
        7,
        _("拜访后几天内的订单和回款算作拜访的成果"),
        _("订单和回款可以关联到当天或之前这么多天内的一次拜访;订单用于拜访成交率。"),
        check=_not_negative,
    )
