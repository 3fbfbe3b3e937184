"""What a customer bought, as a tab of its page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.figures import Figure
from xiaocheng.interface.web.shell.links import Empty
from xiaocheng.selling.trade import queries
from xiaocheng.selling.trade.queries import Bought, History

MOST = 30  # lines of the tab; the list has the rest


def bought_tab(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Totals, years, products and the latest lines, as far as the person sees them."""
    found = queries.history(actor, customer_id)
    lines = list(queries.sales(actor, customer_id=customer_id)[: MOST + 1])
    all_of_them = f"{reverse('trade:sales')}?customer={customer_id}"
    return {
        "bought": found,
        "sales_figures": _figures(found, all_of_them) if found.years else [],
        "sale_lines": lines[:MOST],
        "all_sales": all_of_them if len(lines) > MOST else "",
        "no_sales": Empty(_("还没有销售记录"), _("从 ERP 或表格导入后,买过什么、多久买一次都在这里。"), icon="receipt"),
    }


def _figures(found: History, rows_url: str) -> list[Figure]:
    total, lately = found.total, found.lately
    gap = ngettext("%(count)s 天", "%(count)s 天", found.gap) % {"count": found.gap} if found.gap is not None else ""
    return [
        _sum(_("累计销售额"), _("看得到的全部销售记录的金额合计,退货为负。"), total, rows_url),
        _sum(_("近 12 个月"), _("到今天为止 12 个月的金额合计,退货为负。"), lately, rows_url),
        Figure(
            _("最近下单"),
            formats.day(found.last_on),
            _("最后一笔金额大于 0 的记录的日期。"),
            beside=_ago(found.last_on),
        ),
        Figure(
            _("下单间隔"),
            gap or formats.NOTHING,
            _("相邻两个下单日相隔天数的中位数;下单不到 3 天的不算。"),
        ),
    ]


def _ago(day: dt.date | None) -> str:
    days = (clock.today() - day).days if day else 0
    return ngettext("%(count)s 天前", "%(count)s 天前", days) % {"count": formats.number(days)} if days else ""


def _sum(name: str, formula: str, sums: Bought, rows_url: str) -> Figure:
    orders = ngettext("%(count)s 单", "%(count)s 单", sums.orders) % {"count": formats.number(sums.orders)}
    profit = "" if sums.profit is None else _("毛利 %(amount)s") % {"amount": formats.money(sums.profit)}
    return Figure(
        name, formats.money(sums.amount), formula, rows_url=rows_url, beside=" · ".join(filter(None, [orders, profit]))
    )
