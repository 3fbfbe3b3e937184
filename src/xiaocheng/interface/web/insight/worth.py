"""客户价值: who brings how much, the real curve, and by what the top differs from the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.measures import declared
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import VALUE, VALUE_FOR_MOST, VALUE_TOP_SHARE
from xiaocheng.insight.queries import Ranked, ValueBy, Worth
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series
from xiaocheng.interface.web.shell.links import Empty
from xiaocheng.interface.web.shell.screens import Screen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import LISTS
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .values import CLASSES, MONTHS, basis, effort_lines, period_of

USUAL = 12
MOST = 100  # customers of the table; the sums are of all
BY = {"profit": gettext_lazy("按毛利"), "sales": gettext_lazy("按销售额")}
TRAITS = {
    "region": gettext_lazy("地区"),
    "industry": gettext_lazy("行业"),
    "source": gettext_lazy("来源"),
    "level": gettext_lazy("级别"),
}


@access(SEE, SEE_SALES)
class ValuePage(Screen):
    """The value of the customers whom the person sees, over months up to today."""

    title = gettext_lazy("客户价值")
    template = "insight/value.html"

    def load(self) -> None:
        """What is asked for; anything unknown is the usual."""
        asked = self.request.GET
        self.months = int(asked["months"]) if asked.get("months", "") in {str(n) for n in MONTHS} else USUAL
        self.by: ValueBy = "sales" if asked.get("by") == "sales" else "profit"
        self.klass = asked.get("class", "") if asked.get("class") in CLASSES else ""
        self.period = period_of(self.months)

    def context(self) -> dict[str, Any]:
        """Figures, curve, classes, traits and the customers of a class."""
        found = queries.worth(self.actor, self.period, self.by)
        return {
            "found": found,
            "switches": self._switches(found),
            "basis": self._basis(found),
            "tiles": self._tiles(found),
            "chart": _curve(found),
            "classes": [
                (pill(*CLASSES[line.klass]), line, self.address(**{"class": line.klass})) for line in found.classes
            ],
            "traits": [
                (TRAITS[trait.kind], names(LISTS[trait.kind]).get(trait.code, trait.code), trait)
                for trait in found.traits
            ],
            "rows": [self._row(row) for row in found.customers if self.klass in {"", row.klass}][:MOST],
            "efforts": effort_lines(queries.efforts(self.actor)),
            "effort_basis": basis(queries.last_count(self.actor)),
            "klass": CLASSES[self.klass][0] if self.klass else "",
            "everybody": self.address(**{"class": ""}),
            "empty": Empty(
                _("这段时间没有销售记录"),
                _("客户价值由导入的销售记录算出。换一个时间,或先导入订单明细。"),
                icon="chart-pie-off",
            ),
        }

    def address(self, **changes: str) -> str:
        """This page with something else asked for."""
        asked = {"months": str(self.months), "by": self.by, "class": self.klass, **changes}
        return "?" + urlencode({key: value for key, value in asked.items() if value})

    def _switches(self, found: Worth) -> list[list[tuple[str, str, bool]]]:
        months = [
            (
                ngettext("%(count)s 个月", "%(count)s 个月", n) % {"count": n},
                self.address(months=str(n)),
                n == self.months,
            )
            for n in MONTHS
        ]
        return [months, [(str(name), self.address(by=key), key == found.by) for key, name in BY.items()]]

    def _basis(self, found: Worth) -> str:
        said = _("%(first)s 至 %(last)s · 您负责范围内的客户 · 级别按全公司的客户划分") % {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
        }
        if self.by == "profit" and found.by == "sales":
            said += " · " + _("销售记录没有毛利,改按销售额")
        elif found.by == "profit" and found.without_profit:
            said += " · " + _("%(count)s 位客户没有毛利,按 0 计") % {"count": formats.number(found.without_profit)}
        return said

    def _tiles(self, found: Worth) -> list[Figure]:
        count = len(found.customers)
        total = sum((row.value for row in found.customers), Decimal(0))
        top = formats.percent(found.top_share) if found.top_share is not None else formats.NOTHING
        most = formats.percent(found.for_most / count) if found.for_most else formats.NOTHING
        losses = _("其中 %(count)s 位小于 0") % {"count": formats.number(found.losses)} if found.losses else ""
        customers = ngettext("%(count)s 位客户", "%(count)s 位客户", count) % {"count": formats.number(count)}
        return [
            Figure(
                _("毛利合计") if found.by == "profit" else _("销售额合计"),
                formats.money(total),
                declared(VALUE).formula,
                beside=" · ".join(filter(None, [customers, losses])),
            ),
            Figure(
                _("前 %(percent)s%% 的客户带来") % {"percent": found.top_percent},
                top,
                declared(VALUE_TOP_SHARE).formula,
            ),
            Figure(_("八成来自"), most, declared(VALUE_FOR_MOST).formula, beside=_most(found)),
            Figure(
                _("最大一位客户占"),
                formats.percent(found.largest_share) if found.largest_share is not None else formats.NOTHING,
                _("价值最高的一位客户占合计的比例。"),
                beside=found.customers[0].name if found.customers else "",
            ),
        ]

    def _row(self, row: Ranked) -> dict[str, Any]:
        since, until = self.period.first.isoformat(), self.period.last.isoformat()
        lines = urlencode({"customer": row.customer_id, "since": since, "until": until})
        return {
            "row": row,
            "pill": pill(*CLASSES[row.klass]) if row.klass else "",
            "url": reverse("customers:page", args=[row.customer_id]) + "?tab=sales",
            "lines": f"{reverse('trade:sales')}?{lines}",
        }


def _most(found: Worth) -> str:
    if not found.for_most:
        return ""
    return _("%(count)s / %(all)s 位客户") % {
        "count": formats.number(found.for_most),
        "all": formats.number(len(found.customers)),
    }


def _curve(found: Worth) -> Chart | None:
    """The share that the first tenth, two tenths … of the customers bring, beside what equal customers would."""
    if not found.curve or found.top_share is None or len(found.customers) < len(found.curve):
        return None
    said = _("这里前 %(percent)s%% 的客户带来 %(share)s,八成来自 %(most)s 的客户(n=%(n)s)。") % {
        "percent": found.top_percent,
        "share": formats.percent(found.top_share),
        "most": formats.percent((found.for_most or 0) / len(found.customers)),
        "n": formats.number(len(found.customers)),
    }
    labels = [f"{10 * n}%" for n in range(1, 11)]
    even = [n / 10 for n in range(1, 11)]
    series = [
        Series(_("客户由高到低,累计带来"), [float(share) for share in found.curve], look="line"),
        Series(_("如果每位一样多"), even, look="dashed"),
    ]
    return Chart("lines", said, labels, series, unit="percent")
